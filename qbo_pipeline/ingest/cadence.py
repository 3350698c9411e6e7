"""How often the schedule asks a company: less often the longer nothing happened in it, because every question costs money.

A company that people work in is asked at every tick and its checks run on time. One in which nothing changed for
`QBO_IDLE_AFTER_HOURS` is asked four times less often, and half as often with every doubling of that time:

    nothing changed for    1 day    2 days   4 days   8 days   16 days
    asked every            1 hour   2 h      4 h      8 h      12 h (QBO_IDLE_EVERY_HOURS)

One change, and everything is as before. Sync Now asks at once. A company whose webhooks can be relied on need not be asked
whether something happened: once nothing did for `QBO_WEBHOOK_QUIET_HOURS`, it is asked as seldom as any at once.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from qbo_pipeline.catalog import HOURLY, Entity
from qbo_pipeline.settings import Settings

TICK = timedelta(minutes=15)  # What the schedule does unless it is told otherwise.
FIRST_STRETCH = 4
CHECK_EVERY_MAX = timedelta(days=7)
# A tick comes some seconds or minutes after the last one's hour is full; what falls due meanwhile is done with it.
PUNCTUALITY = timedelta(minutes=5)


class Asked(Protocol):
    """What is known of a connection: when it was last synced completely, and when a sync last brought something."""

    @property
    def last_sync_at(self) -> datetime | None: ...
    @property
    def last_change_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Cadence:
    """How often one company is asked: `stretch` times less often than one that people work in."""

    stretch: int = 1

    @property
    def every(self) -> timedelta:
        """The time between two scheduled syncs."""
        return self.stretch * TICK

    def is_due(self, connection: Asked, now: datetime) -> bool:
        """Whether the schedule asks the company at `now`."""
        if self.stretch == 1 or connection.last_sync_at is None:
            return True
        return now - connection.last_sync_at >= self.every - PUNCTUALITY

    def is_check_due(self, entity: Entity, cursor: datetime, now: datetime) -> bool:
        """Whether an entity read through `cursor` is to be asked for by query at `now`."""
        return now - cursor >= min(self.stretch * check_every(entity), CHECK_EVERY_MAX) - PUNCTUALITY


AT_EVERY_TICK = Cadence()


def cadence_of(connection: Asked, settings: Settings, *, is_heard: bool = False) -> Cadence:
    """The cadence of a company after what its last sync found; `is_heard` says that its webhooks can be relied on."""
    if connection.last_sync_at is None or connection.last_change_at is None:
        return AT_EVERY_TICK
    idle = connection.last_sync_at - connection.last_change_at
    idle_after = timedelta(hours=settings.idle_after_hours)
    longest = timedelta(hours=settings.idle_every_hours) // TICK
    if longest <= 1:
        return AT_EVERY_TICK
    quiet_after = timedelta(hours=settings.webhook_quiet_hours)
    if is_heard and quiet_after and idle >= quiet_after:
        return Cadence(longest)
    if idle < idle_after:
        return AT_EVERY_TICK
    return Cadence(min(FIRST_STRETCH << int(math.log2(idle / idle_after)), longest))


def check_every(entity: Entity) -> timedelta:
    """How often an entity is asked for by query; one of the change feed only where the feed refuses it, and then hourly."""
    return entity.checked_every or HOURLY
