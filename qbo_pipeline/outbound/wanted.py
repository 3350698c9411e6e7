"""From the rows of the outbound models to what should exist: documents, time worked, endings, and what is left out and why."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.document import (
    Attachment,
    Billed,
    Discount,
    Document,
    DocumentLine,
    Ending,
    Reference,
    SourceVersion,
    TimeWorked,
)

Row = Mapping[str, Any]
Source = tuple[str, str, str]
"""What stands for a document: its target, and the kind and id of its source."""

DERIVED = frozenset(
    {
        ("Estimate", "quote"),
        ("Invoice", "invoice"),
        ("Invoice", "quote_billing"),
        ("Invoice", "sale"),
        ("SalesReceipt", "sale"),
        ("Invoice", "ticket"),
        ("Invoice", "billable_time"),
        ("CreditMemo", "invoice"),
        ("CreditMemo", "write_off"),
        ("Payment", "payment"),
        ("Payment", "application"),
        ("Payment", "write_off_application"),
        ("RefundReceipt", "payment"),
        ("JournalEntry", "payment"),
        ("JournalEntry", "payment_fee"),
        ("PurchaseOrder", "purchase_order"),
        ("Bill", "vendor_bill"),
        ("Bill", "expense_receipt"),
        ("BillPayment", "payment"),
        ("Purchase", "expense_receipt"),
        ("TimeActivity", "time_entry"),
        ("Attachable", "expense_receipt"),
    }
)
"""The targets and kinds of source that the models derive whole: what is not among them is not wanted any more."""


# Fields that documents pushed before them had not: while they say nothing, a content stays what it was.
_LATER_FIELDS = ("is_tax_inclusive", "is_linked_again")


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """A source that is not pushed; `reason` says why in a bookkeeper's words, `reason_code` for programs."""

    target: str
    source_kind: str
    source_id: str
    number: str | None
    reason_code: str
    reason: str

    @property
    def source(self) -> Source:
        """What it would be the document of."""
        return self.target, self.source_kind, self.source_id


@dataclass(frozen=True, kw_only=True)
class WantedInCompany:
    """All that the models say of one business entity; `endings` are there whether anything was ever pushed or not.

    `covered` are the time entries that are paid for without an invoice.
    """

    documents: tuple[Document | TimeWorked | Attachment, ...] = field(default=(), repr=False)
    endings: tuple[Ending, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    covered: tuple[str, ...] = ()


def wanted_in_company(rows: Mapping[str, Sequence[Row]]) -> WantedInCompany:
    """What the rows of the outbound models ask for, by table; a row that fits no document raises `ValueError`."""
    seen = _versions(rows["source_version"])
    lines = _by_source(rows["document_line"])
    documents = [_document(row, lines[_key(row)], seen[_source(row)]) for row in rows["document"]]
    worked = [_time_worked(row, seen[_source(row)]) for row in rows["time_activity"]]
    attached = [_attachment(row, seen[_source(row)]) for row in rows["attachment"]]
    return WantedInCompany(
        documents=(*documents, *worked, *attached),
        endings=tuple(_ending(row, seen[_source(row)]) for row in rows["ending"]),
        skipped=tuple(_skipped(row) for row in rows["skipped"]),
        covered=tuple(row["time_entry_id"] for row in rows["covered_time"]),
    )


def source_of(wanted: Document | TimeWorked | Attachment | Ending) -> Source:
    """What stands for a document."""
    return wanted.target, wanted.source_kind, wanted.source_id


def source_hash(wanted: Document | TimeWorked | Attachment | Ending) -> str:
    """What tells one content from another: everything that is pushed, and not when its sources were last touched."""
    if isinstance(wanted, Document) and wanted.is_linked_again:
        # Once it went out, it is linked or it is not; and what went out before had no such link.
        wanted = wanted.model_copy(update={"linked_to": (), "is_linked_again": False})
    unsaid = {name for name in _LATER_FIELDS if not getattr(wanted, name, None)}
    return hashlib.sha256(wanted.model_dump_json(exclude={"seen", *unsaid}).encode()).hexdigest()


def _document(row: Row, lines: Iterable[Row], seen: tuple[SourceVersion, ...]) -> Document:
    same = (
        *("target", "business_entity_id", "source_kind", "source_id", "number", "party_kind", "party_id", "currency"),
        *("transaction_date", "due_date", "expiry_date", "po_number", "terms_code", "email", "customer_memo"),
        *(
            "private_note",
            "department_code",
            "account",
            "payment_method",
            "reference",
            "ship_to_id",
            "tax_total",
            "is_tax_inclusive",
            "is_linked_again",
            "total",
        ),
    )
    return Document(
        **{name: row[name] for name in same},
        exchange_rate=_plain(row["exchange_rate"]),
        discount=_discount(row),
        linked_to=tuple(_references(row)),
        lines=tuple(_line(line) for line in lines),
        seen=seen,
    )


def _line(row: Row) -> DocumentLine:
    same = (
        *("line_id", "product_id", "account", "description", "amount", "tax_code", "is_taxable", "class_code"),
        *("customer_id", "is_billable", "service_date"),
    )
    return DocumentLine(
        **{name: row[name] for name in same},
        kind=row["line_kind"],
        quantity=_plain(row["quantity"]),
        unit_price=_plain(row["unit_price"]),
        linked_to=next(_references(row, line_id=row["linked_line_id"]), None),
        bills=tuple(Billed(**each) for each in row["bills"] or ()),
    )


def _time_worked(row: Row, seen: tuple[SourceVersion, ...]) -> TimeWorked:
    same = (
        *("business_entity_id", "source_kind", "source_id", "user_id", "customer_id", "product_id", "class_code"),
        *("transaction_date", "minutes", "is_billable", "description"),
    )
    return TimeWorked(**{name: row[name] for name in same}, rate=_plain(row["rate"]), seen=seen)


def _attachment(row: Row, seen: tuple[SourceVersion, ...]) -> Attachment:
    same = ("business_entity_id", "source_kind", "source_id", "transaction_date", "file")
    (of,) = _references(row)
    return Attachment(**{name: row[name] for name in same}, of=of, seen=seen)


def _ending(row: Row, seen: tuple[SourceVersion, ...]) -> Ending:
    same = ("target", "business_entity_id", "source_kind", "source_id", "reason")
    return Ending(**{name: row[name] for name in same}, seen=seen)


def _skipped(row: Row) -> Skipped:
    same = ("target", "source_kind", "source_id", "reason_code", "reason")
    return Skipped(**{name: row[name] for name in same}, number=row["source_number"])


def _discount(row: Row) -> Discount | None:
    if row["discount_kind"] is None:
        return None
    return Discount(
        kind=row["discount_kind"], value=_plain(row["discount_value"]), before_tax=row["discount_before_tax"]
    )


def _references(row: Row, line_id: str | None = None) -> Iterator[Reference]:
    if row["linked_target"] is not None:
        source_kind, source_id = row["linked_source_kind"], row["linked_source_id"]
        yield Reference(target=row["linked_target"], source_kind=source_kind, source_id=source_id, line_id=line_id)


def _plain(value: Decimal | None) -> Decimal | None:
    """An exact number without the zeros that only its column's scale gave it, so that a wider column changes no document."""
    return None if value is None else Decimal(format(value.normalize(), "f"))


def _versions(rows: Iterable[Row]) -> dict[Source, tuple[SourceVersion, ...]]:
    found: dict[Source, tuple[SourceVersion, ...]] = defaultdict(tuple)
    for row in rows:
        version = SourceVersion(kind=row["seen_kind"], id=row["seen_id"], updated_at=row["updated_at"])
        found[_source(row)] = (*found[_source(row)], version)
    return found


def _by_source(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _key(row: Row) -> tuple[str, str]:
    return row["source_kind"], row["source_id"]


def _source(row: Row) -> Source:
    return row["target"], row["source_kind"], row["source_id"]
