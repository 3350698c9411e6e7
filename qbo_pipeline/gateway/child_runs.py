"""Runs the gateway started: each a `qbo-pipeline` of its own, which ends neither with the request nor with the gateway.

A run has its line in the sync log before its process is there, so that whoever asked for it can ask how it goes from the
first moment on. Asked again for what is running already, the one that runs is named.
"""

import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.sync_log import Run

Verb = Literal["sync", "push"]

_PROGRAM = (sys.executable, "-c", "from qbo_pipeline.cli import main; main()")
_RUNS_LISTED = 1_000


@dataclass
class _Child:
    run_id: str
    asked: tuple[str, ...]
    process: subprocess.Popen[bytes]


class ChildRuns:
    """Starts syncs and pushes, and knows how they go."""

    def __init__(self, settings: Settings, store: StateStore) -> None:
        self._settings = settings
        self._store = store
        self._children: dict[str, _Child] = {}
        self._lock = threading.Lock()

    def start(self, verb: Verb, connections: Sequence[str], *, asked_by: str) -> str:
        """Start a run for `connections` (all, where none is named) and return its id; the connections must exist."""
        names = sorted({self._store.connections.get(name).name for name in connections})
        asked = (verb, *names)
        with self._lock:
            running = next((each for each in self._children.values() if each.asked == asked), None)
            if running is not None:
                return running.run_id
            run_id = str(uuid.uuid4())
            self._store.sync_log.start_run(run_id, f"{verb} by {asked_by}")
            child = _Child(run_id, asked, self._open(verb, names, run_id))
            self._children[run_id] = child
        threading.Thread(target=self._wait, args=(child,), name=f"run-{run_id}", daemon=True).start()
        return run_id

    def find(self, run_id: str) -> Run | None:
        """A run as it stands: `running` while its process lives, whatever it has logged already."""
        known = next((run for run in self._store.sync_log.runs(_RUNS_LISTED) if run.run_id == run_id), None)
        if known is None:
            return None
        if run_id in self._children:
            return replace(known, status="running", finished_at=None)
        return known

    def running(self) -> list[str]:
        """The ids of the runs whose processes live."""
        return list(self._children)

    def log_path(self, run_id: str) -> Path:
        """Where a run's own words go."""
        return self._settings.home / "logs" / f"run-{run_id}.log"

    def _open(self, verb: str, names: Sequence[str], run_id: str) -> subprocess.Popen[bytes]:
        options = [option for name in names for option in ("--connection", name)]
        log = self.log_path(run_id)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            return subprocess.Popen(
                [*_PROGRAM, verb, *(("--run-id", run_id) if verb == "sync" else ()), *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self, child: _Child) -> None:
        exit_code = child.process.wait()
        logged = next((run for run in self._store.sync_log.runs(_RUNS_LISTED) if run.run_id == child.run_id), None)
        status = _status(child.asked[0], exit_code, logged.status if logged else "running")
        if logged is None or logged.status != status:
            self._store.sync_log.finish_run(child.run_id, status)
        with self._lock:
            del self._children[child.run_id]


def _status(verb: str, exit_code: int, logged: str) -> str:
    """How a run ended: its log tells of what was read, its exit code of everything it was asked for."""
    if exit_code == 0:
        return logged if logged != "running" else ("synced" if verb == "sync" else "done")
    return "partly" if logged == "partly" else "failed"
