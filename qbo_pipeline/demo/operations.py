"""The sample operational system, and its documents on their way to QuickBooks."""

import time
from datetime import UTC, datetime, timedelta

from qbo_pipeline.console import console
from qbo_pipeline.console.pushes import print_pushes
from qbo_pipeline.demo.samples import SAMPLES
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.orchestration.run import run_push
from qbo_pipeline.outbound.story import push_lines
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import open_state


def make_operations(settings: Settings) -> None:
    """Make the sample operational system once, and set the day from which its documents are pushed."""
    if settings.ops_url is not None:
        return
    today = datetime.now(UTC).date()
    if not settings.ops_sample_path.exists():
        rows = sum(make_sample(settings.ops_sample_path, today).values())
        console.say(f"Made a sample operational system of {rows:,} rows in {settings.ops_sample_path}.")
    with open_state(settings) as store:
        for name in SAMPLES:
            realm_id = store.connections.get(name).realm_id
            if store.push_settings.of(realm_id).go_live_date is None:
                store.push_settings.set_go_live(realm_id, (today - timedelta(days=45)).replace(day=1))


def push_approved(settings: Settings) -> bool:
    """Allow pushes to the sample companies, send what is due and tell what came of it; whether every company was served."""
    started = time.monotonic()
    with open_state(settings) as store:
        for name in SAMPLES:
            store.push_settings.arm(store.connections.get(name).realm_id)
    with console.working("Pushing"):
        run = run_push(settings, connections=list(SAMPLES))
    with open_state(settings) as store:
        lines = push_lines(store, store.outbox.intents())
    print_pushes(lines)
    for failure in run.failures:
        console.complain(failure)
    console.say(f"That took {time.monotonic() - started:.1f} s.\n")
    return run.succeeded
