"""TrialBalance: what stands on every account at the end of a period, under the fiscal-year rule.

Shape recorded from the US sample company: full names, rows without a type, an account of balance zero on its natural side.
"""

from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.reports.chart import Chart, natural, retained_earnings
from qbo_pipeline.emulator.reports.closing import closing, moved
from qbo_pipeline.emulator.reports.document import Report, Row, cell, column, grand_total, plain, untyped
from qbo_pipeline.emulator.reports.inquiry import Inquiry


def trial_balance(inquiry: Inquiry) -> Report:
    """The report."""
    books, end = inquiry.books, inquiry.period.end
    accounts = dict(books.accounts())
    postings = inquiry.postings()
    closed = closing(postings, accounts, end, books.fiscal_year_start_month)
    balances = closed.permanent | closed.temporary
    retained = retained_earnings(accounts)
    if closed.earlier_years:
        accounts[retained.id] = retained
        balances[retained.id] = balances.get(retained.id, Decimal(0)) + closed.earlier_years
    shown = moved(postings, inquiry.period)
    rows = [
        _row(account, balances[account.id])
        for account in Chart(accounts.values()).in_order()
        if account.id in balances and (balances[account.id] or account.id in shown)
    ]
    debit = sum((balance for balance in balances.values() if balance > 0), Decimal(0))
    credit = -sum((balance for balance in balances.values() if balance < 0), Decimal(0))
    return Report(
        header=inquiry.header() | {"SummarizeColumnsBy": "Total"},
        columns=[column("", "Account"), column("Debit", "Money"), column("Credit", "Money")],
        rows=[*rows, grand_total([cell(plain(debit)), cell(plain(credit))])] if rows else [],
        has_data=bool(rows),
    )


def _row(account: Account, balance: Decimal) -> Row:
    is_debit = balance > 0 if balance else natural(account, Decimal(1)) > 0
    amount = plain(abs(balance))
    name = cell(account.full_name, account.id or None)
    return untyped([name, cell(amount if is_debit else ""), cell("" if is_debit else amount)])
