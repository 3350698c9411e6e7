"""All records of one company, and the drafts by which a write changes several of them at once or none.

A draft is read through: it sees its own changes first. Nothing of it reaches the books before `commit`, so a write refused
half-way leaves no trace, and a record changed twice within one write still gets one new SyncToken.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from qbo_pipeline.emulator.books.entity_records import EntityRecords
from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.schema import RULES
from qbo_pipeline.emulator.instants import stamp
from qbo_pipeline.emulator.source import Record, Source, content


class CompanyRecords:
    """The records of every entity a company offers."""

    def __init__(self, source: Source) -> None:
        unknown = [entity for entity in source.entities() if entity not in RULES]
        if unknown:
            raise ValueError(f"The source offers {', '.join(unknown)}, which the emulator's schema does not know.")
        self._entities = {entity: EntityRecords(entity, source) for entity in source.entities()}
        self._last_ids: dict[str, int] = {}

    def __contains__(self, entity: str) -> bool:
        return entity in self._entities

    def __getitem__(self, entity: str) -> EntityRecords:
        return self._entities[entity]

    def offered(self) -> tuple[str, ...]:
        """The entities this company has, records or none."""
        return tuple(self._entities)

    def revision(self) -> int:
        """A number that grows with every change of any record."""
        return sum(records.version for records in self._entities.values())

    def find(self, entity: str, record_id: str) -> Record | None:
        """The current record without wrapping, read-only; None for an entity not offered or an id not there."""
        records = self._entities.get(entity)
        slot = None if records is None else records.slot(record_id)
        return None if records is None or slot is None else content(records.record(slot))

    def each(self, entity: str) -> Iterator[Record]:
        """Every current record of an entity, read-only; nothing for an entity not offered."""
        if (records := self._entities.get(entity)) is not None:
            for slot in records.live():
                yield content(records.record(slot))

    def next_id(self, rules: EntityRules) -> str:
        """The next number of the counter an entity draws its ids from."""
        if rules.id_space not in self._last_ids:
            shared = (entity for entity in self._entities if RULES[entity].id_space == rules.id_space)
            self._last_ids[rules.id_space] = max(self._entities[entity].last_number() for entity in shared)
        self._last_ids[rules.id_space] += 1
        return str(self._last_ids[rules.id_space])


@dataclass(frozen=True)
class Change:
    """What a draft does to one record: `before` is None for a new one, `after` for a deleted one.

    One that is no version changes derived values only, which QuickBooks tells nobody.
    """

    entity: str
    record_id: str
    before: Record | None
    after: Record | None
    is_version: bool = True


@dataclass
class _Pending:
    record: Record
    is_version: bool


class Draft:
    """Changes of one write, at one moment; the caller holds the company's lock."""

    def __init__(self, records: CompanyRecords, moment: datetime) -> None:
        self.records = records
        self.moment = moment
        self._pending: dict[tuple[str, str], _Pending] = {}
        self._removed: dict[tuple[str, str], None] = {}

    def find(self, entity: str, record_id: str) -> Record | None:
        """A copy of a record as it will stand, to be changed and handed to `save` or `amend`; None where there is none."""
        if (entity, record_id) in self._removed:
            return None
        pending = self._pending.get((entity, record_id))
        found = pending.record if pending else self.records.find(entity, record_id)
        return deepcopy(found)

    def save(self, entity: str, record: Record, *, keeps_token: bool = False) -> Record:
        """Make a new version of a record, or a new record of one without Id; returns it with Id, SyncToken and MetaData.

        `keeps_token`: the change shows in LastUpdatedTime only, as that of an e-mail does.
        """
        rules = RULES[entity]
        record.setdefault("Id", "")
        if not record["Id"]:
            record["Id"] = self.records.next_id(rules)
        before = self.records.find(entity, record["Id"])
        now = stamp(self.moment)
        created = now if before is None else before.get("MetaData", {}).get("CreateTime")
        token = 0 if before is None else int(before.get("SyncToken", 0)) + (not keeps_token)
        metadata = {"CreateTime": created, "LastUpdatedTime": now} if created else {"LastUpdatedTime": now}
        former = {} if before is None else before.get("MetaData", {})
        record |= {
            "SyncToken": str(token),
            "MetaData": {**former, **metadata},
            "domain": "QBO",
            "sparse": False,
        }
        self._pending[entity, record["Id"]] = _Pending(record, is_version=True)
        return record

    def put(self, entity: str, record_id: str | None, record: Record) -> None:
        """Store a record of an entity without ids (an exchange rate) at its place, None for a new one."""
        place = record_id or self.records.next_id(RULES[entity])
        self._pending[entity, place] = _Pending(record, is_version=True)

    def amend(self, entity: str, record: Record) -> None:
        """Change derived values of a record, without a new version unless the draft makes one anyway."""
        key = (entity, record["Id"])
        is_version = key in self._pending and self._pending[key].is_version
        self._pending[key] = _Pending(record, is_version)

    def remove(self, entity: str, record_id: str) -> None:
        """Delete a record for good."""
        self._pending.pop((entity, record_id), None)
        self._removed[entity, record_id] = None

    def changes(self) -> list[Change]:
        """All that this draft does so far."""
        standing = self.records.find
        saved = [
            Change(*key, standing(*key), pending.record, pending.is_version) for key, pending in self._pending.items()
        ]
        return saved + [Change(*key, standing(*key), None) for key in self._removed]

    def commit(self) -> None:
        """Let the books have all of it."""
        for (entity, record_id), pending in self._pending.items():
            records = self.records[entity]
            (records.put if pending.is_version else records.amend)(record_id, pending.record)
        for entity, record_id in self._removed:
            self.records[entity].remove(record_id, int(self.moment.timestamp()))
