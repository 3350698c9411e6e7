"""The whole way of a change: QuickBooks, a webhook, the gateway, the inbox, a targeted read, the mirror."""

import random
from collections.abc import Callable

import requests

from qbo_pipeline.ingest.targeted import sync_told
from qbo_pipeline_tests.gateway.conftest import VERIFIER, Running
from qbo_pipeline_tests.gateway.test_webhooks import cloud_event, post
from qbo_pipeline_tests.ingest.mirror import books, differences, landed
from qbo_pipeline_tests.installation import LANDSCAPING, Installation


def _work(installation: Installation, chance: random.Random, times: int) -> None:
    """People at work: records changed, made, voided and deleted."""
    company = installation.emulator.companies[LANDSCAPING]
    for number in range(times):
        invoices = sorted(books(installation, "Invoice"))
        match chance.randrange(5):
            case 0:
                installation.create("Customer", {"DisplayName": f"Customer {chance.random()}"})
            case 1:
                company.void("Invoice", chance.choice(invoices))
            case 2:
                company.delete("Estimate", chance.choice(sorted(books(installation, "Estimate"))))
            case 3:
                installation.edit("Customer", chance.choice(("1", "3", "10")), Notes=f"note {number}")
            case _:
                installation.edit("Invoice", chance.choice(invoices), PrivateNote=f"note {number}")
    installation.emulator.webhooks.drain()


def _differences(installation: Installation) -> dict[str, str]:
    """How the mirror differs from the books, by entity; stock on hand moves without a word, as balances do."""
    return {entity: found for entity, found in differences(installation).items() if entity != "Item"}


def _tell(running: Running, form: str = "both") -> None:
    order = {"url": f"{running.url}/webhooks", "verifier_token": VERIFIER, "form": form}
    assert requests.post(f"{running.installation.emulator.url}/admin/webhooks", json=order, timeout=5).ok


def _read(running: Running) -> None:
    installation = running.installation
    outcome = sync_told(installation.settings, installation.store, installation.warehouse, running.gateway.inbox)
    assert [company.status for company in outcome.companies] in ([], ["synced"])


def test_webhooks_alone_keep_the_mirror_true_though_told_five_times_and_shuffled(running: Running) -> None:
    installation = running.installation
    installation.pull()
    installation.emulator.settings.webhook_times = 5
    installation.emulator.settings.webhook_shuffled = True
    _tell(running)
    for seed in range(3):
        _work(installation, random.Random(seed), 4)
        _read(running)
        assert _differences(installation) == {}


def test_lost_and_forged_webhooks_leave_no_wrong_row_and_the_next_sync_brings_the_rest(running: Running) -> None:
    installation = running.installation
    installation.pull()
    installation.emulator.settings.webhook_lost_share = 0.2
    _tell(running)
    _work(installation, random.Random(7), 12)
    forged = [cloud_event(number, type="qbo.invoice.deleted.v1", intuitentityid="130") for number in range(5)]
    assert {post(running, [event], token="guessed").status_code for event in forged} == {401}
    _read(running)

    assert "130" in landed(installation, "Invoice")
    installation.pull()
    assert _differences(installation) == {}


def test_a_receiver_that_was_down_gets_what_it_missed_when_it_is_back(
    serve: Callable[..., Running],
) -> None:
    running = serve()
    emulator = running.installation.emulator
    emulator.settings.webhook_retry_seconds = (0.2, 0.2, 0.2)
    running.gateway.inbox.close()
    broken = running.gateway.inbox._path
    hidden = broken.rename(broken.with_name("hidden"))
    broken.mkdir()
    _tell(running)
    running.installation.edit("Invoice", "130", PrivateNote="told while it was down")
    broken.rmdir()
    hidden.rename(broken)
    emulator.webhooks.drain()
    assert {each.event.record_id for each in running.gateway.inbox.take(10)} == {"130"}
