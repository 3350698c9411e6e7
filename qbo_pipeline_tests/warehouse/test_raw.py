"""What is landed already is recognised by its content, and a cursor counts only with its load."""

from datetime import UTC, datetime

import pyarrow as pa

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.raw import CURSOR, ENVELOPE, contents, cursors, newest_load, unseen


def _at(minute: int) -> datetime:
    return datetime(2026, 1, 1, 12, minute, tzinfo=UTC)


def _rows(*rows: tuple[str, str, str, int]) -> pa.Table:
    """Rows given as (realm, id, payload, minute landed)."""
    return pa.Table.from_pylist(
        [
            {
                "realm_id": realm_id,
                "id": record_id,
                "sync_token": "0",
                "updated_at": _at(0),
                "operation": "upsert",
                "payload": payload,
                "loaded_at": _at(minute),
            }
            for realm_id, record_id, payload, minute in rows
        ],
        schema=ENVELOPE,
    )


def _land(warehouse: Warehouse, rows: pa.Table) -> None:
    with warehouse.connect("test") as connection:
        connection.execute("create schema if not exists raw_qbo")
        connection.register("rows", rows)
        connection.execute("create table if not exists raw_qbo.item as from rows limit 0")
        connection.execute("insert into raw_qbo.item from rows")


def _unseen(warehouse: Warehouse, rows: pa.Table) -> list[tuple[str, str, str, bool]]:
    with warehouse.connect("test") as connection:
        found = unseen(connection, "item", rows).to_pylist()
    return sorted((row["realm_id"], row["id"], row["payload"], row["is_new"]) for row in found)


def test_a_version_landed_before_is_not_landed_again(warehouse: Warehouse) -> None:
    _land(warehouse, _rows(("1", "7", "{a}", 0)))
    assert _unseen(warehouse, _rows(("1", "7", "{a}", 1))) == []


def test_a_changed_content_lands_even_with_the_same_token(warehouse: Warehouse) -> None:
    _land(warehouse, _rows(("1", "7", "{a}", 0)))
    assert _unseen(warehouse, _rows(("1", "7", "{b}", 1))) == [("1", "7", "{b}", False)]


def test_a_record_that_returns_to_an_older_content_lands_again(warehouse: Warehouse) -> None:
    _land(warehouse, _rows(("1", "7", "{a}", 0), ("1", "7", "{b}", 1)))
    assert _unseen(warehouse, _rows(("1", "7", "{a}", 2))) == [("1", "7", "{a}", False)]


def test_the_same_id_of_another_company_is_another_record(warehouse: Warehouse) -> None:
    _land(warehouse, _rows(("1", "7", "{a}", 0)))
    assert _unseen(warehouse, _rows(("2", "7", "{a}", 1))) == [("2", "7", "{a}", True)]


def test_a_deletion_takes_the_last_token_seen_and_is_not_landed_twice(warehouse: Warehouse) -> None:
    def told(payload: str, minute: int) -> pa.Table:
        (row,) = _rows(("1", "7", payload, minute)).to_pylist()
        return pa.Table.from_pylist([row | {"operation": "delete", "sync_token": None}], schema=ENVELOPE)

    _land(warehouse, _rows(("1", "7", "{a}", 0)))
    with warehouse.connect("test") as connection:
        fresh = unseen(connection, "item", told("{gone}", 1))
    assert fresh.column("sync_token").to_pylist() == ["0"]
    _land(warehouse, fresh.select(ENVELOPE.names))
    assert _unseen(warehouse, told("{gone, told otherwise}", 2)) == []
    assert _unseen(warehouse, _rows(("1", "7", "{a}", 3))) == [("1", "7", "{a}", False)]


def test_a_cursor_counts_only_when_its_load_is_complete(warehouse: Warehouse) -> None:
    rows = pa.Table.from_pylist(
        [
            {
                "realm_id": "1",
                "entity": "item",
                "read_kind": "full",
                "read_through": _at(minute),
                "loaded_at": _at(minute),
            }
            for minute in (1, 2)
        ],
        schema=CURSOR,
    ).append_column("_dlt_load_id", pa.array(["complete", "broken off"]))
    with warehouse.connect("test") as connection:
        assert cursors(connection) == {}
        assert newest_load(connection) is None
        connection.execute("create schema raw_qbo")
        connection.register("rows", rows)
        connection.execute("create table raw_qbo.sync_cursor as from rows")
        connection.execute("create table raw_qbo._dlt_loads as select 'complete' as load_id, 0 as status")
        assert cursors(connection) == {("1", "item"): _at(1)}
        # New rows must come after everything landed, whether or not its load was completed.
        assert newest_load(connection) == _at(2)


def test_rows_are_counted_for_the_tables_that_are_there(warehouse: Warehouse) -> None:
    _land(warehouse, _rows(("1", "7", "{a}", 0)))
    with warehouse.connect("test") as connection:
        assert contents(connection, ["item", "absent"]) == {"item": (1, _at(0))}
