"""One company as the API shows it: queries, reads, the change feed and writes, each answered with its JSON body.

    seed (source) -> CompanyRecords -> Search / change_groups / Writing -> bytes

One lock per company guards its records; encoding, the larger part of a big answer, happens outside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any

from qbo_pipeline.emulator.accounting.books import Books
from qbo_pipeline.emulator.books.account_balances import AccountBalances
from qbo_pipeline.emulator.books.answers import encode, page, projected
from qbo_pipeline.emulator.books.attached_files import AttachedFile, AttachedFiles
from qbo_pipeline.emulator.books.change_feed import change_groups
from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.query import parse
from qbo_pipeline.emulator.books.records import Change, CompanyRecords
from qbo_pipeline.emulator.books.schema import find_rules
from qbo_pipeline.emulator.books.search import Search
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.faults import (
    invalid_id,
    missing_parameter,
    not_found,
    not_offered,
    query_fault,
    unsupported_operation,
)
from qbo_pipeline.emulator.instants import answer_time, today
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.lists import Lists
from qbo_pipeline.emulator.reports.parameters import Parameters
from qbo_pipeline.emulator.reports.reports import report
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import Record, Source
from qbo_pipeline.emulator.writing.exchange_rates import rate_as_of
from qbo_pipeline.emulator.writing.writing import Writing


@dataclass(frozen=True)
class CompanySeed:
    """A company before anything happened to it.

    `unshown`: transactions that are in its books and reports but in no entity of the API, by kind (see `Books`).
    """

    realm_id: str
    name: str
    country: str
    source: Source
    unshown: Mapping[str, Sequence[Record]] = field(default_factory=dict)


class Company:
    """One company; every method may be called from several threads at once and refuses by raising QboFault."""

    def __init__(
        self,
        seed: CompanySeed,
        settings: EmulatorSettings,
        clock: Clock,
        tell: Callable[[str, Sequence[Change]], None] = lambda deed, changes: None,
    ) -> None:
        self.realm_id = seed.realm_id
        self.name = seed.name
        self._settings = settings
        self._clock = clock
        self._lock = RLock()
        self._records = CompanyRecords(seed.source)
        self._unshown = seed.unshown
        self._books: tuple[object, Books] | None = None
        self._searches: dict[str, Search] = {}
        self._account_balances = AccountBalances(self._records, self.books)
        self._files = AttachedFiles()
        self._writing = Writing(self._records, seed.country, settings, clock, tell)

    def query(self, statement: str) -> bytes:
        """The answer to a statement of the query language."""
        now = self._clock.now()
        return encode({"QueryResponse": self._response(statement, now), "time": answer_time(now)})

    def _response(self, statement: str, now: datetime) -> dict[str, Any]:
        asked = parse(statement)
        rules = find_rules(asked.entity)
        if rules is None:
            raise query_fault(f"Invalid context declaration for Class: {asked.entity}")
        self._require_offered(rules)
        with self._lock:
            self._account_balances.refresh(rules)
            found = self._search(rules).find(asked, today(now), self._not_yet_found(rules, now))
            taken = () if asked.is_count else found.slots
            records = [self._records[rules.name].record(slot) for slot in taken]
        if asked.is_count:
            return {"totalCount": found.total}
        if asked.columns:
            records = [projected(record, asked.columns) for record in records]
        return page(rules, records, asked.start)

    def _not_yet_found(self, rules: EntityRules, now: datetime) -> frozenset[int]:
        """The slots of records too fresh for a query to know."""
        lag = self._settings.query_lag_seconds
        return self._records[rules.name].added_since(int(now.timestamp()) - lag + 1) if lag else frozenset()

    def read(self, entity_segment: str, record_id: str, *, stale: bool = False) -> bytes:
        """One record by id, inactive ones too; `stale` answers it as it was before its last change."""
        rules = self._rules(entity_segment, "read")
        with self._lock:
            self._account_balances.refresh(rules)
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

    def batch(self, body: bytes, params: Mapping[str, str]) -> bytes:
        """Do the items of a batch, each with its own outcome; one answered under the same `requestid` is answered so again."""
        now = self._clock.now()
        with self._lock:
            return self._writing.batch(body, params, self._rules, lambda statement: self._response(statement, now))

    def send(self, entity_segment: str, record_id: str, params: Mapping[str, str]) -> bytes:
        """E-mail a document."""
        rules = self._rules(entity_segment, "send")
        with self._lock:
            return self._writing.send(rules, record_id, params)

    def create_tax_code(self, body: bytes, params: Mapping[str, str]) -> bytes:
        """Make a tax code together with its rates."""
        self._rules("TaxCode", "create")
        with self._lock:
            return self._writing.create_tax_code(body, params)

    def exchange_rate(self, code: str, day: str) -> bytes:
        """The rate of a currency on a day, today's where none is named."""
        rules = self._rules("ExchangeRate", "read")
        if not code:
            raise missing_parameter("sourcecurrencycode")
        with self._lock:
            rate = rate_as_of(self._records, code, day or today(self._clock.now()).isoformat())
        return self._single(rules, rate)

    def attach(self, metadata: Record, file: AttachedFile | None) -> Record:
        """A new attachable: `metadata` says what of and with which note, the file its own name, type and size."""
        rules = self._rules("Attachable", "upload")
        described = {} if file is None else file.description()
        with self._lock:
            record = self._writing.attach(rules, {**described, **metadata}, self.realm_id if file else None)
            if file is not None:
                self._files.keep(record["Id"], file)
        return record

    def link_file(self, attachable_id: str) -> str:
        """A new name under which an attachable's file can be fetched for a while."""
        with self._lock:
            return self._files.link(attachable_id, self._clock.now())

    def fetch_file(self, name: str) -> AttachedFile | None:
        """The file of a name that `link_file` gave a while ago at most."""
        with self._lock:
            return self._files.fetch(name, self._clock.now())

    def answered(self, body: Mapping[str, Any]) -> bytes:
        """A body with the present as its `time`."""
        return encode({**body, "time": answer_time(self._clock.now())})

    def report(self, name: str, params: Mapping[str, str]) -> bytes:
        """The answer to a report's call."""
        with self._lock:
            inquiry = Inquiry(name, self.books(), Lists(self._records), Parameters(params))
            body = report(inquiry, self._settings, self._clock.now())
        return encode(body)

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

    def books(self) -> Books:
        """The double-entry books as they stand now; computed anew only after a change or on another day."""
        day = today(self._clock.now())
        with self._lock:
            moment = self._records.revision(), day
            if self._books is None or self._books[0] != moment:
                self._books = moment, Books(self._records, self._unshown, day)
            return self._books[1]

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

    def _only(self, entity: str) -> bytes:
        rules = self._rules(entity, "read")
        with self._lock:
            record = self._records[entity].record(0)
        return self._single(rules, record)

    def _single(self, rules: EntityRules, record: Record) -> bytes:
        named = record if rules.is_wrapped else {rules.name: record}
        return encode({**named, "time": answer_time(self._clock.now())})
