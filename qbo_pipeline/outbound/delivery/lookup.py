"""Finding the object of an intent in QuickBooks again, by its number or name, our marker and the time it was made.

A marker alone proves nothing: a bookkeeper who copies an invoice copies its note. The copy has another number, so where there
is a number both must agree; where there is none, the earliest of the marked ones made since the first send is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.delivery.targets import Target, target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.quickbooks.query import created_since_condition, equals_condition
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.links import Links

# How far our clock and QuickBooks' may be apart.
CLOCKS_APART_MAX = timedelta(minutes=15)
CHANGE_FEED_REACH = timedelta(days=29)  # It goes back 30 days at most, by QuickBooks' clock.


@dataclass(frozen=True)
class Found:
    """What was found: `ours`, the object of the intent; else `holder`, what else has its number or name, as entity and id."""

    ours: Record | None = field(default=None, repr=False)
    holder: tuple[str, str] | None = None


def look_up(client: QuickBooks, intent: StoredIntent, sent_since: datetime) -> Found:
    """The object of a create whose frozen request first left at `sent_since`, or who has its number or name instead."""
    target = target_of(intent.target)
    content = thawed(intent.payload or b"{}")
    key = target.key_of(content)
    records = client.find(target.entity, [_condition(target, content, key, sent_since)])
    ours = [record for record in records if _is_ours(record, target, intent, sent_since, by_key=key is not None)]
    if ours:
        return Found(ours=min(ours, key=lambda record: (record.created_at or sent_since, int(record.id))))
    if key is None:
        return Found()
    if records:
        return Found(holder=(target.entity.name, records[0].id))
    return Found(holder=_holder_of_name(client, target, key))


def look_up_by_time(client: QuickBooks, intent: StoredIntent, sent_since: datetime) -> Record | None:
    """The object of a create among all that were made since it was first sent, whatever number, name or day it has by now."""
    target = target_of(intent.target)
    if target.marker_field is None:
        return None
    records = client.find(target.entity, [created_since_condition(sent_since - CLOCKS_APART_MAX)])
    ours = [record for record in records if has_marker(record, target, intent.marker)]
    return min(ours, key=lambda record: (record.created_at or sent_since, int(record.id)), default=None)


def deleted_unexplained(client: QuickBooks, links: Links, intent: StoredIntent, sent_since: datetime) -> list[str]:
    """The ids of objects of an intent's kind that were deleted since it was first sent, and may have been its own.

    What was linked is another row's, and what has a lower id than something we linked before was there before: QuickBooks numbers
    upwards. Of a kind that the change feed leaves out, and of more changes than it tells, nothing is known; what is sent then
    can at worst bring back what somebody deleted, and doubles nothing.
    """
    entity = target_of(intent.target).entity
    if not entity.in_change_feed:
        return []
    changes = client.changes([entity], max(sent_since - CLOCKS_APART_MAX, _feed_reaches_back_to(client, sent_since)))
    known = links.of(intent.realm_id, intent.target)
    linked = {each.qbo_id for each in known}
    before = max((int(each.qbo_id) for each in known if each.linked_at < sent_since - CLOCKS_APART_MAX), default=0)
    gone = (record.id for record in changes.tombstones[entity.name])
    return (
        [] if changes.was_cut else sorted((each for each in gone if each not in linked and int(each) > before), key=int)
    )


def read_if_ours(client: QuickBooks, intent: StoredIntent, record_id: str) -> Record | None:
    """The record of an id that QuickBooks named as the holder of our number, if it carries our marker."""
    target = target_of(intent.target)
    try:
        record = client.read(target.entity, record_id)
    except NotFound:
        return None
    return record if has_marker(record, target, intent.marker) else None


def has_marker(record: Record, target: Target, marker: str) -> bool:
    """Whether a record carries a marker where its kind of object has it."""
    return target.marker_field is not None and marker in str(thawed(record.payload).get(target.marker_field) or "")


def _feed_reaches_back_to(client: QuickBooks, otherwise: datetime) -> datetime:
    return client.server_time - CHANGE_FEED_REACH if client.server_time else otherwise


def _condition(target: Target, content: Mapping[str, Any], key: str | None, sent_since: datetime) -> str:
    if key is not None and target.key_field is not None:
        return equals_condition(target.key_field, key)
    if content.get("TxnDate"):
        return equals_condition("TxnDate", str(content["TxnDate"]))
    return created_since_condition(sent_since - CLOCKS_APART_MAX)


def _is_ours(record: Record, target: Target, intent: StoredIntent, sent_since: datetime, *, by_key: bool) -> bool:
    made_since = record.created_at is not None and record.created_at >= sent_since - CLOCKS_APART_MAX
    if target.marker_field is None:
        return made_since
    return has_marker(record, target, intent.marker) and (by_key or made_since)


def _holder_of_name(client: QuickBooks, target: Target, name: str) -> tuple[str, str] | None:
    for other in target.names_with:
        if holders := client.find(find_entity(other), [equals_condition("DisplayName", name)]):
            return other, holders[0].id
    return None
