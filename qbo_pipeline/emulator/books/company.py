"""One company as the API shows it: queries, reads, the change feed and writes, each answered with its JSON body.

    seed (source) -> CompanyRecords -> Search / change_groups / Writing -> bytes

One lock per company guards its records; encoding, the larger part of a big answer, happens outside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

from qbo_pipeline.emulator.books.answers import encode, page, projected
from qbo_pipeline.emulator.books.change_feed import change_groups
from qbo_pipeline.emulator.books.query import parse
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.books.schema import EntityRules, find_rules
from qbo_pipeline.emulator.books.search import Search
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.faults import invalid_id, not_found, not_offered, query_fault, unsupported_operation
from qbo_pipeline.emulator.instants import answer_time, today
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import Record, Source
from qbo_pipeline.emulator.writing.writing import Writing


@dataclass(frozen=True)
class CompanySeed:
    """A company before anything happened to it."""

    realm_id: str
    name: str
    country: str
    source: Source


class Company:
    """One company; every method may be called from several threads at once and refuses by raising QboFault."""

    def __init__(self, seed: CompanySeed, settings: EmulatorSettings, clock: Clock) -> None:
        self.realm_id = seed.realm_id
        self.name = seed.name
        self._settings = settings
        self._clock = clock
        self._lock = RLock()
        self._records = CompanyRecords(seed.source)
        self._searches: dict[str, Search] = {}
        self._writing = Writing(self._records, seed.country, settings, clock)

    def query(self, statement: str) -> bytes:
        """The answer to a statement of the query language."""
        asked = parse(statement)
        rules = find_rules(asked.entity)
        if rules is None:
            raise query_fault(f"Invalid context declaration for Class: {asked.entity}")
        self._require_offered(rules)
        now = self._clock.now()
        with self._lock:
            found = self._search(rules).find(asked, today(now))
            records = [] if asked.is_count else self._taken(rules, found.slots)
        if asked.is_count:
            return encode({"QueryResponse": {"totalCount": found.total}, "time": answer_time(now)})
        if asked.columns:
            records = [projected(record, asked.columns) for record in records]
        return encode({"QueryResponse": page(rules, records, asked.start), "time": answer_time(now)})

    def read(self, entity_segment: str, record_id: str, *, stale: bool = False) -> bytes:
        """One record by id, inactive ones too; `stale` answers it as it was before its last change."""
        rules = self._rules(entity_segment, "read")
        with self._lock:
            records = self._records[rules.name]
            slot = records.slot(record_id)
            record = None if slot is None else records.record(slot)
            if stale:
                record = records.former(record_id)
        if record is None and not record_id.isdecimal():
            raise invalid_id()
        if record is None:
            raise not_found(element=rules.name)
        return self._single(rules, record)

    def company_info(self) -> bytes:
        """The company's own record."""
        return self._only("CompanyInfo")

    def preferences(self) -> bytes:
        """The company's settings."""
        return self._only("Preferences")

    def changes(self, entities: str, changed_since: str) -> bytes:
        """The change feed's answer for comma-separated entities."""
        now = self._clock.now()
        with self._lock:
            groups = change_groups(self._records, self._settings, now, entities, changed_since)
        return encode({"CDCResponse": [{"QueryResponse": groups}], "time": answer_time(now)})

    def write(self, entity_segment: str, body: bytes, params: Mapping[str, str]) -> bytes:
        """Create, update, delete or void, as the parameters and the body say; a known `requestid` gets its first answer."""
        rules = self._rules(entity_segment, params.get("operation", "create"))
        with self._lock:
            return self._writing.write(rules, body, params)

    def edit(self, entity: str, record_id: str, changes: Mapping[str, Any]) -> bytes:
        """Change some properties of a record, as a person does in QuickBooks: no SyncToken asked for."""
        rules = self._rules(entity, "update")
        with self._lock:
            return self._writing.edit(rules, record_id, changes)

    def delete(self, entity: str, record_id: str) -> bytes:
        """Delete a transaction, as a person does in QuickBooks."""
        rules = self._rules(entity, "delete")
        with self._lock:
            return self._writing.delete(rules, record_id)

    def void(self, entity: str, record_id: str) -> bytes:
        """Void a transaction, as a person does in QuickBooks: also entities that the API cannot void."""
        rules = self._rules(entity, "void")
        with self._lock:
            return self._writing.void(rules, record_id)

    def merge(self, entity: str, loser_id: str, winner_id: str) -> None:
        """Merge one name into another, as a person does in QuickBooks: the loser goes inactive, its documents move."""
        rules = self._rules(entity, "merge")
        with self._lock:
            self._writing.merge(rules, loser_id, winner_id)

    def _rules(self, segment: str, operation: str) -> EntityRules:
        rules = find_rules(segment)
        if rules is None:
            raise unsupported_operation(f"Operation {operation} could not find resource for entity {segment}")
        self._require_offered(rules)
        return rules

    def _require_offered(self, rules: EntityRules) -> None:
        if rules.name not in self._records:
            raise not_offered(rules.name)

    def _search(self, rules: EntityRules) -> Search:
        if rules.name not in self._searches:
            self._searches[rules.name] = Search(rules, self._records[rules.name], self._settings)
        return self._searches[rules.name]

    def _taken(self, rules: EntityRules, slots: Any) -> list[Record]:
        records = self._records[rules.name]
        return [records.record(slot) for slot in slots]

    def _only(self, entity: str) -> bytes:
        rules = self._rules(entity, "read")
        with self._lock:
            record = self._records[entity].record(0)
        return self._single(rules, record)

    def _single(self, rules: EntityRules, record: Record) -> bytes:
        named = record if rules.is_wrapped else {rules.name: record}
        return encode({**named, "time": answer_time(self._clock.now())})
