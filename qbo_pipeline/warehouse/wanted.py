"""What should exist in QuickBooks for one company, as the models of schema `outbound` have it: plain rows, amounts exact."""

from collections.abc import Mapping
from typing import Any

import duckdb

Row = Mapping[str, Any]
WantedRows = Mapping[str, list[Row]]
"""The rows of each of `WANTED_TABLES`, by the table's name."""

# What each table is read in the order of, so that lines come as they stand in their document.
WANTED_TABLES = {
    "document": "target, transaction_date, source_kind, source_id",
    "document_line": "source_kind, source_id, position, line_id",
    "time_activity": "transaction_date, source_id",
    "attachment": "source_kind, source_id",
    "covered_time": "time_entry_id",
    "ending": "target, source_kind, source_id",
    "skipped": "target, source_kind, source_id",
    "source_version": "source_kind, source_id, seen_kind, seen_id",
}


def wanted_rows(connection: duckdb.DuckDBPyConnection, business_entity_id: str) -> WantedRows:
    """The rows of one business entity; none of a table that was not built yet, as in a new warehouse."""
    built = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'outbound'"
        ).fetchall()
    }
    return {
        table: _rows(connection, table, order, business_entity_id) if table in built else []
        for table, order in WANTED_TABLES.items()
    }


def _rows(connection: duckdb.DuckDBPyConnection, table: str, order: str, business_entity_id: str) -> list[Row]:
    statement = f"select * from outbound.{table} where business_entity_id = ? order by {order}"  # noqa: S608 - our names
    result = connection.execute(statement, [business_entity_id])
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
