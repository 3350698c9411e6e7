"""What is open on a day, by age: the part that summaries and details of receivables and payables share.

`aging_method=Current`, the default, deducts whatever was paid since the day too, so that it does not equal that day's balance
sheet; `Report_Date` does. Age counts from the due date, or from the transaction's where the company prefers that, and where
there is no due date (credits, payments, journal lines).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from qbo_pipeline.emulator.accounting.open_items import OpenItem, Side
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.periods import Period, macro_period
from qbo_pipeline.emulator.writing.refusals import invalid_enumeration

PARTY: Mapping[Side, Literal["Customer", "Vendor"]] = {"receivable": "Customer", "payable": "Vendor"}


@dataclass(frozen=True)
class Ageing:
    """One side's open items as a call asks for them."""

    inquiry: Inquiry
    side: Side

    @property
    def party(self) -> Literal["Customer", "Vendor"]:
        """Who owes or is owed."""
        return PARTY[self.side]

    @cached_property
    def macro(self) -> str | None:
        """The named range whose last day is the report's, unless a day is given."""
        parameters = self.inquiry.parameters
        return None if parameters.day("report_date") else (parameters.text("date_macro") or "today").lower()

    @cached_property
    def period(self) -> Period:
        """The days of the named range, or the one day given; "all" ends today."""
        books = self.inquiry.books
        if self.macro is None or self.macro == "all":
            day = self.inquiry.parameters.day("report_date") or books.today
            return Period(day, day)
        period = macro_period(self.macro, books.today, books.fiscal_year_start_month)
        if period is None:
            raise invalid_enumeration("date_macro", self.macro)
        return period

    @property
    def report_date(self) -> date:
        """The day at whose end things are open."""
        return self.period.end

    @cached_property
    def period_days(self) -> int:
        """How many days one age spans."""
        return self.inquiry.parameters.number("aging_period", 30, least=1)

    @cached_property
    def period_count(self) -> int:
        """How many ages there are beside what is not due, the oldest of them open-ended."""
        return self.inquiry.parameters.number("num_periods", 4, least=1)

    def header(self) -> dict[str, str]:
        """The header's part on days and filters."""
        macro = {} if self.macro is None else {"DateMacro": self.macro}
        return {
            **macro,
            "StartPeriod": self.period.start.isoformat(),
            "EndPeriod": self.period.end.isoformat(),
            **self.inquiry.filters_shown(),
        }

    def items(self) -> list[OpenItem]:
        """What is open and passes the filters, in the order of time."""
        parameters = self.inquiry.parameters
        method = parameters.choice("aging_method", ("Report_Date", "Current"), "Current")
        parties = parameters.ids(self.party.lower())
        least = parameters.number("past_due", -(10**6), least=-(10**6))
        earliest, latest = parameters.day("start_duedate"), parameters.day("end_duedate")
        found = self.inquiry.books.open_items(self.side, self.report_date, counts_later_payments=method == "Current")
        kept = (
            item
            for item in found
            if (not parties or item.party_id in parties)
            and self.days_past_due(item) >= least
            and (earliest is None or (item.due_date or item.date) >= earliest)
            and (latest is None or (item.due_date or item.date) <= latest)
        )
        return sorted(kept, key=lambda item: (item.date, item.number, item.transaction_id))

    def days_past_due(self, item: OpenItem) -> int:
        """An item's age in days; zero and less is not due."""
        counts_from = item.due_date
        if counts_from is None or self.inquiry.lists.ages_from_transaction_date:
            counts_from = item.date
        return (self.report_date - counts_from).days

    def age(self, item: OpenItem) -> int:
        """The place of an item's age: 0 for what is not due, then 1 to `period_count`."""
        days = self.days_past_due(item)
        return 0 if days <= 0 else min((days - 1) // self.period_days + 1, self.period_count)

    def bounds(self, age: int) -> tuple[int, int | None]:
        """The first and the last day of an age from 1 on; the oldest has no last one."""
        first = (age - 1) * self.period_days + 1
        return first, None if age == self.period_count else age * self.period_days
