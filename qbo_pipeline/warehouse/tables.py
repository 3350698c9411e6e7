"""What tables the warehouse holds: their columns and rows, for people who look at a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import duckdb


@dataclass(frozen=True)
class Table:
    """A table or view as it is now: its columns with their types, its number of rows, and measures worth following."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    measures: tuple[tuple[str, Decimal], ...] = ()


def describe(connection: duckdb.DuckDBPyConnection, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Table]:
    """The tables `(schema, name)` that are there."""
    columns: dict[tuple[str, str], list[tuple[str, str]]] = {}
    rows = connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns order by ordinal_position"
    ).fetchall()
    for schema, name, column, data_type in rows:
        columns.setdefault((schema, name), []).append((column, data_type))
    return {key: Table(*key, tuple(columns[key]), _count(connection, *key)) for key in names if key in columns}


def _count(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    return connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()[0]  # noqa: S608 - names from the catalogue


def records(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, int]]:
    """The rows of each table of `schema`, by company; tables without rows and views are left out."""
    names = connection.execute(
        "select table_name from information_schema.columns join information_schema.tables using (table_schema, table_name)"
        " where table_schema = ? and column_name = 'realm_id' and table_type = 'BASE TABLE' order by table_name",
        [schema],
    ).fetchall()
    counted = {}
    for (name,) in names:
        by_company = f'select realm_id, count(*) from "{schema}"."{name}" group by realm_id'  # noqa: S608
        counted[name] = dict(connection.execute(by_company).fetchall())
    return {name: counts for name, counts in counted.items() if counts}
