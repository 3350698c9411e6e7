"""The demo: three sample companies at an emulated QuickBooks, connected, pulled, typed, and shown.

Nothing here is special to the pipeline but the address QuickBooks has: each connection records it, so every other verb
reaches the same companies as long as the emulator runs.
"""

import subprocess
import sys
import time
from pathlib import Path

from qbo_pipeline.console import console
from qbo_pipeline.demo.bookkeeper import answer_questions
from qbo_pipeline.demo.emulated import connect_samples, emulated_quickbooks
from qbo_pipeline.demo.operations import make_operations, push_approved
from qbo_pipeline.demo.samples import SAMPLES
from qbo_pipeline.demo.shows import AFTER_THE_PUSH, QUERIES, show_answers, show_files, show_tables
from qbo_pipeline.orchestration.instance import prepare_dagster_home
from qbo_pipeline.orchestration.run import is_complete, log_path, run_push, run_sync
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import open_state


def run_demo(settings: Settings, *, port: int) -> bool:
    """Connect the sample companies, sync, push and sync again, and print what came of it; whether all of it was complete."""
    with emulated_quickbooks(settings, port=port) as url:
        console.say(f"An emulated QuickBooks Online answers at {url}.")
        connect_samples(settings, url)
        make_operations(settings)
        console.say("First sync: everything that is not here yet is read and typed, on both sides.")
        first = _timed_sync(settings)
        if not settings.analytics_path.exists():
            console.complain(
                f"Nothing was published; what went wrong stands above and, whole, in {log_path(settings)}."
            )
            return False
        show_tables(settings)
        show_answers(settings, QUERIES)
        console.say(
            f"A bookkeeper answers {answer_questions(settings)} questions: who is who, which account a word means.\n"
        )
        console.say("Push: what the operational system approved goes to QuickBooks, each document once.")
        pushed = push_approved(settings)
        console.say(
            "Second sync: only what changed since, and QuickBooks' own reports, which the books are compared with."
        )
        second = _timed_sync(settings)
        # What the books now say of the pushed documents goes back.
        pushed = pushed and run_push(settings, connections=list(SAMPLES)).succeeded
    show_answers(settings, AFTER_THE_PUSH)
    show_files(settings)
    return first and pushed and second


def run_dev(settings: Settings, *, port: int, ui_port: int) -> int:
    """Serve the Dagster UI with the emulator and its companies beside it until interrupted; the UI's exit code."""
    with emulated_quickbooks(settings, port=port) as url:
        console.say(f"An emulated QuickBooks Online answers at {url}.")
        connect_samples(settings, url)
        make_operations(settings)
        return serve_ui(settings, ui_port)


def serve_ui(settings: Settings, port: int) -> int:
    """Serve the Dagster UI and its schedules until interrupted; its exit code."""
    prepare_dagster_home(settings)
    console.say(f"The Dagster UI will be at http://127.0.0.1:{port} in some seconds; Ctrl+C ends it.")
    dagster = Path(sys.executable).with_name("dagster")
    location = ["-m", "qbo_pipeline.definitions"]
    return subprocess.call([str(dagster), "dev", "-h", "127.0.0.1", "-p", str(port), *location])


def _timed_sync(settings: Settings) -> bool:
    started = time.monotonic()
    with console.working("Pulling, typing and publishing") as watcher:
        run = run_sync(settings, connections=list(SAMPLES), watcher=watcher)
    with open_state(settings) as store:
        entries = store.sync_log.entries(run_id=run.run_id)
    console.print_sync(run, entries)
    console.say(f"That took {time.monotonic() - started:.1f} s.\n")
    return run.succeeded and is_complete(entries)
