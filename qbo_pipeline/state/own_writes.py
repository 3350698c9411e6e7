"""What we wrote to QuickBooks ourselves, beside the webhooks that tell of it: each answer is the record, as it is there now.

So a record that we wrote lands from the answer, and the webhook that tells of our own write is no reason to read it again.
An echo is told from somebody else's change by its operation and by the second it happened in; each write has one.
Losing a note costs a call, never a row: then the webhook is followed, or the next sync brings the record.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.state.errors import StateError
from qbo_pipeline.state.webhook_file import inbox_file, instant_text
from qbo_pipeline.state.webhook_inbox import WaitingEvent

# QuickBooks stamps records to the second, and its events when they were made. What is further apart is read.
_ECHOES_WITHIN = timedelta(seconds=10)
_KEPT_FOR = timedelta(days=2)
_NOTED_TOGETHER = 100

_SCHEMA = """
create table if not exists own_write (
    sequence integer primary key autoincrement,
    realm_id text not null,
    entity text not null,
    record_id text not null,
    operation text not null,
    sync_token text,
    written_at text not null,
    is_deleted integer not null,
    payload blob not null,
    has_landed integer not null default 0,
    was_echoed integer not null default 0
)
"""
_INSERT = """
insert into own_write (realm_id, entity, record_id, operation, sync_token, written_at, is_deleted, payload)
values (?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class OwnWrite:
    """One record we wrote, as QuickBooks answered with it; `sequence` is 0 until it is noted."""

    realm_id: str
    entity: str
    operation: str
    record: Record = field(repr=False)
    sequence: int = 0


class OwnWrites:
    """The own writes noted in the webhook inbox's file."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock

    @contextmanager
    def noting(self) -> Iterator[Callable[[OwnWrite], None]]:
        """Gives what notes a write. Nothing is noted where no webhook ever came, and nothing fails because of it."""
        gathered: list[OwnWrite] = []

        def note(write: OwnWrite) -> None:
            gathered.append(write)
            if len(gathered) >= _NOTED_TOGETHER:
                self._keep(gathered)

        try:
            yield note
        finally:
            self._keep(gathered)

    def to_land(self, limit: int) -> list[OwnWrite]:
        """The oldest writes that have not landed."""
        if not self._path.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute(
                "select sequence, realm_id, entity, operation, record_id, sync_token, written_at, is_deleted, payload "
                "from own_write where has_landed = 0 order by sequence limit ?",
                (limit,),
            ).fetchall()
        return [_write(*row) for row in rows]

    def landed(self, writes: Sequence[OwnWrite]) -> None:
        """These have landed."""
        with self._opened() as connection:
            connection.execute("begin immediate")
            connection.executemany(
                "update own_write set has_landed = 1 where sequence = ?", [(each.sequence,) for each in writes]
            )
            connection.execute("commit")

    def take_echoes(self, waiting: Sequence[WaitingEvent]) -> set[int]:
        """The sequences of those events that tell of a write of ours, each write taken once."""
        if not waiting or not self._path.exists():
            return set()
        echoes = set()
        with self._opened() as connection:
            connection.execute("begin immediate")
            for each in waiting:
                if (write := _echoed_by(connection, each.event)) is not None:
                    connection.execute("update own_write set was_echoed = 1 where sequence = ?", (write,))
                    echoes.add(each.sequence)
            connection.execute("commit")
        return echoes

    def _keep(self, gathered: list[OwnWrite]) -> None:
        writes, gathered[:] = list(gathered), []
        if not writes or not self._path.exists():
            return
        with suppress(StateError, sqlite3.Error), self._opened() as connection:
            connection.execute("begin immediate")
            connection.execute("delete from own_write where written_at < ?", (instant_text(self._clock() - _KEPT_FOR),))
            connection.executemany(_INSERT, [self._row(each) for each in writes])
            connection.execute("commit")

    def _row(self, write: OwnWrite) -> tuple[object, ...]:
        record = write.record
        at = instant_text(record.updated_at or self._clock())
        identity = (write.realm_id, write.entity, record.id, write.operation)
        return (*identity, record.sync_token, at, record.is_deleted, record.payload)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with inbox_file(self._path) as connection:
            connection.execute(_SCHEMA)
            yield connection


def _echoed_by(connection: sqlite3.Connection, event: ChangeEvent) -> int | None:
    around = (instant_text(event.happened_at - _ECHOES_WITHIN), instant_text(event.happened_at + _ECHOES_WITHIN))
    row = connection.execute(
        "select sequence from own_write where realm_id = ? and entity = ? and record_id = ? and operation = ? "
        "and was_echoed = 0 and written_at between ? and ? order by sequence limit 1",
        (event.realm_id, event.entity, event.record_id, event.operation, *around),
    ).fetchone()
    return row[0] if row else None


def _write(*row: object) -> OwnWrite:
    sequence, realm_id, entity, operation, record_id, sync_token, written_at, is_deleted, payload = row
    at = datetime.fromisoformat(str(written_at))
    record = Record(str(record_id), sync_token, None, at, is_deleted=bool(is_deleted), payload=bytes(payload))
    return OwnWrite(str(realm_id), str(entity), str(operation), record, int(sequence))
