"""Which loads moved a company's books, and from which day on."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from qbo_pipeline.warehouse.book_changes import BookChange, book_changes, newest_book_loads
from qbo_pipeline.warehouse.file import Warehouse

REALM = "9341450000000001"
START = datetime(2026, 5, 1, tzinfo=UTC)


def at(load: int) -> datetime:
    return START + timedelta(hours=load)


@pytest.fixture
def landed(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect("land by hand") as connection:
        connection.execute("create schema raw_qbo")
        for table in ("invoice", "estimate", "item"):
            connection.execute(
                f"create table raw_qbo.{table} (realm_id varchar, id varchar, sync_token varchar, updated_at timestamptz,"
                " operation varchar, payload varchar, loaded_at timestamptz)"
            )
        yield connection


def land(connection: duckdb.DuckDBPyConnection, load: int, table: str, record_id: str, **content: object) -> None:
    operation = "upsert" if content else "delete"
    row = (REALM, record_id, str(load), at(load), operation, json.dumps({"Id": record_id, **content}), at(load))
    connection.execute(f"insert into raw_qbo.{table} values (?, ?, ?, ?, ?, ?, ?)", row)


def changes(connection: duckdb.DuckDBPyConnection, since: int | None) -> list[BookChange]:
    return book_changes(connection, {REALM: None if since is None else at(since)}).get(REALM, [])


def test_everything_is_a_change_at_first(landed: duckdb.DuckDBPyConnection) -> None:
    land(landed, 1, "invoice", "1", TxnDate="2026-02-03")
    land(landed, 1, "invoice", "2", TxnDate="2026-04-05")
    land(landed, 2, "estimate", "3", TxnDate="2026-01-01")
    assert changes(landed, None) == [BookChange(at(1), date(2026, 2, 3), date(2026, 4, 5))]
    assert newest_book_loads(landed) == {REALM: at(1)}


def test_a_document_that_was_only_paid_or_sent_moves_nothing_on_its_own_day(landed: duckdb.DuckDBPyConnection) -> None:
    land(landed, 1, "invoice", "1", TxnDate="2026-02-03", TotalAmt=5, Balance=5, EmailStatus="NeedToSend")
    land(
        landed,
        2,
        "invoice",
        "1",
        TxnDate="2026-02-03",
        TotalAmt=5,
        Balance=0,
        LinkedTxn=[{"TxnId": "9"}],
        SyncToken="1",
    )
    assert changes(landed, 1) == []
    land(landed, 3, "invoice", "1", TxnDate="2026-02-03", TotalAmt=6, Balance=1)
    assert changes(landed, 1) == [BookChange(at(3), date(2026, 2, 3), date(2026, 2, 3))]


def test_a_document_that_moved_reaches_from_its_old_day_to_its_new_one(landed: duckdb.DuckDBPyConnection) -> None:
    land(landed, 1, "invoice", "1", TxnDate="2026-02-03")
    land(landed, 2, "invoice", "1", TxnDate="2026-04-05")
    assert changes(landed, 1) == [BookChange(at(2), date(2026, 2, 3), date(2026, 4, 5))]


def test_a_deleted_document_reaches_from_the_day_it_had(landed: duckdb.DuckDBPyConnection) -> None:
    land(landed, 1, "invoice", "1", TxnDate="2026-02-03")
    land(landed, 2, "invoice", "1")
    assert changes(landed, 1) == [BookChange(at(2), date(2026, 2, 3), date(2026, 2, 3))]


def test_an_item_counts_when_its_first_stock_does_and_not_when_it_is_sold(landed: duckdb.DuckDBPyConnection) -> None:
    land(landed, 1, "item", "1", InvStartDate="2026-02-03", QtyOnHand=9)
    land(landed, 1, "item", "2", Name="Hours")
    land(landed, 2, "item", "1", InvStartDate="2026-02-03", QtyOnHand=8)
    assert changes(landed, None) == [BookChange(at(1), date(2026, 2, 3), date(2026, 2, 3))]


def test_a_record_that_is_no_json_stops_nothing(landed: duckdb.DuckDBPyConnection) -> None:
    land(landed, 1, "invoice", "1", TxnDate="2026-02-03")
    landed.execute("update raw_qbo.invoice set payload = 'cut off'")
    land(landed, 1, "invoice", "2", TxnDate="2026-04-05")
    assert changes(landed, None) == [BookChange(at(1), date(2026, 4, 5), date(2026, 4, 5))]
