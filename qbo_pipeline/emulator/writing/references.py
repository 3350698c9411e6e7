"""References of a record: each must name something that exists, and gets the name it has now.

The name a client sends is ignored, as QuickBooks does. A document may not newly refer to a deactivated name.
"""

from collections.abc import Iterator
from typing import Any

from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.faults import invalid_reference, not_found
from qbo_pipeline.emulator.source import Record

# The entity behind a reference, and QuickBooks' inner name of its list, which the fault's text uses.
_REFERENCES = {
    "CustomerRef": ("Customer", "Names"),
    "VendorRef": ("Vendor", "Names"),
    "EmployeeRef": ("Employee", "Names"),
    "PrefVendorRef": ("Vendor", "Names"),
    "ItemRef": ("Item", "Items"),
    "GroupItemRef": ("Item", "Items"),
    "ClassRef": ("Class", "Klasses"),
    "DepartmentRef": ("Department", "Depts"),
    "SalesTermRef": ("Term", "Terms"),
    "TermRef": ("Term", "Terms"),
    "PaymentMethodRef": ("PaymentMethod", "PaymentMethods"),
    "TxnTaxCodeRef": ("TaxCode", "TaxCodes"),
    "TaxRateRef": ("TaxRate", "TaxRates"),
    "CustomerTypeRef": ("CustomerType", "CustomerTypes"),
}
_PARTIES = ("Customer", "Vendor", "Employee")
# Codes of US lines and of pseudo items, which stand for no record.
_PSEUDO_IDS = {"TAX", "NON", "SHIPPING_ITEM_ID", "GRATUITY_ITEM_ID"}


def check_references(records: CompanyRecords, entity: str, record: Record, before: Record | None) -> None:
    """Refuse references to nothing (2500) and new ones to deactivated names (610); write the names of the rest."""
    known = {(name, reference.get("value")) for name, reference in references_in(before or {})}
    for name, reference in references_in(record):
        target = reference_target(name, reference, entity)
        record_id = str(reference.get("value", ""))
        if target is None or target[0] not in records or record_id in _PSEUDO_IDS:
            continue
        found = records.find(target[0], record_id)
        if found is None:
            raise invalid_reference(target[1], record_id, name)
        if found.get("Active") is False and (name, reference.get("value")) not in known:
            detail = (
                "Something you're trying to use has been made inactive. "
                "Check the fields with accounts, customers, items, vendors or employees."
            )
            raise not_found(detail, name)
        shown = found.get("DisplayName") or found.get("FullyQualifiedName") or found.get("Name")
        if shown:
            reference["name"] = shown


def reference_target(name: str, reference: Record, entity: str) -> tuple[str, str] | None:
    """The entity that a reference inside a record of `entity` names, and its list's inner name; None if nobody checks it."""
    if name.endswith("AccountRef"):
        return "Account", "Accounts"
    if name == "ParentRef":
        return entity, "Names"
    if name == "EntityRef" and reference.get("type") in _PARTIES:
        return reference["type"], "Names"
    return _REFERENCES.get(name)


def references_in(value: Any) -> Iterator[tuple[str, Record]]:
    """Every reference anywhere in a record, with its property's name."""
    if isinstance(value, list):
        for item in value:
            yield from references_in(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("Ref") and isinstance(inner, dict):
                yield name, inner
            else:
                yield from references_in(inner)
