"""The rows and codes of the operational system that documents refer to, and that must have their counterpart in QuickBooks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

Row = Mapping[str, Any]
SourceLists = Mapping[str, Iterable[Row]]
"""Rows of `companies`, `products`, `users` and `tax_codes` of one business entity, as its contract names their columns."""

_COMPANY_TEXTS = ("legal_name", "email", "phone", "currency", "terms_code", "tax_code")
_ADDRESS = ("addr_line1", "addr_line2", "city", "region", "postal_code", "country")


@dataclass(frozen=True, kw_only=True)
class WantedCompany:
    """A company in the part of a customer or of a vendor; one that is both is wanted twice."""

    kind: Literal["customer", "vendor"]
    source_id: str
    business_entity_id: str
    number: str
    name: str = field(repr=False)
    legal_name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    address: tuple[str | None, ...] = field(default=(None,) * len(_ADDRESS), repr=False)
    currency: str | None = None
    terms_code: str | None = None
    terms_days: int | None = None
    tax_code: str | None = None
    is_tax_exempt: bool = False
    parent_id: str | None = None
    bill_to_id: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WantedProduct:
    """A product or service; prices are in the home currency."""

    source_id: str
    business_entity_id: str
    kind: str
    name: str
    sku: str | None = None
    description: str | None = None
    unit_price: Decimal | None = None
    unit_cost: Decimal | None = None
    is_taxable: bool = False
    income_account: str | None = None
    expense_account: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WantedWorker:
    """A user whose time or expenses are pushed."""

    source_id: str
    name: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    vendor_id: str | None = None
    is_contractor: bool = False


@dataclass(frozen=True)
class WantedCode:
    """A code of a kind of mapping: `name` is what else it may be called, `days` those of a payment term."""

    kind: str
    key: str
    name: str | None = None
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class WantedNames:
    """Everything wanted of one company's lists."""

    companies: tuple[WantedCompany, ...] = ()
    products: tuple[WantedProduct, ...] = ()
    workers: tuple[WantedWorker, ...] = ()
    codes: tuple[WantedCode, ...] = ()


def company_of_row(kind: Literal["customer", "vendor"], row: Row) -> WantedCompany:
    """A company from its row."""
    return WantedCompany(
        kind=kind,
        source_id=row["id"],
        business_entity_id=row["business_entity_id"],
        number=row["number"],
        name=row["name"],
        address=tuple(row.get(name) for name in _ADDRESS),
        terms_days=row.get("terms_days"),
        is_tax_exempt=bool(row.get("tax_exempt")),
        # Vendors have no levels in QuickBooks.
        parent_id=row.get("parent_company_id") if kind == "customer" else None,
        bill_to_id=row.get("bill_to_company_id") if kind == "customer" else None,
        updated_at=row.get("updated_at"),
        **{name: row.get(name) for name in _COMPANY_TEXTS},
    )


def product_of_row(row: Row) -> WantedProduct:
    """A product from its row."""
    names = ("sku", "description", "unit_price", "unit_cost", "income_account", "expense_account", "updated_at")
    return WantedProduct(
        source_id=row["id"],
        business_entity_id=row["business_entity_id"],
        kind=row["kind"],
        name=row["name"],
        is_taxable=bool(row.get("taxable")),
        **{name: row.get(name) for name in names},
    )


def worker_of_row(row: Row) -> WantedWorker:
    """A user from its row."""
    return WantedWorker(
        source_id=row["id"],
        name=row["display_name"],
        email=row.get("email"),
        vendor_id=row.get("vendor_company_id"),
        is_contractor=row.get("worker_kind") == "contractor",
    )


def names_of_sources(lists: SourceLists | None) -> dict[tuple[str, str], str]:
    """What the rows and codes of the operational system are called there, by kind of mapping and key."""
    if lists is None:
        return {}
    called = {(kind, row["id"]): row["name"] for kind in ("customer", "vendor") for row in lists["companies"]}
    called |= {("item", row["id"]): row["name"] for row in lists["products"]}
    called |= {("worker", row["id"]): row["display_name"] for row in lists["users"]}
    return called | {("tax_code", row["code"]): row.get("name") or "" for row in lists["tax_codes"]}
