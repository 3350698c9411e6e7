"""A sync killed between the change feed's answer and its load loses nothing: the next one is complete, and lands it once."""

import os
import signal
import subprocess
import sys
import time

import pytest

from qbo_pipeline_tests.ingest.mirror import deleted, differences, landed
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

SYNC = """
from qbo_pipeline.ingest.sync import sync
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.file import open_warehouse
settings = read_settings()
sync(settings, open_state(settings), open_warehouse(settings))
"""


@pytest.mark.slow
def test_a_sync_killed_between_the_feed_and_the_load_is_made_up_for(installation: Installation) -> None:
    installation.pull()
    installation.emulator.clock.advance(600)
    installation.edit("Invoice", "130", PrivateNote="looked at")
    installation.emulator.companies[LANDSCAPING].delete("Estimate", "100")
    installation.script("/cdc", action="delay", seconds=3)
    process = subprocess.Popen([sys.executable, "-c", SYNC], env=dict(os.environ))
    while not any(each["matched"] for each in installation.emulator.scripted_faults.snapshot()):
        assert process.poll() is None
        time.sleep(0.05)
    # The process has looked up its cursors and waits for the feed; its load will wait for this lock.
    with installation.warehouse.lock.held("test"):
        time.sleep(5)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert "PrivateNote" not in landed(installation, "Invoice")["130"]
    installation.emulator.scripted_faults.clear()
    outcome = installation.pull_one()
    assert (outcome.entities["invoice"].landed.updated, outcome.entities["estimate"].landed.deleted) == (1, 1)
    assert deleted(installation, "Estimate").keys() == {"100"}
    assert differences(installation) == {}
    assert installation.pull_one(all_entities=False).rows == 0
