"""Runs the gateway started: each a `qbo-pipeline` of its own, which ends neither with the request nor with the gateway.

A run has its line in the sync log before its process is there, so that whoever asked for it can ask how it goes from the
first moment on, and its id is that of the run in Dagster. Asked again for what is running already, the one that runs is
named. A run whose process died while no gateway watched is told as `lost` by the next one.
"""

import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.asked_runs import AskedRuns
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.sync_log import Run

Verb = Literal["sync", "push"]

LOST = "lost"
WHAT_TO_DO_ABOUT_A_LOST_RUN = (
    "Its process ended without a word: it was killed, or the machine was restarted. What it had landed or sent is kept. "
    "Start it again: it goes on from there, and nothing is sent twice."
)
# No run takes so long: one that others started, and that the log does not know to have ended, will not end any more.
_ENDS_WITHIN = timedelta(days=2)
_PROGRAM = (sys.executable, "-c", "from qbo_pipeline.cli.main import main; main()")


class ChildRuns:
    """Starts syncs and pushes, and knows how they go."""

    def __init__(self, settings: Settings, store: StateStore) -> None:
        self._settings = settings
        self._store = store
        self._marks = AskedRuns(settings)
        self._watched: set[str] = set()
        self._lock = threading.Lock()

    def start(self, verb: Verb, connections: Sequence[str], *, asked_by: str, source: str | None = None) -> str:
        """Start a run for `connections` (all, where none is named) and return its id; the connections must exist.

        A push with a `source` is of this one document, KIND:ID, and of the names it needs.
        """
        names = sorted({self._store.connections.get(name).name for name in connections})
        options = [option for name in names for option in ("--connection", name)]
        asked = (verb, *options, *(("--source", source) if source else ()))
        with self._lock:
            running = next((each for each in self._marks.all() if each.is_alive and each.asked == asked), None)
            if running is not None:
                return running.run_id
            run_id = str(uuid.uuid4())
            self._store.sync_log.start_run(run_id, f"{verb}{f' of {source}' if source else ''} by {asked_by}")
            process = self._open(run_id, asked)
            self._watched.add(run_id)
        threading.Thread(target=self._wait, args=(run_id, process), name=f"run-{run_id}", daemon=True).start()
        return run_id

    def find(self, run_id: str) -> Run | None:
        """A run as it stands."""
        known = self._store.sync_log.find_run(run_id)
        return None if known is None else self.as_it_stands(known)

    def as_it_stands(self, run: Run) -> Run:
        """A run of the log: `running` while its process lives, whatever it has logged already; `lost` where it died."""
        mark = self._marks.find(run.run_id)
        if mark is not None and (mark.is_alive or run.run_id in self._watched):
            return replace(run, status="running", finished_at=None)
        if mark is not None:
            self._lose(run.run_id)
            return self._store.sync_log.find_run(run.run_id) or run
        if run.status == "running" and self._store.clock() - run.started_at > _ENDS_WITHIN:
            return replace(run, status=LOST)
        return run

    def running(self) -> list[str]:
        """The ids of the runs whose processes live."""
        return [each.run_id for each in self._marks.all() if each.is_alive]

    def progress(self, run_id: str) -> dict[str, Any]:
        """How far a run's reading has come, as it last told."""
        return self._marks.told(run_id)

    def log_path(self, run_id: str) -> Path:
        """Where a run's own words go."""
        return self._settings.home / "logs" / f"run-{run_id}.log"

    def _open(self, run_id: str, asked: Sequence[str]) -> subprocess.Popen[bytes]:
        verb, *options = asked
        log = self.log_path(run_id)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output, self._marks.marked(run_id, tuple(asked)) as mark:
            return subprocess.Popen(
                [*_PROGRAM, verb, "--run-id", run_id, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[mark],
            )

    def _wait(self, run_id: str, process: subprocess.Popen[bytes]) -> None:
        """A run logs its own end, and takes its mark away; one that could not has failed."""
        process.wait()
        with self._lock:
            if self._marks.find(run_id) is not None:
                self._store.sync_log.finish_run(run_id, "failed")
                self._marks.end(run_id)
            self._watched.discard(run_id)

    def _lose(self, run_id: str) -> None:
        with self._lock:
            found = self._marks.find(run_id)
            if found is not None and not found.is_alive:
                self._store.sync_log.finish_run(run_id, LOST)
                self._marks.end(run_id)
