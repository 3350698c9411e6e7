"""Reading one company: its entities side by side, each page passed on as it comes.

Nothing here touches the warehouse, so that a long first read holds up nobody's load. What goes wrong with one entity is
told and does not stop the others, except when the company itself can no longer be read.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from qbo_pipeline.ingest.change_feed import read_feed
from qbo_pipeline.ingest.deletions import are_all_there, find_vanished
from qbo_pipeline.ingest.merges import follow_merges
from qbo_pipeline.ingest.messages import CompanyRead, EntityRead, Pages, Reader, Reading
from qbo_pipeline.ingest.naming import read_named
from qbo_pipeline.ingest.plan import Plan
from qbo_pipeline.quickbooks.errors import AuthorisationLost, InvalidQuery, NotOffered, QuickBooksError
from qbo_pipeline.quickbooks.paging import Bookmark, EntityPages
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import StateError

# Four entities side by side hide the latency of the many small ones; the client's own limits hold for all together.
ENTITIES_AT_ONCE = 4
# What no other entity of the company would fare better with: consent, tokens and settings are the same for all.
_ENDS_COMPANY = (AuthorisationLost, StateError, SettingsError)


@dataclass(frozen=True)
class Budget:
    """The time one company may take in one run."""

    seconds: float
    is_spent: Callable[[], bool]


class BrokenOffError(TimeoutError):
    """A full read took longer than its company may take; `records_read` are those that came in this run."""

    def __init__(self, bookmark: Bookmark, records_read: int, budget: Budget) -> None:
        super().__init__(
            f"broken off after {len(bookmark.ids):,} records, at the {budget.seconds:g} s one company may take; "
            "the next run goes on from there"
        )
        self.bookmark = bookmark
        self.records_read = records_read


def read_company(
    reader: Reader,
    plan: Plan,
    *,
    budget_seconds: float,
    seconds: Callable[[], float] = time.monotonic,
) -> None:
    """Read what `plan` says, telling pages and outcomes as they come.

    The change feed comes first: no entity's own cursor from this run is then older than what the feed was asked for, and its
    answer shows QuickBooks' clock. An entity not begun within `budget_seconds` is told as `skipped`, and a full read that
    takes longer is broken off: it goes on with the next run, where this one's bookmark is.
    """
    company, started = reader.company, seconds()
    lost: list[Exception] = []  # Why the company can no longer be read, once that is known.
    budget = Budget(budget_seconds, lambda: seconds() - started > budget_seconds)

    def read_one(reading: Reading) -> None:
        if lost or budget.is_spent():
            error = lost[0] if lost else TimeoutError(f"not begun within the {budget.seconds:g} s one company may take")
            reader.tell(EntityRead(company, reading, "skipped", error=error, bookmark=reading.bookmark))
            return
        outcome = _read_entity(reader, reading, budget, seconds)
        if isinstance(outcome.error, _ENDS_COMPANY):
            lost.append(outcome.error)
        reader.tell(outcome)

    for entity, records in plan.in_hand.items():
        reader.tell(Pages(company, entity, records))
        told = Reading(entity, ids=tuple(record.id for record in records))
        reader.tell(EntityRead(company, told, "read", records_read=len(records)))
    readings = [*plan.whole, *plan.named]
    if plan.feed:
        try:
            readings += read_feed(reader, plan)
        except _ENDS_COMPANY as error:
            lost.append(error)
            readings += [Reading(entity, cursor, by_feed=True) for entity, cursor in plan.feed.items()]
    planned = {reading.entity for reading in readings}
    readings += [reading for reading in plan.due(company.client.server_time) if reading.entity not in planned]
    with ThreadPoolExecutor(ENTITIES_AT_ONCE, thread_name_prefix=f"read-{company.connection.name}") as pool:
        list(pool.map(read_one, readings))
    reader.tell(CompanyRead(company, seconds() - started, lost[0] if lost else None))


def _read_entity(reader: Reader, reading: Reading, budget: Budget, seconds: Callable[[], float]) -> EntityRead:
    started = seconds()
    try:
        ended, read_through, records_read = _read(reader, reading, budget)
    except BrokenOffError as error:
        return EntityRead(
            reader.company,
            replace(reading, changed_since=None),
            "skipped",
            records_read=error.records_read,
            seconds=seconds() - started,
            error=error,
            bookmark=error.bookmark,
        )
    except NotOffered as error:
        return EntityRead(reader.company, reading, "not_offered", seconds=seconds() - started, error=error)
    except (QuickBooksError, StateError, SettingsError) as error:
        return EntityRead(reader.company, reading, "error", seconds=seconds() - started, error=error)
    return EntityRead(reader.company, ended, "read", read_through, records_read, seconds() - started)


def _read(reader: Reader, reading: Reading, budget: Budget) -> tuple[Reading, datetime | None, int]:
    """Read an entity as asked, or in full where its changes cannot be asked for or do not explain what QuickBooks counts."""
    if reading.ids:
        return reading, None, read_named(reader, reading)
    if reading.changed_since is not None:
        try:
            pages, ids = _pass_on(reader, reading, budget)
        except InvalidQuery:
            pass  # Some entities cannot be asked for by time of change: they are small, and read whole.
        else:
            if not reading.entity.can_be_deleted or are_all_there(reader, reading.entity, ids, reading.known_deleted):
                return reading, pages.as_of, len(ids)
    whole = replace(reading, changed_since=None)
    pages, ids = _pass_on(reader, whole, budget)
    if whole.holds_rows and whole.entity.can_be_deleted and pages.as_of is not None:
        vanished = find_vanished(reader, whole.entity, ids, pages.as_of)
        reader.tell(Pages(reader.company, whole.entity, vanished))
    return whole, pages.as_of, len(ids)


def _pass_on(reader: Reader, reading: Reading, budget: Budget) -> tuple[EntityPages, set[str]]:
    entity, since = reading.entity, reading.changed_since
    ids = set(reading.bookmark.ids if reading.bookmark else ())
    before = len(ids)
    # Changes are few, and positions mean nothing in an order that QuickBooks does not keep.
    may_break_off = since is None and entity.order_by is not None
    with closing(reader.company.client.read_all(entity, changed_since=since, bookmark=reading.bookmark)) as pages:
        for records in pages:
            ids.update(record.id for record in records)
            if reading.holds_rows:
                follow_merges(reader, entity, records)
            reader.tell(Pages(reader.company, entity, records))
            if may_break_off and not pages.at_end and budget.is_spent():
                raise BrokenOffError(pages.bookmark, len(ids) - before, budget)
    return pages, ids
