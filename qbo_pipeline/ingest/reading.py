"""Reading one company: its entities side by side, each page passed on as it comes.

Nothing here touches the warehouse, so that a long first read holds up nobody's load. What goes wrong with one entity is
told and does not stop the others, except when the company itself can no longer be read.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from qbo_pipeline.ingest.change_feed import read_feed
from qbo_pipeline.ingest.deletions import are_all_there, find_vanished
from qbo_pipeline.ingest.merges import follow_merges
from qbo_pipeline.ingest.messages import CompanyRead, EntityRead, Pages, Reader, Reading
from qbo_pipeline.ingest.plan import Plan
from qbo_pipeline.quickbooks.errors import AuthorisationLost, InvalidQuery, NotOffered, QuickBooksError
from qbo_pipeline.quickbooks.paging import EntityPages
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import StateError

# Four entities side by side hide the latency of the many small ones; the client's own limits hold for all together.
ENTITIES_AT_ONCE = 4
# What no other entity of the company would fare better with: consent, tokens and settings are the same for all.
_ENDS_COMPANY = (AuthorisationLost, StateError, SettingsError)


def read_company(
    reader: Reader,
    plan: Plan,
    *,
    budget_seconds: float,
    seconds: Callable[[], float] = time.monotonic,
) -> None:
    """Read what `plan` says, telling pages and outcomes as they come.

    The change feed comes first: no entity's own cursor from this run is then older than what the feed was asked for, and its
    answer shows QuickBooks' clock. An entity not begun within `budget_seconds` is told as `skipped`: it comes with the next
    run, whose cursor still stands where this one's did.
    """
    company, started = reader.company, seconds()
    lost: list[Exception] = []  # Why the company can no longer be read, once that is known.

    def read_one(reading: Reading) -> None:
        if lost or seconds() - started > budget_seconds:
            error = lost[0] if lost else TimeoutError(f"not begun within the {budget_seconds:g} s one company may take")
            reader.tell(EntityRead(company, reading, "skipped", error=error))
            return
        outcome = _read_entity(reader, reading, seconds)
        if isinstance(outcome.error, _ENDS_COMPANY):
            lost.append(outcome.error)
        reader.tell(outcome)

    readings = list(plan.whole)
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


def _read_entity(reader: Reader, reading: Reading, seconds: Callable[[], float]) -> EntityRead:
    started = seconds()
    try:
        ended, read_through, records_read = _read(reader, reading)
    except NotOffered as error:
        return EntityRead(reader.company, reading, "not_offered", seconds=seconds() - started, error=error)
    except (QuickBooksError, StateError, SettingsError) as error:
        return EntityRead(reader.company, reading, "error", seconds=seconds() - started, error=error)
    return EntityRead(reader.company, ended, "read", read_through, records_read, seconds() - started)


def _read(reader: Reader, reading: Reading) -> tuple[Reading, datetime | None, int]:
    """Read an entity as asked, or in full where its changes cannot be asked for or do not explain what QuickBooks counts."""
    if reading.changed_since is not None:
        try:
            pages, ids = _pass_on(reader, reading)
        except InvalidQuery:
            pass  # Some entities cannot be asked for by time of change: they are small, and read whole.
        else:
            if not reading.entity.can_be_deleted or are_all_there(reader, reading.entity, ids, reading.known_deleted):
                return reading, pages.as_of, len(ids)
    whole = replace(reading, changed_since=None)
    pages, ids = _pass_on(reader, whole)
    if whole.holds_rows and whole.entity.can_be_deleted and pages.as_of is not None:
        vanished = find_vanished(reader, whole.entity, ids, pages.as_of)
        reader.tell(Pages(reader.company, whole.entity, vanished))
    return whole, pages.as_of, len(ids)


def _pass_on(reader: Reader, reading: Reading) -> tuple[EntityPages, set[str]]:
    ids: set[str] = set()
    with closing(reader.company.client.read_all(reading.entity, changed_since=reading.changed_since)) as pages:
        for records in pages:
            ids.update(record.id for record in records)
            if reading.holds_rows:
                follow_merges(reader, reading.entity, records)
            reader.tell(Pages(reader.company, reading.entity, records))
    return pages, ids
