"""A store opened twice in one process, while another process opens and closes it, stays whole.

Closing any descriptor of a file drops all locks this process has on it: the other process would then believe that it is the
last one, and take away the write-ahead log that this one goes on writing to.
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import open_state
from qbo_pipeline.state.webhook_inbox import WebhookInbox

_OTHER_STORE = """
import sys
from pathlib import Path
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import open_state

with open_state(Settings(home=Path(sys.argv[1]))) as store:
    for number in range(50):
        store.sync_log.start_run(f"theirs-{number}-{sys.argv[2]}", "another process")
"""
_OTHER_INBOX = """
import sys
from pathlib import Path
from qbo_pipeline.state.webhook_inbox import WebhookInbox

inbox = WebhookInbox(Path(sys.argv[1]) / "webhooks.db")
inbox.done([each.sequence for each in inbox.take(1)])
"""


def test_a_state_store_opened_twice_is_not_damaged_by_another_process_that_closes_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with open_state(settings) as first:
        first.sync_log.start_run("before", "this process")
        for turn in range(3):
            with open_state(settings) as second:
                second.sync_log.start_run(f"ours-{turn}", "this process")
            _run(_OTHER_STORE, tmp_path, str(turn))
            for number in range(50):
                first.sync_log.start_run(f"first-{turn}-{number}", "this process")
        runs = {run.run_id for run in first.sync_log.runs(None)}

    with open_state(settings) as after:
        after.check()
        assert {run.run_id for run in after.sync_log.runs(None)} == runs
    assert len(runs) == 1 + 3 * (1 + 50 + 50)


def test_an_inbox_that_is_looked_into_loses_nothing_to_another_process_that_closes_it(tmp_path: Path) -> None:
    inbox = WebhookInbox(tmp_path / "webhooks.db")
    for number in range(6):
        event = ChangeEvent(f"event-{number}", "1", "Invoice", str(number), "update", datetime.now(UTC))
        inbox.put([event]).result(10)
        assert inbox.counts()["new"] == number + 1
        _run(_OTHER_INBOX, tmp_path)
    inbox.close()
    assert WebhookInbox(tmp_path / "webhooks.db").counts()["new"] == 6
    assert WebhookInbox(tmp_path / "webhooks.db").waiting() == 0


def _run(program: str, *arguments: object) -> None:
    subprocess.run([sys.executable, "-c", program, *(str(each) for each in arguments)], check=True, timeout=120)
