"""A storm of webhooks, with the gateway killed in the middle of it: what was answered for is there."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from benchmarks.webhooks import VERIFIER, Sent, free_port, ids_in, send, start_gateway
from qbo_pipeline.state.webhook_inbox import WebhookInbox
from qbo_pipeline_tests.gateway.test_webhooks import cloud_event
from qbo_pipeline_tests.installation import Installation

_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from qbo_pipeline.quickbooks.webhooks import ChangeEvent
from qbo_pipeline.state.webhook_inbox import WebhookInbox

inbox = WebhookInbox(Path(sys.argv[1]))
for number in range(1_000_000):
    now = datetime.now(UTC)
    inbox.put([ChangeEvent(f"event-{number}", "1", "Invoice", "1", "update", now)]).result()
    print(number, flush=True)
"""


@pytest.mark.slow
def test_nothing_that_was_answered_for_is_lost_when_the_gateway_is_killed_in_a_storm(
    install: Callable[..., Installation], clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("QBO_WEBHOOK_VERIFIER_TOKEN", VERIFIER)
    installation = install("landscaping")
    installation.connect()
    port, rate, seconds = free_port(), 500, 6
    gateway, _ = start_gateway(port)
    sent: list[Sent] = []

    def storm(first: int) -> None:
        sent.append(asyncio.run(send(port, posts=rate * seconds, rate=rate, first=first)))

    sender = threading.Thread(target=storm, args=(0,))
    sender.start()
    time.sleep(seconds / 2)
    os.kill(gateway.pid, signal.SIGKILL)
    gateway.wait()
    gateway, _ = start_gateway(port)
    sender.join()
    # Intuit sends again what was not answered; here everything is, and those that were kept are duplicates.
    storm(0)
    gateway.terminate()
    gateway.wait(30)

    there = ids_in(installation.settings.webhook_inbox_path)
    first, second = sent
    assert first.failed > 0
    assert len(first.kept) > 0
    assert first.kept <= there
    assert second.failed == 0
    assert there == {f"event-{number}" for number in range(rate * seconds)}


@pytest.mark.slow
def test_an_inbox_whose_writer_is_killed_holds_everything_it_answered_for(tmp_path: Path) -> None:
    path = tmp_path / "webhooks.db"
    for _ in range(5):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        answered = [int(next(writer.stdout)) for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0].split("\n")
        answered += [int(line) for line in rest[:-1] if line]
        there = {each.event.event_id for each in WebhookInbox(path).take(1_000_000)}
        assert {f"event-{number}" for number in answered} <= there
        assert WebhookInbox(path).counts()["new"] == len(there)


def test_many_senders_at_once_are_all_answered_within_intuits_three_seconds(
    install: Callable[..., Installation], clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("QBO_WEBHOOK_VERIFIER_TOKEN", VERIFIER)
    installation = install("landscaping")
    installation.connect()
    gateway, port = start_gateway(free_port())
    try:
        sent = asyncio.run(send(port, posts=150, rate=50))
        forged = [cloud_event(number) for number in range(3)]
        with ThreadPoolExecutor(3) as threads:
            address = f"http://localhost:{port}/webhooks"
            answers = list(threads.map(lambda event: requests.post(address, json=[event], timeout=10), forged))
    finally:
        gateway.terminate()
        gateway.wait(30)
    assert {answer.status_code for answer in answers} == {401}
    assert sent.failed == 0
    assert max(sent.milliseconds) < 3_000
    assert len(ids_in(installation.settings.webhook_inbox_path)) == 150
