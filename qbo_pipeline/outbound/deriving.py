"""Deriving: from what the warehouse holds of both sides to an outbox that says what must happen in QuickBooks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from qbo_pipeline.outbound.history import Adopted, adopt_history, hold_doubtful
from qbo_pipeline.outbound.intending import Intended, intend_all
from qbo_pipeline.outbound.mapping.naming import NamesSettled, intend_names, settle_names
from qbo_pipeline.outbound.mapping.reactivating import wake_reactivated
from qbo_pipeline.outbound.mapping.records import READ_ENTITIES, read_company
from qbo_pipeline.outbound.mapping.wanting import names_of_documents
from qbo_pipeline.outbound.received import adopt_received, payments_of, without_fees_of_received
from qbo_pipeline.outbound.recurring.waiting import waiting_invoices
from qbo_pipeline.outbound.wanted import WantedInCompany, wanted_in_company
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.history import candidates, known_books
from qbo_pipeline.warehouse.name_lists import current_records, source_lists
from qbo_pipeline.warehouse.query import Connection as WarehouseConnection
from qbo_pipeline.warehouse.received import received_payments
from qbo_pipeline.warehouse.wanted import wanted_rows

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Derived:
    """What was derived for one connection: changes of the outbox, names settled, and history found in the books.

    `problem` says why nothing could be, and nothing was changed then.
    """

    connection: str
    intended: Intended = field(default_factory=Intended)
    names: NamesSettled | None = None
    history: Adopted | None = None
    received: int = 0
    problem: str | None = None

    @property
    def told(self) -> str:
        """What was done, in words and counts."""
        counts = {
            "new": self.intended.new,
            "changed": self.intended.changed,
            "to be updated": self.intended.updated,
            "to be ended": self.intended.ended,
            "withdrawn": self.intended.withdrawn,
            "drifted": self.intended.drift,
            "not pushed": self.intended.skipped,
        }
        parts = [f"{counter.total()} {name}" for name, counter in counts.items() if counter]
        if self.history and self.history.linked:
            parts.append(f"{self.history.linked} found in the books")
        if self.history and self.history.in_doubt:
            parts.append(f"{len(self.history.in_doubt)} may be in the books already")
        if self.received:
            parts.append(f"{self.received} payments that QuickBooks had already")
        if self.names and self.names.blocked:
            parts.append(f"{len(self.names.blocked)} names and codes wait for a person")
        return ", ".join(parts) or "nothing is new"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What is derived from, read of the warehouse in one go; `history` is None where it is not looked for any more."""

    wanted: WantedInCompany
    names: Mapping[str, list[dict[str, Any]]]
    records: list[tuple[str, str]]
    history: tuple[list[Row], list[Row]] | None
    received: list[Row] = field(default_factory=list)


def derive(
    store: StateStore, warehouse: WarehouseConnection, connection: Connection, *, update_keys: Collection[str] = ()
) -> Derived:
    """Bring the outbox of one connection up to what should exist; doing it again changes nothing."""
    try:
        sources = _read(store, warehouse, connection)
    except ValueError as error:
        return Derived(connection=connection.name, problem=str(error))
    names = _settle(store, connection.realm_id, sources)
    # History is looked for once names are linked, and before anything is asked for.
    history = adopt_history(store, connection.realm_id, *sources.history) if sources.history else None
    received = adopt_received(store, connection.realm_id, sources.wanted, sources.received)
    wanted = without_fees_of_received(store, connection.realm_id, sources.wanted)
    intended = intend_all(store, connection, wanted, update_keys=update_keys)
    if history is not None:
        hold_doubtful(store, history)
    return Derived(connection=connection.name, intended=intended, names=names, history=history, received=received)


def _read(store: StateStore, warehouse: WarehouseConnection, connection: Connection) -> Sources:
    entity = connection.business_entity_id or ""
    is_armed = store.push_settings.of(connection.realm_id).armed_at is not None
    history = None if is_armed else (candidates(warehouse, entity), known_books(warehouse, connection.realm_id))
    wanted = wanted_in_company(wanted_rows(warehouse, entity))
    days = sorted({payment.transaction_date for payment in payments_of(wanted)})
    return Sources(
        wanted=wanted,
        names=source_lists(warehouse, entity),
        records=list(current_records(warehouse, connection.realm_id, READ_ENTITIES)),
        history=history,
        received=received_payments(warehouse, connection.realm_id, days),
    )


def _settle(store: StateStore, realm_id: str, sources: Sources) -> NamesSettled:
    lists, profile = read_company(realm_id, sources.records)
    if profile is not None:
        store.company_profiles.put(profile)
    choices = store.push_settings.of(realm_id).choices
    documents = (*sources.wanted.documents, *waiting_invoices(store, realm_id))
    settled = settle_names(store, realm_id, lists, names_of_documents(documents, sources.names), choices)
    intend_names(store, settled)
    wake_reactivated(store, realm_id, lists)
    return settled
