"""What changed in a company since it was last read, by the change feed: one call where little or nothing did.

An answer that may have been cut proves nothing, and a shorter time would prove nothing of what came before it. So the list
of entities is halved until the answers are whole; an entity that fills one alone is read by query instead, with a look for
deletions. The same happens to an entity the feed refuses or answers with a fault; a refusal is remembered, and the entity
asked for by query until the feed is tried again. Entities that were not read for longer
than the feed looks back are read in full, which finds what was deleted meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qbo_pipeline.catalog import Entity
from qbo_pipeline.ingest.deletions import confirmed
from qbo_pipeline.ingest.merges import follow_merges
from qbo_pipeline.ingest.messages import EntityRead, FeedRead, Pages, Reader, Reading
from qbo_pipeline.ingest.plan import CURSOR_AGE_MAX, Plan
from qbo_pipeline.quickbooks.changes import Changes
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import AuthorisationLost, ChangesTooOld, QuickBooksError, Refused
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.warehouse.raw import CHANGE_FEED

# QuickBooks says 30 days; nothing is staked on the last one.
FEED_REACH = timedelta(days=29)


@dataclass(frozen=True)
class _Found:
    """What the feed said of one entity: its changes, or the `error`, or the reading that has to take its place.

    `records` beside a reading are deletions only the feed tells.
    """

    entity: Entity
    records: Sequence[Record] = ()
    as_of: datetime | None = None
    error: QuickBooksError | None = None
    instead: Reading | None = None


def read_feed(reader: Reader, plan: Plan) -> list[Reading]:
    """Tell the changes of `plan.feed` and how each entity ended; returns the readings of those that need another way."""
    client = reader.company.client
    found = [each for entities, since in plan.feed_groups for each in _ask(client, entities, since)]
    for each in found:
        if each.instead:
            reader.tell(Pages(reader.company, each.entity, each.records))
    ended = [_deliver(reader, each, plan) for each in found if each.instead is None]
    for read in ended:
        reader.tell(read)
    if moved := _moved_cursors(plan, ended, len(found)):
        reader.tell(FeedRead(reader.company, moved, min(read.read_through for read in ended if read.read_through)))
    return [each.instead for each in found if each.instead]


def _moved_cursors(plan: Plan, ended: Sequence[EntityRead], asked: int) -> list[str]:
    """The cursors to move: the feed's where every entity came through it, otherwise those of the entities that did.

    None moves where nothing came, unless it has stood for long or entities that lagged behind have caught up. The daily
    check of an entity that is not proven to be in the feed starts from its own cursor, which the feed leaves alone.
    """
    read = [each for each in ended if each.read_through]
    if not read:
        return []
    is_news = any(each.records_read for each in read)
    stood = min(each.read_through for each in read) - max(plan.feed.values())
    if plan.moves_feed_cursor and len(read) == asked:
        return [CHANGE_FEED] if is_news or stood > CURSOR_AGE_MAX or len(plan.feed_groups) > 1 else []
    own = [each.reading.entity for each in read if each.reading.entity.checked_every is None]
    return [entity.table for entity in own] if is_news or stood > CURSOR_AGE_MAX else []


def _ask(client: QuickBooks, entities: Sequence[Entity], since: datetime) -> list[_Found]:
    try:
        changes = client.changes(entities, since)
    except ChangesTooOld:
        return [_unread(entity) for entity in entities]
    except AuthorisationLost:
        raise
    except QuickBooksError as error:
        # Only what QuickBooks itself says of a request can be the fault of one entity in it.
        if isinstance(error, Refused) or error.status == 200:
            refused = isinstance(error, Refused)
            return _halved(client, entities, since) or [_queried(entities[0], since, [], is_refused=refused)]
        return [_Found(entity, error=error) for entity in entities]
    if changes.as_of - since > FEED_REACH:
        return [_unread(entity) for entity in entities]
    if changes.was_cut:
        return _halved(client, entities, since) or [_cut(client, entities[0], since, changes)]
    return [_Found(entity, changes.records[entity.name], changes.as_of) for entity in entities]


def _cut(client: QuickBooks, entity: Entity, since: datetime, changes: Changes) -> _Found:
    return _queried(entity, since, confirmed(client, entity, changes.tombstones[entity.name], changes.as_of))


def _halved(client: QuickBooks, entities: Sequence[Entity], since: datetime) -> list[_Found]:
    middle = len(entities) // 2
    halves = (entities[:middle], entities[middle:]) if middle else ()
    return [found for half in halves for found in _ask(client, half, since)]


def _unread(entity: Entity) -> _Found:
    return _Found(entity, instead=Reading(entity, holds_rows=True))


def _queried(entity: Entity, since: datetime, records: Sequence[Record], *, is_refused: bool = False) -> _Found:
    deleted = frozenset(record.id for record in records if record.is_deleted)
    reading = Reading(entity, since, holds_rows=True, known_deleted=deleted, is_refused_by_feed=is_refused)
    return _Found(entity, records, instead=reading)


def _deliver(reader: Reader, found: _Found, plan: Plan) -> EntityRead:
    reading = Reading(found.entity, plan.feed[found.entity], by_feed=True)
    if found.error or found.as_of is None:
        return EntityRead(reader.company, reading, "error", error=found.error)
    try:
        records = _settled(reader.company.client, found.entity, found.records, found.as_of)
        follow_merges(reader, found.entity, records)
    except AuthorisationLost:
        raise
    except QuickBooksError as error:
        return EntityRead(reader.company, reading, "error", error=error)
    if records:
        reader.tell(Pages(reader.company, found.entity, records))
    return EntityRead(reader.company, reading, "read", found.as_of, len(records))


def _settled(client: QuickBooks, entity: Entity, records: Sequence[Record], as_of: datetime) -> list[Record]:
    """The records as they land: whole, and deleted only where that is so."""
    changed = [record for record in records if not record.is_deleted]
    if entity.is_partial_in_feed and changed:
        whole = {record.id: record for record in client.read_many(entity, [record.id for record in changed])}
        changed = [whole.get(record.id, record) for record in changed]
    return changed + confirmed(client, entity, [record for record in records if record.is_deleted], as_of)
