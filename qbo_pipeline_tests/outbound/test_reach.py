"""What settles documents goes where these go: into the outbox behind them, or among what is skipped with their reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

from qbo_pipeline.outbound.document import Document, DocumentLine, Reference, SourceVersion
from qbo_pipeline.outbound.wanted import Skipped
from qbo_pipeline.state.intents import IntentState, Need
from qbo_pipeline_tests.outbound.desk import Desk
from qbo_pipeline_tests.outbound.operations import Operations

INVOICE = Reference(target="Invoice", source_kind="invoice", source_id="i1")
CREDIT = Reference(target="CreditMemo", source_kind="write_off", source_id="i1")
ORDER = Reference(target="PurchaseOrder", source_kind="purchase_order", source_id="po1", line_id="1")


def document(target: str, source_kind: str, source_id: str, *links: Reference, **fields: object) -> Document:
    """A document with a line for each of these links, or one line of work."""
    lines = [
        DocumentLine(line_id=str(number), amount=Decimal("10.00"), linked_to=link)
        for number, link in enumerate(links or (None,), start=1)
    ]
    facts = {
        "target": target,
        "business_entity_id": "be-landscaping",
        "source_kind": source_kind,
        "source_id": source_id,
        "party_id": "c1",
        "transaction_date": date(2026, 3, 1),
        "currency": "USD",
        "lines": tuple(lines),
        "seen": (SourceVersion(kind=source_kind, id=source_id, updated_at=datetime(2026, 3, 1, tzinfo=UTC)),),
    }
    return Document(**facts | fields)


def invoice() -> Document:
    return document("Invoice", "invoice", "i1", number="LS-1")


def payment() -> Document:
    return document("Payment", "payment", "p1", INVOICE, total=Decimal("10.00"))


def bill(vendor: str, source_id: str, *links: Reference) -> Document:
    return document("Bill", "vendor_bill", source_id, *links, number="V-1", party_kind="vendor", party_id=vendor)


def draft() -> Skipped:
    return Skipped(
        target="Invoice", source_kind="invoice", source_id="i1", number="LS-1", reason_code="draft", reason="A draft."
    )


def reason(desk: Desk, target: str) -> str | None:
    """Why the only intent of a target stands where it does."""
    (found,) = [each for each in desk.all() if each.target == target]
    assert found.state is IntentState.SKIPPED
    return found.reason


def test_a_payment_waits_for_the_invoice_it_pays(desk: Desk) -> None:
    desk.intend(invoice(), payment())

    (known,) = [each for each in desk.all() if each.target == "Payment"]
    assert known.state is IntentState.BLOCKED
    assert Need("Invoice", "invoice", "i1") in desk.store.outbox.needs(known.intent_key)


def test_a_payment_of_an_invoice_that_is_not_pushed_says_which_and_why(desk: Desk) -> None:
    done = desk.intend(payment(), skipped=(draft(),))

    assert done.skipped == {"Invoice": 1, "Payment": 1}
    assert reason(desk, "Payment") == "It settles Invoice LS-1, which is not pushed: A draft."


def test_a_payment_of_an_invoice_nobody_knows_says_so(desk: Desk) -> None:
    desk.intend(payment())

    assert reason(desk, "Payment") == "It settles Invoice i1, which is not in QuickBooks."


def test_a_payment_of_an_invoice_that_is_in_quickbooks_goes(desk: Desk) -> None:
    desk.intend(invoice())
    desk.push()

    done = desk.intend(payment(), skipped=(draft(),))

    assert done.new == {"Payment": 1}


def test_a_write_off_waits_for_a_person_to_choose_the_item_and_takes_its_application_with_it(desk: Desk) -> None:
    written_off = (
        document("CreditMemo", "write_off", "i1", linked_to=(INVOICE,)),
        document("Payment", "write_off_application", "i1", CREDIT, INVOICE, total=Decimal(0)),
    )

    done = desk.intend(invoice(), *written_off)
    assert (done.new, done.skipped) == ({"Invoice": 1}, {"CreditMemo": 1, "Payment": 1})
    assert "choose the push setting bad_debt_item" in (reason(desk, "CreditMemo") or "")
    assert "choose the push setting bad_debt_item" in (reason(desk, "Payment") or "")

    desk.store.push_settings.choose(desk.connection.realm_id, bad_debt_item="9")
    desk.intend(invoice(), *written_off)
    assert {each.target for each in desk.all() if each.state is IntentState.BLOCKED} >= {"CreditMemo", "Payment"}


def test_a_bill_goes_without_an_order_that_is_not_in_quickbooks(desk: Desk) -> None:
    desk.intend(bill("v1", "b1", ORDER))

    assert Document.model_validate_json(desk.one().document).lines[0].linked_to is None


def test_two_vendors_may_use_one_number_and_a_vendor_uses_it_once(desk: Desk) -> None:
    desk.intend(bill("v1", "b1"))
    desk.push()

    done = desk.intend(bill("v1", "b1"), bill("v2", "b2"), bill("v1", "b3"))

    assert (done.new, done.skipped) == ({"Bill": 1}, {"Bill": 1})
    assert desk.states("Bill")["create", "b3"] == IntentState.SKIPPED


def test_an_expense_of_nobody_needs_no_vendor(desk: Desk) -> None:
    desk.intend(document("Purchase", "expense_receipt", "r1", party_kind="vendor", party_id=""))

    assert desk.store.outbox.needs(desk.one().intent_key) == []


def test_the_sample_has_each_kind_of_settlement_and_spending(desk: Desk, derived_sample: Operations) -> None:
    desk.store.push_settings.choose(desk.connection.realm_id, bad_debt_item="9")
    wanted = derived_sample.wanted()

    desk.intend_all(wanted)
    before = desk.all()

    asked = {(each.target, each.source_kind) for each in before if each.state is not IntentState.SKIPPED}
    assert asked >= {
        ("CreditMemo", "invoice"),
        ("CreditMemo", "write_off"),
        ("Payment", "payment"),
        ("Payment", "application"),
        ("Payment", "write_off_application"),
        ("Bill", "vendor_bill"),
        ("Bill", "expense_receipt"),
        ("Purchase", "expense_receipt"),
    }
    assert desk.intend_all(wanted).is_nothing
    assert desk.all() == before


def test_deriving_the_sample_again_asks_for_the_same(operations: Operations) -> None:
    before = operations.wanted()

    operations.derive()

    assert operations.wanted() == before
