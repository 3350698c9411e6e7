"""What settles what, when, how much and at which rate, and what is open on any day."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from qbo_pipeline_tests.models.ledger.conftest import Ledger, money
from qbo_pipeline_tests.models.ledger.documents import (
    BAD_DEBT_ITEM,
    BANK_EUR,
    CARD,
    CHECKING,
    CUSTOMER,
    EXCHANGE,
    PAYABLE,
    PAYABLE_EUR,
    RECEIVABLE,
    RECEIVABLE_EUR,
    SALES,
    UNDEPOSITED,
    VENDOR,
    bill_payment,
    cost_line,
    deposit,
    deposit_line,
    deposited,
    expense,
    in_euro,
    item_line,
    journal,
    journal_line,
    payment,
    sale,
)

_TO_EURO_BANK = {"DepositToAccountRef": {"value": BANK_EUR}}


@pytest.fixture(scope="module")
def ledger(keep_books: Callable[..., Ledger]) -> Ledger:
    """One story for each way of settling."""
    customer, vendor = ("Customer", CUSTOMER), ("Vendor", VENDOR)
    card = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": CARD}}, "CheckPayment": None}
    return keep_books(
        invoice=[
            *_invoices(("100", 200), ("101", 300), ("102", 540), ("103", 80), ("104", 120), ("105", 50), ("106", 70)),
            _invoice("110", 1000, TxnDate="2024-01-15"),
            _invoice("120", 3357.37, TxnDate="2022-05-19"),
            _invoice("130", 100000, **in_euro(1.137145)),
            _invoice("131", 100000, **in_euro(1.131984)),
            _invoice("132", 100.01, **in_euro(1.23456)),
            _invoice("133", 500, **in_euro(1.1)),
            _invoice("134", 60),
            _invoice("135", 1484.05, **in_euro(0.83594632)),
            _invoice("136", 100, TxnDate="2024-04-20", **in_euro(1.1)),
        ],
        credit_memo=[
            sale("200", 540, item_line(540), TxnDate="2024-03-02"),
            sale("201", 30, item_line(30)),
            sale("202", 600, item_line(600, BAD_DEBT_ITEM), TxnDate="2024-05-31"),
            sale("203", 500, item_line(500), **in_euro(1.2)),
            sale("204", 40, item_line(40)),
            sale("205", 100, item_line(100), TxnDate="2024-04-10", **in_euro(1.2)),
        ],
        payment=[
            payment("300", 510, (200, "Invoice", "100"), (300, "Invoice", "101")),
            payment("301", 0, (540, "Invoice", "102"), (540, "CreditMemo", "200"), TxnDate="2024-03-04"),
            payment("302", 170, (80, "Invoice", "103"), (120, "Invoice", "104"), (30, "CreditMemo", "201")),
            payment("303", 400, (400, "Invoice", "110"), TxnDate="2024-02-10"),
            payment("304", 0, (600, "Invoice", "110"), (600, "CreditMemo", "202"), TxnDate="2024-05-31"),
            payment("305", 3357.37, (3357.37, "Invoice", "120"), TxnDate="2022-04-13"),
            payment("306", 50000, (50000, "Invoice", "130"), TxnDate="2024-04-01", **_TO_EURO_BANK, **in_euro(1.11947)),
            payment("307", 33.33, (33.33, "Invoice", "132"), TxnDate="2024-04-02", **_TO_EURO_BANK, **in_euro(1.3)),
            payment("308", 33.33, (33.33, "Invoice", "132"), TxnDate="2024-04-03", **_TO_EURO_BANK, **in_euro(1.2)),
            payment("309", 33.35, (33.35, "Invoice", "132"), TxnDate="2024-04-04", **_TO_EURO_BANK, **in_euro(1.1)),
            payment("310", 0, (500, "Invoice", "133"), (500, "CreditMemo", "203"), **in_euro(1.15)),
            payment("311", 0, (50, "Invoice", "105"), (50, "JournalEntry", "500")),
            payment("312", 70, (70, "Invoice", "106"), (70, "Invoice", "404")),
            payment("313", 0, (60, "Invoice", "134"), (60, "Deposit", "600")),
            payment("314", 25, (40, "CreditMemo", "204")),
            payment("315", 100, DepositToAccountRef={"value": UNDEPOSITED}, **in_euro(1.2)),
            payment("316", 75, (75, "JournalEntry", "501")),
            payment("317", 501.21, (501.21, "Invoice", "135"), **_TO_EURO_BANK, **in_euro(0.9)),
            payment("318", 0.1, (0.1, "JournalEntry", "503"), **_TO_EURO_BANK, **in_euro(1.1)),
            payment(
                "319", 0, (100, "Invoice", "136"), (100, "CreditMemo", "205"), TxnDate="2024-04-12", **in_euro(1.3)
            ),
        ],
        bill=[
            expense("400", 300, cost_line(300)),
            expense("401", 200, cost_line(200)),
            expense("402", 1000, cost_line(1000), **in_euro(1.1)),
        ],
        vendor_credit=[expense("410", 50, cost_line(50))],
        bill_payment=[
            bill_payment("420", 300, (300, "Bill", "400")),
            bill_payment("421", 150, (200, "Bill", "401"), (50, "VendorCredit", "410"), **card),
            bill_payment("422", 1000, (1000, "Bill", "402"), **in_euro(1.2)),
        ],
        journal_entry=[
            journal("500", journal_line("Credit", 50, RECEIVABLE, customer), journal_line("Debit", 50, CHECKING)),
            journal("501", journal_line("Debit", 75, RECEIVABLE, customer), journal_line("Credit", 75, CHECKING)),
            journal("502", journal_line("Credit", 20, PAYABLE, vendor), journal_line("Debit", 20, CHECKING)),
            journal(
                "503",
                journal_line("Debit", 0.05, RECEIVABLE_EUR, customer),
                journal_line("Debit", 0.05, RECEIVABLE_EUR, customer),
                journal_line("Credit", 0.1, SALES),
                **in_euro(1.1),
            ),
        ],
        deposit=[
            deposit("600", 60, deposit_line(60, RECEIVABLE, Entity={"value": CUSTOMER, "type": "Customer"})),
            deposit("601", 130, deposited(100, "Payment", "315"), **_TO_EURO_BANK, **in_euro(1.3)),
        ],
    )


def _invoice(document_id: str, total: float, **fields: object) -> dict:
    return sale(document_id, total, item_line(total), **fields)


def _invoices(*totals: tuple[str, float]) -> list[dict]:
    return [_invoice(document_id, total) for document_id, total in totals]


def test_a_payment_settles_each_invoice_it_names_and_keeps_the_rest(ledger: Ledger) -> None:
    assert ledger.applications("300") == [
        ("cash", "Payment", "300", "Invoice", "100", Decimal(200)),
        ("cash", "Payment", "300", "Invoice", "101", Decimal(300)),
    ]
    assert ledger.open_on("2024-03-05", "100", "101", "300") == {"300": money("-10", "-10")}
    assert ledger.sides("Payment", "300") == [(UNDEPOSITED, Decimal(510)), (RECEIVABLE, Decimal(-510))]


def test_a_payment_of_nothing_is_the_credit_memo_settling_the_invoice(ledger: Ledger) -> None:
    assert ledger.applications("301") == [("credit", "CreditMemo", "200", "Invoice", "102", Decimal(540))]
    assert ledger.postings("Payment", "301") == []


def test_a_payment_with_a_credit_settles_with_the_credit_first_and_money_after_it(ledger: Ledger) -> None:
    assert ledger.applications("302") == [
        ("credit", "CreditMemo", "201", "Invoice", "103", Decimal(30)),
        ("cash", "Payment", "302", "Invoice", "103", Decimal(50)),
        ("cash", "Payment", "302", "Invoice", "104", Decimal(120)),
    ]
    assert ledger.open_on("2024-03-05", "103", "104", "201", "302") == {}


def test_a_bad_debt_is_written_off_not_paid(ledger: Ledger) -> None:
    assert ledger.applications("303", "304") == [
        ("cash", "Payment", "303", "Invoice", "110", Decimal(400)),
        ("write_off", "CreditMemo", "202", "Invoice", "110", Decimal(600)),
    ]
    assert ledger.open_on("2024-05-30", "110", "202", "303") == {"110": money("600", "600")}
    assert ledger.open_on("2024-05-31", "110", "202", "303") == {}


def test_a_payment_before_its_invoice_is_owed_to_the_customer_until_then(ledger: Ledger) -> None:
    [applied] = ledger.warehouse.rows(
        "select applied_date::varchar as day from ledger.application where source_id = '305'"
    )
    assert applied == {"day": "2022-05-19"}
    assert ledger.balance(RECEIVABLE, "2022-05-11", "120", "305") == Decimal("-3357.37")
    assert ledger.open_on("2022-05-11", "120", "305") == {"305": money("-3357.37", "-3357.37")}
    assert ledger.open_on("2022-05-19", "120", "305") == {}


def test_a_foreign_payment_clears_the_receivable_at_the_invoices_rate(ledger: Ledger) -> None:
    assert ledger.postings("Payment", "306") == [
        (BANK_EUR, "bank", *money("55,973.50", "0")),
        (RECEIVABLE_EUR, "receivable", *money("0", "56,857.25")),
        (EXCHANGE, "exchange", *money("883.75", "0")),
    ]
    assert ledger.balance(RECEIVABLE_EUR, "2024-04-01", "130", "131", "306") == Decimal("170055.65")
    [row] = ledger.warehouse.rows("select exchange_gain_loss from ledger.application where source_id = '306'")
    assert row == {"exchange_gain_loss": Decimal("-883.75")}


def test_a_foreign_invoice_paid_in_parts_is_cleared_to_the_cent(ledger: Ledger) -> None:
    rows = ledger.warehouse.rows(
        "select target_home_amount from ledger.application where target_id = '132' order by applied_date"
    )
    assert [row["target_home_amount"] for row in rows] == [*money("41.15", "41.15", "41.17")]
    assert ledger.balance(RECEIVABLE_EUR, "2024-12-31", "132", "307", "308", "309") == 0
    assert ledger.open_on("2024-12-31", "132", "307", "308", "309") == {}


def test_a_part_of_a_foreign_invoice_is_cleared_at_the_invoices_rate_not_at_what_rounding_made_of_it(
    ledger: Ledger,
) -> None:
    # 1,240.59 at home for 1,484.05 is a little more than the rate says, and would make 418.99 of the part.
    assert ledger.sides("Payment", "317")[1] == (RECEIVABLE_EUR, Decimal("-418.98"))


def test_cents_of_a_conversion_stay_off_what_is_owed_and_it_is_cleared_line_by_line(ledger: Ledger) -> None:
    owed, sold = money("0.06", "-0.12")
    assert ledger.sides("JournalEntry", "503") == [(RECEIVABLE_EUR, owed), (RECEIVABLE_EUR, owed), (SALES, sold)]
    assert ledger.sides("Payment", "318")[1] == (RECEIVABLE_EUR, Decimal("-0.12"))
    assert ledger.open_on("2024-12-31", "503", "318") == {}


def test_until_a_foreign_credit_settles_a_later_invoice_the_payment_has_the_difference_of_their_rates(
    ledger: Ledger,
) -> None:
    assert ledger.open_on("2024-04-15", "136", "205", "319") == {"205": money("-100", "-120"), "319": money("0", "10")}
    assert ledger.balance(RECEIVABLE_EUR, "2024-04-15", "136", "205", "319") == -110
    assert ledger.open_on("2024-04-20", "136", "205", "319") == {}


def test_a_foreign_credit_memo_settles_at_both_rates(ledger: Ledger) -> None:
    assert ledger.postings("Payment", "310") == [
        (RECEIVABLE_EUR, "receivable", *money("50", "0")),
        (EXCHANGE, "exchange", *money("0", "50")),
    ]
    assert ledger.balance(RECEIVABLE_EUR, "2024-12-31", "133", "203", "310") == 0
    assert ledger.open_on("2024-12-31", "133", "203", "310") == {}


def test_a_journal_entry_can_settle_and_be_settled(ledger: Ledger) -> None:
    assert ledger.applications("311") == [("cash", "JournalEntry", "500", "Invoice", "105", Decimal(50))]
    assert ledger.applications("316") == [("cash", "Payment", "316", "JournalEntry", "501", Decimal(75))]
    assert ledger.open_on("2024-12-31", "105", "500", "501", "316") == {}


def test_a_journal_entry_on_a_payable_is_open(ledger: Ledger) -> None:
    assert ledger.open_on("2024-12-31", "502", side="payable") == {"502": money("20", "20")}


def test_a_bank_deposit_on_the_receivable_can_settle(ledger: Ledger) -> None:
    assert ledger.applications("313") == [("deposit", "Deposit", "600", "Invoice", "134", Decimal(60))]
    assert ledger.open_on("2024-12-31", "134", "600", "313") == {}


def test_what_is_applied_to_a_document_that_is_not_there_is_on_account(ledger: Ledger) -> None:
    assert ledger.applications("312") == [("cash", "Payment", "312", "Invoice", "106", Decimal(70))]


def test_a_credit_beyond_what_is_charged_becomes_money_on_account(ledger: Ledger) -> None:
    assert ledger.applications("314") == [("credit", "CreditMemo", "204", "Payment", "314", Decimal(40))]
    assert ledger.open_on("2024-12-31", "204", "314") == {"314": money("-65", "-65")}


def test_foreign_money_leaves_undeposited_funds_at_the_rate_it_came_with(ledger: Ledger) -> None:
    assert ledger.balance(UNDEPOSITED, "2024-12-31", "315", "601") == 0
    assert ledger.sides("Deposit", "601")[-1] == (EXCHANGE, Decimal(-10))


def test_a_bill_payment_clears_the_payable_from_bank_or_card(ledger: Ledger) -> None:
    assert ledger.postings("BillPayment", "420") == [
        (CHECKING, "bank", *money("0", "300")),
        (PAYABLE, "payable", *money("300", "0")),
    ]
    assert ledger.postings("BillPayment", "421")[0] == (CARD, "card", *money("0", "150"))
    assert ledger.applications("421") == [
        ("credit", "VendorCredit", "410", "Bill", "401", Decimal(50)),
        ("cash", "BillPayment", "421", "Bill", "401", Decimal(150)),
    ]


def test_a_foreign_bill_payment_clears_the_payable_at_the_bills_rate(ledger: Ledger) -> None:
    assert ledger.sides("BillPayment", "422") == [
        (CHECKING, Decimal(-1200)),
        (PAYABLE_EUR, Decimal(1100)),
        (EXCHANGE, Decimal(100)),
    ]
    [row] = ledger.warehouse.rows("select exchange_gain_loss from ledger.application where source_id = '422'")
    assert row == {"exchange_gain_loss": Decimal(-100)}


@pytest.mark.parametrize("side", ["receivable", "payable"])
def test_what_is_open_adds_up_to_the_control_accounts_on_every_day(ledger: Ledger, side: str) -> None:
    kind, sign = {"receivable": ("Accounts Receivable", 1), "payable": ("Accounts Payable", -1)}[side]
    differences = ledger.warehouse.rows(
        f"""
        with moved as (
            select account_id, change_date as day, home_amount as amount from ledger.open_item_change where side = '{side}'
            union all
            select account_id, transaction_date, -({sign}) * (debit - credit)
            from ledger.posting
            inner join qbo.account on account.realm_id = posting.realm_id and account.id = account_id
            where account_type = '{kind}'
        ),
        daily as (select account_id, day, sum(amount) as amount from moved group by all)
        select *, sum(amount) over (partition by account_id order by day) as difference from daily
        qualify difference <> 0
        """
    )
    assert differences == []
