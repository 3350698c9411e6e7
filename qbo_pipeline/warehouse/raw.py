"""What is landed: the raw tables' shape, their newest versions, and how far each company has been read.

A raw table is append-only and holds every version seen. A cursor is a row landed in the same load as the records it speaks
of. The tables of a load commit one after another, so a cursor counts only once its load is recorded as complete.
"""

from collections.abc import Iterable
from datetime import datetime

import duckdb
import pyarrow as pa

from qbo_pipeline.catalog import RAW_SCHEMA

CURSOR_TABLE = "sync_cursor"
BOOKMARK_TABLE = "sync_bookmark"
CHANGE_FEED = "change_feed"  # What the cursor of all entities read through the change feed stands under.

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

BOOKMARK = pa.schema(
    [
        pa.field("realm_id", pa.string(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("as_of", _INSTANT, nullable=False),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("ids", pa.string(), nullable=False),  # separated by spaces
        pa.field("loaded_at", _INSTANT, nullable=False),
    ]
)


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The raw tables there are."""
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = ?", [RAW_SCHEMA]
    ).fetchall()
    return {name for (name,) in rows}


def forget_lost_tables(connection: duckdb.DuckDBPyConnection, expected: Iterable[str]) -> None:
    """Let dlt look at what is there when one of the tables it made is gone: it trusts its own note and would fail for ever."""
    there = tables(connection)
    if "_dlt_version" in there and not there.issuperset(expected):
        connection.execute(f"delete from {RAW_SCHEMA}._dlt_version")  # noqa: S608 - a constant name


def unseen(connection: duckdb.DuckDBPyConnection, table: str, incoming: pa.Table) -> pa.Table:
    """The rows of `incoming` that differ from the newest landed version of their record, with `is_new` for an unknown one.

    Compared by content, not by SyncToken: QuickBooks changes derived fields without a new token. A record that returns
    to an older content is a new version all the same; a deletion told again, perhaps in other words, is not. A tombstone
    comes without a token and is given the last one seen, or a change in the second of the deletion would outrank it.
    """
    connection.register("incoming", incoming)
    try:
        if not _any_landed(connection, table):
            return all_new(incoming)
        return connection.sql(
            f"""
            with newest as (
                select
                    raw.realm_id,
                    raw.id,
                    arg_max(raw.payload, raw.loaded_at) as payload,
                    arg_max(raw.operation, raw.loaded_at) as operation,
                    arg_max(raw.sync_token, raw.loaded_at) as sync_token
                from {RAW_SCHEMA}."{table}" as raw
                semi join incoming using (realm_id, id)
                group by raw.realm_id, raw.id
            )
            select
                incoming.* replace (
                    case when incoming.operation = 'delete' then coalesce(incoming.sync_token, newest.sync_token)
                    else incoming.sync_token end as sync_token
                ),
                newest.id is null as is_new
            from incoming
            left join newest using (realm_id, id)
            where newest.payload is distinct from incoming.payload
                and not (newest.operation is not distinct from 'delete' and incoming.operation = 'delete')
            """  # noqa: S608 - the table's name comes from the catalog
        ).to_arrow_table()
    finally:
        connection.unregister("incoming")


def all_new(incoming: pa.Table) -> pa.Table:
    """`incoming` as `unseen` gives it where none of its records was landed before."""
    return incoming.append_column("is_new", pa.repeat(pa.scalar(True), incoming.num_rows))


def _any_landed(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether any record of `incoming` is known: on a first read none is, and no payload need be looked at."""
    known = f'select 1 from {RAW_SCHEMA}."{table}" semi join incoming using (realm_id, id) limit 1'  # noqa: S608
    return connection.execute(known).fetchone() is not None


def newest_load(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """The latest `loaded_at` of any row, also of a load that broke off: models see only what comes after it."""
    landed = sorted(name for name in tables(connection) if not name.startswith("_"))
    if not landed:
        return None
    newest = " union all ".join(f'select max(loaded_at) as newest from {RAW_SCHEMA}."{name}"' for name in landed)  # noqa: S608
    return connection.execute(f"select max(newest) from ({newest})").fetchone()[0]  # noqa: S608


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


def bookmarks(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[datetime, int, frozenset[str]]]:
    """Where the full read of each `(realm_id, entity)` was broken off that has not been finished since.

    That is the instant it began, the position of the last record, and the ids of all.
    """
    if not {BOOKMARK_TABLE, CURSOR_TABLE} <= tables(connection):
        return {}
    rows = connection.execute(
        f"""
        with complete as (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0),
        ended as (
            select realm_id, entity, max(cursor.loaded_at) as ended_at
            from {RAW_SCHEMA}.{CURSOR_TABLE} as cursor
            semi join complete using (_dlt_load_id)
            where read_kind = 'full'
            group by realm_id, entity
        )
        select realm_id, entity, arg_max(as_of, bookmark.loaded_at), arg_max(position, bookmark.loaded_at),
            arg_max(ids, bookmark.loaded_at)
        from {RAW_SCHEMA}.{BOOKMARK_TABLE} as bookmark
        semi join complete using (_dlt_load_id)
        left join ended using (realm_id, entity)
        where ended_at is null or bookmark.loaded_at > ended_at
        group by realm_id, entity
        """  # noqa: S608 - constant names
    ).fetchall()
    return {
        (realm_id, entity): (as_of, position, frozenset(ids.split())) for realm_id, entity, as_of, position, ids in rows
    }


def contents(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """How many versions each of the raw tables `names` holds, and when the newest landed; an absent table is left out."""
    there = tables(connection)
    return {
        name: connection.execute(f'select count(*), max(loaded_at) from {RAW_SCHEMA}."{name}"').fetchone()  # noqa: S608
        for name in names
        if name in there
    }
