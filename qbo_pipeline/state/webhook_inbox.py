"""The webhook inbox: changes QuickBooks told of, safe on disk before Intuit is answered, until the records were read again.

Posts that arrive together share one commit: a disk makes some hundred of those a second, and Intuit wants its answer within
three seconds. An event is kept for longer than events are believed, so that a post sent again, by Intuit or by somebody who
caught it, is known for what it is.
"""

import queue
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.state.errors import StateBusy, StateUnavailable
from qbo_pipeline.state.webhook_file import inbox_file, instant_text, make_tables

# The change feed looks back 30 days: what is older was read by other means, or by a full read.
BELIEVED_FOR = timedelta(days=30)
# Longer than an event is believed, so that there is no moment at which a replayed one is neither known nor too old.
KEPT_FOR = timedelta(days=40)
POSTS_WAITING_MAX = 5_000
POSTS_PER_COMMIT_MAX = 500

_INSERT = """
insert or ignore into event
    (event_key, realm_id, entity, record_id, operation, happened_at, deleted_id, received_at, due_at)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Kept:
    """What became of the events of one post."""

    new: int
    duplicate: int
    old: int


@dataclass(frozen=True)
class WaitingEvent:
    """An event whose record is to be read; `sequence` grows with arrival, `tries` counts the reads that failed."""

    sequence: int
    event: ChangeEvent
    tries: int


@dataclass(frozen=True)
class _Post:
    events: Sequence[ChangeEvent]
    counts: Counter[str]
    kept: Future[Kept]


class WebhookInbox:
    """The inbox of an installation, in `path`; safe to share by threads, to be opened again in each process."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._posts: queue.Queue[_Post | None] = queue.Queue(POSTS_WAITING_MAX)
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        with self._writing() as connection:
            make_tables(connection)

    def put(self, events: Sequence[ChangeEvent], counts: Counter[str] | None = None) -> "Future[Kept]":
        """Keep events, and add to the counters; they are on disk when the result is there.

        Raises `StateBusy` where posts come faster than the disk takes them: the sender is to come again.
        """
        post = _Post(events, counts or Counter(), Future())
        self._start_writer()
        try:
            self._posts.put_nowait(post)
        except queue.Full:
            raise StateBusy(
                f"Keeping a webhook in {self._path}: {POSTS_WAITING_MAX} posts wait already. Look at the disk it is on."
            ) from None
        return post.kept

    def take(self, limit: int) -> list[WaitingEvent]:
        """The oldest events whose records are to be read now, at most `limit`; they wait until they are `done`."""
        with self._reading() as connection:
            rows = connection.execute(
                "select sequence, event_key, realm_id, entity, record_id, operation, happened_at, deleted_id, tries "
                "from event where done_at is null and due_at <= ? order by sequence limit ?",
                (instant_text(self._clock()), limit),
            ).fetchall()
        return [_waiting(row) for row in rows]

    def done(self, sequences: Sequence[int]) -> None:
        """The records of these events were read and have landed."""
        now = instant_text(self._clock())
        with self._writing() as connection:
            connection.executemany(
                "update event set done_at = ? where sequence = ?", [(now, each) for each in sequences]
            )

    def postpone(self, sequences: Sequence[int], due_at: datetime) -> None:
        """The records of these events could not be read; they are due again at `due_at`."""
        due = instant_text(due_at)
        with self._writing() as connection:
            connection.executemany(
                "update event set tries = tries + 1, due_at = ? where sequence = ?", [(due, each) for each in sequences]
            )

    def waiting(self) -> int:
        """How many events wait to be read."""
        with self._reading() as connection:
            return connection.execute("select count(*) from event where done_at is null").fetchone()[0]

    def last_received_at(self) -> datetime | None:
        """When the last new event came."""
        with self._reading() as connection:
            (newest,) = connection.execute("select max(received_at) from event").fetchone()
        return datetime.fromisoformat(newest) if newest else None

    def counts(self) -> dict[str, int]:
        """How many events were ever `new`, `duplicate`, `old`, of an `unknown_realm`, `unreadable`."""
        with self._reading() as connection:
            return dict(connection.execute("select name, counted from counter order by name").fetchall())

    def close(self) -> None:
        """Keep what was put, and stop."""
        with self._starting:
            writer, self._writer = self._writer, None
        if writer is not None:
            self._posts.put(None)
            writer.join()

    def _start_writer(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="webhook-inbox", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        with inbox_file(self._path) as connection:
            while (first := self._posts.get()) is not None:
                posts, is_last = [first], False
                while len(posts) < POSTS_PER_COMMIT_MAX and not self._posts.empty():
                    if (post := self._posts.get()) is None:
                        is_last = True
                        break
                    posts.append(post)
                self._keep(connection, posts)
                if is_last:
                    return

    def _keep(self, connection: sqlite3.Connection, posts: Sequence[_Post]) -> None:
        """One commit for all the posts; each hears of it only afterwards."""
        now = self._clock()
        try:
            connection.execute("begin immediate")
            kept = [_insert(connection, post, now) for post in posts]
            connection.execute(
                "delete from event where received_at < ? and done_at is not null", (instant_text(now - KEPT_FOR),)
            )
            connection.execute("commit")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("rollback")
            for post in posts:
                post.kept.set_exception(
                    StateUnavailable(f"Keeping webhooks in {self._path}: {error}. Look at the disk.")
                )
            return
        for post, result in zip(posts, kept, strict=True):
            post.kept.set_result(result)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with inbox_file(self._path) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with inbox_file(self._path) as connection:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")


def _insert(connection: sqlite3.Connection, post: _Post, now: datetime) -> Kept:
    believed = [event for event in post.events if event.happened_at > now - BELIEVED_FOR]
    before = connection.total_changes
    received = instant_text(now)
    rows = [
        (
            _key(each),
            each.realm_id,
            each.entity,
            each.record_id,
            each.operation,
            instant_text(each.happened_at),
            each.deleted_id,
            received,
            received,
        )
        for each in believed
    ]
    connection.executemany(_INSERT, rows)
    new = connection.total_changes - before
    kept = Kept(new, len(believed) - new, len(post.events) - len(believed))
    counted = post.counts + Counter({"new": kept.new, "duplicate": kept.duplicate, "old": kept.old})
    connection.executemany(
        "insert into counter values (?, ?) on conflict (name) do update set counted = counted + excluded.counted",
        list(counted.items()),
    )
    return kept


def _key(event: ChangeEvent) -> str:
    """What tells events apart: an id is the sender's, and of two companies it may be the same."""
    return f"{event.realm_id}:{event.event_id}"


def _waiting(row: tuple[Any, ...]) -> WaitingEvent:
    sequence, key, realm_id, entity, record_id, operation, happened_at, deleted_id, tries = row
    event_id = key.removeprefix(f"{realm_id}:")
    happened = datetime.fromisoformat(happened_at)
    return WaitingEvent(
        sequence, ChangeEvent(event_id, realm_id, entity, record_id, operation, happened, deleted_id), tries
    )
