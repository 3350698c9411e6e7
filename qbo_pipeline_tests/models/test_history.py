"""`qbo_history.<entity>` shows every version seen, each from when it counted to when the next one did."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, record, sales_line, tombstone


def _day(day: int) -> datetime:
    return datetime(2024, 5, day, 15, 0, tzinfo=UTC)


def _version(record_id: str, token: int, *, day: int, **fields: object) -> dict:
    return invoice(record_id, sync_token=str(token), updated=f"2024-05-{day:02}T08:00:00-07:00", **fields)


@pytest.fixture(scope="module")
def history(new_warehouse: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    """Three loads and two builds: an invoice that lives, changes, is deleted; a version that comes late; a wrapped record."""
    warehouse = new_warehouse()
    warehouse.land("invoice", _version("7", 9, day=1, TotalAmt=9), _version("8", 0, day=1))
    wrapped = {"Invoice": record("41", TotalAmt=90.5, RecurringInfo={"Name": "Monthly care", "Active": True})}
    warehouse.land(
        "recurring_transaction",
        {"id": "41", "payload": str(wrapped).replace("'", '"').replace("True", "true").replace("False", "false")},
    )
    warehouse.land("term", {"id": "3", "updated_at": None, "payload": '{"Name": "Net 30"}'})
    warehouse.build("--select", "qbo__invoice", "qbo__recurring_transaction", "qbo__term")
    warehouse.land("invoice", _version("7", 10, day=5, TotalAmt=10), _version("8", 0, day=1, PrivateNote="again"))
    warehouse.land("invoice", _version("7", 11, day=3, TotalAmt=11, Balance="much"), tombstone("7"))
    warehouse.build("--select", "qbo__invoice")
    return warehouse


def _versions(warehouse: TypedWarehouse, record_id: str, columns: str) -> list[tuple]:
    rows = warehouse.rows(
        f"select {columns} from qbo_history.invoice where id = '{record_id}' order by valid_from, loaded_at"
    )
    return [tuple(row.values()) for row in rows]


def test_every_version_counts_from_its_change_to_the_next_one(history: TypedWarehouse) -> None:
    assert _versions(history, "7", "sync_token, valid_from, valid_to, is_current, is_deleted, total_amount") == [
        ("9", _day(1), _day(3), False, False, Decimal(9)),
        ("11", _day(3), _day(5), False, False, Decimal(11)),
        ("10", _day(5), _day(9), False, False, Decimal(10)),
        (None, _day(9), None, True, True, Decimal(10)),
    ]


def test_a_version_is_typed_as_the_current_one_is(history: TypedWarehouse) -> None:
    [unreadable] = _versions(history, "7", "unreadable_fields")[1]
    assert unreadable == ["Balance"]
    table = {row["column_name"]: row["column_type"] for row in history.rows("describe qbo.invoice")}
    view = {row["column_name"]: row["column_type"] for row in history.rows("describe qbo_history.invoice")}
    assert {name: view[name] for name in table} == table
    assert view.keys() - table.keys() == {"valid_from", "valid_to", "is_current"}


def test_a_version_without_a_time_of_its_own_counts_from_its_load(history: TypedWarehouse) -> None:
    row = history.row("select valid_from = loaded_at as from_load, is_current from qbo_history.term")
    assert row == {"from_load": True, "is_current": True}


def test_a_wrapped_record_has_a_history_too(history: TypedWarehouse) -> None:
    row = history.row("select transaction_type, name, total_amount from qbo_history.recurring_transaction")
    assert tuple(row.values()) == ("Invoice", "Monthly care", Decimal("90.50"))


def test_another_content_at_the_same_instant_is_a_version_and_leaves_one_in_force(history: TypedWarehouse) -> None:
    assert _versions(history, "8", "private_note, valid_to = valid_from, is_current") == [
        (None, True, False),
        ("again", None, True),
    ]


def test_the_history_reads_in_a_copy_under_another_name(history: TypedWarehouse, tmp_path: Path) -> None:
    copy = tmp_path / "analytics.duckdb"
    copy.write_bytes(history.path.read_bytes())
    with duckdb.connect(copy, read_only=True) as connection:
        assert connection.execute("select count(*) from qbo_history.invoice").fetchone() == (6,)


def test_the_current_versions_are_the_rows_of_the_table_whatever_arrives(warehouse: TypedWarehouse) -> None:
    chance = random.Random(7)
    for _ in range(12):
        day, token = chance.randint(1, 9), chance.randint(0, 11)
        living = _version(str(chance.randint(1, 4)), token, day=day, lines=[sales_line(1, token)], TotalAmt=token)
        gone = tombstone(str(chance.randint(1, 4)), f"2024-05-{chance.randint(1, 9):02}T08:00:00-07:00")
        warehouse.land("invoice", gone if chance.random() < 0.25 else living)
    warehouse.build("--select", "qbo__invoice")
    current = (
        "select * exclude (valid_from, valid_to, is_current) from qbo_history.invoice where is_current order by all"
    )
    assert warehouse.rows(current) == warehouse.rows("select * from qbo.invoice order by all")
    for (row,) in [(row,) for row in warehouse.rows("select distinct id from qbo_history.invoice")]:
        spans = _versions(warehouse, row["id"], "valid_from, valid_to, is_current")
        assert all(earlier[1] == later[0] for earlier, later in pairwise(spans))
        assert [span[1] is None for span in spans] == [span[2] for span in spans]
