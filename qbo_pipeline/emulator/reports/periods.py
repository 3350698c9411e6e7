"""Stretches of time in reports: QuickBooks' named date ranges, fiscal years, and the columns a range is cut into.

Weeks begin on Sunday. Fiscal quarters and the columns `Quarter` and `Year` follow the company's fiscal year; that columns do
is this emulator's choice, recordings show companies whose fiscal year is the calendar's.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MACRO = re.compile(
    r"(?P<which>this|last|next) (?P<unit>week|month|(?:fiscal|calendar) (?:quarter|year))(?P<to_date>-to-date)?"
)
_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_STEPS = {"last": -1, "this": 0, "next": 1}


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def macro_period(macro: str, today: date, fiscal_month: int) -> Period | None:
    """The range a name such as "last fiscal quarter-to-date" means today, in any case; None for no name of QuickBooks'."""
    macro = macro.strip().lower()
    if macro in {"today", "yesterday"}:
        day = today if macro == "today" else today - _DAY
        return Period(day, day)
    if macro == "next 4 weeks":
        start = _week_start(today) + timedelta(days=7)
        return Period(start, start + timedelta(days=27))
    match = _MACRO.fullmatch(macro)
    if match is None or (match["which"] == "next" and match["to_date"]):
        return None
    step = _STEPS[match["which"]]
    whole = _shifted(match["unit"], step, today, fiscal_month)
    if not match["to_date"]:
        return whole
    current = _shifted(match["unit"], 0, today, fiscal_month)
    return Period(whole.start, min(whole.start + (today - current.start), whole.end))


def fiscal_year_start(day: date, fiscal_month: int) -> date:
    """The first day of the fiscal year a day lies in; `fiscal_month` is the month it begins with."""
    return date(day.year - (day.month < fiscal_month), fiscal_month, 1)


def split(period: Period, by: str, fiscal_month: int) -> list[Period]:
    """A period cut at the ends of its days, weeks, months, quarters or years ("Days", "Week", "Month", ...)."""
    pieces = []
    start = period.start
    while start <= period.end:
        end = min(_natural(by, start, fiscal_month).end, period.end)
        pieces.append(Period(start, end))
        start = end + _DAY
    return pieces


def title(period: Period, by: str, fiscal_month: int) -> str:
    """A column's title: "Jan 2024", "Jan - Mar 2024", and with days for a part: "Jul 4 - Dec 31, 2013"."""
    start, end = period.start, period.end
    if start == end:
        return f"{start:%b} {start.day}, {start.year}"
    if by in {"Month", "Quarter", "Year"} and period == _natural(by, start, fiscal_month):
        if by == "Month":
            return f"{start:%b} {start.year}"
        return f"{start:%b} - {end:%b} {end.year}" if start.year == end.year else f"{start:%b %Y} - {end:%b %Y}"
    first = f"{start:%b} {start.day}" if start.year == end.year else f"{start:%b} {start.day}, {start.year}"
    last = f"{end.day}" if (start.year, start.month) == (end.year, end.month) else f"{end:%b} {end.day}"
    return f"{first} - {last}, {end.year}"


def _natural(by: str, day: date, fiscal_month: int) -> Period:
    if by == "Days":
        return Period(day, day)
    unit = {"Week": "week", "Month": "month", "Quarter": "fiscal quarter", "Year": "fiscal year"}[by]
    return _shifted(unit, 0, day, fiscal_month)


def _shifted(unit: str, step: int, day: date, fiscal_month: int) -> Period:
    """The whole unit that lies `step` units from the one a day is in."""
    if unit == "week":
        start = _week_start(day) + timedelta(days=7 * step)
        return Period(start, start + timedelta(days=6))
    calendar, _, length = unit.rpartition(" ")
    months = _MONTHS[length]
    year = fiscal_year_start(day, fiscal_month if calendar == "fiscal" else 1)
    passed = (day.year - year.year) * 12 + day.month - year.month
    start = _months_later(year, passed // months * months + step * months)
    return Period(start, _months_later(start, months) - _DAY)


def _months_later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _week_start(day: date) -> date:
    return day - timedelta(days=day.isoweekday() % 7)
