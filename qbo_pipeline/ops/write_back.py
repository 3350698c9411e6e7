"""Writing back to the operational system: what QuickBooks knows, in tables of our own in its database.

The tables begin with `qbo_` and belong to the pipeline; the system's own are never written. Each holds the present state by
key: rows are inserted, or replaced where they differ, and a row that did not change is not touched, so that `written_at`
says when something was news. Writing the same state twice changes nothing.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.written import OWN_TABLES, Written, own_tables

# SQLite takes 32,766 values in one statement.
_BATCH = 500


def write_back(database: OpsDatabase, states: Iterable[Written], written_at: datetime) -> int:
    """Bring our own tables to `states`, all in one transaction; returns how many rows were new or differed.

    What is not among `states` stays as it is. Our tables are made when they are not there, and given the columns they lack.
    """
    by_type: dict[type, list[dict[str, Any]]] = {}
    for state in states:
        by_type.setdefault(type(state), []).append(asdict(state) | {"written_at": written_at})
    with database.writing() as connection:
        own_tables.create_all(connection)
        _add_columns(connection)
        return sum(_write(connection, OWN_TABLES[kind], rows) for kind, rows in by_type.items())


def _add_columns(connection: sa.Connection) -> None:
    """A table made by an earlier version lacks what was added since."""
    inspector = sa.inspect(connection)
    for table in own_tables.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(connection.dialect)
                connection.execute(sa.DDL(f"alter table {table.name} add column {column.name} {kind}"))


def _write(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> int:
    batches = (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
    return sum(connection.execute(_upsert(connection.dialect.name, table, batch)).rowcount for batch in batches)


def _upsert(dialect: str, table: sa.Table, rows: list[dict[str, Any]]) -> sa.Insert:
    """One statement; a row that is there and alike is left out of its row count."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table).values(rows)
    key = [column.name for column in table.primary_key]
    content = [column.name for column in table.columns if column.name not in (*key, "written_at")]
    differs = sa.or_(*(table.c[name].is_distinct_from(insert.excluded[name]) for name in content))
    news = {name: insert.excluded[name] for name in (*content, "written_at")}
    upsert = insert.on_conflict_do_update(index_elements=key, set_=news, where=differs)
    return upsert.execution_options(preserve_rowcount=True)
