"""The day a company's books are of is the day in its own zone."""

import json
from datetime import UTC, date, datetime

import duckdb
import pytest

from qbo_pipeline.warehouse.as_of import note_as_of

NEW_YEAR = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)
TOLD = {
    "la": "America/Los_Angeles",
    "ny": "America/New_York",
    "london": "Europe/London",
    "sydney": "Australia/Sydney",
    "silent": None,
    "odd": "Nowhere/At all",
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Companies read through at the same instant, each with what it says of its zone; one that told nothing yet."""
    made = duckdb.connect()
    made.execute("create schema raw_qbo")
    made.execute("create table raw_qbo._dlt_loads as select '1' as load_id, 0 as status")
    made.execute(
        "create table raw_qbo.sync_cursor (realm_id varchar, entity varchar, read_through timestamptz, _dlt_load_id varchar)"
    )
    made.execute(
        "create table raw_qbo.company_info"
        " (realm_id varchar, updated_at timestamptz, operation varchar, payload varchar, loaded_at timestamptz)"
    )
    for realm_id, zone in TOLD.items():
        _read(made, realm_id, NEW_YEAR)
        payload = json.dumps({"DefaultTimeZone": zone} if zone else {})
        made.execute("insert into raw_qbo.company_info values (?, now(), 'upsert', ?, now())", [realm_id, payload])
    _read(made, "untold", NEW_YEAR)
    return made


def _read(connection: duckdb.DuckDBPyConnection, realm_id: str, through: datetime) -> None:
    connection.execute("insert into raw_qbo.sync_cursor values (?, 'invoice', ?, '1')", [realm_id, through])


def test_an_instant_is_of_another_day_month_and_year_in_another_zone(connection: duckdb.DuckDBPyConnection) -> None:
    old, new = date(2025, 12, 31), date(2026, 1, 1)
    of_utc = dict.fromkeys(("silent", "odd", "untold"), new)
    assert note_as_of(connection) == {"la": old, "ny": old, "london": new, "sydney": new, **of_utc}


def test_the_day_moves_with_what_was_read(connection: duckdb.DuckDBPyConnection) -> None:
    note_as_of(connection)
    _read(connection, "la", datetime(2026, 1, 1, 8, 0, tzinfo=UTC))
    assert note_as_of(connection)["la"] == date(2026, 1, 1)
