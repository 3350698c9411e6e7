"""The file of the webhook inbox.

It is a SQLite file of its own, so that a burst of posts waits for nobody else's transaction and holds up none.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qbo_pipeline.state.errors import StateUnavailable
from qbo_pipeline.state.sqlite_file import make_private_file

BUSY_TIMEOUT_SECONDS = 30

_SCHEMA = """
create table if not exists event (
    sequence integer primary key autoincrement,
    event_key text not null unique,
    realm_id text not null,
    entity text not null,
    record_id text not null,
    operation text not null,
    happened_at text not null,
    deleted_id text,
    received_at text not null,
    tries integer not null default 0,
    due_at text not null,
    done_at text
);
create index if not exists event_waiting on event (sequence) where done_at is null;
create index if not exists event_received on event (received_at);
create table if not exists counter (name text primary key, counted integer not null);
"""


@contextmanager
def inbox_file(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the inbox's file, every commit of which is on disk; raises `StateUnavailable` where there is none."""
    try:
        make_private_file(path)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
    except (OSError, sqlite3.Error) as error:
        raise StateUnavailable(f"Opening the webhook inbox {path}: {error}. Check QBO_HOME.") from error
    try:
        yield connection
    finally:
        connection.close()


def make_tables(connection: sqlite3.Connection) -> None:
    """Make what is not there yet."""
    for statement in _SCHEMA.split(";\n"):
        connection.execute(statement)


def instant_text(instant: datetime) -> str:
    """An instant in a form whose order is that of time."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
