"""Documents of closed books that were cancelled since: taken back from outside them, once, and to nothing together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.outbound.delivery.audit import audit
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.document import Discount, Document, Ending
from qbo_pipeline.outbound.preview import preview
from qbo_pipeline.outbound.reversals import reversal_keys, reversal_number
from qbo_pipeline.outbound.story import story_of
from qbo_pipeline.quickbooks.query import equals_condition
from qbo_pipeline.state.intents import Intent, IntentState, StoredIntent, Work
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line
from qbo_pipeline_tests.outbound.payloads.test_preview import connection

SOLD = date(2026, 7, 15)
CLOSED_TO = date(2026, 7, 31)
OPEN_DAY = "2026-08-01"
JULY = {"start_date": "2026-01-01", "end_date": "2026-07-31"}
ALL = {"start_date": "2026-01-01", "end_date": "2026-08-31"}


@contextmanager
def _closed(desk: Desk) -> Iterator[None]:
    """The books closed to the end of July, in QuickBooks and as the store knows it."""
    preferences = msgspec.json.decode(desk.books.preferences())["Preferences"]["AccountingInfoPrefs"]
    closing = {"BookCloseDate": CLOSED_TO.isoformat()}
    desk.put(replace(desk.profile, book_close_date=CLOSED_TO))
    desk.books.edit("Preferences", "1", {"AccountingInfoPrefs": preferences | closing})
    try:
        yield
    finally:
        desk.put(replace(desk.profile, book_close_date=None))
        desk.books.edit("Preferences", "1", {"AccountingInfoPrefs": preferences})


@pytest.fixture(params=["us", "uk"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Either company, which dates what it takes back of closed books."""
    found: Desk = request.getfixturevalue(request.param)
    found.store.push_settings.choose(found.profile.realm_id, closed_period="redate", targets=())
    return found


def _sold(desk: Desk, target: str, **fields: Any) -> Document:
    """A document of July with whatever a document has: two lines, tax at a rate, a discount, a foreign currency."""
    is_american = desk.profile.is_american
    taxed = "CA" if is_american else "STD"
    foreign = {"currency": "EUR", "exchange_rate": Decimal("0.85"), "party_id": "nantes"}
    usual = {"discount": Discount(kind="percent", value=Decimal(10))} | ({} if is_american else foreign)
    if target == "SalesReceipt":
        usual |= (
            {"account": "Checking"} if is_american else {"currency": "GBP", "exchange_rate": None, "party_id": "acme"}
        )
    lines = (
        line("333.33", tax_code=taxed, quantity=Decimal(3), unit_price=Decimal("111.11")),
        line("20.05", product_id="soil", tax_code=None if is_american else "ZERO"),
    )
    return document(target, *lines, transaction_date=SOLD, due_date=date(2026, 8, 15), **usual | fields)


def _intent(desk: Desk, sold: Document) -> Intent:
    return Intent(
        realm_id=desk.profile.realm_id,
        target=sold.target,
        operation="create",
        source_kind=sold.source_kind,
        source_id=sold.source_id,
        natural_key=sold.number,
        document=sold.model_dump_json(),
        source_hash=sold.source_id,
        bills=(Work("ticket", f"{desk.profile.realm_id} {sold.source_id}"),),
    )


def _pushed(desk: Desk, sold: Document) -> dict[str, Any]:
    intent = desk.store.outbox.intend(_intent(desk, sold))
    deliver(desk.store, [desk.client], desk.composer.compose, keys=[intent.intent_key])
    assert desk.store.outbox.get(intent.intent_key).state is IntentState.PUSHED
    return _record(desk, sold.target, sold.source_kind, sold.source_id)


def _cancelled(desk: Desk, sold: Document) -> StoredIntent:
    """Cancel it in the operational system, and push until nothing is due; how its void stands."""
    same = ("target", "business_entity_id", "source_kind", "source_id")
    void = desk.intent(Ending(**{name: getattr(sold, name) for name in same}, reason="The invoice was voided."), "void")
    return _push(desk, void)


def _push(desk: Desk, void: StoredIntent) -> StoredIntent:
    realm_id = desk.profile.realm_id
    for _ in range(12):
        deliver(
            desk.store,
            [desk.client],
            desk.composer.compose,
            random=lambda: 1.0,
            keys=[void.intent_key, *reversal_keys(void)],
        )
        due = desk.store.dispatch.due_at(realm_id)
        if due is None:
            break
        desk.emulator.clock.advance(max(0.0, (due - desk.emulator.clock.now()).total_seconds()) + 1)
    return desk.store.outbox.get(void.intent_key)


def _record(desk: Desk, target: str, source_kind: str, source_id: str) -> dict[str, Any]:
    link = desk.store.links.find(desk.profile.realm_id, target, source_kind, source_id)
    assert link is not None
    answered = thawed(desk.books.read(target.lower(), link.qbo_id))
    return answered[target]


def _back(desk: Desk, sold: Document, target: str) -> dict[str, Any]:
    return _record(desk, target, f"{sold.source_kind}_reversal", sold.source_id)


def _balances(desk: Desk, days: dict[str, str]) -> Any:
    """What each account comes to, and each month's profit with its lines."""
    reports = ("TrialBalance", "ProfitAndLoss", "AgedReceivables")
    at = days | {"report_date": days["end_date"], "aging_method": "Report_Date", "accounting_method": "Accrual"}
    return [msgspec.json.decode(desk.books.report(name, at))["Rows"] for name in reports]


def test_an_invoice_of_closed_books_is_taken_back_to_the_cent_on_the_first_open_day(desk: Desk) -> None:
    before = _balances(desk, ALL)
    sold = _sold(desk, "Invoice")
    invoice = _pushed(desk, sold)
    july = _balances(desk, JULY)
    assert before != july

    with _closed(desk):
        void = _cancelled(desk, sold)

    assert (void.state, void.reason_code) == (IntentState.PUSHED, "reversed")
    credit, applied = _back(desk, sold, "CreditMemo"), _back(desk, sold, "Payment")
    assert (credit["DocNumber"], credit["TxnDate"], credit["TotalAmt"]) == (
        f"{sold.number}-R",
        OPEN_DAY,
        invoice["TotalAmt"],
    )
    assert credit["TxnTaxDetail"]["TotalTax"] == invoice["TxnTaxDetail"]["TotalTax"] > 0
    assert credit.get("ExchangeRate") == invoice.get("ExchangeRate")
    assert (applied["TxnDate"], applied["TotalAmt"], applied["UnappliedAmt"]) == (OPEN_DAY, 0, 0)
    stands = _record(desk, "Invoice", sold.source_kind, sold.source_id)
    assert (stands["TotalAmt"], stands["Balance"], credit["RemainingCredit"]) == (invoice["TotalAmt"], 0, 0)
    # The closed months are what they were; over all of them the two come to nothing.
    assert _balances(desk, JULY) == july
    assert _balances(desk, ALL) == before


def test_its_work_may_be_billed_again_and_its_story_tells_what_took_it_back(desk: Desk) -> None:
    sold = _sold(desk, "Invoice")
    work = _intent(desk, sold).bills[0]
    _pushed(desk, sold)
    assert desk.store.claims.holder(work) is not None

    with _closed(desk):
        void = _cancelled(desk, sold)

    assert desk.store.claims.holder(work) is None
    link = desk.store.links.find(desk.profile.realm_id, "Invoice", sold.source_kind, sold.source_id)
    assert link.status == "voided"
    assert void.reason == f"It lies in closed books, and CreditMemo {sold.number}-R took it back instead of a void."
    told = story_of(desk.store, f"{sold.source_kind}:{sold.source_id}")
    assert {(each.target, each.operation, each.state) for each in told} == {
        ("Invoice", "create", "pushed"),
        ("Invoice", "void", "pushed"),
        ("CreditMemo", "create", "pushed"),
        ("Payment", "create", "pushed"),
    }
    found = audit(desk.store, desk.client)
    assert (found.lost, found.duplicated, found.findings) == (0, 0, [])


@pytest.mark.parametrize("how", ["reset_before", "reset_after", "truncate"])
@pytest.mark.parametrize("path", ["/creditmemo\\?", "/payment\\?"])
def test_it_is_taken_back_once_whatever_happens_to_the_answers(us: Desk, path: str, how: str) -> None:
    us.store.push_settings.choose(us.profile.realm_id, closed_period="redate")
    sold = _sold(us, "Invoice")
    before = _balances(us, ALL)
    _pushed(us, sold)
    match = {"path": path, "method": "POST", "realm": us.profile.realm_id}
    us.emulator.scripted_faults.add(
        msgspec.json.encode({"match": match, "then": {"action": how}, "times": 1, "skip": 0})
    )

    with _closed(us):
        assert _cancelled(us, sold).state is IntentState.PUSHED
        assert _cancelled(us, sold).state is IntentState.PUSHED

    assert _balances(us, ALL) == before
    assert len(us.client.find(find_entity("CreditMemo"), [equals_condition("DocNumber", f"{sold.number}-R")])) == 1


def test_a_receipt_is_taken_back_out_of_the_account_its_money_went_to(desk: Desk) -> None:
    before = _balances(desk, ALL)
    sold = _sold(desk, "SalesReceipt")
    receipt = _pushed(desk, sold)

    with _closed(desk):
        void = _cancelled(desk, sold)

    refund = _back(desk, sold, "RefundReceipt")
    assert (void.state, void.reason_code) == (IntentState.PUSHED, "reversed")
    assert (refund["TxnDate"], refund["TotalAmt"]) == (OPEN_DAY, receipt["TotalAmt"])
    assert refund["DepositToAccountRef"]["value"] == receipt["DepositToAccountRef"]["value"]
    assert _balances(desk, ALL) == before


def test_what_a_customer_had_paid_of_it_is_left_to_them_as_a_credit(us: Desk) -> None:
    us.store.push_settings.choose(us.profile.realm_id, closed_period="redate")
    sold = _sold(us, "Invoice")
    invoice = _pushed(us, sold)
    paid = {"Amount": Decimal("100.00"), "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    money = {
        "TxnDate": "2026-07-20",
        "CustomerRef": invoice["CustomerRef"],
        "TotalAmt": Decimal("100.00"),
        "Line": [paid],
    }
    us.post("Payment", money)

    with _closed(us):
        void = _cancelled(us, sold)

    assert _back(us, sold, "CreditMemo")["RemainingCredit"] == Decimal("100.00")
    assert _record(us, "Invoice", sold.source_kind, sold.source_id)["Balance"] == 0
    assert void.reason.endswith("Of that 100.00 is left to the customer, who had paid.")


def test_books_opened_again_before_it_went_have_it_voided_itself(us: Desk) -> None:
    us.store.push_settings.choose(us.profile.realm_id, closed_period="redate")
    sold = _sold(us, "Invoice")
    _pushed(us, sold)
    match = {"path": "/creditmemo\\?", "method": "POST", "realm": us.profile.realm_id}
    refused = {"status": 400, "code": "6000", "message": "A business validation error", "type": "ValidationFault"}
    us.emulator.scripted_faults.add(msgspec.json.encode({"match": match, "then": refused, "times": 1, "skip": 0}))
    with _closed(us):
        void = _cancelled(us, sold)
    assert void.state is IntentState.BLOCKED
    reversal, _ = reversal_keys(void)
    assert us.store.outbox.get(reversal).state is IntentState.FAILED
    us.store.outbox.wake(us.profile.realm_id, keys=[reversal])
    (shown,) = preview(us.store, connection(us), [us.store.outbox.get(reversal)], us.composer.compose)
    assert (shown.status, shown.number, shown.payload) == ("goes", f"{sold.number}-R", None)

    us.store.outbox.wake(us.profile.realm_id, keys=[void.intent_key])
    deliver(us.store, [us.client], us.composer.compose, keys=[void.intent_key])
    us.store.outbox.wake(us.profile.realm_id, keys=[reversal])
    void = _push(us, void)

    assert (void.state, void.reason_code) == (IntentState.PUSHED, None)
    assert _record(us, "Invoice", sold.source_kind, sold.source_id)["TotalAmt"] == 0
    assert us.store.outbox.get(reversal).state is IntentState.SKIPPED


@pytest.mark.parametrize("choice", ["hold", "ask"])
def test_it_waits_for_a_person_where_that_was_chosen(us: Desk, choice: str) -> None:
    us.store.push_settings.choose(us.profile.realm_id, closed_period=choice)
    sold = _sold(us, "Invoice")
    _pushed(us, sold)

    with _closed(us):
        void = _cancelled(us, sold)

    assert (void.state, void.reason_code) == (IntentState.BLOCKED, "closed_period")
    assert "have a CreditMemo of 2026-08-01 take it back" in void.reason


def test_what_no_program_takes_back_says_so(us: Desk) -> None:
    us.store.push_settings.choose(us.profile.realm_id, closed_period="redate")
    bill = document("Bill", line("40.00"), transaction_date=SOLD, due_date=CLOSED_TO)
    _pushed(us, bill)

    with _closed(us):
        void = _cancelled(us, bill)

    assert (void.state, void.reason_code) == (IntentState.BLOCKED, "closed_period")
    assert "which no program makes of its kind" in void.reason


@pytest.mark.parametrize("number", ["1042", "INV-2026-000000000421", "x" * 20])
def test_its_number_is_always_the_same_and_never_too_long(number: str) -> None:
    made = reversal_number(number)

    assert made == reversal_number(number) != number
    assert len(made) <= 21
