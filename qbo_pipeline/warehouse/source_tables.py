"""What is landed of the operational system: which version of each row, and through which of them every load was complete.

The tables are append-only: a row that changed is there once per version, and the newest `(updated_at, loaded_at)` counts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb
import pyarrow as pa

Version = tuple[object, ...]
"""A row's key and its `updated_at`, in this order."""


def landed_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    """The tables of a schema that dlt filled."""
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = ? and not starts_with(table_name, '_')",
        [schema],
    ).fetchall()
    return {name for (name,) in rows}


def read_through(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> datetime | None:
    """The newest `updated_at` that a completed load brought; there was one before.

    A load's tables commit one by one, and one that broke off may have brought newer rows and not the older ones.
    """
    return connection.execute(
        f"""
        select max(updated_at)
        from {schema}."{table}"
        semi join (select load_id as _dlt_load_id from {schema}._dlt_loads where status = 0) using (_dlt_load_id)
        """  # noqa: S608 - names of the contract
    ).fetchone()[0]


def has_loads(connection: duckdb.DuckDBPyConnection, schema: str) -> bool:
    """Whether dlt ever loaded into the schema."""
    statement = (
        "select count(*) > 0 from information_schema.tables where table_schema = ? and table_name = '_dlt_loads'"
    )
    return connection.execute(statement, [schema]).fetchone()[0]


def versions_since(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, key: Sequence[str], since: datetime
) -> set[Version]:
    """The versions of rows landed that changed at `since` or later."""
    columns = ", ".join(f'"{name}"' for name in (*key, "updated_at"))
    statement = f'select {columns} from {schema}."{table}" where updated_at >= ?'  # noqa: S608 - names of the contract
    return set(connection.execute(statement, [since]).fetchall())


def newest_landing(connection: duckdb.DuckDBPyConnection, schema: str) -> datetime | None:
    """The latest `loaded_at` of any row of the schema."""
    names = sorted(landed_tables(connection, schema))
    if not names:
        return None
    newest = " union all ".join(f'select max(loaded_at) as newest from {schema}."{name}"' for name in names)  # noqa: S608
    return connection.execute(f"select max(newest) from ({newest})").fetchone()[0]  # noqa: S608


def ensure_tables(connection: duckdb.DuckDBPyConnection, schema: str, shapes: Mapping[str, pa.Schema]) -> None:
    """Make the tables and columns that are not there yet, empty, as dlt would: no model and no query meets a missing one."""
    there: dict[str, set[str]] = {}
    for name, column in connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = ?", [schema]
    ).fetchall():
        there.setdefault(name, set()).add(column)
    lacking = {name: shape for name, shape in shapes.items() if not set(shape.names) <= there.get(name, set())}
    if not lacking:
        return
    connection.begin()
    connection.execute(f"create schema if not exists {schema}")
    for name, shape in lacking.items():
        types = _column_types(connection, shape)
        if name in there:
            for column, kind in types.items():
                connection.execute(f'alter table {schema}."{name}" add column if not exists "{column}" {kind}')
        else:
            # dlt notes in its own column which load a row came with.
            columns = ", ".join(f'"{column}" {kind}' for column, kind in (types | {"_dlt_load_id": "varchar"}).items())
            connection.execute(f'create table {schema}."{name}" ({columns})')
    connection.commit()


def _column_types(connection: duckdb.DuckDBPyConnection, shape: pa.Schema) -> dict[str, str]:
    """The columns of an Arrow schema with DuckDB's names of their types."""
    described = connection.from_arrow(shape.empty_table())
    return {name: str(kind) for name, kind in zip(described.columns, described.types, strict=True)}


def row_counts(
    connection: duckdb.DuckDBPyConnection, schema: str, tables: Sequence[str]
) -> dict[str, tuple[int, datetime | None]]:
    """How many versions each table holds, and when the newest landed; an absent table is left out."""
    there = landed_tables(connection, schema)
    return {
        name: connection.execute(f'select count(*), max(loaded_at) from {schema}."{name}"').fetchone()  # noqa: S608
        for name in tables
        if name in there
    }
