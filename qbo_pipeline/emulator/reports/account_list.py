"""AccountList: the chart of accounts with today's balances, in the default columns of QuickBooks' own screen."""

from collections.abc import Callable
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.reports.chart import Chart, is_temporary, natural
from qbo_pipeline.emulator.reports.closing import closing
from qbo_pipeline.emulator.reports.document import Cell, Report, cell, column, data, terse
from qbo_pipeline.emulator.reports.inquiry import Inquiry

_TITLES = {
    "account_name": ("Account", "String"),
    "account_type": ("Type", "String"),
    "detail_acc_type": ("Detail type", "String"),
    "account_desc": ("Description", "String"),
    "account_bal": ("Balance", "Money"),
}
_ReadBalance = Callable[[Account], Decimal | None]


def account_list(inquiry: Inquiry) -> Report:
    """The report; accounts of the income statement have no balance there."""
    keys = [key for key in inquiry.parameters.listed("columns") if key in _TITLES] or list(_TITLES)
    types = {kind.casefold() for kind in inquiry.parameters.listed("account_type")}
    books = inquiry.books
    accounts = books.accounts()
    closed = closing(books.postings("Accrual"), accounts, books.today, books.fiscal_year_start_month)

    def balance(account: Account) -> Decimal | None:
        held = closed.permanent.get(account.id, Decimal(0))
        return None if is_temporary(account) else natural(account, held)

    rows = [
        data(_cells(inquiry, account, keys, balance))
        for account in Chart(accounts.values()).in_order()
        if account.active and (not types or account.type.replace(" ", "").casefold() in types)
    ]
    return Report(header={}, columns=[column(*_TITLES[key], key) for key in keys], rows=rows, has_data=bool(rows))


def _cells(inquiry: Inquiry, account: Account, keys: list[str], balance: _ReadBalance) -> list[Cell]:
    shown = {
        "account_name": cell(account.full_name, account.id),
        "account_type": cell(account.type),
        "detail_acc_type": cell(account.subtype),
        "account_desc": cell(inquiry.lists.description(account.id)),
        "account_bal": cell(terse(balance(account))),
    }
    return [shown[key] for key in keys]
