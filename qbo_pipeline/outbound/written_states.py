"""What is written back into the operational system: what became of its documents, and the books it shows beside them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qbo_pipeline.ops.written import (
    Written,
    WrittenApplication,
    WrittenCustomer,
    WrittenDocument,
    WrittenInvoice,
    WrittenPayment,
    WrittenProduct,
)
from qbo_pipeline.quickbooks.pages import page_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.store import StateStore

Row = Mapping[str, Any]
DocumentRows = Mapping[tuple[str, str, str], Row]

_WAITING = {
    IntentState.PENDING: "pending",
    IntentState.IN_FLIGHT: "pending",
    IntentState.UNKNOWN: "pending",
    IntentState.RETRY_WAIT: "pending",
    IntentState.BLOCKED: "blocked",
    IntentState.FAILED: "failed",
    IntentState.DEAD: "failed",
    IntentState.SKIPPED: "skipped",
    IntentState.DRIFT: "drift",
}
_NAMES = ("Customer", "Vendor", "Item")
_OF_KIND: dict[str, Callable[..., Written]] = {
    "customer": WrittenCustomer,
    "product": WrittenProduct,
    "invoice": WrittenInvoice,
    "payment": WrittenPayment,
    "application": WrittenApplication,
}
# By which target's links, and which column, a row of the books is found to be ours.
_LINKED = {
    "product": ("Item", "qbo_id"),
    "payment": ("Payment", "qbo_id"),
    "application": ("Invoice", "invoice_qbo_id"),
}
_OURS = ("pushed", "recovered")


def written_documents(store: StateStore, documents: DocumentRows) -> Iterator[WrittenDocument]:
    """What became of each source document; `documents` are those of the books, as `warehouse.mirrored` has them.

    A document that the books do not show yet stands as it was pushed.
    """
    connections = {connection.realm_id: connection for connection in store.connections.all()}
    links = {
        (link.realm_id, link.target, link.source_kind, link.source_id): link
        for realm_id in connections
        for link in store.links.of(realm_id)
    }
    for intent in store.outbox.intents():
        connection = connections.get(intent.realm_id)
        if connection is None or intent.operation != "create" or intent.target in _NAMES:
            continue
        link = links.get((intent.realm_id, intent.target, intent.source_kind, intent.source_id))
        row = documents.get((intent.realm_id, intent.target, link.qbo_id)) if link else None
        yield _document(connection, intent, link, row)


def written_books(store: StateStore, kind: str, rows: list[Row]) -> Iterator[Written]:
    """The customers, products, invoices or payments of the books, each with the source row it stands for where there is one."""
    links = {
        (realm_id, link.qbo_id): link
        for realm_id in {row["realm_id"] for row in rows}
        for link in (store.links.of(realm_id, _LINKED[kind][0]) if kind in _LINKED else ())
    }
    for row in rows:
        link = links.get((row["realm_id"], row[_LINKED[kind][1]])) if kind in _LINKED else None
        yield _OF_KIND[kind](**row, **_source(kind, link))


def _source(kind: str, link: Link | None) -> dict[str, str | None]:
    """The source row of something of the books; a payment is ours only where we pushed it, not where it was found there."""
    if kind not in _LINKED:
        return {}
    source = {"source_id": link.source_id if link else None}
    if kind != "product":
        source["source_kind"] = link.source_kind if link else None
    if kind == "payment":
        source["origin"] = "operations" if link and link.origin in _OURS else "quickbooks"
    return source


def _document(connection: Connection, intent: StoredIntent, link: Link | None, row: Row | None) -> WrittenDocument:
    return WrittenDocument(
        realm_id=intent.realm_id,
        source_kind=intent.source_kind,
        source_id=intent.source_id,
        target=intent.target,
        status=_status(intent, link, row),
        reason=intent.reason,
        qbo_id=link.qbo_id if link else None,
        number=(row and row["number"]) or (link.doc_number if link else None) or intent.natural_key,
        link=page_of(connection.environment, intent.target, link.qbo_id) if link else None,
        total=row["total"] if row else link.total if link else None,
        balance=row["balance"] if row else None,
        paid_date=row["paid_date"] if row else None,
    )


def _status(intent: StoredIntent, link: Link | None, row: Row | None) -> str:
    if link is None or intent.state is not IntentState.PUSHED:
        return _WAITING.get(intent.state, "pushed")
    if link.status != "live" or (row and (row["is_deleted"] or row["is_voided"])):
        is_deleted = link.status == "deleted" or bool(row and row["is_deleted"])
        return "deleted" if is_deleted else "voided"
    if intent.has_changed_since:
        return "drift"
    if row and intent.target == "Invoice" and row["balance"] < row["total"]:
        return "paid" if row["balance"] == 0 else "partly_paid"
    return "pushed"
