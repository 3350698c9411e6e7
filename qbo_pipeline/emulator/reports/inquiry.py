"""One call of a report: the books it is about, what was asked, and what every builder reads out of both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qbo_pipeline.emulator.accounting.books import Books
from qbo_pipeline.emulator.accounting.posting import Basis, Posting
from qbo_pipeline.emulator.reports.lists import Lists
from qbo_pipeline.emulator.reports.parameters import Parameters
from qbo_pipeline.emulator.reports.periods import Period, macro_period
from qbo_pipeline.emulator.writing.refusals import invalid_date, invalid_enumeration

# The filters, and what a posting is filtered by.
_FILTERS = {
    "customer": "customer_id",
    "vendor": "vendor_id",
    "item": "item_id",
    "class": "class_id",
    "department": "department_id",
}
_SORT_ORDERS = ("ascend", "descend")


@dataclass(frozen=True)
class Inquiry:
    """What a report's builder works on."""

    name: str
    books: Books
    lists: Lists
    parameters: Parameters

    @cached_property
    def basis(self) -> Basis:
        """The accounting method asked for, by default the company's."""
        return self.parameters.choice("accounting_method", ("Cash", "Accrual"), self.books.default_basis)

    @property
    def is_descending(self) -> bool:
        """Whether rows are asked for in reverse."""
        return self.parameters.choice("sort_order", _SORT_ORDERS, "ascend") == "descend"

    @cached_property
    def macro(self) -> str | None:
        """The named range in force, in lower case as headers show it; explicit dates come before a name."""
        if self.parameters.day("start_date") or self.parameters.day("end_date"):
            return None
        return (self.parameters.text("date_macro") or self.default_macro).lower()

    @property
    def default_macro(self) -> str:
        """The range of a report asked for without one: as recorded, but for the journal, which Intuit's sample shows."""
        return "this month-to-date" if self.name == "JournalReport" else "this calendar year-to-date"

    @cached_property
    def period(self) -> Period:
        """The days asked for. One date alone stands with the first day of its year, or with today."""
        if self.macro is None:
            end = self.parameters.day("end_date") or self.books.today
            start = self.parameters.day("start_date") or date(end.year, 1, 1)
            if start > end:
                raise invalid_date("start_date", start.isoformat(), is_format=False)
            return Period(start, end)
        if self.macro == "all":
            return self._whole_history()
        period = macro_period(self.macro, self.books.today, self.books.fiscal_year_start_month)
        if period is None:
            raise invalid_enumeration("date_macro", self.macro)
        return period

    def header(self, *, has_basis: bool = True) -> dict[str, str]:
        """The header's part on range, basis and filters."""
        period = self.period
        dates = {"StartPeriod": period.start.isoformat(), "EndPeriod": period.end.isoformat()}
        return {
            **({} if self.macro is None else {"DateMacro": self.macro}),
            **({"ReportBasis": self.basis} if has_basis else {}),
            **({} if self.macro == "all" else dates),
            **self.filters_shown(),
        }

    def filters_shown(self) -> dict[str, str]:
        """The filters in force as a header names them: {"Customer": "1"}."""
        given = {name: self.parameters.text(name) for name in _FILTERS}
        return {name.capitalize(): value for name, value in given.items() if value}

    def postings(self) -> list[Posting]:
        """The postings on the basis asked for that pass the filters, up to the end of the period."""
        end = self.period.end
        return list(self.kept(posting for posting in self.books.postings(self.basis) if posting.date <= end))

    def kept(self, postings: Iterable[Posting]) -> Iterator[Posting]:
        """The postings that pass the filters."""
        wanted = {field: self.parameters.ids(name) for name, field in _FILTERS.items()}
        wanted = {field: ids for field, ids in wanted.items() if ids}
        return (posting for posting in postings if all(getattr(posting, field) in ids for field, ids in wanted.items()))

    def _whole_history(self) -> Period:
        postings = self.books.postings(self.basis)
        if not postings:
            return Period(self.books.today, self.books.today)
        return Period(postings[0].date, postings[-1].date)
