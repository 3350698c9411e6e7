"""Which versions of the operational system's rows are not landed yet.

A transaction may commit rows whose `updated_at` is earlier than what was read meanwhile. So each look goes back `OVERLAP`
from the newest row that a completed load brought, reads keys and `updated_at` of the few rows since then, and leaves out
the versions that are there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.schema import SCHEMA, TABLES, key_of
from qbo_pipeline.warehouse.source_tables import Version, has_loads, read_through, versions_since

OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Held:
    """What the warehouse holds of one table: the versions from `since` on; `None` where no load ever completed."""

    since: datetime | None
    versions: frozenset[Version] = frozenset()


@dataclass(frozen=True)
class News:
    """What is to be landed of one table: of its rows from `since` on these versions, or all where `versions` is `None`."""

    table: sa.Table
    since: datetime | None = None
    versions: frozenset[Version] | None = None


def held(connection: Any) -> dict[str, Held]:
    """What the warehouse holds of each table of the contract; the tables are there."""
    was_loaded = has_loads(connection, SCHEMA)
    return {table.name: _held(connection, table) if was_loaded else Held(None) for table in TABLES}


def news(database: OpsDatabase, known: dict[str, Held], *, full: bool) -> list[News]:
    """What is to be landed, by table; tables without news are left out, and with `full` every row is news."""
    with database.reading() as connection:
        found = [_news(connection, table, known[table.name], full=full) for table in TABLES]
    return [each for each in found if each is not None]


def _held(connection: Any, table: sa.Table) -> Held:
    through = read_through(connection, SCHEMA, table.name)
    if through is None:
        return Held(None)
    since = through - OVERLAP
    return Held(since, frozenset(versions_since(connection, SCHEMA, table.name, key_of(table), since)))


def _news(connection: sa.Connection, table: sa.Table, known: Held, *, full: bool) -> News | None:
    if full or known.since is None:
        return News(table) if connection.scalar(sa.select(sa.select(table).exists())) else None
    version = [*table.primary_key, table.c.updated_at]
    rows = connection.execute(sa.select(*version).where(table.c.updated_at >= known.since))
    fresh = frozenset(tuple(row) for row in rows) - known.versions
    return News(table, known.since, fresh) if fresh else None
