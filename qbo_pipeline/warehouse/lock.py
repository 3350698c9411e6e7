"""One process at a time in the warehouse: a lock file beside it that names its holder.

Dagster's pool binds only runs that go through its queue, so two command lines, or one and the daemon, would meet in the
file and one would die with DuckDB's lock error. Whoever opens the warehouse takes this lock first and waits for it.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout


class WarehouseBusyError(Exception):
    """Another process kept the warehouse for longer than we were told to wait; the message names it."""


class WarehouseLock:
    """The lock of one warehouse file; reentrant within a thread, released by the operating system if its holder dies."""

    def __init__(self, warehouse_path: Path, *, wait_seconds: float = 900) -> None:
        self._holder_path = warehouse_path.with_name(warehouse_path.name + ".holder")
        self._lock = FileLock(warehouse_path.with_name(warehouse_path.name + ".lock"), thread_local=False)
        self._wait_seconds = wait_seconds

    @contextmanager
    def held(self, purpose: str, *, tell: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the lock for `purpose`; `tell` hears who holds it when we have to wait."""
        self._acquire(tell)
        try:
            if self._lock.lock_counter == 1:
                self._name_holder(purpose)
            yield
        finally:
            if self._lock.lock_counter == 1:
                self._holder_path.unlink(missing_ok=True)
            self._lock.release()

    def _acquire(self, tell: Callable[[str], None] | None) -> None:
        self._holder_path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=1)
        except Timeout:
            if tell:
                tell(f"The warehouse is in use by {self.holder()}; waiting.")
            try:
                self._lock.acquire(timeout=self._wait_seconds)
            except Timeout:
                raise WarehouseBusyError(
                    f"The warehouse stayed in use by {self.holder()} for {self._wait_seconds:.0f} s. "
                    "Let that process finish or end it, then run again: nothing was lost."
                ) from None

    def holder(self) -> str:
        """Who holds the lock, in words."""
        try:
            holder = json.loads(self._holder_path.read_text())
            return f"process {holder['pid']} ({holder['purpose']}, since {holder['since']})"
        except (OSError, ValueError, KeyError):
            return "another process"

    def _name_holder(self, purpose: str) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        program = Path(sys.argv[0]).name
        holder = {"pid": os.getpid(), "purpose": f"{program}: {purpose}", "since": since}
        self._holder_path.write_text(json.dumps(holder))
