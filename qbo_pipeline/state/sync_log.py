"""What each sync did: by run, connection and entity.

Errors are logged as the messages of our own exceptions, which hold codes, counts and names of connections and entities, and
no customer's data. A line that is written again (a step that was retried) replaces the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from qbo_pipeline.state import schema
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.schema import sync_connection, sync_entity, sync_run

EntityStatus = Literal["synced", "not_offered", "error", "skipped"]
ReadKind = Literal["full", "changes"]


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One line of the log: an entity of a connection in a run, or with `entity` None the connection as a whole."""

    run_id: str
    trigger: str
    recorded_at: datetime
    connection: str
    realm_id: str
    entity: str | None
    status: str
    read_kind: str | None
    records_read: int | None
    rows_landed: int | None
    created: int | None
    updated: int | None
    deleted: int | None
    calls: int
    metered_calls: int
    seconds: float
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a sync; one that never finished stays "running"."""

    run_id: str
    trigger: str
    status: str
    started_at: datetime
    finished_at: datetime | None


class SyncLog:
    """The sync log of a state store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def start_run(self, run_id: str, trigger: str) -> None:
        """Begin a run, or take it up again after a retry; `trigger` says what asked for it (schedule, command line)."""
        with self._database.writing() as transaction:
            known = transaction.scalar(sa.select(sync_run.c.run_id).where(sync_run.c.run_id == run_id))
            if known is None:
                transaction.execute(
                    sync_run.insert().values(run_id=run_id, trigger=trigger, status="running", started_at=self._clock())
                )

    def record(
        self,
        run_id: str,
        connection_name: str,
        realm_id: str,
        entity: str,
        *,
        status: EntityStatus,
        read_kind: ReadKind | None = None,
        records_read: int = 0,
        rows_landed: int = 0,
        created: int = 0,
        updated: int = 0,
        deleted: int = 0,
        calls: int = 0,
        metered_calls: int = 0,
        seconds: float = 0.0,
        error: str | None = None,
    ) -> None:
        """Log what a run did with one entity of one connection."""
        key = {"run_id": run_id, "connection": connection_name, "entity": entity}
        self._replace(
            sync_entity,
            key,
            realm_id=realm_id,
            status=status,
            read_kind=read_kind,
            records_read=records_read,
            rows_landed=rows_landed,
            created=created,
            updated=updated,
            deleted=deleted,
            calls=calls,
            metered_calls=metered_calls,
            seconds=seconds,
            error=error,
        )

    def finish_connection(
        self,
        run_id: str,
        connection_name: str,
        *,
        status: str,
        calls: int,
        metered_calls: int,
        seconds: float,
        error: str | None = None,
    ) -> None:
        """Log how a run ended for one connection, with all its calls, those before the first entity among them."""
        key = {"run_id": run_id, "connection": connection_name}
        self._replace(
            sync_connection,
            key,
            realm_id=sa.select(schema.connection.c.realm_id)
            .where(schema.connection.c.name == connection_name)
            .scalar_subquery(),
            status=status,
            calls=calls,
            metered_calls=metered_calls,
            seconds=seconds,
            error=error,
        )

    def finish_run(self, run_id: str, status: str) -> None:
        """Log how a run ended."""
        with self._database.writing() as transaction:
            transaction.execute(
                sync_run.update().where(sync_run.c.run_id == run_id).values(status=status, finished_at=self._clock())
            )

    def runs(self, limit: int = 100) -> list[Run]:
        """The newest runs first, at most `limit`."""
        newest = sa.select(sync_run).order_by(sync_run.c.started_at.desc()).limit(limit)
        with self._database.reading() as transaction:
            return [Run(**row._mapping) for row in transaction.execute(newest)]

    def entries(
        self,
        connection: str | None = None,
        since: datetime | None = None,
        status: str | None = None,
        run_id: str | None = None,
        limit: int = 1000,
    ) -> list[LogEntry]:
        """The newest lines first, of all connections or one, at most `limit`."""
        lines = sa.union_all(*(_lines(table) for table in (sync_entity, sync_connection))).subquery()
        wanted = sa.select(lines).order_by(lines.c.recorded_at.desc(), lines.c.connection, lines.c.entity).limit(limit)
        for column, value in (("connection", connection), ("status", status), ("run_id", run_id)):
            if value is not None:
                wanted = wanted.where(lines.c[column] == value)
        if since is not None:
            wanted = wanted.where(lines.c.recorded_at >= since)
        with self._database.reading() as transaction:
            return [LogEntry(**row._mapping) for row in transaction.execute(wanted)]

    def _replace(self, table: sa.Table, key: dict[str, str], **values: object) -> None:
        with self._database.writing() as transaction:
            transaction.execute(table.delete().where(*(table.c[name] == value for name, value in key.items())))
            transaction.execute(table.insert().values(**key, **values, recorded_at=self._clock()))


def _lines(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    # A connection's own line has no entity and no counts of records.
    columns = [
        table.c.get(column.name, sa.cast(sa.null(), column.type)).label(column.name) for column in sync_entity.columns
    ]
    return sa.select(*columns, sync_run.c.trigger).join(sync_run, sync_run.c.run_id == table.c.run_id)
