"""What is written back: one dataclass and one table per kind of thing QuickBooks knows and the operational system shows.

Amounts are in the currency of the document, to the cent, as QuickBooks has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import sqlalchemy as sa

from qbo_pipeline.ops.values import Amount, Day, Flag, Instant

own_tables = sa.MetaData()


@dataclass(frozen=True)
class WrittenDocument:
    """What became of a source document in QuickBooks."""

    realm_id: str
    source_kind: str
    source_id: str
    target: str
    status: str
    """pending, blocked, failed, skipped, pushed, partly_paid, paid, voided, deleted or drift."""
    reason: str | None = None
    qbo_id: str | None = None
    number: str | None = None
    link: str | None = None
    """The document's page in QuickBooks."""
    total: Decimal | None = None
    balance: Decimal | None = None
    paid_date: date | None = None


@dataclass(frozen=True)
class WrittenCustomer:
    """A customer of the books; `source_id` where it is one of the operational system's."""

    realm_id: str
    qbo_id: str
    business_entity_id: str
    source_id: str | None
    name: str
    email: str | None
    balance: Decimal | None
    is_active: bool


@dataclass(frozen=True)
class WrittenProduct:
    """A product or service of the books."""

    realm_id: str
    qbo_id: str
    business_entity_id: str
    source_id: str | None
    name: str
    sku: str | None
    kind: str
    unit_price: Decimal | None
    is_active: bool


@dataclass(frozen=True)
class WrittenInvoice:
    """An invoice of the books, whoever made it."""

    realm_id: str
    qbo_id: str
    business_entity_id: str
    customer_qbo_id: str | None
    number: str | None
    invoice_date: date | None
    due_date: date | None
    currency: str | None
    total: Decimal | None
    balance: Decimal | None
    status: str
    """open, partly_paid, paid, voided or deleted."""


@dataclass(frozen=True)
class WrittenPayment:
    """A payment received, as the books have it.

    `origin` is `operations` where it was pushed from here, as `source_kind` and `source_id` say; else `quickbooks`. The
    operational system may take over the latter: a row of `payments` whose id or reference is `qbo:` and the `qbo_id` is known
    to be there and is never pushed.
    """

    realm_id: str
    qbo_id: str
    business_entity_id: str
    customer_qbo_id: str | None
    payment_date: date | None
    currency: str | None
    total: Decimal | None
    unapplied: Decimal | None
    is_deleted: bool
    reference: str | None = None
    origin: str | None = None
    source_kind: str | None = None
    source_id: str | None = None


@dataclass(frozen=True)
class WrittenApplication:
    """How much of a payment settles which invoice of the books, on which day; `source_id` where the invoice is ours."""

    realm_id: str
    payment_qbo_id: str
    invoice_qbo_id: str
    business_entity_id: str
    amount: Decimal | None
    applied_date: date | None
    source_kind: str | None = None
    source_id: str | None = None


Written = WrittenDocument | WrittenCustomer | WrittenProduct | WrittenInvoice | WrittenPayment | WrittenApplication

_KINDS: dict[type, sa.types.TypeEngine[Any]] = {str: sa.Text(), Decimal: Amount(18, 2), date: Day(), bool: Flag()}


def _own_table(name: str, of: type, key: Sequence[str]) -> sa.Table:
    columns = [
        sa.Column(field, _KINDS[_one_type(kind)], primary_key=field in key, nullable=field not in key)
        for field, kind in of.__annotations__.items()
    ]
    return sa.Table(name, own_tables, *columns, sa.Column("written_at", Instant(), nullable=False))


def _one_type(kind: Any) -> type:
    """The type of a field that may be empty, without the emptiness."""
    return get_args(kind)[0] if get_args(kind) else kind


OWN_TABLES: dict[type, sa.Table] = {
    WrittenDocument: _own_table("qbo_document", WrittenDocument, ("realm_id", "source_kind", "source_id", "target")),
    WrittenCustomer: _own_table("qbo_customer", WrittenCustomer, ("realm_id", "qbo_id")),
    WrittenProduct: _own_table("qbo_product", WrittenProduct, ("realm_id", "qbo_id")),
    WrittenInvoice: _own_table("qbo_invoice", WrittenInvoice, ("realm_id", "qbo_id")),
    WrittenPayment: _own_table("qbo_payment", WrittenPayment, ("realm_id", "qbo_id")),
    WrittenApplication: _own_table(
        "qbo_application", WrittenApplication, ("realm_id", "payment_qbo_id", "invoice_qbo_id")
    ),
}
