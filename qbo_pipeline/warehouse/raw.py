"""What is landed: the raw tables' shape, their newest versions, and how far each company has been read.

A raw table is append-only and holds every version seen. A cursor is a row landed in the same load as the records it speaks
of. The tables of a load commit one after another, so a cursor counts only once its load is recorded as complete.
"""

from collections.abc import Iterable
from datetime import datetime

import duckdb
import pyarrow as pa

RAW_SCHEMA = "raw_qbo"
CURSOR_TABLE = "sync_cursor"

_INSTANT = pa.timestamp("us", "UTC")

ENVELOPE = pa.schema(
    [
        pa.field("realm_id", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("sync_token", pa.string()),
        pa.field("updated_at", _INSTANT),
        pa.field("operation", pa.string(), nullable=False),
        pa.field("payload", pa.string(), nullable=False),
        pa.field("loaded_at", _INSTANT, nullable=False),
    ]
)

CURSOR = pa.schema(
    [
        pa.field("realm_id", pa.string(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("read_kind", pa.string(), nullable=False),
        pa.field("read_through", _INSTANT, nullable=False),
        pa.field("loaded_at", _INSTANT, nullable=False),
    ]
)


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The raw tables there are."""
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?", [RAW_SCHEMA]
    ).fetchall()
    return {name for (name,) in rows}


def unseen(connection: duckdb.DuckDBPyConnection, table: str, incoming: pa.Table) -> pa.Table:
    """The rows of `incoming` that differ from the newest landed version of their record, with `is_new` for an unknown one.

    Compared by content, not by SyncToken: QuickBooks changes derived fields without a new token. A record that returns
    to an older content is a new version all the same.
    """
    connection.register("incoming", incoming)
    try:
        return connection.sql(
            f"""
            with newest as (
                select raw.realm_id, raw.id, arg_max(raw.payload, raw.loaded_at) as payload
                from {RAW_SCHEMA}."{table}" as raw
                semi join incoming using (realm_id, id)
                group by raw.realm_id, raw.id
            )
            select incoming.*, newest.id is null as is_new
            from incoming
            left join newest using (realm_id, id)
            where newest.payload is distinct from incoming.payload
            """  # noqa: S608 - the table's name comes from the catalog
        ).to_arrow_table()
    finally:
        connection.unregister("incoming")


def newest_load(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """The latest `loaded_at` of any completed load; new rows must come after it for the models to see them."""
    if CURSOR_TABLE not in tables(connection):
        return None
    return connection.execute(f"select max(loaded_at) from {RAW_SCHEMA}.{CURSOR_TABLE}").fetchone()[0]  # noqa: S608


def cursors(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], datetime]:
    """How far each `(realm_id, entity)` has been read, in QuickBooks' time."""
    if CURSOR_TABLE not in tables(connection):
        return {}
    rows = connection.execute(
        f"""
        select realm_id, entity, arg_max(read_through, cursor.loaded_at)
        from {RAW_SCHEMA}.{CURSOR_TABLE} as cursor
        semi join (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0) using (_dlt_load_id)
        group by realm_id, entity
        """  # noqa: S608 - constant names
    ).fetchall()
    return {(realm_id, entity): read_through for realm_id, entity, read_through in rows}


def contents(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """How many versions each of the raw tables `names` holds, and when the newest landed; an absent table is left out."""
    there = tables(connection)
    return {
        name: connection.execute(f'select count(*), max(loaded_at) from {RAW_SCHEMA}."{name}"').fetchone()  # noqa: S608
        for name in names
        if name in there
    }
