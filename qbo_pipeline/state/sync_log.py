"""What each sync did: by run, connection and entity.

Errors are logged as the messages of our own exceptions, which hold codes, counts and names of connections and entities, and
no customer's data. A line that is written again (a step that was retried) replaces the first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.schema import sync_connection, sync_entity, sync_run


class LogStatus(StrEnum):
    """How a line of the log ended: an entity's, a connection's, or either's."""

    SYNCED = "synced"
    PARTLY = "partly"
    FAILED = "failed"
    NOT_DUE = "not_due"
    ERROR = "error"
    SKIPPED = "skipped"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, kw_only=True)
class EntityLine:
    """What a run did with one entity of a connection: `synced`, `not_offered`, `error` or `skipped`, and its own calls.

    `created`, `updated` and `deleted` count landed versions of new records, of known ones, and deletions.
    """

    entity: str
    status: str
    read_kind: str | None = None
    records_read: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    calls: int = 0
    metered_calls: int = 0
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConnectionLine:
    """How a run ended for one connection (`synced`, `partly`, `failed`, `not_due`), with all its calls, and for its entities."""

    connection: str
    realm_id: str
    status: str
    calls: int = 0
    metered_calls: int = 0
    seconds: float = 0.0
    error: str | None = None
    entities: Sequence[EntityLine] = ()


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One line of the log: an entity of a connection in a run, or with `entity` None the connection as a whole.

    Records are counted by entity, None for the connection. Its calls are all there were: those of the change feed, which is
    about no single entity, and those that found an entity unchanged, which has no line, stand nowhere else.
    """

    run_id: str
    trigger: str
    recorded_at: datetime
    connection: str
    realm_id: str
    entity: str | None
    status: str
    read_kind: str | None
    records_read: int | None
    created: int | None
    updated: int | None
    deleted: int | None
    calls: int | None
    metered_calls: int | None
    seconds: float
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a sync; one that was killed stays "running" here, unless whoever started it says that it was "lost"."""

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

    def record(self, run_id: str, lines: Sequence[ConnectionLine]) -> None:
        """Log what a run did with its connections and their entities, all in one transaction."""
        now = self._clock()
        stamp = {"run_id": run_id, "recorded_at": now}
        connections = [stamp | _values(line) for line in lines]
        entities = [
            stamp | {"connection": line.connection, "realm_id": line.realm_id} | _values(entity)
            for line in lines
            for entity in line.entities
        ]
        with self._database.writing() as transaction:
            for table, rows in ((sync_connection, connections), (sync_entity, entities)):
                for row in rows:
                    key = [column == row[column.name] for column in table.primary_key.columns]
                    transaction.execute(table.delete().where(*key))
                if rows:
                    transaction.execute(table.insert(), rows)

    def add(self, run_id: str, lines: Sequence[ConnectionLine]) -> None:
        """Log what a run did besides with connections it has logged already: their calls and time are added up.

        A connection that was left `partly` or `failed` in either stays `partly`.
        """
        logged = {entry.connection: entry for entry in self.entries(run_id=run_id) if entry.entity is None}
        self.record(run_id, [_together(logged.get(line.connection), line) for line in lines])

    def finish_run(self, run_id: str, status: str) -> None:
        """Log how a run ended."""
        with self._database.writing() as transaction:
            transaction.execute(
                sync_run.update().where(sync_run.c.run_id == run_id).values(status=status, finished_at=self._clock())
            )

    def runs(self, limit: int | None = 100, since: datetime | None = None) -> list[Run]:
        """The newest runs first, at most `limit` where one is given, and only those started from `since` on."""
        newest = sa.select(sync_run).order_by(sync_run.c.started_at.desc()).limit(limit)
        if since is not None:
            newest = newest.where(sync_run.c.started_at >= since)
        with self._database.reading() as transaction:
            return [Run(**row._mapping) for row in transaction.execute(newest)]

    def find_run(self, run_id: str) -> Run | None:
        """The run of an id."""
        with self._database.reading() as transaction:
            row = transaction.execute(sa.select(sync_run).where(sync_run.c.run_id == run_id)).one_or_none()
            return None if row is None else Run(**row._mapping)

    def entries(
        self,
        connection: str | None = None,
        since: datetime | None = None,
        status: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
    ) -> list[LogEntry]:
        """The newest lines first, of all connections or one, at most `limit` where one is given."""
        lines = sa.union_all(*(_lines(table) for table in (sync_entity, sync_connection))).subquery()
        wanted = sa.select(lines).order_by(lines.c.recorded_at.desc(), lines.c.connection, lines.c.entity).limit(limit)
        for column, value in (("connection", connection), ("status", status), ("run_id", run_id)):
            if value is not None:
                wanted = wanted.where(lines.c[column] == value)
        if since is not None:
            wanted = wanted.where(lines.c.recorded_at >= since)
        with self._database.reading() as transaction:
            return [LogEntry(**row._mapping) for row in transaction.execute(wanted)]


def _together(before: LogEntry | None, line: ConnectionLine) -> ConnectionLine:
    if before is None:
        return line
    return replace(
        line,
        status=line.status if before.status in (line.status, "not_due") else "partly",
        calls=(before.calls or 0) + line.calls,
        metered_calls=(before.metered_calls or 0) + line.metered_calls,
        seconds=before.seconds + line.seconds,
        error="; ".join(error for error in (before.error, line.error) if error) or None,
    )


def _values(line: EntityLine | ConnectionLine) -> dict[str, object]:
    return {field.name: getattr(line, field.name) for field in fields(line) if field.name != "entities"}


def _lines(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    every_column = {column.name: column for log in (sync_entity, sync_connection) for column in log.columns}
    columns = [table.c.get(name, sa.cast(sa.null(), column.type)).label(name) for name, column in every_column.items()]
    return sa.select(*columns, sync_run.c.trigger).join(sync_run, sync_run.c.run_id == table.c.run_id)
