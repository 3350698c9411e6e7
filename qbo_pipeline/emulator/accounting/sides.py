"""Sides that documents of all kinds share: one named after the document's party, and those of its tax."""

from collections.abc import Iterator
from decimal import Decimal

from qbo_pipeline.emulator.accounting.entries import ZERO, Leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, reference
from qbo_pipeline.emulator.accounting.posting import NameKind
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.source import Record

_KINDS: dict[str, NameKind] = {"Customer": "Customer", "Vendor": "Vendor", "Employee": "Employee"}


def party_of(record: Record) -> tuple[NameKind, str]:
    """Whom a document is with: its customer, its vendor, or the payee of an expense."""
    if customer := reference(record, "CustomerRef"):
        return "Customer", customer
    if vendor := reference(record, "VendorRef"):
        return "Vendor", vendor
    payee = record.get("EntityRef", {})
    return named(payee.get("type", ""), payee.get("value", ""))


def named(kind: str, party_id: str) -> tuple[NameKind, str]:
    """A party as postings carry it; one of an unknown kind is no party."""
    known = _KINDS.get(kind, "")
    return (known, party_id) if known and party_id else ("", "")


def side(record: Record, account_id: str, value: Decimal, memo: str = "", detail: Record | None = None) -> Leg:
    """A side of a document under the name of its party; a line's `detail` adds its class, customer and item."""
    detail = detail or {}
    kind, party_id = party_of(record)
    customer = reference(detail, "CustomerRef") or (party_id if kind == "Customer" else "")
    return Leg(
        account_id=account_id,
        amount=value,
        memo=memo,
        name=(kind, party_id),
        class_id=reference(detail, "ClassRef") or reference(record, "ClassRef"),
        department_id=reference(record, "DepartmentRef"),
        customer_id=customer,
        vendor_id=party_id if kind == "Vendor" else "",
        item_id=reference(detail, "ItemRef"),
    )


def tax_sides(lookups: Lookups, record: Record, sign: int) -> Iterator[Leg]:
    """A document's tax on the liability account of each agency; `sign` 1 debits it (tax reclaimed), -1 credits it.

    Tax that is told as a total only, as a client may override it, is put on the first agency's account.
    """
    tax = record.get("TxnTaxDetail", {})
    told = ZERO
    for line in tax.get("TaxLine", ()):
        told += amount(line.get("Amount"))
        account = lookups.tax_account(reference(line.get("TaxLineDetail", {}), "TaxRateRef"))
        yield _tax_side(record, account, sign * amount(line.get("Amount")))
    if untold := amount(tax.get("TotalTax")) - told:
        yield _tax_side(record, lookups.tax_account(""), sign * untold)


def _tax_side(record: Record, account_id: str, value: Decimal) -> Leg:
    leg = side(record, account_id, value)
    leg.is_tax = True
    return leg
