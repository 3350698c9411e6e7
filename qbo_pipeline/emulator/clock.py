"""Which moment it is for the emulator: the machine's time, shifted or held still.

Everything that expires, is stamped or is limited asks a clock, so that tests move time instead of waiting for it.
"""

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock, which `advance` can move ahead without waiting."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The machine's time plus all advances."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock ahead of the machine's by so many seconds more."""
        with self._lock:
            self._ahead += timedelta(seconds=seconds)


class ManualClock:
    """A clock that stands still until `advance` moves it."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("A clock needs an aware start, for example datetime(2026, 8, 1, tzinfo=UTC).")
        self._lock = Lock()
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment the clock stands at."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock by so many seconds; a negative number turns it back."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
