"""What the threads that read companies tell and ask the one that lands: pages, outcomes, and questions about what is landed."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.company import Company
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.quickbooks.record import Record

# A question to the warehouse: what is asked is a function of an open connection.
LookUp = Callable[[Any], Any]


@dataclass(frozen=True)
class Reading:
    """One entity to read: all of it, or what changed since `changed_since` (QuickBooks' time), or the records of `ids`.

    `holds_rows` says that records of it may be landed, so that those that vanished are looked for. `known_deleted` are ids
    whose deletion was told already and may not have landed yet. `by_feed` marks what came through the change feed,
    `is_refused_by_feed` what the feed says it does not tell. `bookmark` is where an earlier full read was broken off.
    """

    entity: Entity
    changed_since: datetime | None = None
    holds_rows: bool = False
    known_deleted: frozenset[str] = frozenset()
    by_feed: bool = False
    is_refused_by_feed: bool = False
    bookmark: Bookmark | None = field(default=None, repr=False)
    ids: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`feed`, `full`, `changes` or `named`, as the cursor and the log name it."""
        if self.by_feed:
            return "feed"
        if self.ids:
            return "named"
        return "full" if self.changed_since is None else "changes"


@dataclass(frozen=True)
class Pages:
    """Records of one entity that have arrived."""

    company: Company
    entity: Entity
    records: Sequence[Record]


@dataclass(frozen=True)
class Reread:
    """Records read again because what they refer to changed; their entity's own reading is another matter."""

    company: Company
    entity: Entity
    records: Sequence[Record]


@dataclass(frozen=True)
class EntityRead:
    """How reading one entity ended: `read`, `not_offered`, `error` or `skipped`; `read_through` None moves no cursor.

    `bookmark` is where it goes on if it was broken off.
    """

    company: Company
    reading: Reading
    outcome: str
    read_through: datetime | None = None
    records_read: int = 0
    seconds: float = 0.0
    error: Exception | None = None
    bookmark: Bookmark | None = field(default=None, repr=False)


@dataclass(frozen=True)
class FeedRead:
    """The change feed was read up to `read_through` for all that the cursors of `tables` speak for, and they are to move."""

    company: Company
    tables: Sequence[str]
    read_through: datetime


@dataclass(frozen=True)
class CompanyRead:
    """Reading one company has ended; every entity was told of before, unless an error of our own ended it."""

    company: Company
    seconds: float
    error: Exception | None = None


@dataclass(frozen=True)
class Question:
    """Something a reading thread must know of what is landed; it waits for the answer."""

    company: Company
    look_up: LookUp
    answer: Future[Any] = field(default_factory=Future)


Message = Pages | Reread | EntityRead | FeedRead | CompanyRead | Question


@dataclass(frozen=True)
class Reader:
    """A company being read: whom to tell what came, and whom to ask what is landed."""

    company: Company
    tell: Callable[[Message], None]
    ask: Callable[[LookUp], Any]
