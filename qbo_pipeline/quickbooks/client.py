"""One company in QuickBooks: its records, counts and changes.

    client = QuickBooks(realm_id, endpoints, tokens, name="main")
    for records in client.read_all(find_entity("Invoice")):
        ...

Safe to use from several threads; the limits hold for all of them together.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any
from urllib.parse import quote

import msgspec

from qbo_pipeline.catalog import Entity, Kind, find_entity
from qbo_pipeline.quickbooks.answer import Answer
from qbo_pipeline.quickbooks.changes import Changes, cut_changes
from qbo_pipeline.quickbooks.endpoints import Endpoints
from qbo_pipeline.quickbooks.errors import InvalidQuery, UnreadableAnswer
from qbo_pipeline.quickbooks.instants import literal_instant
from qbo_pipeline.quickbooks.paging import PAGE_SIZE_MIN, Bookmark, EntityPages, Stretch
from qbo_pipeline.quickbooks.query import (
    PAGE_SIZE_MAX,
    WITH_INACTIVE,
    changed_since_condition,
    count_statement,
    id_condition,
    page_statement,
    singleton_statement,
)
from qbo_pipeline.quickbooks.record import Record, cut_record, decode_members, find_array, find_object
from qbo_pipeline.quickbooks.reports import Report, cut_report
from qbo_pipeline.quickbooks.session import (
    TIMEOUT_SECONDS,
    TRIES_MAX,
    CallCount,
    CompanySession,
    TokenSource,
    utc_now,
)
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.quickbooks.writing import Writing

PAGES_AT_ONCE = 8  # As many calls at once as the throttle lets through.
STATEMENT_CHARACTERS_MAX = 2000  # A longer statement travels as a body: gateways refuse long addresses.
LARGE_PAGE_TRIES_MAX = 3  # Then the page is read in halves.


@dataclass(frozen=True)
class Page:
    """One answer to a query: the records' JSON texts, `totalCount` where it was given, and QuickBooks' clock."""

    records: list[msgspec.Raw] = field(repr=False)
    count: int | None
    time: datetime


class QuickBooks:
    """One company's API. `name` is what errors call the company; `clock`, `sleep` and `random` are injected for tests."""

    def __init__(
        self,
        realm_id: str,
        endpoints: Endpoints,
        tokens: TokenSource,
        *,
        throttle: Throttle | None = None,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random.random,
        timeout_seconds: float = TIMEOUT_SECONDS,
        name: str | None = None,
    ) -> None:
        self.realm_id = realm_id
        self.name = name or realm_id
        self._session = CompanySession(
            realm_id,
            endpoints,
            tokens,
            throttle=throttle or Throttle(sleep=sleep),
            clock=clock,
            sleep=sleep,
            random=random,
            timeout_seconds=timeout_seconds,
        )
        self._unfiltered: set[str] = set()
        self.writing = Writing(self._session, self.name)

    def __enter__(self) -> "QuickBooks":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections kept open."""
        self._session.close()

    @property
    def calls(self) -> CallCount:
        """The calls sent so far."""
        return self._session.calls

    @property
    def calls_by_entity(self) -> Mapping[str, CallCount]:
        """The calls sent so far about each entity, by QuickBooks' name; the change feed is about no single one."""
        return self._session.calls_by_entity

    @property
    def server_time(self) -> datetime | None:
        """QuickBooks' clock at its last answer: a cursor must come from that clock, not from this machine's."""
        return self._session.server_time

    @property
    def clock_skew(self) -> timedelta | None:
        """How far QuickBooks' clock is ahead of ours, as its last answer arrived."""
        return self._session.clock_skew

    def query_page(
        self, statement: str, *, doing: str | None = None, tries_max: int = TRIES_MAX, entity: Entity | None = None
    ) -> Page:
        """Run one query statement, counted for `entity`; an answer without records is an empty page."""
        doing = doing or f"Querying {self.name!r}"
        answer = self._query(statement, doing, tries_max, entity.name if entity else None)
        with _readable(doing, answer):
            members = decode_members(answer.members["QueryResponse"])
            _, records = find_array(members) or ("", [])
            count = msgspec.json.decode(members["totalCount"], type=int) if "totalCount" in members else None
        return Page(records, count, answer.time)

    def count(self, entity: Entity, where: Sequence[str] = ()) -> int:
        """How many records of an entity meet all conditions; without one, QuickBooks leaves out inactive names."""
        doing = f"Counting {entity.name} of {self.name!r}"
        page = self.query_page(count_statement(entity, where), doing=doing, entity=entity)
        if page.count is None:
            raise UnreadableAnswer(doing, message="no totalCount in the answer")
        return page.count

    def read_all(
        self,
        entity: Entity,
        *,
        changed_since: datetime | None = None,
        bookmark: Bookmark | None = None,
        workers: int = PAGES_AT_ONCE,
    ) -> EntityPages:
        """All records of an entity, inactive ones too, or those changed at or after `changed_since`, page by page.

        None that stands still is lost, whatever is created, edited or deleted meanwhile (see `paging`). Pages are read as
        they are asked for, `workers` ahead, from `bookmark` on if an earlier read was broken off there. Deletions are not
        told: the change feed tells them.
        """
        doing = f"Reading {entity.name} of {self.name!r}"
        if entity.kind is Kind.SINGLETON:
            return EntityPages(
                lambda *_: self._read_singleton(entity, changed_since, doing), lambda: 1, doing=doing, workers=1
            )
        where = [changed_since_condition(changed_since)] if changed_since else []
        return EntityPages(
            lambda start, size: self._read_page(entity, where, start, size, doing),
            lambda: self.count(entity, self._inactive_too(entity) + where),
            doing=doing,
            workers=workers,
            bookmark=bookmark,
        )

    def read(self, entity: Entity, record_id: str) -> Record:
        """One record by its id, inactive or not; a deleted one raises `NotFound`. A singleton needs no particular id."""
        doing = f"Reading {entity.name} {record_id} of {self.name!r}"
        if entity.composed_id:
            raise ValueError(f"{entity.name} has no Id to be read by.")
        if entity.kind is Kind.SINGLETON:
            return self._read_singleton(entity, None, doing).records[0]
        path = f"{entity.name.lower()}/{quote(record_id, safe='')}"
        return _only_record(self._session.request("GET", path, doing=doing, entity=entity.name), entity, doing)

    def read_many(self, entity: Entity, ids: Sequence[str]) -> list[Record]:
        """The records of these ids that exist, inactive or not, by query: one call for every 1000 of them."""
        doing = f"Reading {len(ids)} {entity.name} of {self.name!r}"
        records: list[Record] = []
        for first in range(0, len(ids), PAGE_SIZE_MAX):
            where = [id_condition(ids[first : first + PAGE_SIZE_MAX])]
            records += self._read_page(entity, where, 1, PAGE_SIZE_MAX, doing).records
        return records

    def find(self, entity: Entity, where: Sequence[str]) -> list[Record]:
        """All records of an entity that meet the conditions (see `query`), inactive ones too."""
        doing = f"Looking up {entity.name} of {self.name!r}"
        records: list[Record] = []
        while True:
            page = self._read_page(entity, where, len(records) + 1, PAGE_SIZE_MAX, doing).records
            records += page
            if len(page) < PAGE_SIZE_MAX:
                return records

    def company_info(self) -> Record:
        """The company's own card: the cheapest call that proves a connection."""
        doing = f"Reading CompanyInfo of {self.name!r}"
        answer = self._session.request("GET", f"companyinfo/{quote(self.realm_id, safe='')}", doing=doing)
        return _only_record(answer, find_entity("CompanyInfo"), doing)

    def changes(self, entities: Sequence[Entity], since: datetime) -> Changes:
        """What changed in `entities` at or after `since`, at most 30 days back, by the change feed; one call."""
        doing = f"Reading changes of {self.name!r} since {literal_instant(since)}"
        params = {"entities": ",".join(entity.name for entity in entities), "changedSince": literal_instant(since)}
        answer = self._session.request("GET", "cdc", doing=doing, params=params)
        with _readable(doing, answer):
            return cut_changes(answer, entities, doing)

    def report(self, name: str, params: Mapping[str, str]) -> Report:
        """One of QuickBooks' reports by its name (`TrialBalance`), with its parameters as QuickBooks spells them.

        Raises `ReportTooLarge` for one of more cells than QuickBooks gives.
        """
        doing = f"Reading the report {name} of {self.name!r}"
        path = f"reports/{quote(name, safe='')}"
        answer = self._session.request("GET", path, doing=doing, params=params, is_report=True)
        with _readable(doing, answer):
            return cut_report(answer)

    def _query(self, statement: str, doing: str, tries_max: int, entity: str | None) -> Answer:
        counted: dict[str, Any] = {"doing": doing, "tries_max": tries_max, "entity": entity}
        if len(statement) > STATEMENT_CHARACTERS_MAX:
            body = statement.encode()
            return self._session.request("POST", "query", body=body, content_type="application/text", **counted)
        return self._session.request("GET", "query", params={"query": statement}, **counted)

    def _read_singleton(self, entity: Entity, changed_since: datetime | None, doing: str) -> Stretch:
        page = self.query_page(singleton_statement(entity), doing=doing, entity=entity)
        records = _cut(page.records, entity, doing)
        if not records:
            raise UnreadableAnswer(doing, message="no record in the answer")
        if changed_since is not None:
            since = changed_since.replace(microsecond=0)
            records = [record for record in records if record.updated_at is None or record.updated_at >= since]
        return Stretch(start=1, size=2, records=records, as_of=page.time)

    def _read_page(self, entity: Entity, where: Sequence[str], start: int, size: int, doing: str) -> Stretch:
        tries_max = LARGE_PAGE_TRIES_MAX if size > PAGE_SIZE_MIN else TRIES_MAX

        def read() -> Page:
            statement = page_statement(entity, [*self._inactive_too(entity), *where], start, size)
            return self.query_page(statement, doing=doing, tries_max=tries_max, entity=entity)

        try:
            page = read()
        except InvalidQuery:
            if not entity.hides_inactive or entity.name in self._unfiltered:
                raise
            page = self._read_unfiltered(entity, read)
        return Stretch(start, size, _cut(page.records, entity, doing), page.time)

    def _read_unfiltered(self, entity: Entity, read: Callable[[], Page]) -> Page:
        """Read an entity that may not know `Active` without asking for it, and remember only if that was the reason."""
        self._unfiltered.add(entity.name)
        try:
            return read()
        except InvalidQuery:
            self._unfiltered.discard(entity.name)
            raise

    def _inactive_too(self, entity: Entity) -> list[str]:
        return [WITH_INACTIVE] if entity.hides_inactive and entity.name not in self._unfiltered else []


def _cut(raws: Sequence[msgspec.Raw], entity: Entity, doing: str) -> list[Record]:
    with _readable(doing):
        return [cut_record(raw, entity) for raw in raws]


def _only_record(answer: Answer, entity: Entity, doing: str) -> Record:
    with _readable(doing, answer):
        if (raw := find_object(answer.members)) is None:
            raise ValueError("no record in the answer")
        return cut_record(raw, entity)


@contextmanager
def _readable(doing: str, answer: Answer | None = None) -> Iterator[None]:
    """Turn an answer whose JSON is not as QuickBooks' is into the error for that."""
    try:
        yield
    except (ValueError, KeyError) as error:
        tid = answer.intuit_tid if answer else None
        raise UnreadableAnswer(doing, message="the answer does not have QuickBooks' form", intuit_tid=tid) from error
