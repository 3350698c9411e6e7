"""A desk at one company's outbox: takes in what is wanted and settles what is due, as a push to QuickBooks would."""

from datetime import timedelta
from typing import Any

from qbo_pipeline.outbound.document import Document, Ending
from qbo_pipeline.outbound.intending import Intended, intend_all
from qbo_pipeline.outbound.wanted import Skipped, WantedInCompany
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.settling import Settlement
from qbo_pipeline.state.store import StateStore

LEASE = timedelta(minutes=5)


class Desk:
    """Intends for one company and settles what was intended."""

    def __init__(self, store: StateStore, connection: Connection) -> None:
        self.store = store
        self.connection = connection

    def intend(
        self,
        *documents: Document,
        skipped: tuple[Skipped, ...] = (),
        endings: tuple[Ending, ...] = (),
        **asked: Any,
    ) -> Intended:
        """Bring the outbox up to these."""
        return self.intend_all(WantedInCompany(documents=documents, endings=endings, skipped=skipped), **asked)

    def intend_all(self, wanted: WantedInCompany, **asked: Any) -> Intended:
        """Bring the outbox up to what is wanted."""
        return intend_all(self.store, self.connection, wanted, **asked)

    def push(self, *, arrives: bool = True) -> None:
        """Make what is needed and send what is due; where it does not arrive for sure, it stays in flight."""
        for need in {each for known in self.all() for each in self.store.outbox.needs(known.intent_key)}:
            if need.target in ("Customer", "Vendor", "Item"):
                self._link(need.target, need.source_kind, need.source_id)
        while due := self.store.dispatch.claim("me", self.connection.realm_id, lease=LEASE, limit=100):
            for claimed in due:
                frozen = self.store.dispatch.freeze(claimed, b"{}", lease=LEASE)
                if arrives:
                    self.store.dispatch.settle(frozen.intent, Settlement(state=IntentState.PUSHED))
                if arrives and claimed.operation == "create":
                    self._link(claimed.target, claimed.source_kind, claimed.source_id)

    def all(self) -> list[StoredIntent]:
        """Every intent."""
        return self.store.outbox.intents(self.connection.realm_id)

    def one(self, operation: str = "create") -> StoredIntent:
        """The only intent of an operation."""
        (found,) = [each for each in self.all() if each.operation == operation]
        return found

    def states(self, target: str) -> dict[tuple[str, str], str]:
        """How the intents of a target stand, by operation and source."""
        return {(each.operation, each.source_id): each.state for each in self.all() if each.target == target}

    def _link(self, target: str, source_kind: str, source_id: str) -> None:
        if self.store.links.find(self.connection.realm_id, target, source_kind, source_id) is None:
            made = Link(
                realm_id=self.connection.realm_id,
                target=target,
                source_kind=source_kind,
                source_id=source_id,
                qbo_id=f"{target}-{source_id}",
                origin="pushed",
                linked_at=self.store.clock(),
            )
            self.store.links.put(made)
