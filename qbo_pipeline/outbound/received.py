"""Payments that QuickBooks has already, whoever entered them there: linked, and never sent a second time.

A bookkeeper who enters a payment in QuickBooks and an operational system that learns of it from the bank have the same money
twice. It is known to be the same by customer, day, currency and amount, and by its reference or by the invoices it settles: an
invoice is paid once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.fence import skipped_for
from qbo_pipeline.outbound.payloads.money import REFERENCE_MAX
from qbo_pipeline.outbound.wanted import WantedInCompany, source_hash
from qbo_pipeline.state.intents import Intent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.push_keys import read_markers
from qbo_pipeline.state.store import StateStore

Row = Mapping[str, Any]

_PAYMENT = "Payment"
_OURS = ("pushed", "recovered")


def payments_of(wanted: WantedInCompany) -> list[Document]:
    """The payments received that are wanted; what merely applies a credit is none."""
    documents = (each for each in wanted.documents if isinstance(each, Document))
    return [each for each in documents if (each.target, each.source_kind) == (_PAYMENT, "payment")]


def adopt_received(store: StateStore, realm_id: str, wanted: WantedInCompany, books: Iterable[Row]) -> int:
    """Link the wanted payments that are in the books already; how many there were. One that may be two is linked to neither."""
    free = [row for row in books if not _is_known(store, realm_id, row)]
    adopted = 0
    for payment in payments_of(wanted):
        if store.links.find(realm_id, _PAYMENT, payment.source_kind, payment.source_id) is not None:
            continue
        same = [row for row in free if _is_same(store, realm_id, payment, row)]
        if len(same) == 1:
            _adopt(store, realm_id, payment, same[0])
            free.remove(same[0])
            adopted += 1
    return adopted


def without_fees_of_received(store: StateStore, realm_id: str, wanted: WantedInCompany) -> WantedInCompany:
    """The same without the fees of payments that came from QuickBooks: whoever entered those knew what was kept of them."""
    received = {
        link.source_id
        for link in store.links.of(realm_id, _PAYMENT)
        if link.source_kind == "payment" and link.origin not in _OURS
    }
    fees = [each for each in wanted.documents if each.source_kind == "payment_fee" and each.source_id in received]
    if not fees:
        return wanted
    told = "Its payment came from QuickBooks, where its fee is entered too."
    skipped = tuple(skipped_for(each, "from_quickbooks", told) for each in fees)
    kept = tuple(each for each in wanted.documents if each not in fees)
    return replace(wanted, documents=kept, skipped=(*wanted.skipped, *skipped))


def _is_known(store: StateStore, realm_id: str, row: Row) -> bool:
    """What carries a marker left here, even if nothing was heard of it yet."""
    return bool(read_markers(row["note"] or "")) or store.links.by_qbo_id(realm_id, _PAYMENT, row["id"]) is not None


def _is_same(store: StateStore, realm_id: str, payment: Document, row: Row) -> bool:
    customer = store.links.find(realm_id, "Customer", "customer", payment.party_id)
    if customer is None or customer.qbo_id != row["customer_id"]:
        return False
    facts = (payment.transaction_date, payment.total, payment.currency)
    if facts != (row["transaction_date"], row["total"], row["currency"] or payment.currency):
        return False
    reference = (payment.reference or "").strip()[:REFERENCE_MAX].casefold()
    if reference and reference == (row["reference"] or "").strip().casefold():
        return True
    settled = _settled(store, realm_id, payment)
    return bool(settled) and settled == {(each["invoice_id"], each["amount"]) for each in row["invoices"]}


def _settled(store: StateStore, realm_id: str, payment: Document) -> set[tuple[str, Any]]:
    """The invoices a payment settles, by their QuickBooks ids; empty where one of them has none."""
    found = set()
    for line in payment.lines:
        of = line.linked_to
        link = of and store.links.find(realm_id, of.target, of.source_kind, of.source_id)
        if link is None:
            return set()
        found.add((link.qbo_id, line.amount))
    return found


def _adopt(store: StateStore, realm_id: str, payment: Document, row: Row) -> None:
    source = {"target": _PAYMENT, "source_kind": payment.source_kind, "source_id": payment.source_id}
    intent = Intent(
        realm_id=realm_id,
        operation="create",
        document=payment.model_dump_json(),
        source_hash=source_hash(payment),
        **source,
    )
    link = Link(
        realm_id=realm_id,
        **source,
        qbo_id=row["id"],
        origin="matched",
        linked_at=store.clock(),
        total=row["total"],
    )
    store.outbox.adopt(intent, link)
