"""The records of one entity: a source that never changes, overlaid by what happened while the emulator ran.

Every record has a slot: its position in the source or, for a record created since, the next number after it. Ids only grow, so
slot order is id order. Nothing here builds a record that is not asked for: counting, slicing by id and ranges of time work on
slots and instants alone, which is what makes a company of a million invoices quick to serve.

Records handed out are shared: copy one before changing it, and hand the changed copy to `put`. Records without ids (exchange
rates) are known by their position among the entity's.
"""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from typing import overload

from qbo_pipeline.emulator.instants import epoch
from qbo_pipeline.emulator.source import Record, Source, content

_INDEXED_BY_DICT_UP_TO = 20_000  # a dictionary of ids costs about 100 bytes each; past this a search by halves does


class LiveSlots(Sequence[int]):
    """The slots of records that exist, ascending; cheap to count and to slice however many there are."""

    def __init__(self, total: int, removed: Sequence[int]) -> None:
        self._total = total
        self._gaps = [slot - position for position, slot in enumerate(removed)]

    def __len__(self) -> int:
        return self._total - len(self._gaps)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        positions = range(len(self))[index]
        if isinstance(positions, range):
            return [self._slot(position) for position in positions]
        return self._slot(positions)

    def _slot(self, position: int) -> int:
        return position + bisect_right(self._gaps, position)


class EntityRecords:
    """One entity's records, current and former."""

    def __init__(self, entity: str, source: Source) -> None:
        self._entity = entity
        self._source = source
        self._ids = source.ids(entity)
        self._source_count = len(self._ids)
        self._is_small = self._source_count <= _INDEXED_BY_DICT_UP_TO
        self._added_ids: list[str] = []
        self._slots: dict[str, int] = {}
        if self._is_small:
            self._slots = {record_id: slot for slot, record_id in enumerate(self._ids)}
        self._current: dict[int, Record] = {}
        self._former: dict[int, Record | None] = {}
        self._stamps: dict[int, tuple[int, int]] = {}
        self._removed: list[int] = []
        self._tombstones: dict[int, int] = {}
        self._instants: tuple[Sequence[int], Sequence[int]] | None = None
        self._by_instant: dict[int, array[int]] = {}
        self._inactive: set[int] | None = None
        self.version = 0

    def live(self) -> LiveSlots:
        """The slots of all records that exist, in id order."""
        return LiveSlots(self._source_count + len(self._added_ids), self._removed)

    def slot(self, record_id: str) -> int | None:
        """Where the record of an id lives; None where none does."""
        slot = self._any_slot(record_id)
        return None if slot is None or slot in self._tombstones else slot

    def record_id(self, slot: int) -> str:
        """The id of the record in a slot."""
        if slot < self._source_count:
            return self._ids[slot]
        return self._added_ids[slot - self._source_count]

    def last_number(self) -> int:
        """The greatest id that is or was in use, 0 for none; text ids such as "TAX" do not count."""
        candidates = (*(self._ids if self._is_small else self._ids[-1:]), *self._added_ids[-1:])
        return max((int(record_id) for record_id in candidates if record_id.isdecimal()), default=0)

    def record(self, slot: int) -> Record:
        """The current record of a slot, wrapping included; read-only."""
        current = self._current.get(slot)
        return self._source.record(self._entity, slot) if current is None else current

    def former(self, record_id: str) -> Record | None:
        """The record as it was before its last change (for a deleted one: before it went); None if it did not exist."""
        slot = self._any_slot(record_id)
        if slot is None:
            return None
        return self._former[slot] if slot in self._former else self.record(slot)

    def created(self, slot: int) -> int:
        """The epoch second of a slot's CreateTime."""
        return self._instant(slot, 0)

    def updated(self, slot: int) -> int:
        """The epoch second of a slot's LastUpdatedTime."""
        return self._instant(slot, 1)

    def between(self, lower: int | None, upper: int | None, *, created: bool = False) -> list[int]:
        """The slots whose LastUpdatedTime (or CreateTime) lies from `lower` to `upper`, both included, by that instant."""
        which = 0 if created else 1
        order = self._order(which)
        instants = self._source_instants()[which]
        first = 0 if lower is None else bisect_left(order, lower, key=instants.__getitem__)
        last = len(order) if upper is None else bisect_right(order, upper, key=instants.__getitem__)
        found = [slot for slot in order[first:last] if slot not in self._stamps and slot not in self._tombstones]
        fresh = [
            slot
            for slot, stamps in self._stamps.items()
            if slot not in self._tombstones
            and (lower is None or stamps[which] >= lower)
            and (upper is None or stamps[which] <= upper)
        ]
        if fresh:
            found = sorted([*found, *fresh], key=lambda slot: (self._instant(slot, which), slot))
        return found

    def added_since(self, instant: int) -> frozenset[int]:
        """The slots of records that were created at or after an epoch second, while the emulator ran."""
        return frozenset(
            slot for slot, stamps in self._stamps.items() if slot >= self._source_count and stamps[0] >= instant
        )

    def inactive(self) -> set[int]:
        """The slots of deactivated records."""
        if self._inactive is None:
            self._inactive = {slot for slot in self.live() if content(self.record(slot)).get("Active") is False}
        return self._inactive

    def tombstones(self) -> Iterator[tuple[str, int]]:
        """Ids of deleted records and the epoch seconds at which they went."""
        return ((self.record_id(slot), instant) for slot, instant in self._tombstones.items())

    def put(self, record_id: str, record: Record) -> None:
        """Store a new record or a new version of one."""
        slot = self._any_slot(record_id)
        if slot is None:
            slot = self._source_count + len(self._added_ids)
            self._added_ids.append(record_id)
            self._slots[record_id] = slot
            self._former[slot] = None
        else:
            self._former[slot] = self.record(slot)
            record = self._wrapped(slot, record)
        self._store(slot, record)

    def amend(self, record_id: str, record: Record) -> None:
        """Store values that QuickBooks derives (a balance), which makes no new version of the record."""
        slot = self._any_slot(record_id)
        if slot is not None:
            self._store(slot, self._wrapped(slot, record))

    def remove(self, record_id: str, instant: int) -> None:
        """Delete a record for good, leaving a tombstone."""
        slot = self.slot(record_id)
        if slot is None:
            return
        self._former[slot] = self.record(slot)
        self._tombstones[slot] = instant
        insort(self._removed, slot)
        if self._inactive is not None:
            self._inactive.discard(slot)
        self.version += 1

    def _wrapped(self, slot: int, record: Record) -> Record:
        standing = self.record(slot)
        return record if content(standing) is standing else {next(iter(standing)): record}

    def _store(self, slot: int, record: Record) -> None:
        inner = content(record)
        self._current[slot] = record
        updated = epoch(inner["MetaData"]["LastUpdatedTime"])
        created = inner["MetaData"].get("CreateTime")
        self._stamps[slot] = (updated if created is None else epoch(created), updated)
        if self._inactive is not None:
            (self._inactive.add if inner.get("Active") is False else self._inactive.discard)(slot)
        self.version += 1

    def _any_slot(self, record_id: str) -> int | None:
        slot = self._slots.get(record_id)
        if slot is not None or self._is_small or not record_id.isdecimal():
            return slot
        slot = bisect_left(self._ids, int(record_id), key=int)
        return slot if slot < self._source_count and self._ids[slot] == record_id else None

    def _instant(self, slot: int, which: int) -> int:
        stamps = self._stamps.get(slot)
        return self._source_instants()[which][slot] if stamps is None else stamps[which]

    def _source_instants(self) -> tuple[Sequence[int], Sequence[int]]:
        if self._instants is None:
            self._instants = self._source.instants(self._entity)
        return self._instants

    def _order(self, which: int) -> Sequence[int]:
        if which not in self._by_instant:
            instants = self._source_instants()[which]
            self._by_instant[which] = array("q", sorted(range(self._source_count), key=instants.__getitem__))
        return self._by_instant[which]
