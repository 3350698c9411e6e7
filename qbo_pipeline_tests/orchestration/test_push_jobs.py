"""The whole way out, through the jobs: the sample system's documents reach QuickBooks once, and what came of them comes back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.orchestration.run import run_derive, run_push, run_sync
from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.previewing import dry_run
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.outbound.story import story_of
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("definitions", "unhurried"), pytest.mark.timeout(3000)]

TARGETS = {"Customer", "Estimate", "Invoice", "Item", "PurchaseOrder", "SalesReceipt", "TimeActivity", "Vendor"}


@pytest.fixture
def armed(synced: Installation) -> Iterator[Installation]:
    """An installation with the sample system, its company of landscapers armed and nothing pushed yet."""
    make_sample(synced.settings.ops_sample_path, date(2026, 3, 31))
    store = synced.store
    store.connections.assign("us", "be-landscaping")
    store.push_settings.set_go_live(LANDSCAPING, date(2026, 2, 1))
    derived = run_derive(synced.settings)
    assert derived.succeeded, derived.failures
    yield synced


def test_what_is_approved_reaches_quickbooks_once_and_its_state_comes_back(armed: Installation) -> None:
    store, settings = armed.store, armed.settings
    nothing = run_push(settings)
    assert nothing.succeeded
    assert not [each for each in store.outbox.intents() if each.attempts]

    looked = dry_run(store, settings)
    expected = {(each.target, each.source_id): each.total for each in looked.previews if each.total is not None}
    store.push_settings.arm(LANDSCAPING)
    run_push(settings)
    pushed = {each.intent_key for each in store.outbox.intents(states=(IntentState.PUSHED,))}
    links = store.links.of(LANDSCAPING)
    assert {link.target for link in links if link.origin == "pushed"} >= TARGETS
    made = {(link.target, link.source_id): link.total for link in links if link.origin == "pushed" and link.total}
    assert {key: total for key, total in made.items() if key in expected} == {
        key: total for key, total in expected.items() if key in made
    }
    assert len(made.keys() & expected.keys()) > 20

    for again in range(10):
        assert run_push(settings).succeeded
        if again in (3, 7):
            assert run_derive(settings).succeeded
    assert {each.intent_key for each in store.outbox.intents(states=(IntentState.PUSHED,))} == pushed
    with open_client(store, store.connections.get("us"), settings) as client:
        found = audit(store, client)
    assert (found.lost, found.duplicated, found.findings) == (0, 0, [])


def test_a_payment_in_quickbooks_shows_in_the_operational_system_after_the_next_sync(armed: Installation) -> None:
    store, settings = armed.store, armed.settings
    store.push_settings.arm(LANDSCAPING)
    run_push(settings)
    links = [link for link in store.links.of(LANDSCAPING, "Invoice") if link.total and link.total > 10]
    paid, partly, untouched = links[:3]
    for link, amount in ((paid, paid.total), (partly, Decimal("1.50"))):
        invoice = _record(armed, link.qbo_id)
        line = {"Amount": str(amount), "LinkedTxn": [{"TxnId": link.qbo_id, "TxnType": "Invoice"}]}
        armed.create("Payment", {"CustomerRef": invoice["CustomerRef"], "TotalAmt": str(amount), "Line": [line]})
    synced = run_sync(settings)
    assert synced.succeeded, synced.failures
    assert run_push(settings).succeeded
    shown = _written(armed)
    assert shown[paid.source_id] == ("paid", Decimal("0.00"))
    assert shown[partly.source_id] == ("partly_paid", partly.total - Decimal("1.50"))
    assert shown[untouched.source_id] == ("pushed", untouched.total)
    ((pushes, moves),) = armed.published("select count(*), count(whose_move) from sync.push")
    assert pushes == moves == len(store.outbox.intents())


def test_why_tells_of_a_document_by_its_number_and_whose_move_it_is(armed: Installation) -> None:
    waiting = next(
        each for each in armed.store.outbox.intents() if each.state is IntentState.BLOCKED and each.natural_key
    )
    told = story_of(armed.store, waiting.natural_key or "")
    assert waiting.source in {each.source for each in told}
    assert all(each.move.what for each in told)


def _record(installation: Installation, invoice_id: str) -> dict:
    return installation.edit("Invoice", invoice_id)


def _written(installation: Installation) -> dict[str, tuple[str, Decimal]]:
    with OpsDatabase(f"sqlite:///{installation.settings.ops_sample_path}") as ops, ops.reading() as connection:
        rows = connection.execute(
            sa.text("select source_id, status, balance from qbo_document where target = 'Invoice'")
        )
        return {
            source_id: (status, Decimal(str(balance or 0)).quantize(Decimal("0.01")))
            for source_id, status, balance in rows
        }
