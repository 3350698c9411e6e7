"""ProfitAndLossDetail: the postings behind the income statement, account by account.

Names and order of the groups and totals recorded, from an answer whose nesting Intuit calls broken; accounts are nested here
as in the general ledger.
"""

from decimal import Decimal

from qbo_pipeline.emulator.reports.chart import INCOME_STATEMENT, Chart
from qbo_pipeline.emulator.reports.document import Report, Row, section
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.layout import Layout
from qbo_pipeline.emulator.reports.ledger_sections import LedgerSections

_COLUMNS = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")


def profit_and_loss_detail(inquiry: Inquiry) -> Report:
    """The report."""
    accounts = inquiry.books.accounts()
    postings = [
        posting
        for posting in inquiry.postings()
        if posting.date in inquiry.period and accounts[posting.account_id].type in INCOME_STATEMENT
    ]
    layout = Layout(inquiry, _COLUMNS)
    rows = _rows(layout, LedgerSections(layout, Chart(accounts.values()), postings)) if postings else []
    return Report(header=inquiry.header(), columns=layout.definitions(), rows=rows, has_data=bool(rows))


def _rows(layout: Layout, sections: LedgerSections) -> list[Row]:
    income_rows, income = _group(layout, sections, "Income", "Income")
    cost_rows, cost = _group(layout, sections, "Cost of Goods Sold", "Cost of Goods Sold")
    expense_rows, expenses = _group(layout, sections, "Expenses", "Expense")
    gross = [_total(layout, "Gross Profit", income - cost)] if cost_rows else []
    ordinary = _part(
        layout,
        "Ordinary Income/Expenses",
        [*income_rows, *cost_rows, *gross, *expense_rows],
        ("Net Ordinary Income", income - cost - expenses),
    )
    other_rows, other_income = _group(layout, sections, "Other Income", "Other Income")
    other_expense_rows, other_expenses = _group(layout, sections, "Other Expense", "Other Expense")
    other = _part(
        layout,
        "Other Income/Expense",
        [*other_rows, *other_expense_rows],
        ("Net Other Income", other_income - other_expenses),
    )
    net = income - cost - expenses + other_income - other_expenses
    return [*ordinary, *other, _total(layout, "Net Income", net)]


def _group(layout: Layout, sections: LedgerSections, name: str, account_type: str) -> tuple[list[Row], Decimal]:
    """A group of accounts, none where nothing was posted, and what it comes to."""
    rows, total = sections.of_types(account_type)
    if not rows:
        return [], total
    return [section(layout.heading(name), rows, layout.line(f"Total for {name}", amount=total))], total


def _part(layout: Layout, name: str, rows: list[Row], net: tuple[str, Decimal]) -> list[Row]:
    """A half of the report, none where nothing was posted."""
    return [section(layout.heading(name), rows, layout.line(net[0], amount=net[1]))] if rows else []


def _total(layout: Layout, name: str, amount: Decimal) -> Row:
    return section(None, None, layout.line(name, amount=amount))
