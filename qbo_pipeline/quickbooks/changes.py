"""The change feed: what changed in a company since an instant, deletions included, in one call.

An answer holds 1000 objects at most over all entities together, has no next page and does not say that it was cut. So a
full one counts as cut, and the caller asks again with fewer entities or a shorter time, or reads the entities instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from qbo_pipeline.catalog import Entity
from qbo_pipeline.quickbooks.answer import Answer
from qbo_pipeline.quickbooks.faults import error_of, read_fault
from qbo_pipeline.quickbooks.record import Record, cut_record, decode_array, decode_members, find_array

CHANGES_MAX = 1000  # More changed objects than this are left out without a word.


@dataclass(frozen=True)
class Changes:
    """Changed records by entity name, an empty list where nothing changed; deleted ones have `is_deleted`.

    `as_of` is QuickBooks' clock: the instant the next call asks from.
    """

    records: Mapping[str, list[Record]]
    as_of: datetime

    @property
    def total(self) -> int:
        """How many objects the answer held."""
        return sum(len(records) for records in self.records.values())

    @property
    def was_cut(self) -> bool:
        """Whether more may have changed than the answer says."""
        return self.total >= CHANGES_MAX

    @property
    def tombstones(self) -> Mapping[str, list[Record]]:
        """The deleted records alone, by entity name."""
        return {name: [record for record in records if record.is_deleted] for name, records in self.records.items()}


def cut_changes(answer: Answer, entities: Sequence[Entity], doing: str) -> Changes:
    """The changes in a change feed's answer; `ValueError` where it holds what was not asked for.

    Groups come in no order, and an entity that changed nothing leaves an empty group that does not name it.
    """
    records: dict[str, list[Record]] = {entity.name: [] for entity in entities}
    by_key = {f"{entity.name}{suffix}".lower(): entity for suffix in ("Txn", "") for entity in entities}
    for group in _groups(answer, doing):
        found = find_array(group)
        if found is None:
            continue
        key, raws = found
        entity = by_key.get(key.lower())
        if entity is None:
            raise ValueError(f"changes of {key}, which nobody asked for")
        records[entity.name] += [cut_record(raw, entity) for raw in raws]
    return Changes(records, answer.time)


def _groups(answer: Answer, doing: str) -> Iterator[dict[str, msgspec.Raw]]:
    for response in decode_array(answer.members["CDCResponse"]):
        _refuse_fault(response, answer, doing)
        for group in decode_array(decode_members(response)["QueryResponse"]):
            _refuse_fault(group, answer, doing)
            yield decode_members(group)


def _refuse_fault(part: msgspec.Raw, answer: Answer, doing: str) -> None:
    """A fault may stand in the place of a group, under HTTP 200: taken for an empty one it would hide changes."""
    if fault := read_fault(part):
        raise error_of(fault, doing, status=200, intuit_tid=answer.intuit_tid, retry_after_seconds=None, is_write=False)
