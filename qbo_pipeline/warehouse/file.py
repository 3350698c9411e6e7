"""Opening the warehouse file, and saying what is wrong when it cannot be opened.

DuckDB locks the file for its one writing process, and a reader blocks the writer too. Every use therefore goes through
`Warehouse.connect`, which holds our own lock for as long as the connection lives and always closes it: opening or copying
the file by other means inside the same process would silently drop DuckDB's lock.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from qbo_pipeline.settings import Settings
from qbo_pipeline.warehouse.lock import WarehouseLock

# A dbt process outlives a run that was killed, keeps the file until it has built what it was told to, and then ends.
STRANGER_WAIT_SECONDS = 120.0


class WarehouseError(Exception):
    """The warehouse file cannot be used; the message says why and what to do."""


class Warehouse:
    """One warehouse file with its lock and its limits."""

    def __init__(
        self,
        path: Path,
        *,
        memory_limit: str = "4GB",
        wait_seconds: float = 900,
        stranger_wait_seconds: float = STRANGER_WAIT_SECONDS,
    ) -> None:
        self.path = path
        self.lock = WarehouseLock(path, wait_seconds=wait_seconds)
        self._stranger_wait_seconds = stranger_wait_seconds
        self.memory_limit = memory_limit

    @contextmanager
    def connect(
        self, purpose: str, *, tell: Callable[[str], None] | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that may read and write, with the lock held until it is closed.

        Raises `WarehouseError` for a damaged or foreign file, `WarehouseBusyError` when another process keeps it.
        """
        with self.lock.held(purpose, tell=tell):
            connection = self._open(tell)
            try:
                yield connection
            finally:
                connection.close()

    def _open(self, tell: Callable[[str], None] | None) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self._stranger_wait_seconds
        while True:
            try:
                return self._try_to_open()
            except WarehouseError as error:
                if not _is_taken(error.__cause__) or time.monotonic() >= deadline:
                    raise
                if tell:
                    tell(
                        f"{self.path.name} is still open in a program that does not hold the pipeline's lock; waiting."
                    )
                    tell = None
            time.sleep(0.5)

    @property
    def limits(self) -> dict[str, str]:
        """DuckDB's settings for every connection to the file: the memory it may use, and where it puts what does not fit."""
        temporary = self.path.with_name(self.path.name + ".tmp")
        return {"memory_limit": self.memory_limit, "temp_directory": str(temporary)}

    def _try_to_open(self) -> duckdb.DuckDBPyConnection:
        try:
            connection = duckdb.connect(self.path, config=self.limits)
        except duckdb.Error as error:
            raise WarehouseError(_explain(self.path, error)) from error
        connection.execute("set TimeZone = 'UTC'")
        return connection


def open_warehouse(settings: Settings) -> Warehouse:
    """The warehouse of `QBO_HOME`; the file itself is made when it is first connected to."""
    return Warehouse(settings.warehouse_path, memory_limit=settings.duckdb_memory_limit)


def _is_taken(error: BaseException | None) -> bool:
    return "could not set lock" in str(error).lower()


def _explain(path: Path, error: duckdb.Error) -> str:
    reason = str(error)
    if _is_taken(error):
        return (
            f"{path.name} is opened by a program that is not the pipeline: {reason} "
            f"Close it there; analysts open analytics.duckdb instead."
        )
    return (
        f"{path} could not be opened: {reason} It was left as it is. Restore it from a backup, or move it away: "
        "the next sync then reads every company in full."
    )
