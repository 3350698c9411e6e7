"""The landscaping company's books against what QuickBooks' own reports said on 29 May 2024, over 30 May 2023 to that day.

The figures are the recorded reports', account by account: trial balance, general ledger, profit and loss, balance sheet.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from qbo_pipeline.emulator.accounting.books import Books
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.companies.landscaping import landscaping

REPORTED_ON = date(2024, 5, 29)
FISCAL_YEAR_STARTED = date(2024, 1, 1)
RETAINED_EARNINGS = "2"

# Debits above zero, credits below.
TRIAL_BALANCE = """
35 1201.00  36 800.00  84 5281.52  81 596.25  4 2062.52  38 13495.00  33 -1602.67  41 -157.72  90 -370.94
43 -4000.00  44 -25000.00  34 9337.50  2 -149.62  82 -2250.00  86 89.50  45 -1197.50  48 -1923.50  49 -2220.72
50 -30.00  52 -250.00  53 -50.00  54 -40.00  79 -912.75  1 -503.55  80 405.00  7 74.86  55 113.96  56 294.86
29 112.00  11 241.23  58 155.07  64 234.04  66 195.04  67 215.66  12 75.00  69 390.00  70 55.00  71 100.00
72 185.00  75 755.00  13 28.49  15 18.08  17 900.00  76 200.53  77 130.86  14 2916.00
"""

# Account, number of lines, last balance with the account's natural sign; the account without id is "Not Specified".
GENERAL_LEDGER = """
- 1 0.00  1 2 503.55  4 20 2062.52  7 1 74.86  11 1 241.23  12 1 75.00  13 3 28.49  14 3 2916.00  15 1 18.08
17 1 900.00  29 1 112.00  33 25 1602.67  34 13 -9337.50  35 44 1201.00  36 2 800.00  38 1 13495.00  41 17 157.72
43 1 4000.00  44 1 25000.00  45 18 1477.50  48 14 2246.50  49 8 2351.97  50 3 138.00  52 1 250.00  53 1 50.00
54 8 110.00  55 5 113.96  56 6 349.41  58 2 155.07  64 3 234.04  66 4 353.12  67 1 215.66  69 3 640.00  70 1 55.00
71 2 400.00  72 1 185.00  75 1 755.00  76 2 200.53  77 2 130.86  79 8 912.75  80 6 405.00  81 20 596.25
82 6 2250.00  84 48 5281.52  86 3 -89.50  89 3 0.00  90 16 370.94
"""

# By account type; credits below zero.
STATEMENTS = {
    "Income": "-10200.77",
    "Cost of Goods Sold": "405.00",
    "Expense": "5237.31",
    "Other Expense": "2916.00",
    "Bank": "2001.00",
    "Accounts Receivable": "5281.52",
    "Other Current Asset": "2658.77",
    "Fixed Asset": "13495.00",
    "Accounts Payable": "-1602.67",
    "Credit Card": "-157.72",
    "Other Current Liability": "-4370.94",
    "Long Term Liability": "-25000.00",
    "Equity": "9337.50",
}

TRANSACTIONS = {
    "Bill": 15,
    "Bill Payment (Check)": 7,
    "Bill Payment (Credit Card)": 3,
    "Cash Expense": 6,
    "Check": 8,
    "Credit Card Credit": 1,
    "Credit Card Expense": 5,
    "Credit Memo": 1,
    "Deposit": 5,
    "Expense": 15,
    "Inventory Qty Adjust": 4,
    "Invoice": 31,
    "Journal Entry": 3,
    "Payment": 16,
    "Refund": 1,
    "Sales Receipt": 4,
    "Sales Tax Payment": 2,
}


@pytest.fixture(scope="module")
def books() -> Books:
    seed = landscaping(REPORTED_ON)
    return Books(CompanyRecords(seed.source), seed.unshown, REPORTED_ON)


@pytest.fixture(scope="module")
def postings(books: Books) -> list[Posting]:
    return list(books.postings("Accrual"))


def test_every_account_stands_as_in_the_trial_balance(books: Books, postings: list[Posting]) -> None:
    words = TRIAL_BALANCE.split()
    reported = {account: Decimal(value) for account, value in zip(words[::2], words[1::2], strict=True)}
    balances: Counter[str] = Counter()
    for posting in postings:
        is_earlier_profit = (
            books.accounts()[posting.account_id].is_income_statement and posting.date < FISCAL_YEAR_STARTED
        )
        balances[RETAINED_EARNINGS if is_earlier_profit else posting.account_id] += posting.amount
    assert {account: balance for account, balance in balances.items() if balance} == reported
    assert sum(balance for balance in balances.values() if balance > 0) == Decimal("40658.97")


def test_every_account_has_the_lines_and_the_balance_of_the_general_ledger(
    books: Books, postings: list[Posting]
) -> None:
    words = GENERAL_LEDGER.split()
    reported = {
        account.strip("-"): (int(lines), Decimal(balance))
        for account, lines, balance in zip(words[::3], words[1::3], words[2::3], strict=True)
    }
    lines: Counter[str] = Counter()
    balances: Counter[str] = Counter()
    for posting in (*postings, *books.zero_links()):
        account = books.accounts().get(posting.account_id)
        is_debit = account is None or account.classification in ("Asset", "Expense")
        lines[posting.account_id] += 1
        balances[posting.account_id] += posting.amount if is_debit else -posting.amount
    assert {account: (count, balances[account]) for account, count in lines.items()} == reported
    assert lines.total() == 335


def test_account_types_add_up_to_the_statements(books: Books, postings: list[Posting]) -> None:
    totals: Counter[str] = Counter()
    for posting in postings:
        totals[books.accounts()[posting.account_id].type] += posting.amount
    assert {kind: f"{total:.2f}" for kind, total in totals.items()} == STATEMENTS
    profit = sum(totals[kind] for kind in ("Income", "Cost of Goods Sold", "Expense", "Other Expense"))
    assert profit == Decimal("-1642.46")
    assets = ("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset")
    assert sum(totals[kind] for kind in assets) == Decimal("23436.29")


def test_the_transactions_are_those_of_the_general_ledger(postings: list[Posting]) -> None:
    kinds = {posting.transaction_id: posting.display_type for posting in postings}
    assert Counter(kinds.values()) == TRANSACTIONS
    assert len(kinds) == 127


@pytest.mark.parametrize(
    ("transaction_id", "line"),
    [
        ("9", ("84", "Front yard, hedges, and sidewalks", "", "108.00")),
        ("60", ("84", "", "45", "75.00")),
        ("39", ("86", "Discount", "84", "30.50")),
        ("42", ("45", "Weekly Gardening Service", "84", "-75.00")),
        ("93", ("89", "", "84", "-8.44")),
        ("119", ("80", "Rock Fountain", "84", "125.00")),
        ("74", ("84", "", "", "0.00")),
        ("72", ("35", "Amy claims the pest control did not occur", "84", "105.00")),
        ("90", ("33", "Lawyer fees related to Startup", "71", "-300.00")),
        ("126", ("81", "Fountain Pump", "33", "80.00")),
        ("121", ("36", "Money to savings", "35", "200.00")),
        ("139", ("41", "Monthly Payment", "35", "900.00")),
        ("6", ("34", "Opening Balance", "", "-13495.00")),
        ("123", ("89", "Q1 Payment", "", "38.40")),
        ("113", ("34", "Opening inventory for Rock Fountain", "34", "-375.00")),
    ],
)
def test_lines_carry_the_recorded_words_and_opposite_account(
    postings: list[Posting], transaction_id: str, line: tuple[str, str, str, str]
) -> None:
    found = [
        (posting.account_id, posting.memo, posting.split_account_id, f"{posting.amount:.2f}")
        for posting in postings
        if posting.transaction_id == transaction_id
    ]
    assert found.count(line) == 1


def test_names_are_told_in_full_and_the_company_introduces_itself(books: Books) -> None:
    assert books.name_of("Customer", "9") == "Freeman Sporting Goods:55 Twin Lane"
    assert books.name_of("Vendor", "46") == "Norton Lumber and Building Materials"
    assert books.name_of("Employee", "54") == "John Johnson"
    assert books.name_of("", "") == ""
    assert (books.home_currency, books.fiscal_year_start_month, books.default_basis) == ("USD", 1, "Accrual")


def test_open_bills_are_the_recorded_ones(books: Books) -> None:
    owed = books.open_items("payable", REPORTED_ON, counts_later_payments=False)
    assert {item.transaction_id: f"{item.open_amount:.2f}" for item in owed} == {
        "78": "86.44",
        "44": "755.00",
        "19": "241.23",
        "108": "315.00",
        "126": "205.00",
    }
