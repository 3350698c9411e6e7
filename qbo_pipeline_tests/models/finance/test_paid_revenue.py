"""Revenue by what was paid: every edge case of the measure's definition, one customer each."""

from collections.abc import Callable

import pytest

from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows


@pytest.fixture(scope="module")
def books(new_ledger: Callable[[], LedgerRows]) -> LedgerRows:
    """One company; each edge case has documents, and mostly a customer, of its own."""
    ledger = new_ledger()
    for tell in (_payments, _credits, _money_on_account, _other_lines, _receipts, _foreign, _journals, _refunds):
        tell(ledger)
    ledger.build()
    return ledger


def _payments(ledger: LedgerRows) -> None:
    ledger.invoice("partial", "2026-01-10", "1000", "100")
    ledger.pay("partial-1", "2026-01-20", "333.33", partial="333.33")
    ledger.pay("partial-2", "2026-02-20", "333.33", partial="333.33")
    ledger.pay("partial-3", "2026-03-20", "433.34", partial="433.34")
    ledger.invoice("many_a", "2026-01-10", "100", "10", party="many")
    ledger.invoice("many_b", "2026-01-10", "200", "20", party="many")
    ledger.pay("many-paid", "2026-02-01", "300", many_a="110", many_b="190")
    ledger.invoice("early", "2026-03-05", "100", "10")
    ledger.pay("early-paid", "2026-02-01", "110", early="110")
    ledger.post("Invoice", "free", "2026-01-10", {"sales": "-30", "services": "30"}, party="c-free")


def _credits(ledger: LedgerRows) -> None:
    ledger.invoice("credited", "2026-01-10", "100")
    ledger.post("CreditMemo", "credit", "2026-01-20", {"ar": "-40", "sales": "40"}, party="c-credited")
    ledger.apply(("CreditMemo", "credit"), ("Invoice", "credited"), "40", kind="credit")
    ledger.pay("credited-paid", "2026-02-10", "60", credited="60")
    ledger.invoice("bad", "2026-01-10", "1000")
    ledger.pay("bad-paid", "2026-02-10", "400", bad="400")
    ledger.post("CreditMemo", "bad-debt", "2026-05-10", {"ar": "-600", "bad_debts": "600"}, party="c-bad")
    ledger.apply(("CreditMemo", "bad-debt"), ("Invoice", "bad"), "600", kind="write_off")


def _money_on_account(ledger: LedgerRows) -> None:
    ledger.pay("unapplied", "2026-01-05", "70")
    ledger.invoice("overpaid", "2026-01-10", "100")
    ledger.pay("overpaying", "2026-01-11", "150", overpaid="150")


def _other_lines(ledger: LedgerRows) -> None:
    ledger.post("Invoice", "retainer", "2026-01-10", {"ar": "200", "retainers": "-200"}, party="d")
    ledger.pay("retainer-paid", "2026-01-11", "200", retainer="200")
    ledger.post("Invoice", "drawn", "2026-02-10", {"ar": "800", "retainers": "200", "sales": "-1000"}, party="d")
    ledger.pay("drawn-paid", "2026-02-11", "400", drawn="400")
    amounts = {"ar": "121", "sales": "-100", "services": "-10", "tax": "-11"}
    ledger.post("Invoice", "shipped", "2026-01-10", amounts, party="s", roles={"services": "shipping"})
    ledger.pay("shipped-paid", "2026-02-01", "121", shipped="121")


def _receipts(ledger: LedgerRows) -> None:
    ledger.post("SalesReceipt", "sold", "2026-01-10", {"bank": "108", "sales": "-100", "tax": "-8"}, party="r")
    ledger.post("RefundReceipt", "refunded", "2026-03-10", {"bank": "-54", "sales": "50", "tax": "4"}, party="r")


def _foreign(ledger: LedgerRows) -> None:
    ledger.post(
        "Invoice", "abroad", "2026-01-10", {"ar": "113714.50", "sales": "-113714.50"}, party="e", rate="1.137145",
        foreign={"ar": "100000", "sales": "-100000"},
    )  # fmt: skip
    ledger.post(
        "Payment", "abroad-paid", "2026-02-10", {"ar": "-56857.25", "bank": "55973.50", "exchange": "883.75"}, party="e",
        rate="1.11947", foreign={"ar": "-50000", "bank": "50000", "exchange": "0"},
    )  # fmt: skip
    ledger.apply(("Payment", "abroad-paid"), ("Invoice", "abroad"), "50000", home="56857.25")


def _journals(ledger: LedgerRows) -> None:
    ledger.invoice("discounted", "2026-01-10", "100")
    ledger.pay("discounted-paid", "2026-02-10", "95", discounted="95")
    ledger.post("JournalEntry", "discount", "2026-02-10", {"ar": "-5", "sales": "5"}, party="c-discounted")
    ledger.apply(("JournalEntry", "discount"), ("Invoice", "discounted"), "5", kind="journal")
    ledger.post("JournalEntry", "owed", "2026-01-10", {"ar": "500", "sales": "-500"}, party="j")
    ledger.post("Payment", "owed-paid", "2026-02-10", {"bank": "200", "ar": "-200"}, party="j")
    ledger.apply(("Payment", "owed-paid"), ("JournalEntry", "owed"), "200")
    ledger.invoice("banked", "2026-01-10", "80")
    ledger.post("Deposit", "straight", "2026-02-15", {"bank": "80", "ar": "-80"}, party="c-banked")
    ledger.apply(("Deposit", "straight"), ("Invoice", "banked"), "80", kind="deposit")


def _refunds(ledger: LedgerRows) -> None:
    for name in ("cheque", "returned", "bounced"):
        ledger.invoice(name, "2026-01-10", "100", "10")
        ledger.pay(f"{name}-paid", "2026-01-20", "110", **{name: "110"})
    ledger.post("Purchase", "cheque-out", "2026-03-01", {"ar": "55", "bank": "-55"}, party="c-cheque")
    ledger.post("CreditMemo", "return", "2026-02-01", {"ar": "-33", "sales": "30", "tax": "3"}, party="c-returned")
    ledger.post("Purchase", "return-out", "2026-03-01", {"ar": "33", "bank": "-33"}, party="c-returned")
    ledger.apply(("CreditMemo", "return"), ("Purchase", "return-out"), "33", kind="credit")
    ledger.post("JournalEntry", "chargeback", "2026-02-01", {"ar": "110", "bank": "-110"}, party="c-bounced")
    ledger.post("Payment", "again", "2026-03-01", {"bank": "110", "ar": "-110"}, party="c-bounced")
    ledger.apply(("Payment", "again"), ("JournalEntry", "chargeback"), "110")
    ledger.pay("too-much", "2026-01-05", "50")
    ledger.post("Purchase", "given-back", "2026-03-01", {"ar": "50", "bank": "-50"}, party="c-too-much")
    ledger.apply(("Payment", "too-much"), ("Purchase", "given-back"), "50")


def _paid(books: LedgerRows, customer: str) -> dict[int, str]:
    """A customer's revenue by month of 2026; months without any are left out."""
    rows = books.rows(
        "select date_trunc('month', earned_date), sum(amount) from"
        " (select customer_id, earned_date, amount from finance.paid_revenue"
        " union all select customer_id, earned_date, amount from finance.refunded_revenue)"
        f" where customer_id = '{customer}' group by all having sum(amount) <> 0 order by 1"
    )
    return {month.month: str(amount) for month, amount in rows}


@pytest.mark.parametrize(
    ("customer", "revenue"),
    [
        pytest.param("c-partial", {1: "303.03", 2: "303.02", 3: "393.95"}, id="partial payments, rounded cumulatively"),
        pytest.param("many", {2: "272.73"}, id="one payment over many invoices, each by its own share"),
        pytest.param("c-early", {3: "100.00"}, id="an early payment counts in the month of the invoice"),
        pytest.param("c-free", {}, id="an invoice of nothing recognises nothing"),
        pytest.param("c-credited", {2: "60.00"}, id="a credit memo applied is not cash"),
        pytest.param("c-bad", {2: "400.00"}, id="a write-off is not cash"),
        pytest.param("c-unapplied", {}, id="an unapplied payment is not revenue"),
        pytest.param("c-overpaid", {1: "100.00"}, id="an overpayment is capped at the invoice"),
        pytest.param("d", {2: "500.00"}, id="a retainer counts when drawn, by the income lines alone"),
        pytest.param("s", {2: "110.00"}, id="shipping on an income account counts"),
        pytest.param("r", {1: "100.00", 3: "-50.00"}, id="a refund counts in its own month"),
        pytest.param("e", {2: "56857.25"}, id="a foreign invoice counts at its own rate"),
        pytest.param("c-discounted", {2: "95.00"}, id="a discount given at payment is not cash"),
        pytest.param("j", {2: "200.00"}, id="a receivable by journal counts as it is paid"),
        pytest.param("c-banked", {2: "80.00"}, id="a deposit straight to receivables is cash"),
        pytest.param(
            "c-cheque", {1: "100.00", 3: "-50.00"}, id="a refund by cheque takes back the net of what was paid"
        ),
        pytest.param("c-returned", {1: "100.00", 3: "-30.00"}, id="a credit refunded by cheque takes back its net"),
        pytest.param(
            "c-bounced", {1: "100.00", 2: "-100.00", 3: "100.00"}, id="a chargeback takes back, paying it returns"
        ),
        pytest.param("c-too-much", {}, id="money on account given back was no revenue"),
    ],
)
def test_revenue_is_what_was_paid_of_it(books: LedgerRows, customer: str, revenue: dict[int, str]) -> None:
    assert _paid(books, customer) == revenue


def test_the_monthly_measure_is_the_sum_over_all_customers(books: LedgerRows) -> None:
    [(differences,)] = books.rows(
        "select count(*) from finance.monthly_snapshot as company"
        " inner join (select month, sum(revenue_paid_portion) as paid, sum(ar_balance) as owed"
        "   from finance.customer_monthly_snapshot group by month) as customers using (month)"
        " where company.revenue_paid_portion <> paid or company.ar_balance <> owed"
    )
    assert differences == 0


def test_money_collected_counts_tax_and_by_the_day_of_payment(books: LedgerRows) -> None:
    rows = books.rows(
        "select month, cash_collected from finance.customer_monthly_snapshot"
        " where customer_id in ('c-early', 'r') and cash_collected <> 0 order by month"
    )
    assert [(month.month, str(amount)) for month, amount in rows] == [(1, "108.00"), (2, "110.00"), (3, "-54.00")]
