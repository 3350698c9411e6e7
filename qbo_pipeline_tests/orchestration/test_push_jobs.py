"""The whole way out, through the jobs: the sample system's documents reach QuickBooks once, and what came of them comes back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.ops.schema import find_table
from qbo_pipeline.orchestration.run import run_derive, run_push, run_sync
from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.previewing import dry_run
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.outbound.story import story_of
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("definitions", "unhurried"), pytest.mark.timeout(3000)]

TARGETS = {
    *("Customer", "Vendor", "Item"),
    *("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "Payment", "PurchaseOrder", "Bill", "TimeActivity"),
}


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
    # A chargeback's entry goes where its accounts are mapped.
    assert {link.target for link in links if link.origin == "pushed"} - {"JournalEntry"} == TARGETS
    made = {(link.target, link.source_id): link.total for link in links if link.origin == "pushed" and link.total}
    assert {key: total for key, total in made.items() if key in expected} == {
        key: total for key, total in expected.items() if key in made
    }
    assert len(made.keys() & expected.keys()) > 20

    for again in range(10):
        assert run_push(settings).succeeded
        if again in (3, 7):
            assert run_sync(settings).succeeded
            assert run_derive(settings).succeeded
    assert {each.intent_key for each in store.outbox.intents(states=(IntentState.PUSHED,))} == pushed
    with open_client(store, store.connections.get("us"), settings) as client:
        found = audit(store, client)
    assert (found.lost, found.duplicated, found.findings) == (0, 0, [])


def test_a_payment_in_quickbooks_shows_in_the_operational_system_after_the_next_sync(armed: Installation) -> None:
    store, settings = armed.store, armed.settings
    store.push_settings.arm(LANDSCAPING)
    run_push(settings)
    # Not those that the operational system's own payments and credits were pushed for.
    links = [link for link in store.links.of(LANDSCAPING, "Invoice") if link.total and link.total > 10]
    paid, partly, untouched = [link for link in links if _balance(armed, link.qbo_id) == link.total][:3]
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


def test_no_payment_is_in_either_system_twice_however_often_both_are_looked_at(armed: Installation) -> None:
    store, settings = armed.store, armed.settings
    store.push_settings.arm(LANDSCAPING)
    assert run_push(settings).succeeded
    invoice = next(
        each for each in store.links.of(LANDSCAPING, "Invoice") if each.source_kind == "invoice" and each.total
    )
    customer = _record(armed, invoice.qbo_id)["CustomerRef"]
    amount = min(invoice.total, Decimal("3.21"))
    line = {"Amount": str(amount), "LinkedTxn": [{"TxnId": invoice.qbo_id, "TxnType": "Invoice"}]}
    received = [
        armed.create("Payment", {"CustomerRef": customer, "TotalAmt": "3.21", "Line": [line], "TxnDate": "2026-03-30"}),
        armed.create("Payment", {"CustomerRef": customer, "TotalAmt": "8.76", "TxnDate": "2026-03-30"}),
    ]
    assert run_sync(settings).succeeded
    assert run_push(settings).succeeded
    origins = _payments(armed)
    assert {origins[each["Id"]] for each in received} == {("quickbooks", None)}
    ours = {link.qbo_id: ("operations", link.source_id) for link in store.links.of(LANDSCAPING, "Payment")}
    assert ours.items() <= origins.items()

    _take_over(armed, invoice.source_id, amount, received)
    before = len(origins)
    for again in range(10):
        if again in (0, 5):
            assert run_derive(settings).succeeded
        assert run_push(settings).succeeded
    assert run_sync(settings).succeeded
    assert run_push(settings).succeeded

    assert len(_payments(armed)) == before
    matched = store.links.find(LANDSCAPING, "Payment", "payment", "same-money")
    assert (matched.qbo_id, matched.origin) == (received[0]["Id"], "matched")
    assert store.links.find(LANDSCAPING, "Payment", "payment", "taken-over") is None
    skipped = {each.source_id: each.reason_code for each in store.outbox.about("taken-over")}
    assert skipped == {"taken-over": "from_quickbooks"}


def test_why_tells_of_a_document_by_its_number_and_whose_move_it_is(armed: Installation) -> None:
    waiting = next(
        each for each in armed.store.outbox.intents() if each.state is IntentState.BLOCKED and each.natural_key
    )
    told = story_of(armed.store, waiting.natural_key or "")
    assert waiting.source in {each.source for each in told}
    assert all(each.move.what for each in told)


def _record(installation: Installation, invoice_id: str) -> dict:
    return installation.edit("Invoice", invoice_id)


def _take_over(installation: Installation, invoice_id: str, amount: Decimal, received: list[dict]) -> None:
    """Enter both payments in the operational system: one as learned from the bank, one as taken over from QuickBooks."""
    with OpsDatabase(f"sqlite:///{installation.settings.ops_sample_path}") as ops, ops.writing() as connection:
        invoices = find_table("invoices")
        invoice = connection.execute(sa.select(invoices).where(invoices.c.id == invoice_id)).mappings().one()
        common = {
            **{name: invoice[name] for name in ("business_entity_id", "company_id", "currency")},
            "direction": "in",
            "kind": "payment",
            "status": "cleared",
            "payment_date": date(2026, 3, 30),
            "updated_at": datetime.now(UTC),
        }
        rows = [
            common | {"id": "same-money", "amount": Decimal("3.21"), "fee_amount": Decimal("0.10")},
            common | {"id": "taken-over", "amount": Decimal("8.76"), "reference": f"qbo:{received[1]['Id']}"},
        ]
        for row in rows:
            connection.execute(find_table("payments").insert().values(row))
        applied = {"id": "same-use", "from_kind": "payment", "from_id": "same-money", "to_kind": "invoice"}
        used = {
            "to_id": invoice_id,
            "amount": amount,
            "applied_date": date(2026, 3, 30),
            "updated_at": datetime.now(UTC),
        }
        connection.execute(find_table("applications").insert().values(applied | used))


def _payments(installation: Installation) -> dict[str, tuple[str, str | None]]:
    """The payments of the books as the operational system sees them: whence each came, and what it is there."""
    with OpsDatabase(f"sqlite:///{installation.settings.ops_sample_path}") as ops, ops.reading() as connection:
        rows = connection.execute(
            sa.text("select qbo_id, origin, source_id from qbo_payment where realm_id = :realm"), {"realm": LANDSCAPING}
        )
        return {qbo_id: (origin, source_id) for qbo_id, origin, source_id in rows}


def _balance(installation: Installation, invoice_id: str) -> Decimal:
    return Decimal(str(_record(installation, invoice_id)["Balance"])).quantize(Decimal("0.01"))


def _written(installation: Installation) -> dict[str, tuple[str, Decimal]]:
    with OpsDatabase(f"sqlite:///{installation.settings.ops_sample_path}") as ops, ops.reading() as connection:
        rows = connection.execute(
            sa.text("select source_id, status, balance from qbo_document where target = 'Invoice'")
        )
        return {
            source_id: (status, Decimal(str(balance or 0)).quantize(Decimal("0.01")))
            for source_id, status, balance in rows
        }


def test_what_somebody_typed_into_the_books_before_is_linked_or_asked_about_and_the_rest_goes_out(
    armed: Installation,
) -> None:
    invoices = [each for each in _would_go(armed, "Invoice", "Customer") if each["total"] == each["net"]]
    (same, alike), (bill, *_) = invoices[:2], _would_go(armed, "Bill", "Vendor")
    line = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    expense = {
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}},
    }
    for row, number in ((same, same["number"]), (alike, "BY-HAND-1")):
        party, typed = {"CustomerRef": {"value": row["party"]}}, line | {"Amount": str(row["net"])}
        armed.create("Invoice", {"DocNumber": number, "TxnDate": str(row["day"]), "Line": [typed], **party})
    party, typed = {"VendorRef": {"value": bill["party"]}}, expense | {"Amount": str(bill["net"])}
    armed.create("Bill", {"DocNumber": bill["number"], "TxnDate": str(bill["day"]), "Line": [typed], **party})

    assert run_sync(armed.settings).succeeded
    assert run_derive(armed.settings).succeeded

    stands = {each.source_id: (each.state, each.reason_code) for each in armed.store.outbox.intents(LANDSCAPING)}
    assert stands[same["id"]] == stands[bill["id"]] == (IntentState.PUSHED, None)
    assert [key for key, state in stands.items() if state == (IntentState.BLOCKED, "maybe_in_books")] == [alike["id"]]


def _would_go(installation: Installation, target: str, party: str) -> list[dict]:
    """The documents of a kind that go out, of parties that the books know."""
    rows = installation.query(
        "select source_id, number, party_id, transaction_date, net::decimal(18, 2), coalesce(total, net)::decimal(18, 2) "
        f"from outbound.candidate where skip is null and target = '{target}' and business_entity_id = 'be-landscaping'"
    )
    links = {each.source_id: each.qbo_id for each in installation.store.links.of(LANDSCAPING, party)}
    names = ("id", "number", "party", "day", "net", "total")
    return [
        dict(zip(names, (source_id, number, links[party_id], *rest), strict=True))
        for source_id, number, party_id, *rest in rows
        if party_id in links
    ]
