"""Runs and the gateway that started them go their own ways: one that lives is found again, one that died is told as lost."""

import os
import signal
import subprocess
import sys
import time

import requests

from qbo_pipeline.gateway.child_runs import ChildRuns
from qbo_pipeline.state.asked_runs import AskedRuns
from qbo_pipeline_tests.gateway.conftest import Running, invoice_intent
from qbo_pipeline_tests.gateway.test_triggering import BEARER, process_of
from qbo_pipeline_tests.installation import LANDSCAPING

# A gateway that starts a sync and is gone before it ends.
_ASKING = """
import os
from qbo_pipeline.gateway.child_runs import ChildRuns
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.store import open_state

settings = read_settings()
print(ChildRuns(settings, open_state(settings)).start("sync", ["landscaping"], asked_by="Pat"), flush=True)
os._exit(0)
"""


def _asked_by_one_that_is_gone() -> str:
    asked = subprocess.run([sys.executable, "-c", _ASKING], capture_output=True, text=True, check=True, timeout=60)
    return asked.stdout.strip()


def test_a_run_goes_on_without_the_gateway_that_started_it_and_the_next_one_knows_it(running: Running) -> None:
    run_id = _asked_by_one_that_is_gone()
    try:
        assert running.gateway.runs.running() == [run_id]
        assert running.gateway.runs.start("sync", ["landscaping"], asked_by="Pat") == run_id
        assert requests.get(f"{running.url}/runs/{run_id}", headers=BEARER, timeout=5).json()["status"] == "running"
    finally:
        os.killpg(process_of(run_id), signal.SIGKILL)

    deadline = time.monotonic() + 10
    while running.gateway.runs.find(run_id).status == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    told = requests.get(f"{running.url}/runs/{run_id}", headers=BEARER, timeout=5).json()
    assert told["status"] == "lost"
    assert "Start it again" in told["hint"]
    page = running.signed_in().get(f"/runs/{run_id}/progress").text
    assert "broke off" in page
    assert "nothing is sent twice" in page
    assert 'http-equiv="refresh"' not in page
    assert running.gateway.store.sync_log.find_run(run_id).status == "lost"
    assert ChildRuns(running.installation.settings, running.gateway.store).running() == []


def test_records_are_shown_as_they_come_while_a_run_is_under_way(running: Running) -> None:
    marks, run_id = AskedRuns(running.installation.settings), "00000000-0000-4000-8000-000000000001"
    running.gateway.store.sync_log.start_run(run_id, "sync by Pat")
    progress = {"companies_done": 1, "companies": 2, "records_read": 1234, "rows_landed": 60}
    with marks.marked(run_id, ("sync",)):
        marks.tell(run_id, progress | {"by_entity": {"invoice": 1203, "customer": 31}})
        page = running.signed_in().get(f"/runs/{run_id}/progress").text
        told = requests.get(f"{running.url}/runs/{run_id}", headers=BEARER, timeout=5).json()
    for shown in ("1 of 2 companies are read", "1,234 records came", "1,203", "invoice", 'http-equiv="refresh"'):
        assert shown in page
    assert told["progress"]["by_entity"] == {"invoice": 1203, "customer": 31}


def test_documents_are_shown_as_they_leave_and_those_of_other_times_are_not(running: Running) -> None:
    store, run_id = running.gateway.store, "00000000-0000-4000-8000-000000000002"
    store.outbox.intend(invoice_intent(1))
    _send(running)
    store.sync_log.start_run(run_id, "push by Pat")
    store.outbox.intend(invoice_intent(2))
    _send(running)
    with AskedRuns(running.installation.settings).marked(run_id, ("push",)):
        page = running.signed_in().get(f"/runs/{run_id}/progress").text
    told = requests.get(f"{running.url}/runs/{run_id}", headers=BEARER, timeout=5).json()
    assert "create invoice P-2" in page
    assert "P-1" not in page
    assert [(each["source"], each["state"]) for each in told["documents"]] == [("invoice:INV-2", "in_flight")]


def _send(running: Running) -> None:
    from datetime import timedelta

    dispatch, lease = running.gateway.store.dispatch, timedelta(minutes=5)
    for claimed in dispatch.claim("a pusher", LANDSCAPING, lease=lease, limit=10):
        dispatch.freeze(claimed, b"{}", lease=lease)
