"""The columns a statement is cut into: one, one per stretch of time, or one per class, location, customer and so on.

Columns of a dimension are those that have postings, by full name, sub-records in columns of their own; what has none of it
stands under "Not Specified", last before the total.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.document import column
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.periods import Period, split, title

Amounts = list[Decimal | None]  # one per column, None where there was nothing

_STRETCHES = ("Days", "Week", "Month", "Quarter", "Year")
# A dimension's list, and the posting's field that refers to it.
_DIMENSIONS = {
    "Customers": ("Customer", "customer_id"),
    "Vendors": ("Vendor", "vendor_id"),
    "Classes": ("Class", "class_id"),
    "Departments": ("Department", "department_id"),
    "Employees": ("Employee", "name_id"),
    "ProductsAndServices": ("Item", "item_id"),
}
_NOT_SPECIFIED = "**"  # the key Intuit's samples of sales by class give it


@dataclass(frozen=True)
class StatementColumn:
    """A column and what belongs in it: postings of some days and, in a column of a dimension, of one record."""

    title: str
    key: str
    period: Period
    shows_period: bool = False
    field: str = ""
    record_id: str = ""

    def holds(self, posting: Posting) -> bool:
        """Whether a posting belongs in the column, whatever its day."""
        if self.field == "name_id":
            return (posting.name_id if posting.name_kind == "Employee" else "") == self.record_id
        return not self.field or getattr(posting, self.field) == self.record_id

    def definition(self) -> dict[str, Any]:
        """The column as the report defines it."""
        period = (self.period.start, self.period.end) if self.shows_period else None
        return column(self.title, "Money", self.key, period)


def statement_columns(inquiry: Inquiry, postings: Iterable[Posting], *, sums_periods: bool) -> list[StatementColumn]:
    """The columns asked for; `sums_periods` adds a total after columns of time, as only flows can be added up."""
    by = summarized_by(inquiry)
    total = StatementColumn("Total", "total", inquiry.period)
    if by == "Total":
        return [total]
    if by in _DIMENSIONS:
        return [*_dimension_columns(inquiry, by, postings), total]
    month = inquiry.books.fiscal_year_start_month
    stretches = [(piece, title(piece, by, month)) for piece in split(inquiry.period, by, month)]
    columns = [StatementColumn(name, name, piece, shows_period=True) for piece, name in stretches]
    return [*columns, total] if sums_periods else columns


def summarized_by(inquiry: Inquiry) -> str:
    """How the caller wants columns, in QuickBooks' spelling."""
    return inquiry.parameters.choice("summarize_column_by", ("Total", *_STRETCHES, *_DIMENSIONS), "Total")


def definitions(columns: Sequence[StatementColumn]) -> list[dict[str, Any]]:
    """The definitions of a statement's columns, the accounts' first."""
    return [column("", "Account", "account"), *(each.definition() for each in columns)]


def added(one: Amounts, other: Amounts) -> Amounts:
    """Column by column; nothing and something make something."""
    return [a if b is None else b if a is None else a + b for a, b in zip(one, other, strict=True)]


def less(one: Amounts, other: Amounts) -> Amounts:
    """Column by column, the first without the second."""
    return added(one, [None if amount is None else -amount for amount in other])


def in_figures(amounts: Amounts) -> Amounts:
    """The same with a zero where there was nothing, as totals have it."""
    return [Decimal(0) if amount is None else amount for amount in amounts]


def _dimension_columns(inquiry: Inquiry, by: str, postings: Iterable[Posting]) -> list[StatementColumn]:
    entity, field = _DIMENSIONS[by]
    is_employee = by == "Employees"
    used = {
        getattr(posting, field) if not is_employee or posting.name_kind == "Employee" else "" for posting in postings
    }
    named = sorted((inquiry.lists.full_name(entity, record_id), record_id) for record_id in used if record_id)
    columns = [
        StatementColumn(name, record_id, inquiry.period, field=field, record_id=record_id) for name, record_id in named
    ]
    unnamed = [StatementColumn("Not Specified", _NOT_SPECIFIED, inquiry.period, field=field)] if "" in used else []
    return columns + unnamed
