"""A person says which document of QuickBooks a source document is: it is linked to that and never pushed."""

from decimal import Decimal

from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.state.intents import UNSETTLED, Intent, IntentState, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.store import StateStore


class NotLinkable(ValueError):  # noqa: N818 - named for what it says
    """A document that cannot be linked as things stand; the message says why."""


def link_document(store: StateStore, client: QuickBooks, source: str, qbo_id: str) -> Link:
    """Link the document that a source (KIND:ID) is to become to the one of that id, as QuickBooks has it now.

    Raises `NotLinkable` where it is out already or is nothing that goes out, `NotFound` where QuickBooks has no such
    document, `LinkTaken` where that one stands for another source.
    """
    known = _create(store, client.realm_id, source)
    record = client.read(target_of(known.target).entity, qbo_id)
    content = thawed(record.payload)
    total = content.get("TotalAmt")
    names = ("realm_id", "target", "source_kind", "source_id")
    same = {name: getattr(known, name) for name in names}
    link = Link(
        **same,
        qbo_id=record.id,
        origin="manual",
        linked_at=store.clock(),
        sync_token=record.sync_token,
        doc_number=content.get("DocNumber"),
        total=None if total is None else Decimal(total).quantize(Decimal("0.01")),
    )
    store.outbox.adopt(
        Intent(
            **same, operation="create", natural_key=known.natural_key, bills=tuple(store.claims.of(known.intent_key))
        ),
        link,
    )
    return link


def _create(store: StateStore, realm_id: str, source: str) -> StoredIntent:
    kind, _, identity = source.partition(":")
    found = [
        each
        for each in store.outbox.about(identity, source_kind=kind)
        if (each.realm_id, each.operation, each.source_id) == (realm_id, "create", identity)
    ]
    if len(found) != 1:
        raise NotLinkable(f"{source} is {'several documents' if found else 'nothing that goes out'} for this company.")
    if found[0].state in (IntentState.PUSHED, *UNSETTLED):
        raise NotLinkable(f"{source} is {found[0].state}: what was sent for it is not to be exchanged for another.")
    return found[0]
