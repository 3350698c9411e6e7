"""QuickBooks' timestamps as UTC instants, and back.

QuickBooks answers in Pacific time, or the company's, with `-08:00`, `-0800` or `Z`, with or without fractions of a second.
A timestamp without an offset is read as UTC: where that is wrong for the Americas it is too early, and a cursor that is
too early reads a record twice, while one that is too late loses it.
"""

from datetime import UTC, datetime


def parse_instant(text: str) -> datetime:
    """The UTC instant of a QuickBooks timestamp; `ValueError` where it is none."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def literal_instant(instant: datetime) -> str:
    """An instant as a query or the change feed takes it: UTC with `Z`, whole seconds, rounded down.

    QuickBooks compares by the second, and `Z` spares the `+` of an offset, which an unescaped URL turns into a space.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant without a time zone cannot be compared with QuickBooks' clock.")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
