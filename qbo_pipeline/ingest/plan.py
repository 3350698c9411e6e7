"""What to read of one company, as far as its cursors tell.

    no cursor            the entity is read in full, from its bookmark if an earlier read was broken off
    in the change feed   one call for all such entities since the feed's cursor
    to be checked        by query, when its time has come on QuickBooks' clock or everything is asked for

An entity's own cursor comes from reading it alone; the feed's cursor speaks for every entity the feed covers, which is why
it moves only when all of them were asked for and read. The later of the two holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from qbo_pipeline.catalog import ENTITIES, Entity
from qbo_pipeline.ingest.cadence import AT_EVERY_TICK, Cadence
from qbo_pipeline.ingest.messages import Reading
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.warehouse.raw import CHANGE_FEED

# QuickBooks stamps changes to the second and shows them with some delay: the last minutes are read again, and what was
# landed before is not landed twice.
OVERLAP = timedelta(minutes=5)
# An entity further behind than this is asked for apart from the others, so that its trouble does not lengthen their time.
LAG_MAX = OVERLAP
# A cursor that stands still costs nothing but a longer window; it is moved once a day all the same.
CURSOR_AGE_MAX = timedelta(days=1)

Cursors = Mapping[tuple[str, str], datetime]
Bookmarks = Mapping[tuple[str, str], Bookmark]


@dataclass(frozen=True)
class Plan:
    """What to read of one company: `whole` in full, `named` by the ids of records, `feed` and `checked` since their cursors.

    `in_hand` are records that are there already, as the answers to our own writes.
    `moves_feed_cursor` says that `feed` holds every entity the feed covers and the company offers; `checks_all` that the
    entities to be checked are read now, whether or not their time has come at the company's `cadence`.
    """

    whole: Sequence[Reading] = ()
    named: Sequence[Reading] = ()
    in_hand: Mapping[Entity, Sequence[Record]] = field(default_factory=dict)
    feed: Mapping[Entity, datetime] = field(default_factory=dict)
    checked: Mapping[Entity, datetime] = field(default_factory=dict)
    moves_feed_cursor: bool = False
    checks_all: bool = False
    cadence: Cadence = AT_EVERY_TICK

    def due(self, now: datetime | None) -> list[Reading]:
        """The checks whose time has come at `now` on QuickBooks' clock; where that is unknown, all."""
        return [
            Reading(entity, cursor - OVERLAP, holds_rows=True)
            for entity, cursor in self.checked.items()
            if self.checks_all or now is None or self.cadence.is_check_due(entity, cursor, now)
        ]

    @property
    def feed_groups(self) -> list[tuple[list[Entity], datetime]]:
        """The entities to ask the feed for in one call each, with the instant to ask from."""
        newest = max(self.feed.values())
        lagging = {entity for entity, cursor in self.feed.items() if newest - cursor > LAG_MAX}
        groups = [[entity for entity in self.feed if (entity in lagging) is lags] for lags in (False, True)]
        return [(group, min(self.feed[each] for each in group) - OVERLAP) for group in groups if group]

    @property
    def expected(self) -> list[Reading]:
        """What is read in any case."""
        fed = [Reading(entity, cursor, by_feed=True) for entity, cursor in self.feed.items()]
        return [*self.whole, *self.named, *fed, *(self.due(None) if self.checks_all else [])]


def plan_company(
    realm_id: str,
    entities: Sequence[Entity],
    cursors: Cursors,
    absent: Collection[str],
    *,
    refused: Collection[str] = (),
    bookmarks: Bookmarks = MappingProxyType({}),
    full: bool = False,
    all_entities: bool = True,
    cadence: Cadence = AT_EVERY_TICK,
) -> Plan:
    """What to read of a company; `absent` are the tables of what its edition does not offer, `refused` of what its feed does.

    While the feed refuses an entity, the feed's cursor stands still: it would speak for that entity as well.
    """
    offered = [entity for entity in entities if entity.table not in absent]
    marks = {each: bookmarks[realm_id, each.table] for each in offered if (realm_id, each.table) in bookmarks}
    unread = [each for each in offered if full or each in marks or (realm_id, each.table) not in cursors]
    own = {each: cursors[realm_id, each.table] for each in offered if each not in unread}
    fed_through = cursors.get((realm_id, CHANGE_FEED))
    fed = {each: cursor for each, cursor in own.items() if each.in_change_feed and each.table not in refused}
    feed = {entity: max(cursor, fed_through or cursor) for entity, cursor in fed.items()}
    return Plan(
        whole=[Reading(entity, bookmark=marks.get(entity)) for entity in unread],
        feed=feed,
        checked={each: cursor for each, cursor in own.items() if each.checked_every or each not in feed},
        moves_feed_cursor=feed.keys()
        >= {each for each in ENTITIES if each.in_change_feed and each.table not in absent},
        checks_all=all_entities,
        cadence=cadence,
    )
