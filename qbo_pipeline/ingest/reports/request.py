"""What is asked of QuickBooks' reports: their names, periods and parameters, in the few forms this project needs.

    GeneralLedger                    by half-years, and smaller where QuickBooks refuses one as too large
    ProfitAndLoss, BalanceSheet      by calendar year with a column per month, on both accounting methods
    TrialBalance                     at a month's end
    AgedReceivables, AgedPayables    at a month's end, as it was on that day

The periods are those of the calendar, so that asking again asks for the same report.
"""

import calendar
import json
from dataclasses import dataclass
from datetime import date, timedelta

GENERAL_LEDGER = "GeneralLedger"
STATEMENTS = ("ProfitAndLoss", "BalanceSheet")
TRIAL_BALANCE = "TrialBalance"
AGING = ("AgedReceivables", "AgedPayables")
ACCRUAL, CASH = "Accrual", "Cash"

_BY_MONTH = (("summarize_column_by", "Month"),)
# Not the default `Current`, which drops what was paid since. The buckets are QuickBooks' defaults, said all the same.
_AS_ON_THE_DAY = (("aging_method", "Report_Date"), ("aging_period", "30"), ("num_periods", "4"))


@dataclass(frozen=True)
class ReportRequest:
    """One report to ask for; `start_date` None for one at a day, `options` are the parameters beyond period and method."""

    report: str
    end_date: date
    start_date: date | None = None
    accounting_method: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """What identifies the report in `raw_qbo.report`."""
        period = f"{self.start_date or ''}..{self.end_date}"
        named = (self.report, period, self.accounting_method, *(f"{name}={value}" for name, value in self.options))
        return " ".join(part for part in named if part)

    @property
    def params(self) -> dict[str, str]:
        """The parameters as QuickBooks spells them."""
        if self.start_date is None:
            period = {"report_date": self.end_date.isoformat()}
        else:
            period = {"start_date": self.start_date.isoformat(), "end_date": self.end_date.isoformat()}
        method = {"accounting_method": self.accounting_method} if self.accounting_method else {}
        return period | method | dict(self.options)

    @property
    def options_text(self) -> str:
        """The options as a JSON object, its names in order."""
        return json.dumps(dict(self.options), sort_keys=True)

    def halves(self) -> "tuple[ReportRequest, ReportRequest] | None":
        """The same report over the two halves of its period; None where it is a day or cannot be put together again."""
        if self.report != GENERAL_LEDGER or self.start_date is None or self.start_date >= self.end_date:
            return None
        middle = _middle(self.start_date, self.end_date)
        first = ReportRequest(self.report, middle, self.start_date, self.accounting_method, self.options)
        second = ReportRequest(
            self.report, self.end_date, middle + timedelta(days=1), self.accounting_method, self.options
        )
        return first, second


def general_ledger(day: date) -> ReportRequest:
    """The general ledger of the half-year that holds `day`."""
    first, last = (1, 6) if day.month <= 6 else (7, 12)
    end = month_end(date(day.year, last, 1))
    return ReportRequest(GENERAL_LEDGER, end, date(day.year, first, 1), ACCRUAL)


def statement(report: str, year: int, accounting_method: str) -> ReportRequest:
    """A profit and loss or balance sheet of a calendar year, by month."""
    return ReportRequest(report, date(year, 12, 31), date(year, 1, 1), accounting_method, _BY_MONTH)


def trial_balance(day: date) -> ReportRequest:
    """The trial balance at the end of the month that holds `day`.

    It restarts income and expenses at the fiscal year's first day, which the twelve months asked for hold in any case.
    """
    end = month_end(day)
    return ReportRequest(TRIAL_BALANCE, end, date(end.year - (end.month < 12), end.month % 12 + 1, 1), ACCRUAL)


def aging(report: str, day: date) -> ReportRequest:
    """An ageing of receivables or payables at the end of the month that holds `day`."""
    return ReportRequest(report, month_end(day), options=_AS_ON_THE_DAY)


def month_end(day: date) -> date:
    """The last day of the month that holds `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _middle(start: date, end: date) -> date:
    """The last day of the first half: a month's end where the period has whole months."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months > 1:
        return month_end(start.replace(day=1, month=start.month + (months + 1) // 2 - 1))
    return start + (end - start) // 2
