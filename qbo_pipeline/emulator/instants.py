"""QuickBooks' ways of writing moments: answers carry Pacific offsets, requests come in several forms."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")

_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:T(?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)


def stamp(moment: datetime) -> str:
    """A moment as records carry it: whole seconds, Pacific offset."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")


def answer_time(moment: datetime) -> str:
    """A moment as the `time` of an answer: milliseconds, Pacific offset."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def epoch(stamped: str) -> int:
    """The epoch second of a record's stamp."""
    return int(datetime.fromisoformat(stamped).timestamp())


def today(moment: datetime) -> date:
    """The date it is in California at a moment."""
    return moment.astimezone(PACIFIC).date()


def parse_moment(text: str) -> datetime:
    """The moment meant by a client's date or date-time, whole seconds in UTC; without an offset it is Pacific time.

    Raises ValueError for anything else, also for an offset whose `+` became a space on its way through the URL.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no date or date-time")
    moment = datetime.fromisoformat(f"{match['date']}T{match['time'] or '00:00'}{match['offset'] or ''}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)).astimezone(UTC)
