"""Reading one company: its entities side by side, each page passed on as it comes.

Nothing here touches the warehouse, so that a long first read holds up nobody's load. What goes wrong with one entity is
told and does not stop the others, except when the company itself can no longer be read.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.company import Company
from qbo_pipeline.quickbooks.errors import AuthorisationLost, InvalidQuery, NotOffered, QuickBooksError
from qbo_pipeline.quickbooks.paging import EntityPages
from qbo_pipeline.quickbooks.record import Record

# Four entities side by side hide the latency of the many small ones; the client's own limits hold for all together.
ENTITIES_AT_ONCE = 4


@dataclass(frozen=True)
class Reading:
    """One entity to read: all of it, or what changed since `changed_since` (QuickBooks' time)."""

    entity: Entity
    changed_since: datetime | None = None

    @property
    def kind(self) -> str:
        """`full` or `changes`, as the cursor and the log name it."""
        return "full" if self.changed_since is None else "changes"


@dataclass(frozen=True)
class Pages:
    """Records of one entity that have arrived."""

    company: Company
    entity: Entity
    records: Sequence[Record]


@dataclass(frozen=True)
class EntityRead:
    """How reading one entity ended: `read`, `not_offered`, `error` or `skipped`."""

    company: Company
    reading: Reading
    outcome: str
    read_through: datetime | None = None
    records_read: int = 0
    seconds: float = 0.0
    error: Exception | None = None


@dataclass(frozen=True)
class CompanyRead:
    """Reading one company has ended; every entity was told of before."""

    company: Company
    seconds: float
    error: Exception | None = None


Message = Pages | EntityRead | CompanyRead


def read_company(
    company: Company,
    readings: Sequence[Reading],
    tell: Callable[[Message], None],
    *,
    budget_seconds: float,
    seconds: Callable[[], float] = time.monotonic,
) -> None:
    """Read every one of `readings`, telling pages and outcomes as they come.

    An entity not begun within `budget_seconds` is told as `skipped`: it comes with the next run, whose cursor still
    stands where this one's did.
    """
    started = seconds()
    lost: list[Exception] = []  # Why the company can no longer be read, once that is known.

    def read_one(reading: Reading) -> None:
        if lost or seconds() - started > budget_seconds:
            error = (
                lost[0] if lost else TimeoutError(f"not begun within the {budget_seconds:.0f} s one company may take")
            )
            tell(EntityRead(company, reading, "skipped", error=error))
            return
        outcome = _read_entity(company, reading, tell, seconds)
        if isinstance(outcome.error, AuthorisationLost):
            lost.append(outcome.error)
        tell(outcome)

    with ThreadPoolExecutor(ENTITIES_AT_ONCE, thread_name_prefix=f"read-{company.connection.name}") as pool:
        list(pool.map(read_one, readings))
    tell(CompanyRead(company, seconds() - started, lost[0] if lost else None))


def _read_entity(
    company: Company, reading: Reading, tell: Callable[[Message], None], seconds: Callable[[], float]
) -> EntityRead:
    started = seconds()
    try:
        pages, records_read = _tell_pages(company, reading, tell)
    except NotOffered as error:
        return EntityRead(company, reading, "not_offered", seconds=seconds() - started, error=error)
    except QuickBooksError as error:
        return EntityRead(company, reading, "error", seconds=seconds() - started, error=error)
    return EntityRead(company, reading, "read", pages.as_of, records_read, seconds() - started)


def _tell_pages(company: Company, reading: Reading, tell: Callable[[Message], None]) -> tuple[EntityPages, int]:
    try:
        return _pass_on(company, reading.entity, reading.changed_since, tell)
    except InvalidQuery:
        if reading.changed_since is None:
            raise
        # Some entities cannot be asked for by time of change: they are small, and read whole.
        return _pass_on(company, reading.entity, None, tell)


def _pass_on(
    company: Company, entity: Entity, changed_since: datetime | None, tell: Callable[[Message], None]
) -> tuple[EntityPages, int]:
    records_read = 0
    with closing(company.client.read_all(entity, changed_since=changed_since)) as pages:
        for records in pages:
            records_read += len(records)
            tell(Pages(company, entity, records))
    return pages, records_read
