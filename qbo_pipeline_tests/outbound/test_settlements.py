"""Credits, payments, write-offs, vendors' bills and expenses: what each becomes, to the cent, and why the rest is not pushed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.document import Attachment, Document, Reference
from qbo_pipeline.outbound.wanted import Skipped, WantedInCompany
from qbo_pipeline_tests.outbound.golden_rows import BE, Books
from qbo_pipeline_tests.outbound.operations import Operations

TWICE = "The vendor uses each number once, and V-1 is on vendor_bill b1 too: is it the same bill entered twice?"
CAME_FROM = "It came from QuickBooks, as payment 145, and never goes back there."
KEPT_MORE = "Of 5.00 a fee of 6.00 was kept: correct one of them."
WITHIN = (
    "Of the 21.00 paid a fee of 1.50 is a part, and 21.00 is applied to bills: apply less, or enter it with its fee."
)
DIFFERS = "Its lines come to 10.00 and its total is 12.00: correct one of them."
OF_CREDIT = "It may pay out credit note N-3, which QuickBooks holds as a credit: pay that out there."
OF_OTHERS = "The credit note is Bo's and the invoice Amy's: QuickBooks applies neither to the other."
NOT_THERE = "Its company nobody is not there."
BELOW_ZERO = "It comes to -5.00: what is credited is written above zero. Correct its lines."
BEFORE = "It is dated 2025-12-31, before 2026-01-01, from which on documents are pushed."
PAYS_NOTHING = "It says not which bill it pays, and QuickBooks takes no such payment: apply it."
NO_TOTAL = "The invoice says no total, so that what is open of it is known to QuickBooks only: write it off there."
NO_VENDOR = "Emily is to be reimbursed and is no vendor: give the user a vendor, whom QuickBooks then owes it."
TAX_UNSAID = "Its lines name tax codes, and it says not how much of the total is tax: enter it, or 0 for none."


def _credits(books: Books) -> None:
    books.invoice("i1", "100.00")
    books.invoice("n1", "30.00", number="N-1", kind="credit_note", corrects_invoice_id="i1", total=Decimal(30))
    books.apply("a-credit", "n1", "i1", "30.00", from_kind="credit_note")
    books.invoice("n-draft", "5.00", number=None, kind="credit_note", status="draft")
    books.invoice("n-void", "5.00", number="N-2", kind="credit_note", status="void")
    books.apply("a-draft", "n-draft", "i1", "5.00", from_kind="credit_note")
    books.apply("a-off", "n1", "i1", "1.00", from_kind="credit_note", is_deleted=True)
    books.row("companies", "c2", number="9", name="Bo")
    books.invoice("n-open", "5.00", number="N-3", kind="credit_note", company_id="c2", total=Decimal(6))
    books.apply("a-others", "n-open", "i1", "5.00", from_kind="credit_note")
    books.invoice("n-below", "-5.00", number="N-4", kind="credit_note", company_id="c2")
    books.quote("q-hours", "80.00")
    books.invoice("n-quoted", "80.00", number="N-5", kind="credit_note", total=Decimal(80),
                  line={"source_kind": "quote_line", "source_id": "q-hours/1"})  # fmt: skip
    books.apply("a-all", "n-quoted", "i1", "80.00", from_kind="credit_note")
    books.invoice("i-taxed", "50.00", total=Decimal("54.00"), tax_total=Decimal("4.00"), line={"tax_code": "CA"})
    books.lines("invoice", "i-taxed", "4.00", line_id="tax", position=2, line_kind="tax", product_id=None)
    books.invoice("i-deposit", "500.00", kind="deposit", line={"product_id": "p-deposit"})


def _payments(books: Books) -> None:
    books.invoice("i2", "60.00")
    books.row("payments", "pay1", amount=Decimal("75.00"), reference="ch_1", fx_rate=Decimal("1.5"))
    books.apply("a1", "pay1", "i2", "60.00")
    books.apply("a2", "pay1", "i1", "10.00")
    books.row("payments", "pay-loose", amount=Decimal("9.00"))
    books.row("payments", "pay-pending", status="pending")
    books.row("payments", "pay-void", status="void")
    books.row("payments", "pay-old", payment_date=date(2025, 12, 31))
    books.row("payments", "pay-nobody", company_id="nobody")
    books.row("payments", "pay-back", kind="refund", direction="out", amount=Decimal("25.00"), reference="re_1")
    books.row("payments", "pay-back-2", kind="refund", direction="out", company_id="c2")
    books.row("payments", "pay-fee", amount=Decimal("100.00"), fee_amount=Decimal("2.90"), reference="ch_2")
    books.row("payments", "pay-kept-all", amount=Decimal("5.00"), fee_amount=Decimal("6.00"))
    charged = {"kind": "chargeback", "amount": Decimal("55.00"), "fee_amount": Decimal("15.00"), "reference": "dp_1"}
    books.row("payments", "pay-charged", direction="out", **charged)
    books.row("payments", "pay-won", direction="in", **charged)
    books.row("payments", "fee1", kind="fee", direction="out", company_id="v1", amount=Decimal("7.00"), reference=None)
    books.row("payments", "pay-theirs", reference=" QBO:145 ", fee_amount=Decimal("1.00"))
    books.row("payments", "qbo:145")
    books.row("payments", "pay-over", amount=Decimal(5))
    books.apply("a-over", "pay-over", "i2", "6.00")
    books.row("payments", "pay-bill", direction="out", company_id="v1", deposit_account="bank", method="cheque")
    books.apply("a-bill", "pay-bill", "b1", "21.00", to_kind="vendor_bill")
    books.row("payments", "pay-what", direction="out", company_id="v1")
    wired = {"direction": "out", "company_id": "v1", "deposit_account": "bank", "fee_amount": Decimal("1.50")}
    books.row("payments", "pay-wire", amount=Decimal("22.50"), reference="w_1", **wired)
    books.apply("a-wire", "pay-wire", "b1", "21.00", to_kind="vendor_bill")
    books.row("payments", "pay-short", amount=Decimal("21.00"), **wired)
    books.apply("a-short", "pay-short", "b1", "21.00", to_kind="vendor_bill")


def _write_offs(books: Books) -> None:
    books.row("products", "p-bad", name="Bad debt", kind="bad_debt")
    unpaid = {"status": "closed_unpaid", "closed_unpaid_date": date(2026, 3, 20), "closed_unpaid_reason": "Gone."}
    books.invoice("w1", "90.00", total=Decimal("90.00"), **unpaid)
    books.row("payments", "pay-part", amount=Decimal("40.00"))
    books.apply("a-part", "pay-part", "w1", "40.00")
    books.row("payments", "pay-never", amount=Decimal("50.00"), status="pending")
    books.apply("a-never", "pay-never", "w1", "50.00")
    books.invoice("w-taxed", "90.00", **unpaid)
    books.invoice("w-paid", "9.00", total=Decimal("9.00"), **unpaid)
    books.row("payments", "pay-whole", amount=Decimal("9.00"))
    books.apply("a-whole", "pay-whole", "w-paid", "9.00")
    books.invoice("w-again", "9.00", total=Decimal("9.00"), closed_unpaid_date=date(2026, 3, 20))


def _bills(books: Books) -> None:
    books.row("companies", "v2", number="8", name="Tom", is_customer=False, is_vendor=True, terms_days=14)
    books.row("purchase_orders", "po1")
    books.lines("purchase_order", "po1", "7.00", "14.00")
    books.row("vendor_bills", "b1", vendor_invoice_no="V-1", due_date=date(2026, 4, 1))
    for position in ("1", "2"):
        line = {
            "line_id": position,
            "position": int(position),
            "source_kind": "po_line",
            "source_id": f"po1/{position}",
        }
        books.lines("vendor_bill", "b1", "7.00", **line)
    books.row("vendor_bills", "b-part", vendor_invoice_no="V-2")
    books.lines("vendor_bill", "b-part", "7.00", source_kind="po_line", source_id="po1/2")
    books.row("vendor_bills", "b-twice", vendor_invoice_no="V-1", bill_date=date(2026, 3, 11))
    books.lines("vendor_bill", "b-twice", "7.00")
    books.row("vendor_bills", "b-other", vendor_invoice_no="V-1", vendor_company_id="v2")
    books.lines("vendor_bill", "b-other", "3.00", product_id=None, account="Office")
    books.row("vendor_bills", "b-draft", status="draft")
    books.row("vendor_bills", "b-void", status="void")


def _expenses(books: Books) -> None:
    books.row("users", "u2", display_name="Max", worker_kind="contractor", vendor_company_id="v2")
    passed_on = {"customer_company_id": "c1", "billable": True, "description": "Lunch"}
    books.receipt("r1", "10.00", "2.50", line=passed_on, vendor_company_id="v1", department_code="N")
    books.receipt("r-cash", "3.00", paid_with="cash", payment_account=None, attachment_ref=" receipts/cash.jpg ")
    books.receipt("r-max", "8.00", paid_with="employee", user_id="u2", status="reimbursed")
    books.receipt("r-emily", "8.00", paid_with="employee")
    books.receipt("r-sent", "8.00", status="submitted", attachment_ref="receipts/sent.jpg")
    books.receipt("r-no", "8.00", status="rejected")
    books.receipt("r-differs", "10.00", total=Decimal(12))
    books.receipt("r-tax", "10.00", total=Decimal(12), tax_total=Decimal(2), line={"tax_code": "STD"})
    books.receipt("r-within", "12.00", tax_total=Decimal(2), line={"tax_code": "STD"})
    books.receipt("r-unsaid", "10.00", line={"tax_code": "STD"})
    books.receipt("r-billed", "6.00", line=passed_on)
    books.invoice("i-expense", "6.00", line={"source_kind": "expense_line", "source_id": "r-billed/1"})


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> Operations:
    """A business with one row of each kind there is to say something about, derived once."""
    operations = Operations.empty(tmp_path_factory.mktemp("business") / "money", run_dbt)
    books = Books(operations)
    with operations.database.writing() as connection:
        connection.exec_driver_sql("update business_entities set invoice_prefix = 'LS-', credit_prefix = 'CM-'")
    for write in (_credits, _payments, _write_offs, _bills, _expenses):
        write(books)
    operations.derive()
    return operations


@pytest.fixture(scope="module")
def wanted(business: Operations) -> WantedInCompany:
    return business.wanted(BE)


@pytest.fixture(scope="module")
def documents(wanted: WantedInCompany) -> dict[tuple[str, str], Document]:
    return {(each.target, each.source_id): each for each in wanted.documents if isinstance(each, Document)}


@pytest.fixture(scope="module")
def skipped(wanted: WantedInCompany) -> dict[tuple[str, str], Skipped]:
    return {(each.target, each.source_id): each for each in wanted.skipped}


def settles(document: Document) -> list[tuple[str, str, Decimal]]:
    """The documents its lines settle or use, and how much of each."""
    links = [(line.linked_to, line.amount) for line in document.lines]
    return [(link.target, link.source_id, amount) for link, amount in links if link is not None]


def test_a_credit_note_is_a_credit_memo_with_a_number_of_its_own_kind(
    documents: dict[tuple[str, str], Document],
) -> None:
    note = documents["CreditMemo", "n1"]
    assert (note.source_kind, note.number, note.private_note) == ("invoice", "CM-N-1", "Corrects invoice i1")
    assert (note.total, [line.amount for line in note.lines]) == (Decimal(30), [Decimal(30)])


def test_a_credit_note_bills_nothing_of_what_it_credits(documents: dict[tuple[str, str], Document]) -> None:
    assert documents["CreditMemo", "n-quoted"].lines[0].bills == ()


def test_a_credit_is_applied_by_a_payment_of_nothing(documents: dict[tuple[str, str], Document]) -> None:
    used = documents["Payment", "a-credit"]
    assert (used.source_kind, used.total, used.number) == ("application", Decimal(0), None)
    assert settles(used) == [("CreditMemo", "n1", Decimal(30)), ("Invoice", "i1", Decimal(30))]
    assert [(each.kind, each.id) for each in used.seen] == [("application", "a-credit")]


def test_a_deposit_is_an_invoice_of_its_product(documents: dict[tuple[str, str], Document]) -> None:
    assert documents["Invoice", "i-deposit"].lines[0].product_id == "p-deposit"


def test_a_payment_says_what_it_pays_and_the_rest_stays_unapplied(documents: dict[tuple[str, str], Document]) -> None:
    paid = documents["Payment", "pay1"]
    assert (paid.total, paid.account, paid.payment_method, paid.reference) == (
        Decimal(75),
        "undeposited",
        "card",
        "ch_1",
    )
    assert (paid.party_id, paid.email, paid.exchange_rate) == ("c1", None, Decimal("1.5"))
    assert settles(paid) == [("Invoice", "i2", Decimal(60)), ("Invoice", "i1", Decimal(10))]
    assert {(each.kind, each.id) for each in paid.seen} == {
        ("payment", "pay1"),
        ("application", "a1"),
        ("application", "a2"),
    }
    assert documents["Payment", "pay-loose"].lines == ()


def posted(document: Document) -> dict[str, Decimal]:
    """What a journal posts, by the kind of line: debits above zero."""
    return {line.kind: line.amount for line in document.lines}


def test_a_receipts_picture_is_wanted_on_what_the_receipt_became(wanted: WantedInCompany) -> None:
    (picture,) = [each for each in wanted.documents if isinstance(each, Attachment)]
    assert (picture.source_id, picture.file) == ("r-cash", "receipts/cash.jpg")
    assert picture.of == Reference(target="Purchase", source_kind="expense_receipt", source_id="r-cash")
    assert [(each.kind, each.id) for each in picture.seen] == [("expense_receipt", "r-cash")]


def test_what_was_kept_of_a_payment_is_a_cost_taken_from_where_it_went(
    documents: dict[tuple[str, str], Document],
) -> None:
    paid, fee = documents["Payment", "pay-fee"], documents["JournalEntry", "pay-fee"]
    assert paid.total == Decimal(100)
    assert (fee.source_kind, fee.number, fee.account) == ("payment_fee", "LS-pay-fee-FEE", None)
    assert posted(fee) == {"fee": Decimal("2.90"), "money": Decimal("-2.90")}
    assert [line.account for line in fee.lines] == ["Processor fees", "undeposited"]
    assert fee.linked_to == (Reference(target="Payment", source_kind="payment", source_id="pay-fee"),)
    assert [(each.kind, each.id) for each in fee.seen] == [("payment", "pay-fee")]


def test_what_was_charged_back_is_owed_again_and_its_fee_is_ours(documents: dict[tuple[str, str], Document]) -> None:
    charged, won = documents["JournalEntry", "pay-charged"], documents["JournalEntry", "pay-won"]
    assert (charged.source_kind, charged.party_id, charged.number) == ("payment", "c1", "LS-pay-charged")
    assert posted(charged) == {"receivable": Decimal(40), "fee": Decimal(15), "money": Decimal(-55)}
    assert posted(won) == {kind: -amount for kind, amount in posted(charged).items()}
    assert posted(documents["JournalEntry", "fee1"]) == {"fee": Decimal(7), "money": Decimal(-7)}


def test_money_given_back_is_a_refund_receipt(documents: dict[tuple[str, str], Document]) -> None:
    refund = documents["RefundReceipt", "pay-back"]
    assert (refund.number, refund.account, refund.total) == ("LS-pay-back", "undeposited", Decimal(25))
    (line,) = refund.lines
    assert (line.description, line.amount, line.is_taxable) == ("Refund re_1", Decimal(25), False)


def test_money_to_a_vendor_pays_the_bill(documents: dict[tuple[str, str], Document]) -> None:
    paid = documents["BillPayment", "pay-bill"]
    assert (paid.party_kind, paid.party_id, paid.account) == ("vendor", "v1", "bank")
    assert settles(paid) == [("Bill", "b1", Decimal(21))]


def test_a_fee_of_money_to_a_vendor_is_a_cost_taken_from_where_it_was_paid(
    documents: dict[tuple[str, str], Document],
) -> None:
    paid, fee = documents["BillPayment", "pay-wire"], documents["JournalEntry", "pay-wire"]
    assert (paid.total, settles(paid)) == (Decimal(21), [("Bill", "b1", Decimal(21))])
    assert (fee.source_kind, fee.party_kind, fee.party_id) == ("payment_fee", "vendor", "v1")
    assert posted(fee) == {"fee": Decimal("1.50"), "paid_from": Decimal("-1.50")}
    assert [line.account for line in fee.lines] == ["Processor fees", "bank"]
    assert fee.linked_to == (Reference(target="BillPayment", source_kind="payment", source_id="pay-wire"),)


def test_what_is_open_of_an_invoice_closed_without_payment_is_credited_as_bad_debt(
    documents: dict[tuple[str, str], Document],
) -> None:
    credit = documents["CreditMemo", "w1"]
    assert (credit.source_kind, credit.number, credit.transaction_date) == ("write_off", "CM-w1-BD", date(2026, 3, 20))
    assert credit.linked_to == (Reference(target="Invoice", source_kind="invoice", source_id="w1"),)
    (line,) = credit.lines
    # 90.00 less the 40.00 that came; the 50.00 are still pending.
    assert (line.product_id, line.amount, line.is_taxable) == ("p-bad", Decimal(50), False)
    assert line.description == "Bad debt: invoice w1. Gone."
    assert credit.email is None
    used = documents["Payment", "w1"]
    assert settles(used) == [("CreditMemo", "w1", Decimal(50)), ("Invoice", "w1", Decimal(50))]
    assert ("invoice", "w1") in {(each.kind, each.id) for each in used.seen}


def test_a_vendors_bill_goes_by_the_vendors_number_and_fulfils_the_order(
    documents: dict[tuple[str, str], Document],
) -> None:
    bill = documents["Bill", "b1"]
    assert (bill.number, bill.party_kind, bill.party_id, bill.due_date) == ("V-1", "vendor", "v1", date(2026, 4, 1))
    assert [(line.linked_to.source_id, line.linked_to.line_id) for line in bill.lines] == [("po1", "1"), ("po1", "2")]
    assert bill.lines[0].bills == ()
    assert settles(documents["Bill", "b-part"]) == [("PurchaseOrder", "po1", Decimal(7))]
    other = documents["Bill", "b-other"]
    assert (other.number, other.due_date, other.lines[0].account) == ("V-1", date(2026, 3, 24), "Office")


def test_an_expense_paid_by_the_company_is_a_purchase(documents: dict[tuple[str, str], Document]) -> None:
    bought = documents["Purchase", "r1"]
    assert (bought.number, bought.party_id, bought.account) == ("LS-r1", "v1", "Visa")
    assert (bought.payment_method, bought.department_code, bought.private_note) == ("company_card", "N", "Emily")
    assert (bought.total, [line.amount for line in bought.lines]) == (Decimal("12.50"), [Decimal(10), Decimal("2.50")])
    line = bought.lines[0]
    assert (line.kind, line.account, line.description, line.customer_id) == ("account", "Meals", "Lunch", "c1")
    assert (line.is_billable, line.is_taxable) == (True, False)
    assert (documents["Purchase", "r-cash"].account, documents["Purchase", "r-cash"].party_id) == ("cash", "")


def test_an_expense_that_is_to_be_reimbursed_is_a_bill_of_who_paid_it(
    documents: dict[tuple[str, str], Document],
) -> None:
    bill = documents["Bill", "r-max"]
    assert (bill.party_id, bill.account, bill.number) == ("v2", None, "LS-r-max")


def test_tax_beside_the_lines_is_a_line_of_its_own(documents: dict[tuple[str, str], Document]) -> None:
    taxed = documents["Purchase", "r-tax"]
    assert [(line.kind, line.amount) for line in taxed.lines] == [("account", Decimal(10)), ("tax", Decimal(2))]
    assert (taxed.total, taxed.tax_total, taxed.lines[0].is_taxable) == (Decimal(12), None, True)


def test_tax_within_the_lines_is_no_line_and_stays_within_them(documents: dict[tuple[str, str], Document]) -> None:
    within = documents["Purchase", "r-within"]
    assert [line.amount for line in within.lines] == [Decimal(12)]
    assert (within.total, within.tax_total, within.is_tax_inclusive) == (Decimal(12), Decimal(2), True)
    assert not documents["Purchase", "r-tax"].is_tax_inclusive


def test_tax_that_quickbooks_works_out_is_no_amount_of_the_document(documents: dict[tuple[str, str], Document]) -> None:
    taxed = documents["Invoice", "i-taxed"]
    assert [(line.kind, line.amount, line.tax_code) for line in taxed.lines] == [("item", Decimal(50), "CA")]
    assert (taxed.total, taxed.tax_total) == (Decimal("54.00"), None)


def test_what_an_invoice_bills_already_is_not_billable_again(documents: dict[tuple[str, str], Document]) -> None:
    line = documents["Purchase", "r-billed"].lines[0]
    assert (line.customer_id, line.is_billable) == ("c1", False)


@pytest.mark.parametrize(
    ("target", "source_id", "code", "words"),
    [
        ("CreditMemo", "n-draft", "draft", "The credit note is a draft: it goes once it is final."),
        ("CreditMemo", "n-void", "ended", "The credit note was voided."),
        ("CreditMemo", "n-below", "negative_total", BELOW_ZERO),
        ("Payment", "a-off", "ended", "The credit note was taken off the invoice again."),
        ("Payment", "a-others", "other_customer", OF_OTHERS),
        ("Payment", "pay-pending", "pending", "The money is not there yet: it goes once it is cleared."),
        ("Payment", "pay-void", "ended", "The payment was voided."),
        ("Payment", "pay-old", "before_go_live", BEFORE),
        ("Payment", "pay-nobody", "no_company", NOT_THERE),
        ("Payment", "pay-over", "applied_too_much", "6.00 of it is applied, and it comes to 5.00: apply less."),
        ("RefundReceipt", "pay-back-2", "refund_of_credit", OF_CREDIT),
        ("Payment", "pay-theirs", "from_quickbooks", CAME_FROM),
        ("Payment", "qbo:145", "from_quickbooks", CAME_FROM),
        ("JournalEntry", "pay-theirs", "from_quickbooks", CAME_FROM),
        ("Payment", "pay-kept-all", "fee_differs", KEPT_MORE),
        ("JournalEntry", "pay-kept-all", "fee_differs", KEPT_MORE),
        ("BillPayment", "pay-short", "fee_differs", WITHIN),
        ("JournalEntry", "pay-short", "fee_differs", WITHIN),
        ("BillPayment", "pay-what", "nothing_paid", PAYS_NOTHING),
        ("CreditMemo", "w-taxed", "total_unknown", NO_TOTAL),
        ("CreditMemo", "w-paid", "nothing_open", "Nothing of the invoice is open: there is nothing to write off."),
        ("Payment", "w-again", "ended", "The invoice is not written off any more: it is final."),
        ("Bill", "b-twice", "number_used", TWICE),
        ("Bill", "b-draft", "draft", "The bill is a draft: it goes once it is approved."),
        ("Bill", "b-void", "ended", "The bill was voided."),
        ("Bill", "r-emily", "no_vendor", NO_VENDOR),
        ("Purchase", "r-sent", "not_approved", "The receipt is not approved: it is submitted."),
        ("Purchase", "r-no", "ended", "The receipt was rejected."),
        ("Purchase", "r-differs", "total_differs", DIFFERS),
        ("Purchase", "r-unsaid", "tax_unsaid", TAX_UNSAID),
    ],
)  # fmt: skip
def test_what_is_not_pushed_says_why(
    skipped: dict[tuple[str, str], Skipped], target: str, source_id: str, code: str, words: str
) -> None:
    found = skipped[target, source_id]
    assert (found.reason_code, found.reason) == (code, words)


def test_every_source_is_either_wanted_or_skipped(business: Operations, wanted: WantedInCompany) -> None:
    told = {each.source_id for each in (*wanted.documents, *wanted.skipped)}
    for table in ("invoices", "payments", "vendor_bills", "expense_receipts"):
        assert {row_id for (row_id,) in business.rows(f"select id from raw_ops.{table}")} <= told
    uses = business.rows("select id from raw_ops.applications where from_kind = 'credit_note'")
    assert {row_id for (row_id,) in uses} <= told


def test_what_was_voided_rejected_or_taken_back_ends(wanted: WantedInCompany) -> None:
    ended = {(each.target, each.source_kind, each.source_id) for each in wanted.endings}
    assert ended >= {
        ("CreditMemo", "invoice", "n-void"),
        ("Payment", "application", "a-off"),
        ("Payment", "payment", "pay-void"),
        ("CreditMemo", "write_off", "w-again"),
        ("Payment", "write_off_application", "w-again"),
        ("Bill", "vendor_bill", "b-void"),
        ("Purchase", "expense_receipt", "r-no"),
    }
