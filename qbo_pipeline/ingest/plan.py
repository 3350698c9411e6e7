"""What to read of one company, as far as its cursors tell.

    no cursor            the entity is read in full
    in the change feed   one call for all such entities since the feed's cursor
    to be checked        by query, when its time has come on QuickBooks' clock or everything is asked for

An entity's own cursor comes from reading it alone; the feed's cursor speaks for every entity the feed covers, which is why
it moves only when all of them were asked for and read. The later of the two holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qbo_pipeline.catalog import ENTITIES, Entity
from qbo_pipeline.ingest.messages import Reading
from qbo_pipeline.warehouse.raw import CHANGE_FEED

# QuickBooks stamps changes to the second and shows them with some delay: the last minutes are read again, and what was
# landed before is not landed twice.
OVERLAP = timedelta(minutes=5)
# An entity further behind than this is asked for apart from the others, so that its trouble does not lengthen their time.
LAG_MAX = OVERLAP
# A cursor that stands still costs nothing but a longer window; it is moved once a day all the same.
CURSOR_AGE_MAX = timedelta(days=1)

Cursors = Mapping[tuple[str, str], datetime]


@dataclass(frozen=True)
class Plan:
    """What to read of one company: `whole` in full, `feed` and `checked` since their cursors.

    `moves_feed_cursor` says that `feed` holds every entity the feed covers and the company offers; `checks_all` that the
    entities to be checked are read now, whether or not their time has come.
    """

    whole: Sequence[Reading] = ()
    feed: Mapping[Entity, datetime] = field(default_factory=dict)
    checked: Mapping[Entity, datetime] = field(default_factory=dict)
    moves_feed_cursor: bool = False
    checks_all: bool = False

    def due(self, now: datetime | None) -> list[Reading]:
        """The checks whose time has come at `now` on QuickBooks' clock; where that is unknown, all."""
        return [
            Reading(entity, cursor - OVERLAP, holds_rows=True)
            for entity, cursor in self.checked.items()
            if self.checks_all or now is None or now - cursor >= (entity.checked_every or timedelta())
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
        return [*self.whole, *fed, *(self.due(None) if self.checks_all else [])]


def plan_company(
    realm_id: str,
    entities: Sequence[Entity],
    cursors: Cursors,
    absent: Collection[str],
    *,
    full: bool = False,
    all_entities: bool = True,
) -> Plan:
    """What to read of a company; `absent` are the tables of what its edition does not offer."""
    offered = [entity for entity in entities if entity.table not in absent]
    own = {} if full else {each: cursors[realm_id, each.table] for each in offered if (realm_id, each.table) in cursors}
    fed_through = cursors.get((realm_id, CHANGE_FEED))
    feed = {entity: max(cursor, fed_through or cursor) for entity, cursor in own.items() if entity.in_change_feed}
    return Plan(
        whole=[Reading(entity) for entity in offered if entity not in own],
        feed=feed,
        checked={entity: cursor for entity, cursor in own.items() if entity.checked_every},
        moves_feed_cursor=feed.keys()
        >= {each for each in ENTITIES if each.in_change_feed and each.table not in absent},
        checks_all=all_entities,
    )
