"""The sample's rows on their way into the contract's tables."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from qbo_pipeline.ops.schema import TABLES, find_table

Row = dict[str, Any]


class Rows:
    """Rows by table, in the order they were made."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> Row:
        """Add one row; what is left out takes the column's default. Raises `KeyError` for a column that is not there."""
        columns = find_table(table).columns
        unknown = values.keys() - columns.keys()
        if unknown:
            raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
        self._rows[table].append(values)
        return values

    def of(self, table: str) -> list[Row]:
        """The rows of one table."""
        return self._rows[table]

    def write(self, connection: sa.Connection) -> dict[str, int]:
        """Insert everything; returns the number of rows by table."""
        for table in TABLES:
            by_columns: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
            for row in self._rows[table.name]:
                by_columns[tuple(sorted(row))].append(row)
            for alike in by_columns.values():
                connection.execute(table.insert(), alike)
        return {table.name: len(self._rows[table.name]) for table in TABLES}
