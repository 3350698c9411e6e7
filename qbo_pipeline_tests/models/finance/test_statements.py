"""Trial balance, balance sheet and income statement, by month-end and at any date, across a fiscal year."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows


@pytest.fixture(scope="module")
def books(new_ledger: Callable[[], LedgerRows]) -> LedgerRows:
    """A company whose fiscal year begins in April, with postings in three of them."""
    ledger = new_ledger()
    ledger.company(fiscal_year="April", token=1)
    ledger.as_of("2026-05-20")
    ledger.post("JournalEntry", "start", "2025-01-15", {"bank": "1000", "equity": "-1000"})
    ledger.invoice("first", "2025-03-31", "500")
    ledger.post("Purchase", "rent", "2025-04-01", {"rent": "120", "bank": "-120"})
    ledger.pay("first-paid", "2025-05-10", "500", first="500")
    ledger.invoice("second", "2026-03-10", "80", "8")
    ledger.post("Purchase", "rent-2", "2026-05-01", {"rent": "130", "bank": "-130"})
    ledger.post("Purchase", "tomorrow", "2026-05-21", {"rent": "1", "bank": "-1"})
    ledger.build()
    return ledger


def _balances(books: LedgerRows, month: str, method: str = "Accrual") -> dict[str, str]:
    rows = books.rows(
        "select account_id, balance from finance.trial_balance"
        f" where month = '{month}' and accounting_method = '{method}' and balance <> 0"
    )
    return {account: str(balance) for account, balance in rows}


def _at(books: LedgerRows, function: str) -> dict[str, str]:
    rows = books.rows(f"select coalesce(account_id, 'net income'), balance from finance.{function}")
    return {account: str(balance) for account, balance in rows}


def test_income_and_cost_start_again_each_fiscal_year_and_the_result_goes_to_retained_earnings(
    books: LedgerRows,
) -> None:
    assert _balances(books, "2025-03-01") == {
        "bank": "1000.00",
        "ar": "500.00",
        "equity": "-1000.00",
        "sales": "-500.00",
    }
    assert _balances(books, "2025-04-01") == {
        "bank": "880.00",
        "ar": "500.00",
        "equity": "-1000.00",
        "retained": "-500.00",
        "rent": "120.00",
    }
    assert _balances(books, "2026-05-01")["retained"] == "-460.00"


def test_the_running_month_ends_on_its_last_day(books: LedgerRows) -> None:
    [(day, rent)] = books.rows(
        "select as_of_date, balance from finance.trial_balance"
        " where month = '2026-05-01' and accounting_method = 'Accrual' and account_id = 'rent'"
    )
    assert (day.isoformat(), str(rent)) == ("2026-05-31", "131.00")
    assert books.rows("select month from finance.month_end where is_running") == [(day.replace(day=1),)]


@pytest.mark.parametrize("method", ["Accrual", "Cash"])
def test_the_function_at_a_month_end_gives_the_table(books: LedgerRows, method: str) -> None:
    for month, day in (("2025-03-01", "2025-03-31"), ("2025-04-01", "2025-04-30"), ("2026-03-01", "2026-03-31")):
        assert _at(books, f"trial_balance_at(date '{day}', '{method}')") == _balances(books, month, method)


def test_the_statements_of_any_day_and_period(books: LedgerRows) -> None:
    assert _at(books, "trial_balance_at(date '2026-05-20')")["rent"] == "130.00"
    rows = books.rows(
        "select account_id, amount, net_amount from finance.profit_and_loss_between('2025-03-31', '2025-04-01')"
    )
    assert rows == [("sales", Decimal("500.00"), Decimal("500.00")), ("rent", Decimal("120.00"), Decimal("-120.00"))]
    sheet = books.rows("select account_name, section, amount from finance.balance_sheet_at(date '2025-04-30')")
    assert [(name, section, str(amount)) for name, section, amount in sheet] == [
        ("bank", "Assets", "880.00"),
        ("ar", "Assets", "500.00"),
        ("equity", "Equity", "1000.00"),
        ("retained", "Equity", "500.00"),
        ("Net income", "Equity", "-120.00"),
    ]


def test_the_balance_sheet_compares_with_the_month_and_the_year_before(books: LedgerRows) -> None:
    [row] = books.rows(
        "select amount, prior_month_amount, prior_year_amount from finance.balance_sheet"
        " where month = '2026-04-01' and accounting_method = 'Accrual' and account_id is null"
    )
    assert [str(amount) for amount in row] == ["0.00", "-40.00", "-120.00"]


def test_the_income_statement_compares_with_the_year_to_date_and_the_year_before(books: LedgerRows) -> None:
    [row] = books.rows(
        "select amount, year_to_date_amount, prior_month_amount, prior_year_amount, prior_year_to_date_amount"
        " from finance.profit_and_loss where month = '2026-03-01' and accounting_method = 'Accrual' and account_id = 'sales'"
    )
    assert [str(amount) for amount in row] == ["80.00", "80.00", "0.00", "500.00", "500.00"]


def test_money_of_the_month_is_told_by_what_it_was_for(books: LedgerRows) -> None:
    rows = books.rows("select month, activity, kind, account_id, amount from finance.cash_flow order by month")
    assert [(f"{month:%y-%m}", *about, str(amount)) for month, *about, amount in rows] == [
        ("25-01", "financing", "owners", "equity", "1000.00"),
        ("25-04", "operating", "costs", "rent", "-120.00"),
        ("25-05", "operating", "customers", "ar", "500.00"),
        ("26-05", "operating", "costs", "rent", "-131.00"),
    ]


def test_a_copy_under_another_name_answers_the_functions(books: LedgerRows, tmp_path: Path) -> None:
    copy = shutil.copyfile(books.warehouse.path, tmp_path / "analytics.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as analytics (read_only)")
        connection.execute("use analytics")
        for function in (
            "trial_balance_at(date '2026-03-31', 'Cash')",
            "balance_sheet_at(date '2026-03-31')",
            "profit_and_loss_between(date '2025-01-01', date '2026-03-31')",
            "open_items_at(date '2026-03-31')",
            "ar_aging_at(date '2026-03-31', 'transaction_date', 15, 6)",
        ):
            assert connection.execute(f"select count(*) from finance.{function}").fetchone()[0] > 0
        assert connection.execute("select count(*) from finance.ap_aging_at(date '2026-03-31')").fetchone() == (0,)
        assert connection.execute("select count(*) from finance.open_item").fetchone()[0] > 0
