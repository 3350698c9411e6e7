"""What a document needs in QuickBooks before it, and the work it bills, as the outbox keeps them."""

from collections.abc import Iterator

from qbo_pipeline.outbound.document import Attachment, Document, TimeWorked
from qbo_pipeline.state.intents import Need, Work


def needs_of(wanted: Document | TimeWorked | Attachment) -> tuple[Need, ...]:
    """The names and documents it refers to, each once.

    A worker is none of them: whether it is an employee or a vendor is only known once it is mapped, and none is ever made.
    """
    if isinstance(wanted, Attachment):
        return (Need(wanted.of.target, wanted.of.source_kind, wanted.of.source_id),)
    found = _of_time(wanted) if isinstance(wanted, TimeWorked) else _of_document(wanted)
    return tuple(sorted(set(found)))


def work_of(wanted: Document | TimeWorked | Attachment) -> tuple[Work, ...]:
    """The pieces of work its lines bill, each once."""
    if not isinstance(wanted, Document):
        return ()
    billed = {Work(each.source_kind, each.source_id, each.part) for line in wanted.lines for each in line.bills}
    return tuple(sorted(billed))


def _of_document(document: Document) -> Iterator[Need]:
    if document.party_kind == "vendor":
        # An expense may name nobody it was paid to.
        if document.party_id:
            yield Need("Vendor", "vendor", document.party_id)
    else:
        yield _customer(document.party_id)
    if document.ship_to_id is not None:
        yield _customer(document.ship_to_id)
    for reference in document.linked_to:
        yield Need(reference.target, reference.source_kind, reference.source_id)
    for line in document.lines:
        if line.product_id is not None:
            yield _item(line.product_id)
        if line.customer_id is not None:
            yield _customer(line.customer_id)
        if line.linked_to is not None:
            yield Need(line.linked_to.target, line.linked_to.source_kind, line.linked_to.source_id)


def _of_time(worked: TimeWorked) -> Iterator[Need]:
    if worked.customer_id is not None:
        yield _customer(worked.customer_id)
    if worked.product_id is not None:
        yield _item(worked.product_id)


def _customer(company_id: str) -> Need:
    return Need("Customer", "customer", company_id)


def _item(product_id: str) -> Need:
    return Need("Item", "item", product_id)
