"""A person's decisions about mappings: which object it is, that a new one is made, that it stays out; and taking them back.

Each returns the intents that go on because of it.
"""

from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.lists import Listed
from qbo_pipeline.outbound.mapping.settled import ways_out
from qbo_pipeline.outbound.mapping.withdrawing import withdraw_create
from qbo_pipeline.state.errors import StateError
from qbo_pipeline.state.intents import Intent, IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mapping_kinds import MappingKind, mapping_kind
from qbo_pipeline.state.mappings import Mapping, MappingOrigin
from qbo_pipeline.state.store import StateStore

_HELD = (IntentState.BLOCKED, IntentState.FAILED)


class MappingRefused(StateError):  # noqa: N818 - named for what happened
    """A decision that cannot be carried out; the message says why and what to do."""


@dataclass(frozen=True)
class Decided:
    """A row or code and the entry it is."""

    kind: MappingKind
    source_key: str
    entry: Listed


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Decisions about one company's mappings, as made by hand or by a file."""

    store: StateStore
    realm_id: str
    origin: MappingOrigin = "manual"

    def assign(self, *decided: Decided) -> list[StoredIntent]:
        """They are those entries, which must be live ones. Raises `LinkTaken` where an entry stands for another row."""
        before = self._held()
        linked = [each for each in decided if each.kind.is_linked]
        self.store.links.put_all([self._link(each) for each in linked])
        for each in linked:
            self.store.mappings.remove(self.realm_id, each.kind.name, each.source_key)
            withdraw_create(self.store, self.realm_id, each.kind.name, each.source_key)
        self.store.mappings.put(*(self._mapping(each) for each in decided if not each.kind.is_linked))
        return self._woken(before)

    def make_new(self, kind_name: str, source_key: str) -> list[StoredIntent]:
        """A new one is made of it, whatever looks like it; the name is told apart by its number where it must be."""
        kind = mapping_kind(kind_name)
        if not kind.is_linked:
            raise MappingRefused(f"A {kind.name} is not made by a push: make it in QuickBooks and map it to that.")
        link = self.store.links.find(self.realm_id, kind.target, kind.name, source_key)
        if link is not None and link.status == "live":
            raise MappingRefused(
                f"{kind.name} {source_key} is {link.target} {link.qbo_id} already. Clear that first with `qbo-pipeline map "
                f"clear {kind.name} {source_key}` if it is wrong."
            )
        before = self._held()
        create = Intent(
            realm_id=self.realm_id,
            target=kind.target,
            operation="create",
            source_kind=kind.name,
            source_id=source_key,
        )
        known = self.store.outbox.get(create.key)
        if known is not None and known.state is IntentState.PUSHED:
            self.store.outbox.push_again(create.key)
        self.store.links.remove(self.realm_id, kind.target, kind.name, source_key)
        self.store.mappings.put(
            Mapping(
                realm_id=self.realm_id, kind=kind.name, source_key=source_key, target=kind.target, origin=self.origin
            )
        )
        return self._woken(before)

    def exclude(self, kind_name: str, source_key: str, reason: str | None = None) -> list[StoredIntent]:
        """It stays out of pushes, and with it whatever refers to it."""
        kind = mapping_kind(kind_name)
        before = self._held()
        if kind.is_linked:
            reason_code, why = "excluded", reason or "A person excluded it from pushes."
            withdraw_create(self.store, self.realm_id, kind.name, source_key, reason_code=reason_code, reason=why)
            self.store.links.remove(self.realm_id, kind.target, kind.name, source_key)
        self.store.mappings.put(
            Mapping(
                realm_id=self.realm_id,
                kind=kind.name,
                source_key=source_key,
                target=kind.target,
                status="excluded",
                origin=self.origin,
                reason=reason,
            )
        )
        return self._woken(before)

    def clear(self, kind_name: str, source_key: str) -> list[StoredIntent]:
        """Nothing is said about it any more; raises `MappingRefused` where nothing was."""
        kind = mapping_kind(kind_name)
        known = self.store.mappings.find(self.realm_id, kind.name, source_key)
        is_linked = kind.is_linked and self.store.links.find(self.realm_id, kind.target, kind.name, source_key)
        if known is None and not is_linked:
            raise MappingRefused(f"{kind.name} {source_key} is not mapped, so that there is nothing to clear.")
        before = self._held()
        if kind.is_linked:
            self.store.links.remove(self.realm_id, kind.target, kind.name, source_key)
        self.store.mappings.remove(self.realm_id, kind.name, source_key)
        return self._woken(before)

    def proposal(self, kind_name: str, source_key: str) -> Mapping:
        """What is proposed for it; raises `MappingRefused` where nothing is."""
        kind = mapping_kind(kind_name)
        known = self.store.mappings.find(self.realm_id, kind.name, source_key)
        if known is None or known.status != "proposed" or known.qbo_id is None:
            raise MappingRefused(f"Nothing is proposed for {kind.name} {source_key}. {ways_out(kind.name, source_key)}")
        return known

    def _link(self, decided: Decided) -> Link:
        return Link(
            realm_id=self.realm_id,
            target=decided.entry.target,
            source_kind=decided.kind.name,
            source_id=decided.source_key,
            qbo_id=decided.entry.id,
            origin="manual",
            linked_at=self.store.clock(),
        )

    def _mapping(self, decided: Decided) -> Mapping:
        return Mapping(
            realm_id=self.realm_id,
            kind=decided.kind.name,
            source_key=decided.source_key,
            target=decided.entry.target,
            qbo_id=decided.entry.id,
            qbo_name=decided.entry.label,
            origin=self.origin,
        )

    def _held(self) -> set[str]:
        return {each.intent_key for each in self.store.outbox.intents(self.realm_id, states=_HELD)}

    def _woken(self, before: set[str]) -> list[StoredIntent]:
        pending = self.store.outbox.intents(self.realm_id, states=(IntentState.PENDING,))
        return [each for each in pending if each.intent_key in before]
