"""The database under the state store: durable transactions, and locks that die with their holder.

SQLite runs in WAL mode with `synchronous=FULL`, and a writing transaction begins with BEGIN IMMEDIATE: a transaction that
reads first and asks for the write lock later is refused at once when somebody else wrote in between, however long the busy
timeout is.

`exclusive(name)` is how one process at a time refreshes a token. It is no transaction and no lease row. A write
transaction held over an HTTP call would stop every other company's writes for as long as Intuit takes to answer; a lease
has an expiry that is too short for a slow answer and too long after a crash. The lock is the operating system's on a file
beside the SQLite database, or an advisory lock in its own PostgreSQL transaction. Both go the moment their holder dies.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy import event, exc
from sqlalchemy.pool import NullPool

from qbo_pipeline.state import (  # noqa: F401 - their tables belong to the checked schema
    audit_schema,
    mapping_schema,
    period_schema,
    push_schema,
    schema,
)
from qbo_pipeline.state.errors import StateBusy, StateDamaged, StateError, StateUnavailable
from qbo_pipeline.state.sqlite_file import make_private_file

BUSY_TIMEOUT_SECONDS = 30
# Longer than a token request may take with its retries, so that who waits finds the new token rather than an error.
LOCK_TIMEOUT_SECONDS = 180
_DAMAGE = ("file is not a database", "malformed", "unsupported file format")


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite state store's URL; None where it is in a database of another kind."""
    parsed = _parse(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


class Database:
    """One SQLite file or PostgreSQL database, checked or created as a state store when it is opened."""

    def __init__(self, url: str) -> None:
        self._url = _parse(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.where = f"The state store {self._url.database if self.is_sqlite else self._url.render_as_string()}"
        if self.is_sqlite:
            self._make_file()
        self._engine = self._create_engine()
        self._writing_engine = self._engine.execution_options(writes=True)
        self._lock_engine = None if self.is_sqlite else self._create_engine(poolclass=NullPool)
        self._prepare()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the store and changes nothing."""
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that is on disk when the block ends, and undone if the block raises."""
        with self._explained(), self._writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def exclusive(self, name: str, timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
        """Hold the lock called `name` against every other thread and process; raise `StateBusy` after the timeout."""
        digest = hashlib.sha256(name.encode()).digest()
        lock = self._file_lock if self.is_sqlite else self._advisory_lock
        with ExitStack() as held:
            try:
                held.enter_context(lock(digest, timeout_seconds))
            except TimeoutError as error:
                raise StateBusy(
                    f"Another process has held the lock for {name} for {timeout_seconds:g} seconds. Try again; if it "
                    "stays, look for a qbo-pipeline process that hangs."
                ) from error
            yield

    def check(self) -> None:
        """Read the whole file and raise `StateDamaged` if SQLite finds it inconsistent; PostgreSQL checks its own pages."""
        if not self.is_sqlite:
            return
        with self.reading() as connection:
            findings = connection.exec_driver_sql("PRAGMA integrity_check(3)").scalars().all()
        if findings != ["ok"]:
            raise StateDamaged(f"{self.where} is damaged: {'; '.join(findings)}. Restore it from a backup.")

    def close(self) -> None:
        """Close every connection of this process to the database."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self.reading() as connection:
            if schema.is_current(connection, self.where):
                return
        with self.exclusive("the schema"):
            if self.is_sqlite:
                with self._explained(), self._engine.connect() as connection:
                    connection.connection.driver_connection.execute("PRAGMA journal_mode=WAL")
            with self.writing() as connection:
                if not schema.is_current(connection, self.where):
                    schema.make_current(connection)

    def _create_engine(self, **options: Any) -> sa.Engine:
        connect_args = {"timeout": BUSY_TIMEOUT_SECONDS} if self.is_sqlite else {"connect_timeout": 10}
        try:
            # Statements' parameters hold secrets, so they must not appear in an exception.
            engine = sa.create_engine(self._url, connect_args=connect_args, hide_parameters=True, **options)
        except (ImportError, exc.NoSuchModuleError) as error:
            raise StateUnavailable(
                f"{self.where} needs a driver that is not installed ({error}). Install qbo-pipeline[postgres]."
            ) from error
        if self.is_sqlite:
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _make_file(self) -> None:
        path = Path(self._url.database or "")
        try:
            make_private_file(path)
        except OSError as error:
            raise StateUnavailable(f"{self.where} cannot be opened: {error.strerror}. Check QBO_HOME.") from error
        self._lock_folder = path.with_name(path.name + ".locks")

    @contextmanager
    def _file_lock(self, digest: bytes, timeout_seconds: float) -> Iterator[None]:
        self._lock_folder.mkdir(mode=0o700, exist_ok=True)
        with FileLock(self._lock_folder / f"{digest.hex()[:32]}.lock", timeout=timeout_seconds, thread_local=False):
            yield

    @contextmanager
    def _advisory_lock(self, digest: bytes, timeout_seconds: float) -> Iterator[None]:
        key = int.from_bytes(digest[:8], "big", signed=True)
        with self._explained(), self._lock_engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(timeout_seconds * 1000)}")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            try:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
            except exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
                    raise TimeoutError from error
                raise
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise self._explain(error) from error

    def _explain(self, error: exc.DBAPIError) -> StateError:
        text = str(error.orig)
        if any(sign in text for sign in _DAMAGE):
            return StateDamaged(
                f"{self.where} is damaged ({text}). Nothing was written to it. Restore it from a backup, or move it away "
                "and connect the companies again."
            )
        return StateUnavailable(f"{self.where} did not do what was asked: {text}")


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except (exc.ArgumentError, exc.NoSuchModuleError):
        backend = None
    if backend == "postgres":
        parsed, backend = parsed.set(drivername="postgresql"), "postgresql"
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise StateUnavailable(
        "QBO_STATE_URL names no state store. Use sqlite:////absolute/path/state.db or "
        "postgresql://user:password@host/database."
    )


def _configure_sqlite(driver_connection: Any, _record: Any) -> None:
    # The driver's own transactions begin late and never IMMEDIATE; `_begin_sqlite` begins them instead.
    driver_connection.isolation_level = None
    driver_connection.execute("PRAGMA synchronous=FULL")
    driver_connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
