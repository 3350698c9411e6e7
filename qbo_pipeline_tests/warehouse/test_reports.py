"""Reports as they are landed: the newest reading of each, and what compaction leaves of the others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.reports import (
    REPORT,
    LandedReport,
    landed_reports,
    newest_report_loads,
    remove_superseded_reports,
)

REALM = "9341450000000001"
START = datetime(2026, 5, 1, tzinfo=UTC)
END = date(2026, 6, 30)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


@pytest.fixture
def landed(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledger read whole, then refused; one half read twice."""
    rows = [("whole", "{}", 1), ("half", '{"Rows": 1}', 2), ("half", '{"Rows": 2}', 3), ("whole", "too large", 3)]
    table = pa.Table.from_pylist(
        [
            {"realm_id": REALM, "id": name, "report": "GeneralLedger", "end_date": END, "options": "{}"}
            | {"payload": payload, "fetched_at": at(hour), "loaded_at": at(hour)}
            for name, payload, hour in rows
        ],
        schema=REPORT,
    )
    with warehouse.connect("land by hand") as connection:
        connection.register("arriving", table)
        connection.execute("create schema raw_qbo; create table raw_qbo.report as from arriving")
        yield connection


def test_the_newest_reading_of_each_report_counts(landed: duckdb.DuckDBPyConnection) -> None:
    found = landed_reports(landed, [REALM, "another"], refusal="too large")
    assert found["another"] == []
    assert sorted(found[REALM], key=lambda each: each.id) == [
        LandedReport("half", "GeneralLedger", END, at(3), was_too_large=False),
        LandedReport("whole", "GeneralLedger", END, at(3), was_too_large=True),
    ]
    assert newest_report_loads(landed) == {REALM: at(3)}


def test_compaction_leaves_the_newest_reading_and_those_superseded_lately(landed: duckdb.DuckDBPyConnection) -> None:
    assert remove_superseded_reports(landed, at(3)) == 0
    assert remove_superseded_reports(landed, at(4)) == 2
    assert landed.execute("select id, payload from raw_qbo.report order by id").fetchall() == [
        ("half", '{"Rows": 2}'),
        ("whole", "too large"),
    ]


def test_a_warehouse_without_reports_has_none(warehouse: Warehouse) -> None:
    with warehouse.connect("look") as connection:
        assert newest_report_loads(connection) == {}
        assert landed_reports(connection, [REALM], refusal="too large") == {REALM: []}
