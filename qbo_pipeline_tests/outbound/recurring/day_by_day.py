"""What periods a contract has, found the slow way: by asking each day whether a period begins on it."""

from collections.abc import Callable
from datetime import date, timedelta

from qbo_pipeline.outbound.recurring.contract import Cadence

DAY = timedelta(days=1)


def starts_of_periods(cadence: Cadence, first: date, last: date) -> list[date]:
    """The days in `[first, last]` on which a period of the grid begins."""
    begins = _rule(cadence)
    return [day for day in _days(first, last) if begins(day)]


def _rule(cadence: Cadence) -> Callable[[date], bool]:
    anchor, every = cadence.anchor_date, cadence.bill_every
    is_calendar = cadence.alignment == "calendar"
    if cadence.bill_unit == "week":
        weekday = 0 if is_calendar else anchor.weekday()
        week_of_anchor = anchor.toordinal() - (anchor.toordinal() - weekday - 1) % 7
        return lambda day: day.weekday() == weekday and ((day.toordinal() - week_of_anchor) // 7) % every == 0
    months = every * {"month": 1, "quarter": 3, "year": 12}[cadence.bill_unit]

    def is_month(day: date) -> bool:
        if is_calendar and (months % 12 == 0 or months in (1, 2, 3, 4, 6)):
            return (day.month - 1 + (day.year - anchor.year) * 12) % months == 0
        return (day.month - anchor.month + (day.year - anchor.year) * 12) % months == 0

    def is_day(day: date) -> bool:
        is_last = (day + DAY).month != day.month
        if is_calendar:
            return day.day == 1
        if cadence.anchor_is_month_end:
            return is_last
        return day.day == anchor.day or (is_last and anchor.day > day.day)

    return lambda day: is_month(day) and is_day(day)


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * number for number in range((last - first).days + 1)]
