"""How long delivery holds, waits and tries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qbo_pipeline.quickbooks.writing import BATCH_ITEMS_MAX


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The times and counts of delivery.

    `lease` is longer than any one call can take, so that a pusher that lives does not lose its work. `settle` is longer than
    QuickBooks itself works on a call (120 s) and than its queries lag behind its writes: only then does not finding a record
    prove anything. `remembered` is how long a `requestid` is trusted to be known. `tries_max` bounds what is tried
    again; a fate that is unknown is found out first, however long that takes.
    """

    lease: timedelta = timedelta(minutes=10)
    settle: timedelta = timedelta(seconds=150)
    remembered: timedelta = timedelta(hours=24)
    tries_max: int = 8
    backoff: timedelta = timedelta(seconds=1)
    backoff_max: timedelta = timedelta(minutes=5)
    throttled: timedelta = timedelta(seconds=60)
    batch_items: int = BATCH_ITEMS_MAX
    claims: int = 300

    def retry_at(self, now: datetime, tries: int, random: Callable[[], float]) -> datetime:
        """When to try again after so many tries: exponential, with full jitter."""
        longest = min(self.backoff_max, self.backoff * 2 ** min(tries, 20))
        return now + longest * random()
