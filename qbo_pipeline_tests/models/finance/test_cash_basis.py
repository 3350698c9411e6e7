"""The cash basis: what is paid counts, on the day it is paid, in the share that is paid."""

from collections.abc import Callable

import pytest

from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows


@pytest.fixture(scope="module")
def books(new_ledger: Callable[[], LedgerRows]) -> LedgerRows:
    """One company; the documents of each story have ids of their own."""
    ledger = new_ledger()
    _three_payments(ledger)
    _income_lines(ledger)
    _money_without_an_invoice(ledger)
    _credits(ledger)
    _costs(ledger)
    _balance_sheet_lines(ledger)
    _foreign_credit(ledger)
    ledger.build()
    return ledger


def _three_payments(ledger: LedgerRows) -> None:
    ledger.invoice("three", "2026-01-10", "1000", "100")
    for number, (day, amount) in enumerate(
        [("2026-01-20", "333.33"), ("2026-02-20", "333.33"), ("2026-03-20", "433.34")]
    ):
        ledger.pay(f"three-{number}", day, amount, three=amount)


def _income_lines(ledger: LedgerRows) -> None:
    amounts = {"ar": "8305.95", "sales": "-7320.00", "services": "-600.00", "tax": "-385.95"}
    ledger.post("Invoice", "lines", "2026-01-10", amounts, party="lines")
    ledger.pay("lines-paid", "2026-02-01", "4240", lines="4240")


def _money_without_an_invoice(ledger: LedgerRows) -> None:
    ledger.pay("held", "2026-01-05", "70")
    ledger.invoice("later", "2026-03-03", "50")
    ledger.pay("early", "2026-02-02", "60", later="50")
    ledger.post("BillPayment", "prepaid", "2026-01-06", {"ap": "80", "bank": "-80"}, party="v")


def _credits(ledger: LedgerRows) -> None:
    ledger.invoice("bad", "2026-01-10", "1000")
    ledger.pay("bad-paid", "2026-02-10", "400", bad="400")
    ledger.post("CreditMemo", "bad-debt", "2026-05-10", {"ar": "-600", "bad_debts": "600"}, party="c-bad")
    ledger.apply(("CreditMemo", "bad-debt"), ("Invoice", "bad"), "600", kind="write_off")
    ledger.post("CreditMemo", "unused", "2026-02-10", {"ar": "-25", "sales": "25"}, party="c-bad")


def _costs(ledger: LedgerRows) -> None:
    ledger.post("Bill", "bill", "2026-01-15", {"ap": "-120", "rent": "100", "tax": "20"}, party="v")
    ledger.post("BillPayment", "bill-paid", "2026-02-15", {"ap": "60", "bank": "-60"}, party="v")
    ledger.apply(("BillPayment", "bill-paid"), ("Bill", "bill"), "60")
    ledger.post("JournalEntry", "accrued", "2026-01-31", {"rent": "40", "equity": "-40"})


def _balance_sheet_lines(ledger: LedgerRows) -> None:
    ledger.post("Bill", "stock", "2026-01-16", {"ap": "-300", "stock": "300"}, party="v")
    ledger.post("Invoice", "goods", "2026-01-17", {"ar": "90", "sales": "-90", "cogs": "60", "stock": "-60"}, party="g")
    ledger.pay("goods-paid", "2026-03-17", "45", goods="45")
    ledger.post("Invoice", "nothing", "2026-01-18", {"sales": "-30", "services": "30"}, party="g")


def _foreign_credit(ledger: LedgerRows) -> None:
    """A credit of 100.00 abroad used for two invoices of 50.00, at other rates; the second invoice is of a later day."""
    hundred, fifty = ({"ar": amount, "sales": f"-{amount}"} for amount in ("100", "50"))
    ledger.post(
        "CreditMemo", "abroad", "2026-01-10", {"ar": "-120", "sales": "120"}, party="eu", rate="1.2",
        foreign={account: f"-{amount}".replace("--", "") for account, amount in hundred.items()},
    )  # fmt: skip
    for name, day in {"near": "2026-01-12", "far": "2026-03-12"}.items():
        ledger.post("Invoice", name, day, {"ar": "55", "sales": "-55"}, party="eu", rate="1.1", foreign=fifty)
    payment = ("Payment", "links")
    ledger.post(
        *payment, "2026-01-20", {"ar": "10", "exchange": "-10"}, party="eu", rate="1.3",
        foreign={"ar": "0", "exchange": "0"},
    )  # fmt: skip
    for invoice in ("near", "far"):
        ledger.apply(
            ("CreditMemo", "abroad"), ("Invoice", invoice), "50", kind="credit", home="55", booked="60", by=payment
        )


def _postings(books: LedgerRows, *documents: str) -> list[str]:
    """Each posting of documents as `day account amount`, debits positive."""
    names = ", ".join(f"'{name}'" for name in documents)
    rows = books.rows(
        "select transaction_date, account_id, debit - credit from ledger.cash_posting"
        f" where transaction_id in ({names}) order by transaction_date, transaction_id, posting_number"
    )
    return [f"{day:%m-%d} {account} {amount}" for day, account, amount in rows]


def test_the_parts_of_a_paid_invoice_add_up_to_its_lines_to_the_cent(books: LedgerRows) -> None:
    assert _postings(books, "three") == [
        "01-20 ar 333.33",
        "01-20 sales -303.03",
        "01-20 tax -30.30",
        "02-20 ar 333.33",
        "02-20 sales -303.02",
        "02-20 tax -30.31",
        "03-20 ar 433.34",
        "03-20 sales -393.95",
        "03-20 tax -39.39",
    ]


def test_a_part_payment_recognises_its_share_of_income_and_leaves_the_rest_to_tax(books: LedgerRows) -> None:
    [(income, tax)] = books.rows(
        "select sum(credit) filter (where account_id in ('sales', 'services')), sum(credit) filter (where role = 'tax')"
        " from ledger.cash_posting where transaction_id = 'lines'"
    )
    assert (str(income), str(tax)) == ("4042.98", "197.02")


def test_money_that_settles_nothing_is_unapplied_income_from_its_own_day(books: LedgerRows) -> None:
    assert _postings(books, "held") == [
        "01-05 bank 70.00",
        "01-05 ar -70.00",
        "01-05 ar 70.00",
        "01-05 unapplied -70.00",
    ]


def test_an_early_payment_is_unapplied_income_until_the_invoice_comes(books: LedgerRows) -> None:
    assert _postings(books, "early", "later") == [
        "02-02 bank 60.00",
        "02-02 ar -60.00",
        "02-02 ar 60.00",
        "02-02 unapplied -60.00",
        "03-03 ar -50.00",
        "03-03 unapplied 50.00",
        "03-03 ar 50.00",
        "03-03 sales -50.00",
    ]


def test_what_the_rates_of_a_credit_and_its_invoice_differ_by_is_no_money_on_account(books: LedgerRows) -> None:
    # 5.00 of it belongs to the invoice of March, and is on account until then.
    assert _postings(books, "links") == [
        "01-20 ar -5.00",
        "01-20 ar 10.00",
        "01-20 unapplied 5.00",
        "01-20 exchange -10.00",
        "03-12 ar 5.00",
        "03-12 unapplied -5.00",
    ]
    owed = "select sum(debit - credit) from ledger.cash_posting where account_id = 'ar' and party_id = 'eu'"
    assert books.rows(owed) == [(0,)]


def test_money_paid_to_a_vendor_ahead_is_unapplied_expense(books: LedgerRows) -> None:
    assert _postings(books, "prepaid") == [
        "01-06 ap -80.00",
        "01-06 ap 80.00",
        "01-06 unapplied_bills 80.00",
        "01-06 bank -80.00",
    ]


def test_a_bad_debt_shows_the_income_it_settles_and_the_loss(books: LedgerRows) -> None:
    assert _postings(books, "bad", "bad-debt")[2:] == [
        "05-10 ar 600.00",
        "05-10 sales -600.00",
        "05-10 ar -600.00",
        "05-10 bad_debts 600.00",
    ]


def test_a_credit_nobody_used_counts_for_nothing(books: LedgerRows) -> None:
    assert _postings(books, "unused") == []


def test_a_bill_counts_as_it_is_paid_with_the_tax_on_it(books: LedgerRows) -> None:
    assert _postings(books, "bill") == ["02-15 ap -60.00", "02-15 rent 50.00", "02-15 tax 10.00"]


def test_a_journal_entry_counts_on_its_own_day(books: LedgerRows) -> None:
    assert _postings(books, "accrued") == ["01-31 rent 40.00", "01-31 equity -40.00"]


def test_stock_stands_on_its_own_day_against_what_is_owed(books: LedgerRows) -> None:
    assert _postings(books, "stock") == ["01-16 ap -300.00", "01-16 stock 300.00"]
    assert _postings(books, "goods") == [
        "01-17 ar 60.00",
        "01-17 stock -60.00",
        "03-17 ar 15.00",
        "03-17 sales -45.00",
        "03-17 cogs 30.00",
    ]


def test_an_invoice_of_nothing_counts_on_its_own_day(books: LedgerRows) -> None:
    assert _postings(books, "nothing") == ["01-18 sales -30.00", "01-18 services 30.00"]


def test_receivables_hold_only_what_does_not_wait_for_payment(books: LedgerRows) -> None:
    [(owed,)] = books.rows(
        "select balance from finance.trial_balance_at(date '2026-12-31', 'Cash') where account_id = 'ar'"
    )
    # Of the goods, half the cost that left stock and is not matched by a payment yet.
    assert str(owed) == "30.00"
