"""The webhooks that tell of our own writes cost no call, and what we wrote is in the mirror all the same."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.ingest.targeted import sync_told
from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.outbound.push import push
from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.own_writes import OwnWrites
from qbo_pipeline_tests.gateway.conftest import Running
from qbo_pipeline_tests.gateway.test_from_change_to_mirror import _tell
from qbo_pipeline_tests.ingest.mirror import books, landed
from qbo_pipeline_tests.installation import LANDSCAPING
from qbo_pipeline_tests.outbound.delivery.post_office import content

DOCUMENTS = 12


@pytest.fixture
def told(running: Running) -> Running:
    """A company that was read, tells of its changes once each, and may be pushed to."""
    running.installation.pull(entities=["Invoice"])
    _tell(running, "cloud")
    store = running.gateway.store
    store.connections.assign("landscaping", "be-landscaping")
    store.push_settings.set_go_live(LANDSCAPING, date(2026, 1, 1))
    store.push_settings.arm(LANDSCAPING)
    return running


def _push(running: Running, number: int) -> list[str]:
    """Push so many invoices; their ids in QuickBooks."""
    store = running.gateway.store
    for each in range(number):
        made = {"target": "Invoice", "operation": "create", "source_kind": "invoice", "source_id": f"INV-{each}"}
        store.outbox.intend(Intent(realm_id=LANDSCAPING, **made))

    def compose(intent: Any) -> Ready:
        return Ready(content(intent.target, intent.source_id))

    push(store, running.installation.settings, compose, connections=store.connections.all())
    running.installation.emulator.webhooks.drain()
    return [link.qbo_id for link in store.links.of(LANDSCAPING, "Invoice")]


def _read(running: Running) -> int:
    """Read what webhooks told of; the calls that took."""
    installation = running.installation
    installation.calls()
    outcome = sync_told(installation.settings, installation.store, installation.warehouse, running.gateway.inbox)
    assert [each.reason() for each in outcome.companies if each.status != "synced"] == []
    return installation.calls().get("calls", 0)


def test_what_a_push_wrote_is_in_the_mirror_without_a_call_and_what_others_changed_is_read(told: Running) -> None:
    pushed = _push(told, DOCUMENTS)
    assert len(pushed) == told.gateway.inbox.waiting() == DOCUMENTS
    assert _read(told) == 0
    assert told.gateway.inbox.waiting() == 0
    assert _mirror(told, pushed) == _books(told, pushed)
    assert _read(told) == 0

    # Somebody changes one of the next right after us: that is read, and is what stays.
    both = [each for each in _push(told, DOCUMENTS + 2) if each not in pushed]
    told.installation.edit("Invoice", both[0], PrivateNote="by a person")
    told.installation.emulator.webhooks.drain()
    assert _read(told) == 1
    assert _mirror(told, both) == _books(told, both)

    # What is never told of lands all the same.
    told.installation.emulator.settings.webhook_lost_share = 1.0
    untold = [each for each in _push(told, DOCUMENTS + 3) if each not in (*pushed, *both)]
    assert told.gateway.inbox.waiting() == 0
    assert _read(told) == 0
    assert _mirror(told, untold) == _books(told, untold)


def _mirror(told: Running, ids: list[str]) -> dict[str, Any]:
    there = landed(told.installation, "Invoice")
    return {each: there.get(each) for each in ids}


def _books(told: Running, ids: list[str]) -> dict[str, Any]:
    there = books(told.installation, "Invoice")
    return {each: there[each] for each in ids}


def test_where_no_webhook_ever_came_nothing_is_noted(tmp_path: Path) -> None:
    own = OwnWrites(tmp_path / "nowhere.db", lambda: datetime.now(UTC))
    with own.noting() as note:
        note(None)  # type: ignore[arg-type]
    assert own.to_land(10) == []
    assert own.take_echoes([]) == set()
    assert not (tmp_path / "nowhere.db").exists()
