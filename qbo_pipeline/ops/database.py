"""The operational system's database: SQLite or PostgreSQL, read in short transactions in UTC.

The system is somebody else's: nothing is made in it but by `qbo-pipeline ops init` and the write-back's own tables, and no
lock is held while anything else is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import event, exc

from qbo_pipeline.ops.errors import OpsUnavailable
from qbo_pipeline.ops.values import UnreadableValue
from qbo_pipeline.settings import Settings

BUSY_TIMEOUT_SECONDS = 30


class OpsDatabase:
    """One operational system; safe to share by threads, to be opened again in each process."""

    def __init__(self, url: str, *, may_create: bool = False) -> None:
        self._url = _parse(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.where = f"The operational system {self._url.database if self.is_sqlite else self._url.render_as_string()}"
        if self.is_sqlite:
            self._look_for_file(Path(self._url.database or ""), may_create=may_create)
        self.engine = self._create_engine()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the system."""
        with self.explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that is on disk when the block ends, and undone if the block raises."""
        with self.explained(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the driver or a value raises in the block into `OpsUnavailable`, without statement or values."""
        try:
            yield
        except (exc.DBAPIError, UnreadableValue) as error:
            raise self.failure(error) from error

    def failure(self, error: Exception) -> OpsUnavailable:
        """What a reader is told of an error."""
        reason = str(error.orig if isinstance(error, exc.DBAPIError) else error).splitlines()[0]
        return OpsUnavailable(
            f"{self.where} did not do what was asked: {reason}. Nothing was written. "
            "`qbo-pipeline ops check` examines what it offers."
        )

    def close(self) -> None:
        """Close this process's connections to it."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _look_for_file(self, path: Path, *, may_create: bool) -> None:
        if may_create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            # SQLite would quietly make an empty one.
            raise OpsUnavailable(
                f"{self.where} does not exist. Check QBO_OPS_URL, or make it with `qbo-pipeline ops init`."
            )

    def _create_engine(self) -> sa.Engine:
        connect_args: dict[str, Any] = {"timeout": BUSY_TIMEOUT_SECONDS} if self.is_sqlite else {"connect_timeout": 10}
        try:
            # Rows are customers' data, which must not appear in an exception.
            engine = sa.create_engine(self._url, connect_args=connect_args, hide_parameters=True)
        except (ImportError, exc.NoSuchModuleError) as error:
            raise OpsUnavailable(
                f"{self.where} needs a driver that is not installed ({error}). Install qbo-pipeline[postgres]."
            ) from error
        if self.is_sqlite:
            event.listen(engine, "connect", _leave_transactions_to_us)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "connect", _stay_in_utc)
        return engine


def open_ops(settings: Settings) -> OpsDatabase | None:
    """The operational system of the settings, or `None` where none is configured and no sample was made.

    Raises `OpsUnavailable` for an address that is none or a file that is not there.
    """
    url = settings.ops_database_url
    return OpsDatabase(url) if url else None


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except exc.ArgumentError:
        parsed = None
    kind = parsed.drivername.split("+")[0] if parsed else None
    if parsed and kind in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed and kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise OpsUnavailable(
        "QBO_OPS_URL names no operational system. Use sqlite:////absolute/path/ops.db or "
        "postgresql://user:password@host/database."
    )


def _leave_transactions_to_us(driver_connection: Any, _record: Any) -> None:
    # The driver's own transactions begin late and never IMMEDIATE; `_begin_sqlite` begins them instead.
    driver_connection.isolation_level = None


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _stay_in_utc(driver_connection: Any, _record: Any) -> None:
    # An instant without a zone is UTC by contract; the server would take it in the zone of its session.
    driver_connection.execute("SET TIME ZONE 'UTC'")
    driver_connection.commit()
