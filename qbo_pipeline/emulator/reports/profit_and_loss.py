"""ProfitAndLoss: income and expenses of a period, straight through the turns of fiscal years.

Shape recorded from the US sample company. `Income` and `Expenses` are always there, the other groups only with accounts.
"""

from qbo_pipeline.emulator.reports.chart import INCOME_STATEMENT, Chart, natural
from qbo_pipeline.emulator.reports.columns import (
    Amounts,
    added,
    definitions,
    less,
    statement_columns,
    summarized_by,
)
from qbo_pipeline.emulator.reports.document import Report, Row
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.statement import Statement, accumulated


def profit_and_loss(inquiry: Inquiry) -> Report:
    """The report."""
    accounts = inquiry.books.accounts()
    postings = [
        posting
        for posting in inquiry.postings()
        if posting.date in inquiry.period and accounts[posting.account_id].type in INCOME_STATEMENT
    ]
    columns = statement_columns(inquiry, postings, sums_periods=True)
    amounts: dict[str, Amounts] = {}
    for posting in postings:
        amount = natural(accounts[posting.account_id], posting.amount)
        for place, column in enumerate(columns):
            if posting.date in column.period and column.holds(posting):
                accumulated(amounts, posting.account_id, place, amount, len(columns))
    statement = Statement(Chart(accounts.values()), amounts, len(columns))
    return Report(
        header=inquiry.header() | {"SummarizeColumnsBy": summarized_by(inquiry)},
        columns=definitions(columns),
        rows=_rows(statement),
        has_data=bool(postings),
        options=[("AccountingStandard", "GAAP")],
    )


def _rows(statement: Statement) -> list[Row]:
    income_rows, income = statement.of_types("Income")
    cost_rows, cost = statement.of_types("Cost of Goods Sold")
    expense_rows, expenses = statement.of_types("Expense")
    other_income_rows, other_income = statement.of_types("Other Income")
    other_expense_rows, other_expenses = statement.of_types("Other Expense")
    gross = less(income, cost)
    operating = less(gross, expenses)
    other = less(other_income, other_expenses)
    rows = [statement.group("Income", "Income", income_rows, income)]
    if cost_rows:
        rows.append(statement.group("Cost of Goods Sold", "COGS", cost_rows, cost))
    rows += [
        statement.subtotal("Gross Profit", "GrossProfit", gross),
        statement.group("Expenses", "Expenses", expense_rows, expenses),
        statement.subtotal("Net Operating Income", "NetOperatingIncome", operating),
    ]
    if other_income_rows:
        rows.append(statement.group("Other Income", "OtherIncome", other_income_rows, other_income))
    if other_expense_rows:
        rows.append(statement.group("Other Expenses", "OtherExpenses", other_expense_rows, other_expenses))
    if other_income_rows or other_expense_rows:
        rows.append(statement.subtotal("Net Other Income", "NetOtherIncome", other))
    return [*rows, statement.subtotal("Net Income", "NetIncome", added(operating, other))]
