"""The change feed (CDC): what changed since a moment, over several entities, in one answer without pages.

Its traps are QuickBooks': the answer is cut silently once it holds 1000 objects over all entities together, the oldest changes
staying in; it reaches back 30 days; deleted records are bare tombstones behind the live ones; some entities are not covered;
groups stand in QuickBooks' order (reverse alphabetical, as in the recordings), not the request's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.books.schema import find_rules
from qbo_pipeline.emulator.faults import QboFault, invalid_value, missing_parameter, not_offered, unsupported_operation
from qbo_pipeline.emulator.instants import parse_moment, stamp
from qbo_pipeline.emulator.settings import EmulatorSettings

_LOST_PLUS = re.compile(r"T[\d:.]+ \d{2}:?\d{2}$")


@dataclass(frozen=True)
class _Change:
    instant: int
    entity: str
    slot: int | None  # None for a deleted record
    record_id: str


def change_groups(
    records: CompanyRecords, settings: EmulatorSettings, now: datetime, entities: str, changed_since: str
) -> list[dict[str, Any]]:
    """The groups of the answer, one per entity asked for; a single empty one when nothing changed."""
    asked = _asked(entities, records)
    since = _since(changed_since, settings, now)
    covered = [rules for rules in asked if _is_covered(rules, settings)]
    changes = [change for rules in covered for change in _changes(rules, records, since)]
    changes.sort(key=lambda change: (change.instant, change.entity))
    kept = changes[: settings.change_feed_limit]
    groups = [_group(rules, records, kept) for rules in sorted(asked, key=lambda rules: rules.name, reverse=True)]
    return groups if any(groups) else [{}]


def _asked(entities: str, records: CompanyRecords) -> list[EntityRules]:
    names = [name.strip() for name in entities.split(",") if name.strip()]
    if not names:
        raise missing_parameter("entities")
    asked = {}
    for name in names:
        rules = find_rules(name)
        if rules is None:
            raise unsupported_operation(f"Operation cdc with entity {name} is not supported")
        if rules.name not in records:
            raise not_offered(rules.name)
        asked[rules.name] = rules
    return list(asked.values())


def _since(changed_since: str, settings: EmulatorSettings, now: datetime) -> int:
    """The first epoch second whose changes belong to the answer."""
    text = changed_since.strip()
    if not text:
        raise missing_parameter("changedSince")
    if _LOST_PLUS.search(text):
        raise _too_old(text)
    try:
        moment = parse_moment(text)
    except ValueError as error:
        raise invalid_value("changedSince", text) from error
    if moment < now - timedelta(days=settings.change_feed_max_days):
        raise _too_old(text)
    return int(moment.timestamp()) + (0 if settings.change_feed_inclusive else 1)


def _too_old(text: str) -> QboFault:
    detail = f"Operation cdc with changedSince date {text} which is older than fixed days is not supported"
    return unsupported_operation(detail)


def _is_covered(rules: EntityRules, settings: EmulatorSettings) -> bool:
    by_setting = rules.change_feed == "by_setting" and settings.time_activity_in_change_feed
    if rules.change_feed == "covered" or by_setting:
        return True
    if settings.change_feed_unsupported == "error":
        raise unsupported_operation(f"Operation cdc with entity {rules.name} is not supported")
    return False


def _changes(rules: EntityRules, records: CompanyRecords, since: int) -> Iterator[_Change]:
    of_entity = records[rules.name]
    for slot in of_entity.between(since, None):
        yield _Change(of_entity.updated(slot), rules.name, slot, of_entity.record_id(slot))
    for record_id, instant in of_entity.tombstones():
        if instant >= since:
            yield _Change(instant, rules.name, None, record_id)


def _group(rules: EntityRules, records: CompanyRecords, kept: Sequence[_Change]) -> dict[str, Any]:
    mine = [change for change in kept if change.entity == rules.name]
    if not mine:
        return {}
    live = [records[rules.name].record(change.slot) for change in mine if change.slot is not None]
    objects = live + [_tombstone(change) for change in mine if change.slot is None]
    total = {"totalCount": len(objects)} if rules.tells_total else {}
    return {rules.name: objects, "startPosition": 1, "maxResults": len(objects), **total}


def _tombstone(change: _Change) -> dict[str, Any]:
    updated = stamp(datetime.fromtimestamp(change.instant, UTC))
    return {
        "domain": "QBO",
        "status": "Deleted",
        "Id": change.record_id,
        "MetaData": {"LastUpdatedTime": updated},
    }
