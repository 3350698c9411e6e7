"""What refers to documents that QuickBooks neither holds nor is to hold: it would wait for them without end.

What settles such a document is not pushed, and says which one it settles. A bill goes all the same, without its link to an order.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from qbo_pipeline.outbound.document import Attachment, Document, Reference, TimeWorked
from qbo_pipeline.outbound.fence import skipped_for
from qbo_pipeline.outbound.wanted import Skipped, Source, WantedInCompany, source_of

# A document whose link is the whole point of it.
_SETTLING = frozenset({"Payment", "BillPayment", "CreditMemo", "JournalEntry"})
_BILL = "Bill"


def within_reach(wanted: WantedInCompany, is_live: Callable[[Source], bool]) -> WantedInCompany:
    """The same with what settles documents out of reach among what is skipped; `is_live` says what QuickBooks holds."""
    documents = list(wanted.documents)
    skipped = {each.source: each for each in wanted.skipped}
    while True:
        known = {source_of(each) for each in documents}
        lost = {
            source_of(document): _why_not(document, reference, skipped)
            for document in documents
            if _is_nothing_without(document)
            for reference in _references(document)
            if not _is_within(reference, known, is_live)
        }
        if not lost:
            break
        # What refers to these is out of reach in turn.
        skipped |= lost
        documents = [each for each in documents if source_of(each) not in lost]
    kept = tuple(
        _without_lost_orders(each, known, is_live) if isinstance(each, Document) and each.target == _BILL else each
        for each in documents
    )
    return replace(wanted, documents=kept, skipped=tuple(skipped.values()))


def _without_lost_orders(bill: Document, known: set[Source], is_live: Callable[[Source], bool]) -> Document:
    lines = tuple(
        line
        if line.linked_to is None or _is_within(line.linked_to, known, is_live)
        else line.model_copy(update={"linked_to": None})
        for line in bill.lines
    )
    return bill.model_copy(update={"lines": lines})


def _is_nothing_without(document: Document | TimeWorked | Attachment) -> bool:
    return isinstance(document, Attachment) or (isinstance(document, Document) and document.target in _SETTLING)


def _references(document: Document | Attachment) -> Iterator[Reference]:
    if isinstance(document, Attachment):
        yield document.of
        return
    yield from document.linked_to
    yield from (line.linked_to for line in document.lines if line.linked_to is not None)


def _is_within(reference: Reference, known: set[Source], is_live: Callable[[Source], bool]) -> bool:
    source = _source(reference)
    return source in known or is_live(source)


def _why_not(document: Document | Attachment, reference: Reference, skipped: dict[Source, Skipped]) -> Skipped:
    other = skipped.get(_source(reference))
    named = f"{reference.target} {(other and other.number) or reference.source_id}"
    told = "which is not in QuickBooks" if other is None else f"which is not pushed: {other.reason}"
    does = "hangs on" if isinstance(document, Attachment) else "settles"
    return skipped_for(document, "settles_unpushed", f"It {does} {named}, {told}".rstrip(".") + ".")


def _source(reference: Reference) -> Source:
    return reference.target, reference.source_kind, reference.source_id
