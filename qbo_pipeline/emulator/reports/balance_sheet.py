"""BalanceSheet: what the company has and owes at the end of a period, or of each stretch of it.

Shape recorded from the US sample company: the fiscal year's net income stands in the equity beside Retained Earnings.
Columns of time have no total.
"""

from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.chart import Chart, natural, retained_earnings
from qbo_pipeline.emulator.reports.closing import closing, moved
from qbo_pipeline.emulator.reports.columns import (
    Amounts,
    StatementColumn,
    added,
    definitions,
    statement_columns,
    summarized_by,
)
from qbo_pipeline.emulator.reports.document import Report, Row, cell, data
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.statement import Statement, accumulated, figures

_CURRENT_ASSETS = (
    ("Bank Accounts", "BankAccounts", "Bank"),
    ("Accounts Receivable", "AR", "Accounts Receivable"),
    ("Other Current Assets", "OtherCurrentAssets", "Other Current Asset"),
)
_LASTING_ASSETS = (
    ("Fixed Assets", "FixedAssets", "Fixed Asset"),
    ("Other Assets", "OtherAssets", "Other Asset"),
)
_CURRENT_LIABILITIES = (
    ("Accounts Payable", "AP", "Accounts Payable"),
    ("Credit Cards", "CreditCards", "Credit Card"),
    ("Other Current Liabilities", "OtherCurrentLiabilities", "Other Current Liability"),
)
_LASTING_LIABILITIES = (("Long-Term Liabilities", "LongTermLiabilities", "Long Term Liability"),)
_Groups = tuple[tuple[str, str, str], ...]


def balance_sheet(inquiry: Inquiry) -> Report:
    """The report."""
    postings = inquiry.postings()
    columns = statement_columns(inquiry, postings, sums_periods=False)
    accounts = dict(inquiry.books.accounts())
    retained = retained_earnings(accounts)
    accounts[retained.id] = retained
    amounts, net_income = _amounts(inquiry, postings, columns, accounts)
    shown = moved(postings, inquiry.period)
    amounts = {account_id: row for account_id, row in amounts.items() if any(row) or account_id in shown}
    statement = Statement(Chart(accounts.values()), amounts, len(columns))
    return Report(
        header=inquiry.header() | {"SummarizeColumnsBy": summarized_by(inquiry)},
        columns=definitions(columns),
        rows=[_assets(statement), _liabilities_and_equity(statement, net_income)] if postings else [],
        has_data=bool(postings),
        options=[("AccountingStandard", "GAAP")],
    )


def _amounts(
    inquiry: Inquiry, postings: list[Posting], columns: list[StatementColumn], accounts: dict[str, Account]
) -> tuple[dict[str, Amounts], Amounts]:
    """What every account of the balance sheet shows in each column, and the net income of the fiscal year it ends in."""
    amounts: dict[str, Amounts] = {}
    net_income: Amounts = []
    retained = retained_earnings(accounts)
    for place, column in enumerate(columns):
        held = (posting for posting in postings if column.holds(posting))
        books = closing(held, accounts, column.period.end, inquiry.books.fiscal_year_start_month)
        if books.earlier_years:
            books.permanent[retained.id] = books.permanent.get(retained.id, Decimal(0)) + books.earlier_years
        for account_id, balance in books.permanent.items():
            accumulated(amounts, account_id, place, natural(accounts[account_id], balance), len(columns))
        net_income.append(None if books.this_year is None else -books.this_year)
    return amounts, net_income


def _assets(statement: Statement) -> Row:
    current_rows, current = _groups(statement, _CURRENT_ASSETS)
    lasting_rows, lasting = _groups(statement, _LASTING_ASSETS)
    rows = [statement.group("Current Assets", "CurrentAssets", current_rows, current)] if current_rows else []
    return statement.group("ASSETS", "TotalAssets", rows + lasting_rows, added(current, lasting), "TOTAL ASSETS")


def _liabilities_and_equity(statement: Statement, net_income: Amounts) -> Row:
    current_rows, current = _groups(statement, _CURRENT_LIABILITIES)
    lasting_rows, lasting = _groups(statement, _LASTING_LIABILITIES)
    rows = [statement.group("Current Liabilities", "CurrentLiabilities", current_rows, current)] if current_rows else []
    rows += lasting_rows
    liabilities = added(current, lasting)
    equity_rows, equity = statement.of_types("Equity")
    equity_rows.append(data([cell("Net Income"), *figures(net_income)], "NetIncome"))
    equity = added(equity, net_income)
    sides = [statement.group("Liabilities", "Liabilities", rows, liabilities)] if rows else []
    sides.append(statement.group("Equity", "Equity", equity_rows, equity))
    name = "LIABILITIES AND EQUITY"
    return statement.group(name, "TotalLiabilitiesAndEquity", sides, added(liabilities, equity), f"TOTAL {name}")


def _groups(statement: Statement, groups: _Groups) -> tuple[list[Row], Amounts]:
    rows: list[Row] = []
    total = statement.nothing
    for name, group, account_type in groups:
        accounts, amount = statement.of_types(account_type)
        if accounts:
            rows.append(statement.group(name, group, accounts, amount))
            total = added(total, amount)
    return rows, total
