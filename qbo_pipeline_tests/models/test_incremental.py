"""Typing only what changed gives the same tables as typing everything, whatever arrives in whatever order."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, record, sales_line, tombstone

INVOICE = ("--select", "qbo__invoice", "qbo__invoice_line", "qbo__invoice_linked_txn")
TABLES = ("invoice", "invoice_line", "invoice_linked_txn")


def _snapshot(warehouse: TypedWarehouse) -> dict[str, list[dict]]:
    return {table: warehouse.rows(f"select * from qbo.{table} order by all") for table in TABLES}


def _version(record_id: str, token: int, *, day: int = 1, **fields: object) -> dict:
    return invoice(record_id, sync_token=str(token), updated=f"2024-05-{day:02}T08:00:00-07:00", **fields)


@pytest.fixture(scope="module")
def history(new_warehouse: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    """Two loads with a build after each; each record lives through one story."""
    warehouse = new_warehouse()
    warehouse.land("invoice", *(_version(name, 0) for name in ("emptied", "untouched", "alike", "other-company")))
    warehouse.land("invoice", _version("deleted", 3, TotalAmt=42), _version("late", 10, day=3, TotalAmt=10))
    with duckdb.connect(warehouse.path) as connection:
        connection.execute(
            "insert into raw_qbo.invoice select '77', id, '9', updated_at, 'delete', null, loaded_at, _dlt_load_id"
            " from raw_qbo.invoice where id = 'other-company'"
        )
    warehouse.build(*INVOICE)
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("update qbo.invoice set private_note = 'typed before'")
    warehouse.land("invoice", _version("emptied", 1, day=2, Line=[], LinkedTxn=[]), _version("alike", 0, TotalAmt=7))
    warehouse.land("invoice", _version("late", 9, day=3, TotalAmt=9), _version("late", 11, day=2, TotalAmt=11))
    warehouse.land("invoice", tombstone("deleted"), tombstone("never-seen"))
    warehouse.build(*INVOICE)
    return warehouse


def test_a_document_that_lost_its_lines_and_links_loses_their_rows(history: TypedWarehouse) -> None:
    assert history.rows("select * from qbo.invoice_line where invoice_id = 'emptied'") == []
    assert history.rows("select * from qbo.invoice_linked_txn where invoice_id = 'emptied'") == []
    assert len(history.rows("select * from qbo.invoice_line where invoice_id = 'untouched'")) == 3


def test_an_older_version_that_arrives_late_changes_nothing(history: TypedWarehouse) -> None:
    row = history.row("select sync_token, total_amount from qbo.invoice where id = 'late'")
    assert tuple(row.values()) == ("10", Decimal(10))


def test_of_two_versions_alike_the_one_landed_last_wins(history: TypedWarehouse) -> None:
    assert history.row("select total_amount from qbo.invoice where id = 'alike'") == {"total_amount": Decimal(7)}


def test_a_deleted_record_keeps_its_last_content(history: TypedWarehouse) -> None:
    row = history.row("select is_deleted, deleted_at, updated_at, total_amount from qbo.invoice where id = 'deleted'")
    deleted_at = datetime(2024, 5, 9, 15, 0, tzinfo=UTC)
    assert tuple(row.values()) == (True, deleted_at, deleted_at, Decimal(42))
    lines = history.rows("select distinct is_deleted from qbo.invoice_line where invoice_id = 'deleted'")
    assert lines == [{"is_deleted": True}]


def test_a_record_known_only_as_deleted_has_a_row_without_content(history: TypedWarehouse) -> None:
    row = history.row("select is_deleted, total_amount, unreadable_fields from qbo.invoice where id = 'never-seen'")
    assert tuple(row.values()) == (True, None, None)


def test_companies_with_the_same_ids_stay_apart(history: TypedWarehouse) -> None:
    rows = history.rows("select realm_id, is_deleted from qbo.invoice where id = 'other-company' order by realm_id")
    assert [tuple(row.values()) for row in rows] == [("77", True), (REALM, False)]


def test_only_touched_records_are_typed_again(history: TypedWarehouse) -> None:
    kept = history.rows("select distinct id from qbo.invoice where private_note = 'typed before' order by id")
    assert [row["id"] for row in kept] == ["other-company", "untouched"]


def test_a_changed_definition_types_everything_again(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", _version("7", 0), invoice("8"))
    warehouse.build(*INVOICE)
    expected = _snapshot(warehouse)
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("alter table qbo.invoice drop column due_date")
        connection.execute("alter table qbo.invoice add column long_gone varchar")
        connection.execute("update sync.model_watermark set definition = 'older' where model = 'qbo.invoice'")
    warehouse.build(*INVOICE)
    names = ", ".join(expected["invoice"][0])
    assert warehouse.rows(f"select {names} from qbo.invoice order by all") == expected["invoice"]
    assert "long_gone" not in warehouse.rows("select * from qbo.invoice")[0]


def test_a_copy_of_the_file_under_another_name_answers_the_views(warehouse: TypedWarehouse, tmp_path: Path) -> None:
    warehouse.land("item", record("2", Name="Hours", Type="Service", Active=True))
    warehouse.build("--select", "qbo__item", "qbo__sellable_item")
    copy = tmp_path / "analytics.duckdb"
    copy.write_bytes(warehouse.path.read_bytes())
    warehouse.path.unlink()
    with duckdb.connect(copy, read_only=True) as connection:
        assert connection.execute("select id from qbo.sellable_item").fetchall() == [("2",)]
        assert connection.execute("select * from sync.unreadable_value").fetchall() == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_random_histories_give_what_a_full_refresh_gives(warehouse: TypedWarehouse, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        versions = []
        for _ in range(chance.randint(0, 6)):
            record_id = str(chance.randint(1, 4))
            updated = f"2024-05-{chance.randint(1, 9):02}T08:00:00-07:00"
            lines = [sales_line(n, n * 1.5) for n in range(1, chance.randint(1, 4))]
            links = [{"TxnId": str(n), "TxnType": "Payment"} for n in range(chance.randint(0, 2))]
            token = str(chance.randint(0, 11))
            living = invoice(record_id, sync_token=token, updated=updated, lines=lines, LinkedTxn=links, TotalAmt=token)
            versions.append(tombstone(record_id, updated) if chance.random() < 0.2 else living)
        if versions:
            warehouse.land("invoice", *versions)
        warehouse.build(*INVOICE)
    typed_step_by_step = _snapshot(warehouse)
    warehouse.build(*INVOICE, "--full-refresh")
    assert _snapshot(warehouse) == typed_step_by_step
