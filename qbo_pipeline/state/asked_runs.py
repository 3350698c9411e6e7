"""Runs that a service has other processes do: which of them still live, what was asked of them, how far they have come.

A run's mark is a file whose lock its process holds from before its first line of code on, given to it by the service that
started it. The operating system lets go of the lock however the process ends, so a service that was away meanwhile tells a run
that goes on (locked) from one that ended (no mark) and from one that died without a word (a mark that nobody holds).
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qbo_pipeline.settings import Settings

_TOLD_EVERY_SECONDS = 1.0
_PROGRESS = ".progress"


@dataclass(frozen=True)
class AskedRun:
    """A run with a mark: what was asked, as words of a command line, and whether its process lives."""

    run_id: str
    asked: tuple[str, ...]
    is_alive: bool


class AskedRuns:
    """The marks of an installation's asked-for runs; safe to be opened in each process."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.home / "runs"
        self._told_at = 0.0

    @contextmanager
    def marked(self, run_id: str, asked: tuple[str, ...]) -> Iterator[int]:
        """Make a run's mark, and hold it: with the descriptor passed on, its process holds it once this one lets go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        unready = self._path(run_id).with_suffix(".unready")
        descriptor = os.open(unready, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, json.dumps(asked).encode())
            # It is nowhere to be seen before it is held.
            unready.rename(self._path(run_id))
            yield descriptor
        finally:
            os.close(descriptor)

    def all(self) -> list[AskedRun]:
        """Every run with a mark."""
        found = (self.find(path.name) for path in sorted(self._folder.glob("*-*")) if not path.suffix)
        return [run for run in found if run is not None]

    def find(self, run_id: str) -> AskedRun | None:
        """The run of an id; None where it ended, or no service asked for it."""
        try:
            descriptor = os.open(self._path(run_id), os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            asked = tuple(json.loads(os.read(descriptor, 1 << 20) or b"[]"))
            return AskedRun(run_id, asked, is_alive=not _is_free(descriptor))
        finally:
            os.close(descriptor)

    def end(self, run_id: str) -> None:
        """A run's end is in the log: its mark goes."""
        for path in (self._path(run_id), self._path(run_id).with_suffix(_PROGRESS)):
            path.unlink(missing_ok=True)

    def tell(self, run_id: str, progress: Mapping[str, Any]) -> None:
        """How far a run has come, told by its process; more than once a second is not written down."""
        now = time.monotonic()
        if now - self._told_at < _TOLD_EVERY_SECONDS:
            return
        self._told_at = now
        path = self._path(run_id).with_suffix(_PROGRESS)
        with suppress(OSError):  # A full disk is told of by what fails for it, and not by this.
            unready = path.with_suffix(".told")
            unready.write_text(json.dumps(progress))
            unready.replace(path)

    def told(self, run_id: str) -> dict[str, Any]:
        """How far a run has come, as it last told; empty where it told nothing yet, or is over."""
        try:
            return json.loads(self._path(run_id).with_suffix(_PROGRESS).read_bytes())
        except (OSError, ValueError):
            return {}

    def _path(self, run_id: str) -> Path:
        return self._folder / run_id


def _is_free(descriptor: int) -> bool:
    """Whether no process holds the mark; those who only ask keep nobody else from asking."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
