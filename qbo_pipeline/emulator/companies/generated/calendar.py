"""When things happened in a generated company: positions to instants, instants to QuickBooks' texts.

Documents are entered on weekdays in Californian working hours (14:00 to 23:00 UTC, clear of midnight in both zones, so an
instant and its Pacific date never disagree). The last day is the day before `as_of`: nothing lies in its future.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86_400
_OPENING = 14 * 3_600
_WORKING_SECONDS = 9 * 3_600
_DUE_DAYS_MAX = 120
_PACIFIC = ZoneInfo("America/Los_Angeles")


class Calendar:
    """The working days of `days` calendar days before `as_of`."""

    def __init__(self, as_of: date, days: int) -> None:
        self._first = as_of - timedelta(days=days)
        self._midnight = _midnight(self._first)
        spans = [self._first + timedelta(days=offset) for offset in range(days + _DUE_DAYS_MAX)]
        self._dates = [day.isoformat() for day in spans]
        self._offsets = [_pacific_offset(day) for day in spans]
        self._openings = [_midnight(day) + _OPENING for day in spans[:days] if day.weekday() < 5]
        self._seconds = len(self._openings) * _WORKING_SECONDS
        self.last_instant = self._openings[-1] + _WORKING_SECONDS

    @property
    def working_days(self) -> int:
        return len(self._openings)

    def instant(self, position: int, total: int) -> int:
        """The epoch second at which the document at `position` of `total` was entered."""
        second = position * self._seconds // total
        return self._openings[second // _WORKING_SECONDS] + second % _WORKING_SECONDS

    def instants(self, positions: Iterable[int], total: int) -> list[int]:
        """`instant` of many positions at once: a million take a fraction of a second."""
        openings, seconds = self._openings, self._seconds
        return [
            openings[(second := position * seconds // total) // _WORKING_SECONDS] + second % _WORKING_SECONDS
            for position in positions
        ]

    def day(self, instant: int) -> int:
        """The calendar day of an instant, counted from the first."""
        return (instant - self._midnight) // DAY

    def date(self, day: int) -> str:
        """A day as QuickBooks writes dates."""
        return self._dates[day]

    def text(self, instant: int) -> str:
        """An instant as QuickBooks writes it: to the second, with the Pacific offset of that day."""
        day, second = divmod(instant - self._midnight, DAY)
        hours, offset = self._offsets[day]
        second += hours * 3_600
        return f"{self._dates[day]}T{second // 3_600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{offset}"


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _pacific_offset(day: date) -> tuple[int, str]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=_PACIFIC)
    offset = noon.utcoffset() or timedelta()
    hours = int(offset.total_seconds()) // 3_600
    return hours, f"{hours:03d}:00"
