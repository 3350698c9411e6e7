"""The records behind a company's name lists as they were last read, and the operational system's own lists, in one go."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import duckdb

from qbo_pipeline.catalog import RAW_SCHEMA, find_entity

_SOURCE_LISTS = ("companies", "users", "products", "tax_codes")
_ROWS_AT_ONCE = 1000


def current_records(
    connection: duckdb.DuckDBPyConnection, realm_id: str, entities: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """The newest version of each record of these entities that is not deleted: its entity's name and its JSON text.

    Taken from what landed rather than from typed tables, so that it holds every field, and holds before models are built.
    """
    there = _tables(connection, RAW_SCHEMA)
    for name in entities:
        table = find_entity(name).table
        if table in there:
            yield from ((name, payload) for (payload,) in _rows(connection, _current(table), [realm_id]))


def read_through(connection: duckdb.DuckDBPyConnection, realm_id: str) -> datetime | None:
    """The instant up to which a company was read when the tables were last built, None where it never was."""
    if "as_of" not in _tables(connection, "sync"):
        return None
    row = connection.execute("select reads_through from sync.as_of where realm_id = ?", [realm_id]).fetchone()
    return row[0] if row else None


def source_lists(connection: duckdb.DuckDBPyConnection, business_entity_id: str) -> dict[str, list[dict[str, Any]]]:
    """The current rows of a business entity's companies, users, products and tax codes, deleted ones left out."""
    there = _tables(connection, "raw_ops")
    return {name: _source_rows(connection, name, business_entity_id) if name in there else [] for name in _SOURCE_LISTS}


def _current(table: str) -> str:
    return f"""
        select arg_max(payload, (updated_at, coalesce(try_cast(sync_token as bigint), -1), loaded_at)) as newest
        from {RAW_SCHEMA}."{table}"
        where realm_id = ?
        group by id
        having arg_max(operation, (updated_at, coalesce(try_cast(sync_token as bigint), -1), loaded_at)) = 'upsert'
    """  # noqa: S608 - the table's name comes from the catalog


def _source_rows(connection: duckdb.DuckDBPyConnection, table: str, business_entity_id: str) -> list[dict[str, Any]]:
    key = "code" if table == "tax_codes" else "id"
    cursor = connection.execute(
        f"""
        select * from raw_ops."{table}"
        where business_entity_id = ?
        qualify row_number() over (partition by {key} order by updated_at desc, loaded_at desc) = 1
            and not coalesce(is_deleted, false)
        order by {key}
        """,  # noqa: S608 - constant names
        [business_entity_id],
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[str]) -> Iterator[tuple[str]]:
    cursor = connection.cursor()
    # A cursor begins in the database its connection was opened with, and forgets which one that uses since.
    (database,) = connection.execute("select current_database()").fetchone()
    cursor.execute(f'use "{database}"')
    result = cursor.execute(sql, parameters)
    while rows := result.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    rows = connection.execute("select table_name from duckdb_tables() where schema_name = ?", [schema]).fetchall()
    return {name for (name,) in rows}
