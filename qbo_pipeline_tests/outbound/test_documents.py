"""What each kind of source becomes, to the cent, and why the rest is not pushed: real models on a small business."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.document import Billed, Document, Reference, TimeWorked
from qbo_pipeline.outbound.wanted import Skipped, WantedInCompany
from qbo_pipeline_tests.outbound.golden_rows import BE, Books
from qbo_pipeline_tests.outbound.operations import Operations

LONG = "Checked every joint, valve and seal. " * 130
BEFORE = "It is dated 2025-12-31, before 2026-01-01, from which on documents are pushed."
BELOW_ZERO = "It comes to -5.00, and QuickBooks takes none below zero: make a credit note of it."
NO_WORKER = "Front Desk is neither an employee nor a contractor: say which, or leave the hours."
EVENING = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
"""An instant that is still the day before in Los Angeles."""


def _quotes(books: Books) -> None:
    books.quote("q1", "100.00", "50.00", memo="Thank you", expiry_date=date(2026, 4, 10), po_number=" PO-7 ")
    books.quote("q-sent", "10.00", status="sent", accepted_at=None)
    books.quote("q-off", "10.00", is_deleted=True)
    books.quote("q-thirds", "100.00", "0.10", discount_kind="percent", discount_value=Decimal(5))
    for position, percent in enumerate(("33.3333", "33.3333", "33.3334"), start=1):
        books.row(
            "quote_billings", f"b-third-{position}", quote_id="q-thirds", position=position, kind="percent",
            percent=Decimal(percent),
        )  # fmt: skip
    books.quote("q-whole", "100.00", discount_kind="percent", discount_value=Decimal(10))
    books.row("quote_billings", "b-whole", quote_id="q-whole")
    books.quote("q-rest", "60.00", "40.00")
    books.row(
        "quote_billings", "b-plans", quote_id="q-rest", kind="milestone", amount=Decimal(25), description="Plans agreed"
    )
    books.row("quote_billings", "b-deposit", quote_id="q-rest", position=2, kind="retainer", amount=Decimal("9.99"))
    books.row("quote_billings", "b-rest", quote_id="q-rest", position=3)
    books.quote("q-over", "100.00")
    books.row("quote_billings", "b-eighty", quote_id="q-over", kind="percent", percent=Decimal(80))
    books.row("quote_billings", "b-forty", quote_id="q-over", kind="percent", percent=Decimal(40), position=2)
    books.row("quote_billings", "b-later", quote_id="q1", position=4, ready=False)
    books.row("quote_billings", "b-due", quote_id="q1", position=5, due_date=date(2026, 4, 2))


def _sales(books: Books) -> None:
    books.row("sales", "s1", name="Order of March", po_number="C-1")
    books.lines("sale", "s1", "80.00", product_id=None)
    books.row(
        "sales",
        "s-till",
        number="S-2",
        paid_at_sale=True,
        sale_date=None,
        closed_at=EVENING,
    )
    books.lines("sale", "s-till", "5.00")
    books.row("sales", "s-open", number="S-3", status="open")
    books.row("sales", "s-quoted", number="S-4", quote_id="q-sold")
    books.quote("q-sold", "30.00")
    books.lines("sale", "s-quoted", "30.00", source_kind="quote_line", source_id="q-sold/1")
    books.row("quote_billings", "b-sold", quote_id="q-sold")
    books.row("sales", "s-billed", number="S-5")
    books.lines("sale", "s-billed", "12.00")


def _invoices(books: Books) -> None:
    books.invoice(
        "i1",
        "100.00",
        po_number="PO-5",
        customer_memo="Thank you",
        discount_kind="amount",
        discount_value=Decimal("33.33"),
        discount_before_tax=False,
    )
    books.invoice("i-draft", "1.00", status="draft", number=None)
    books.invoice("i-void", "1.00", status="void")
    books.invoice("i-unpaid", "1.00", status="closed_unpaid")
    books.invoice("i-old", "1.00", invoice_date=date(2025, 12, 31))
    books.invoice("i-below", "-5.00")
    books.invoice("i-empty")
    books.invoice("i-zero", "0.00")
    books.invoice("i-nobody", "1.00", company_id="nobody")
    books.invoice("i-vendor", "1.00", company_id="v1")
    books.invoice("i-twin-a", "1.00", number="77")
    books.invoice("i-twin-b", "1.00", number="77")
    books.invoice("i-long-a", "1.00", number="2026-SPRING-SUMMER-1-REVISED")
    books.invoice("i-long-b", "1.00", number="2026-SPRING-SUMMER-2-REVISED")
    books.invoice("i-words", "1.00", line={"description": LONG})
    books.invoice("i-of-sale", "12.00", line={"source_kind": "sale_line", "source_id": "s-billed/1"})
    books.invoice("i-of-ticket", "12.00", line={"source_kind": "ticket", "source_id": "t-billed"})
    books.invoice("i-of-time", "12.00", line={"source_kind": "time_entry", "source_id": "e-billed"})
    books.quote("q-parts", "100.00")
    part = {"source_kind": "quote_line", "source_id": "q-parts/1"}
    books.invoice("i-part-1", "60.00", line=part, invoice_date=date(2026, 3, 1))
    books.invoice("i-part-2", "40.00", line=part, invoice_date=date(2026, 3, 2))
    books.invoice("i-part-3", "0.01", line=part, invoice_date=date(2026, 3, 3))
    books.row("quote_billings", "b-parts", quote_id="q-parts")
    books.row("companies", "c-job", number="3", name="Job", parent_company_id="c1", bill_to_company_id="c1")
    books.row("companies", "c-paid", number="4", name="Paid for", bill_to_company_id="c1")
    books.row("companies", "c-idle", number="5", name="Idle", is_active=False)
    books.invoice("i-job", "1.00", company_id="c-job")
    books.invoice("i-paid-for", "1.00", company_id="c-paid")
    books.invoice("i-idle", "1.00", company_id="c-idle")


def _work(books: Books) -> None:
    books.row(
        "tickets",
        "t1",
        title="Pond dug",
        fixed_price=Decimal("120.00"),
        product_id="p1",
        closed_at=EVENING,
    )
    books.row("tickets", "t-open", number="T-2", status="open", fixed_price=Decimal(1))
    books.row("tickets", "t-held", number="T-3", ready_to_bill=False, fixed_price=Decimal(1))
    books.row("tickets", "t-free", number="T-4")
    books.row("tickets", "t-billed", number="T-5", fixed_price=Decimal(12))
    books.row("tickets", "t-time", number="T-6", billing_mode="time", contract_id="k1")
    books.row("contracts", "k1", po_number="FRAME-1")
    for name, minutes in (("e7", 7), ("e13", 13), ("e31", 31)):
        books.entry(name, ticket_id="t-time", minutes=minutes, rate=Decimal(150), notes=f"{minutes} minutes")
    books.entry("e-given", minutes=25, bill_minutes=30, rate=Decimal("99.50"), break_minutes=5)
    books.entry("e-billed", rate=Decimal(1))
    books.entry("e-fixed", ticket_id="t1", rate=Decimal(1))
    books.entry("e-waits", sheet={"status": "submitted", "approval_version": 0}, rate=Decimal(1))
    books.entry("e-no-rate", work_role="Nobody's role")
    books.entry("e-nobody", company_id=None, rate=Decimal(1))
    books.entry("e-free", billable="no_charge")


def _clocked(books: Books) -> None:
    night = {
        "started_at": datetime(2026, 3, 11, 5, 15, tzinfo=UTC),
        "ended_at": datetime(2026, 3, 11, 8, 45, tzinfo=UTC),
    }
    books.entry("e-night", minutes=210, billable="no_charge", **night)
    books.entry("e-break", minutes=210, break_minutes=30, billable="no_charge", sheet={"approval_version": 3}, **night)
    spring = {"started_at": datetime(2026, 3, 8, 8, 30, tzinfo=UTC), "ended_at": datetime(2026, 3, 9, 8, 0, tzinfo=UTC)}
    books.entry("e-spring", minutes=1410, billable="no_charge", work_date=date(2026, 3, 8), **spring)
    midnight = {
        "started_at": datetime(2026, 3, 11, 5, 0, tzinfo=UTC),
        "ended_at": datetime(2026, 3, 11, 7, 0, tzinfo=UTC),
    }
    books.entry("e-midnight", minutes=120, billable="no_charge", **midnight)
    books.entry("e-minus", minutes=-30)
    books.entry("e-only-break", minutes=45, break_minutes=45)
    books.entry("e-no-sheet", sheet=None)
    books.entry("e-gone", is_deleted=True)
    books.row("users", "u-desk", display_name="Front Desk", worker_kind="none")
    books.entry("e-desk", user_id="u-desk")
    books.entry("e-abroad", time_zone="Asia/Tokyo", notes="Abroad")


def _orders(books: Books) -> None:
    books.row("purchase_orders", "po1", expected_date=date(2026, 3, 20), memo="Before noon", ship_to_company_id="c1")
    books.lines("purchase_order", "po1", "7.00", customer_company_id="c1", billable=True)
    books.row("purchase_orders", "po-draft", number="P-2", status="draft")
    books.row("purchase_orders", "po-off", number="P-3", status="cancelled")
    books.row("purchase_orders", "po-closed", number="P-4", status="closed")


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> Operations:
    """A business with one row of each kind there is to say something about, derived once."""
    operations = Operations.empty(tmp_path_factory.mktemp("business") / "small", run_dbt)
    books = Books(operations)
    for write in (_quotes, _sales, _invoices, _work, _clocked, _orders):
        write(books)
    operations.derive()
    return operations


@pytest.fixture(scope="module")
def wanted(business: Operations) -> WantedInCompany:
    return business.wanted(BE)


@pytest.fixture(scope="module")
def documents(wanted: WantedInCompany) -> dict[str, Document]:
    """The documents by the id of their source; an estimate's is its quote's."""
    return {each.source_id: each for each in wanted.documents if isinstance(each, Document)}


@pytest.fixture(scope="module")
def hours(wanted: WantedInCompany) -> dict[str, TimeWorked]:
    return {each.source_id: each for each in wanted.documents if isinstance(each, TimeWorked)}


@pytest.fixture(scope="module")
def skipped(wanted: WantedInCompany) -> dict[tuple[str, str], Skipped]:
    return {(each.target, each.source_id): each for each in wanted.skipped}


def amounts(document: Document) -> list[Decimal]:
    return [line.amount for line in document.lines]


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_an_accepted_quote_is_an_estimate(documents: dict[str, Document]) -> None:
    estimate = documents["q1"]
    assert (estimate.target, estimate.source_kind, estimate.number) == ("Estimate", "quote", "Q1")
    assert (estimate.transaction_date, estimate.expiry_date) == (date(2026, 3, 10), date(2026, 4, 10))
    assert (estimate.party_id, estimate.email, estimate.terms_code) == ("c1", "amy@example.com", "NET30")
    assert (estimate.po_number, estimate.customer_memo) == ("PO-7", "Thank you")
    assert amounts(estimate) == money("100.00", "50.00")
    assert estimate.lines[0].description == "Plans drawn"
    assert [(each.kind, each.id) for each in estimate.seen] == [("quote", "q1")]


def test_thirds_of_a_quote_lose_no_cent_of_what_is_left_after_its_discount(documents: dict[str, Document]) -> None:
    thirds = [documents[f"b-third-{position}"] for position in (1, 2, 3)]
    # 100.10 less 5 per cent, which is 5.01.
    assert sum(sum(amounts(each)) for each in thirds) == Decimal("95.09")
    assert all(each.discount is None for each in thirds)
    assert [each.number for each in thirds] == ["Q-THIRDS-1", "Q-THIRDS-2", "Q-THIRDS-3"]
    assert thirds[0].lines[0].description == "33.3333 % of quote Q-THIRDS: Plans drawn"
    assert thirds[0].lines[0].bills == (
        Billed(source_kind="quote_line", source_id="q-thirds/1", part="quote_billing:b-third-1"),
    )


def test_a_quote_billed_whole_keeps_its_lines_and_its_discount(documents: dict[str, Document]) -> None:
    whole = documents["b-whole"]
    assert amounts(whole) == money("100.00")
    assert (whole.discount.kind, whole.discount.value) == ("percent", Decimal(10))
    assert whole.linked_to == (Reference(target="Estimate", source_kind="quote", source_id="q-whole"),)
    assert whole.due_date == date(2026, 4, 9)
    assert {(each.kind, each.id) for each in whole.seen} == {("quote_billing", "b-whole"), ("quote", "q-whole")}


def test_milestone_deposit_and_rest_come_to_the_quote_and_the_deposit_is_set_off(
    documents: dict[str, Document],
) -> None:
    plans, deposit, rest = documents["b-plans"], documents["b-deposit"], documents["b-rest"]
    assert amounts(plans) == money("15.00", "10.00")
    assert plans.lines[0].description == "Plans agreed: Plans drawn"
    assert [(line.product_id, line.amount) for line in deposit.lines] == [("p-deposit", Decimal("9.99"))]
    assert deposit.linked_to == ()
    assert plans.linked_to == rest.linked_to == (Reference(target="Estimate", source_kind="quote", source_id="q-rest"),)
    assert (plans.is_linked_again, rest.is_linked_again) == (False, True)
    assert amounts(rest) == money("45.00", "30.00", "-9.99")
    assert rest.lines[-1].product_id == "p-deposit"


def test_a_closed_sale_is_an_invoice_in_its_own_words(documents: dict[str, Document]) -> None:
    sale = documents["s1"]
    assert (sale.target, sale.transaction_date, sale.po_number) == ("Invoice", date(2026, 3, 10), "C-1")
    assert sale.lines[0].description == "Order of March"
    assert sale.lines[0].bills == (Billed(source_kind="sale_line", source_id="s1/1"),)


def test_a_sale_paid_on_the_spot_is_a_receipt_of_the_local_day(documents: dict[str, Document]) -> None:
    receipt = documents["s-till"]
    assert (receipt.target, receipt.transaction_date) == ("SalesReceipt", date(2026, 3, 1))


def test_a_sale_of_a_quote_bills_its_lines_and_names_the_estimate(documents: dict[str, Document]) -> None:
    sale = documents["s-quoted"]
    assert Billed(source_kind="quote_line", source_id="q-sold/1") in sale.lines[0].bills
    assert [each.source_id for each in sale.linked_to] == ["q-sold"]


def test_a_final_invoice_goes_as_it_is(documents: dict[str, Document]) -> None:
    invoice = documents["i1"]
    assert (invoice.number, invoice.po_number, invoice.customer_memo) == ("i1", "PO-5", "Thank you")
    assert invoice.discount.model_dump() == {"kind": "amount", "value": Decimal("33.33"), "before_tax": False}
    assert invoice.lines[0].quantity == 1
    assert documents["i-unpaid"].target == documents["i-zero"].target == "Invoice"


def test_long_numbers_are_shortened_and_stay_two(documents: dict[str, Document]) -> None:
    one, two = documents["i-long-a"].number, documents["i-long-b"].number
    assert one != two
    assert len(one) == len(two) == 21
    assert one.startswith("2026-SPRING-SU-")


def test_a_long_text_is_cut_at_a_word(documents: dict[str, Document]) -> None:
    text = documents["i-words"].lines[0].description
    assert len(text) <= 4000
    assert LONG.startswith(text.removesuffix("…"))
    assert LONG[len(text) - 1] == " "


def test_parts_of_a_quoted_line_are_billed_up_to_what_was_quoted(
    documents: dict[str, Document], skipped: dict[tuple[str, str], Skipped]
) -> None:
    parts = [documents["i-part-1"], documents["i-part-2"]]
    assert [each.lines[0].bills[0].part for each in parts] == ["invoice:i-part-1", "invoice:i-part-2"]
    assert skipped["Invoice", "i-part-3"].reason_code == "over_quoted"
    assert skipped["Invoice", "b-parts"].reason_code == "billed_elsewhere"


def test_who_pays_is_on_the_invoice_and_a_job_its_parent_pays_for_stays_the_job(documents: dict[str, Document]) -> None:
    assert (documents["i-job"].party_id, documents["i-job"].email) == ("c-job", "amy@example.com")
    assert (documents["i-paid-for"].party_id, documents["i-paid-for"].terms_code) == ("c1", "NET30")


def test_a_ticket_of_a_fixed_price_is_an_invoice_of_the_local_day_it_was_closed(documents: dict[str, Document]) -> None:
    ticket = documents["t1"]
    assert (ticket.number, ticket.transaction_date) == ("T-1", date(2026, 3, 1))
    assert [(line.description, line.amount) for line in ticket.lines] == [("Pond dug", Decimal("120.00"))]
    assert ticket.lines[0].bills == (Billed(source_kind="ticket", source_id="t1"),)


def test_hours_of_one_ticket_are_one_invoice_with_a_line_each(documents: dict[str, Document]) -> None:
    invoices = [each for each in documents.values() if each.source_kind == "billable_time"]
    of_ticket, other = sorted(invoices, key=lambda each: each.number, reverse=False)
    assert of_ticket.number.startswith("T-6-")
    assert other.number.startswith("TIME-")
    assert of_ticket.po_number == "FRAME-1"
    assert amounts(of_ticket) == money("32.50", "77.50", "17.50")
    assert of_ticket.lines[0].description == "T-6 2026-03-10 Emily: 13 minutes"
    assert {each.source_id for line in of_ticket.lines for each in line.bills} == {"e7", "e13", "e31"}
    assert amounts(other) == money("49.75")


def test_a_purchase_order_names_vendor_customer_and_place(documents: dict[str, Document]) -> None:
    order = documents["po1"]
    assert (order.target, order.party_kind, order.party_id, order.ship_to_id) == ("PurchaseOrder", "vendor", "v1", "c1")
    assert (order.due_date, order.customer_memo) == (date(2026, 3, 20), "Before noon")
    assert (order.lines[0].customer_id, order.lines[0].is_billable) == ("c1", True)


def test_approved_hours_are_time_activities_without_their_breaks(hours: dict[str, TimeWorked]) -> None:
    given = hours["e-given@1"]
    assert (given.user_id, given.customer_id, given.minutes, given.transaction_date) == (
        "u1",
        "c1",
        20,
        date(2026, 3, 10),
    )
    assert not given.is_billable
    assert hours["e-abroad@1"].description == "Abroad"
    assert {(each.kind, each.id) for each in given.seen} == {("time_entry", "e-given"), ("timesheet", "sheet-e-given")}


def test_hours_across_midnight_are_two_days_that_come_to_the_whole(hours: dict[str, TimeWorked]) -> None:
    night = [(hours[each].transaction_date.day, hours[each].minutes) for each in ("e-night@1", "e-night@1.2")]
    assert night == [(10, 105), (11, 105)]
    assert [hours[each].minutes for each in ("e-break@3", "e-break@3.2")] == [90, 90]
    assert "e-midnight@1.2" not in hours
    assert hours["e-midnight@1"].minutes == 120


def test_a_day_of_twenty_three_hours_has_what_was_worked_on_it(hours: dict[str, TimeWorked]) -> None:
    spring = [(hours[each].transaction_date.day, hours[each].minutes) for each in ("e-spring@1", "e-spring@1.2")]
    assert spring == [(8, 1350), (9, 60)]


@pytest.mark.parametrize(
    ("target", "source_id", "code", "words"),
    [
        ("Estimate", "q-sent", "not_accepted", "The customer has not accepted the quote yet."),
        ("Estimate", "q-off", "ended", "The quote was deleted."),
        ("Invoice", "b-forty", "over_quoted", "With it 120.00 would be billed of a quote of 100.00."),
        ("Invoice", "b-later", "not_ready", "It is not released for invoicing yet."),
        ("Invoice", "b-due", "not_due", "It is to be invoiced on 2026-04-02."),
        ("Invoice", "b-sold", "billed_elsewhere", "Nothing of the quote is left to bill."),
        ("Invoice", "s-open", "open", "The sale is open: it goes once it is closed."),
        ("Invoice", "s-billed", "billed_elsewhere", "Its lines are billed already, by invoice i-of-sale."),
        ("Invoice", "i-draft", "draft", "The invoice is a draft: it goes once it is final."),
        ("Invoice", "i-void", "ended", "The invoice was voided."),
        ("Invoice", "i-old", "before_go_live", BEFORE),
        ("Invoice", "i-below", "negative_total", BELOW_ZERO),
        ("Invoice", "i-empty", "no_lines", "It has no lines."),
        ("Invoice", "i-nobody", "no_company", "Its company nobody is not there."),
        ("Invoice", "i-vendor", "not_a_customer", "Tania is no customer: mark it as one, or take another company."),
        ("Invoice", "i-idle", "company_inactive", "Its company Idle is inactive: make it active again, or take another one."),
        ("Invoice", "i-twin-b", "number_used", "Its number 77 is that of invoice i-twin-a too: give one of them another."),
        ("Invoice", "t-open", "open", "The ticket is open: it is billed once it is closed."),
        ("Invoice", "t-held", "not_ready", "The ticket is closed, and not released for billing."),
        ("Invoice", "t-free", "no_price", "The ticket has a fixed price, which is missing: enter it."),
        ("Invoice", "t-billed", "billed_elsewhere", "It is billed already, by invoice i-of-ticket."),
        ("Invoice", "e-billed", "billed_elsewhere", "It is billed already, by invoice i-of-time."),
        ("Invoice", "e-fixed", "fixed_price", "Ticket T-1 has a fixed price, which covers it."),
        ("Invoice", "e-waits", "not_approved", "Its timesheet is not approved: it is submitted."),
        ("Invoice", "e-no-rate", "no_rate", "No rate is known for it: role Nobody's role. Enter one."),
        ("Invoice", "e-nobody", "no_customer", "It is billable, and names no customer to bill."),
        ("PurchaseOrder", "po-draft", "draft", "The purchase order is a draft: it goes once it is approved."),
        ("PurchaseOrder", "po-off", "ended", "The purchase order was cancelled."),
        ("PurchaseOrder", "po-closed", "closed", "The purchase order is closed: nothing more is to come of it."),
        ("TimeActivity", "e-waits@1", "not_approved", "Its timesheet is not approved: it is submitted."),
        ("TimeActivity", "e-minus@1", "no_time", "It comes to no time: -30 minutes without breaks."),
        ("TimeActivity", "e-only-break@1", "no_time", "It comes to no time: 0 minutes without breaks."),
        ("TimeActivity", "e-no-sheet@0", "no_timesheet", "It is on no timesheet, and only approved timesheets are pushed."),
        ("TimeActivity", "e-gone@1", "ended", "The time entry was deleted."),
        ("TimeActivity", "e-desk@1", "no_worker", NO_WORKER),
    ],
)  # fmt: skip
def test_what_is_not_pushed_says_why(
    skipped: dict[tuple[str, str], Skipped], target: str, source_id: str, code: str, words: str
) -> None:
    found = skipped[target, source_id]
    assert (found.reason_code, found.reason) == (code, words)


def test_every_source_is_either_wanted_or_skipped(business: Operations, wanted: WantedInCompany) -> None:
    told = {each.source_id for each in (*wanted.documents, *wanted.skipped)}
    for table in ("quotes", "quote_billings", "sales", "invoices", "purchase_orders"):
        assert {row_id for (row_id,) in business.rows(f"select id from raw_ops.{table}")} <= told
    fixed = business.rows("select id from raw_ops.tickets where billing_mode = 'fixed'")
    assert {row_id for (row_id,) in fixed} <= told
    entries = {row_id for (row_id,) in business.rows("select id from raw_ops.time_entries")}
    assert entries == {source_id.partition("@")[0] for source_id in told} & entries


def test_nothing_is_billed_by_two_documents(wanted: WantedInCompany) -> None:
    billed = [
        (each, document.source_id)
        for document in wanted.documents
        if isinstance(document, Document)
        for line in document.lines
        for each in line.bills
    ]
    assert len({each for each, _ in billed}) == len(billed)


def test_what_was_voided_or_taken_back_ends(wanted: WantedInCompany) -> None:
    ended = {(each.target, each.source_id): each.reason for each in wanted.endings}
    assert ended["Invoice", "i-void"] == "The invoice was voided."
    assert ended["Estimate", "q-off"] == "The quote was deleted."
    assert ended["TimeActivity", "e-waits"] == "The approval of its timesheet was taken back: it is submitted."
    assert ended["TimeActivity", "e-gone"] == "The time entry was deleted."
    assert ("TimeActivity", "e7") not in ended
