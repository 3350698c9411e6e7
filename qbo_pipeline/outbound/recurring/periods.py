"""The periods of a contract, each counted from the anchor and never from the period before it, so that none drifts.

A period is half-open: its end is the next one's start. An anchor on the 29th, 30th or 31st falls on a shorter month's last day
and comes back to its own day in the next longer one; an anchor at the month's end stays at it.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from qbo_pipeline.outbound.recurring.contract import Cadence

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_YEAR = 12
_WEEK = 7


@dataclass(frozen=True, order=True)
class Period:
    """The days `[start, end)` of a contract that one invoice bills, out of the grid's period `[full_start, full_end)`."""

    start: date
    end: date
    full_start: date
    full_end: date

    @property
    def is_full(self) -> bool:
        """Whether it is a whole period of the grid."""
        return (self.start, self.end) == (self.full_start, self.full_end)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def full_days(self) -> int:
        """How many days the whole period has."""
        return (self.full_end - self.full_start).days


def periods(cadence: Cadence, through: date) -> list[Period]:
    """The periods that begin on or before `through`, the oldest first."""
    return list(_periods(cadence, through))


def _periods(cadence: Cadence, through: date) -> Iterator[Period]:
    end_date = cadence.end_date or date.max
    grid = _Grid(cadence)
    place = grid.place_of(cadence.start_date)
    full_start = grid.boundary(place)
    while max(full_start, cadence.start_date) <= through and full_start < end_date:
        place += 1
        full_end = grid.boundary(place)
        start, end = max(full_start, cadence.start_date), min(full_end, end_date)
        if start < end:
            yield Period(start, end, full_start, full_end)
        full_start = full_end


class _Grid:
    """The first days of all periods there could be, by how many periods they are from the anchor."""

    def __init__(self, cadence: Cadence) -> None:
        self._every = cadence.bill_every
        self._is_weekly = cadence.bill_unit == "week"
        self._months = _MONTHS.get(cadence.bill_unit, 0) * self._every
        self._is_at_month_end = cadence.anchor_is_month_end and cadence.alignment == "anniversary"
        self._anchor = cadence.anchor_date if cadence.alignment == "anniversary" else self._calendar_anchor(cadence)

    def boundary(self, place: int) -> date:
        """The first day of the period that is so many from the anchor; beyond the calendar, its last day."""
        if self._is_weekly:
            return self._anchor + timedelta(days=_WEEK * self._every * place)
        months = self._anchor.year * _YEAR + self._anchor.month - 1 + self._months * place
        year, month = months // _YEAR, months % _YEAR + 1
        if year > date.max.year:
            return date.max
        last = calendar.monthrange(year, month)[1]
        return date(year, month, last if self._is_at_month_end else min(self._anchor.day, last))

    def place_of(self, day: date) -> int:
        """How many periods from the anchor the one is that holds `day`."""
        if self._is_weekly:
            return (day - self._anchor).days // (_WEEK * self._every)
        months = (day.year - self._anchor.year) * _YEAR + day.month - self._anchor.month
        place = months // self._months
        # Within a month of a boundary the day decides, and only there.
        return place - 1 if day < self.boundary(place) else place

    def _calendar_anchor(self, cadence: Cadence) -> date:
        """Where the calendar's own periods count from: Mondays, first days of months, and a year's even parts from January."""
        anchor = cadence.anchor_date
        if self._is_weekly:
            return anchor - timedelta(days=anchor.weekday())
        starts_in_january = _YEAR % self._months == 0 or self._months % _YEAR == 0
        return anchor.replace(month=1 if starts_in_january else anchor.month, day=1)
