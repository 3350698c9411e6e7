"""The audit of what was pushed: every pushed intent has one live object in QuickBooks, every marked object one intent.

It reads each kind of object that was ever asked for in a company, whole, and writes nothing to QuickBooks. Links are put right
where the records leave no doubt: a link that was lost is made again, and what QuickBooks now says of a linked record is noted.
What is missing is pushed again only when somebody asks (`Outbox.push_again`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from qbo_pipeline.outbound.delivery.freezing import is_voided, owned_hash, thawed
from qbo_pipeline.outbound.delivery.targets import Target, target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.errors import LinkTaken
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.push_keys import is_genuine, read_markers
from qbo_pipeline.state.store import StateStore

ReadRecords = Callable[[str], Iterable[Record]]


class Discrepancy(StrEnum):
    """What can be wrong with a pushed object."""

    MISSING = "missing"  # deleted in QuickBooks, or never there
    VOIDED = "voided"  # voided in QuickBooks, and not by us
    CHANGED = "changed"  # what we wrote was changed in QuickBooks
    DUPLICATED = "duplicated"  # two objects with one marker and one number
    COPIED = "copied"  # an object that took over the marker of another in a copy
    FOREIGN = (
        "foreign"  # a marker that no intent here explains: of another company, another installation, a lost state store
    )


@dataclass(frozen=True, order=True)
class Finding:
    """One discrepancy; `qbo_id` is the object in QuickBooks, `source` the row it is about."""

    discrepancy: Discrepancy
    target: str
    source: str
    qbo_id: str


@dataclass(frozen=True)
class Audit:
    """What an audit of one company found and put right."""

    checked: int
    findings: list[Finding] = field(default_factory=list)
    links_repaired: int = 0

    @property
    def lost(self) -> int:
        """How many pushed intents have no object."""
        return sum(finding.discrepancy is Discrepancy.MISSING for finding in self.findings)

    @property
    def duplicated(self) -> int:
        """How many objects there are too many."""
        return sum(finding.discrepancy is Discrepancy.DUPLICATED for finding in self.findings)


def audit(store: StateStore, client: QuickBooks, records_of: ReadRecords | None = None) -> Audit:
    """Check every create that was pushed to a company; `records_of` gives its records where a mirror has them at hand."""
    read = records_of or _reader(client)
    created: dict[str, list[StoredIntent]] = defaultdict(list)
    for intent in store.outbox.intents(client.realm_id):
        if intent.operation == "create":
            created[intent.target].append(intent)
    findings: list[Finding] = []
    checked = repaired = 0
    for target, intents in created.items():
        pushed = [intent for intent in intents if intent.state is IntentState.PUSHED]
        # Where nothing went out there may still be what another state store of ours sent.
        kind = _KindAudit(store, client.realm_id, target, list(read(target)))
        checked += len(pushed)
        repaired += sum(kind.check(intent) for intent in pushed)
        kind.check_strangers(intents)
        findings += kind.findings
    return Audit(checked, sorted(findings), repaired)


class _KindAudit:
    """The audit of one kind of object of one company."""

    def __init__(self, store: StateStore, realm_id: str, target: str, records: list[Record]) -> None:
        self.findings: list[Finding] = []
        self._store = store
        self._realm_id = realm_id
        self._target = target_of(target)
        self._by_id = {record.id: record for record in records if not record.is_deleted}
        self._contents = {record_id: thawed(record.payload) for record_id, record in self._by_id.items()}
        self._links = {(each.source_kind, each.source_id): each for each in store.links.of(realm_id, target)}
        secret = store.outbox.marker_secret()
        self._marked: dict[str, list[str]] = defaultdict(list)
        self._not_ours: dict[str, list[str]] = defaultdict(list)
        for record_id, content in self._contents.items():
            for marker in read_markers(_note(content, self._target)):
                marked = self._marked if is_genuine(marker, secret, realm_id, target) else self._not_ours
                marked[f"{marker.source_kind}:{marker.source_id}"].append(record_id)

    def check(self, intent: StoredIntent) -> bool:
        """Check one intent's object; whether its link was put right."""
        link = self._links.get((intent.source_kind, intent.source_id))
        if link is not None and link.status != "live":
            return False
        same = [each for each in self._marked[intent.source] if self._has_key_of(intent, each)]
        own = link.qbo_id if link and link.qbo_id in self._by_id else next(iter(sorted(same, key=int)), None)
        if own is None:
            self._find(Discrepancy.MISSING, intent, link.qbo_id if link else "")
            return False
        for other in self._marked[intent.source]:
            if other != own:
                # Without a number two of a kind cannot be told from a copy: the worse is reported.
                self._find(Discrepancy.DUPLICATED if other in same else Discrepancy.COPIED, intent, other)
        self._compare(intent, own, link)
        return self._put_right(intent, own, link)

    def check_strangers(self, intents: list[StoredIntent]) -> None:
        """Report markers that no intent explains, as after a state store was lost, and those that were not made here."""
        known = {intent.source for intent in intents if intent.attempts or intent.state is IntentState.PUSHED}
        unexplained = [each for each in self._marked.items() if each[0] not in known]
        for source, record_ids in (*unexplained, *self._not_ours.items()):
            for record_id in record_ids:
                self.findings.append(Finding(Discrepancy.FOREIGN, self._target.entity.name, source, record_id))

    def _compare(self, intent: StoredIntent, record_id: str, link: Link | None) -> None:
        content = self._contents[record_id]
        if self._target.entity.can_be_deleted and is_voided(content):
            self._find(Discrepancy.VOIDED, intent, record_id)
        elif link and link.owned_hash and owned_hash(content, link.owned_fields) != link.owned_hash:
            self._find(Discrepancy.CHANGED, intent, record_id)

    def _has_key_of(self, intent: StoredIntent, record_id: str) -> bool:
        wanted = self._target.key_of(thawed(intent.payload or b"{}"))
        return wanted is None or self._target.key_of(self._contents[record_id]) == wanted

    def _put_right(self, intent: StoredIntent, record_id: str, link: Link | None) -> bool:
        record, content = self._by_id[record_id], self._contents[record_id]
        if link is not None and link.qbo_id == record_id:
            return False
        now = self._store.clock()
        made = link or Link(
            realm_id=self._realm_id,
            target=intent.target,
            source_kind=intent.source_kind,
            source_id=intent.source_id,
            qbo_id=record_id,
            origin="recovered",
            linked_at=now,
        )
        number = content.get("DocNumber")
        made = replace(made, qbo_id=record_id, sync_token=record.sync_token, doc_number=number, linked_at=now)
        try:
            self._store.links.put(made)
        except LinkTaken:
            self._find(Discrepancy.COPIED, intent, record_id)
            return False
        return True

    def _find(self, discrepancy: Discrepancy, intent: StoredIntent, qbo_id: str) -> None:
        self.findings.append(Finding(discrepancy, intent.target, intent.source, qbo_id))


def _reader(client: QuickBooks) -> ReadRecords:
    def read(target: str) -> Iterable[Record]:
        for page in client.read_all(target_of(target).entity):
            yield from page

    return read


def _note(content: Mapping[str, object], target: Target) -> str:
    return str(content.get(target.marker_field) or "") if target.marker_field else ""
