"""Journal entries: every line as written, and the tax on them.

A tax line of a journal entry carries no side of its own: it takes the side of the lines whose tax code it belongs to, so that
tax on a debited expense is a debit. Reports show "-Split-" opposite every line, as the recorded ledger does even for two.
"""

from collections.abc import Iterator
from decimal import Decimal

from qbo_pipeline.emulator.accounting.entries import ZERO, Entry, Leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, reference
from qbo_pipeline.emulator.accounting.sides import named
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.source import Record

_SIDES = {"Debit": 1, "Credit": -1}
_RATE_LISTS = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}


def journal_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """The entry of a journal entry."""
    entry = lookups.entry(entity, record, "Journal Entry", None)
    entry.legs = [_leg(record, line) for line in _lines(record)]
    entry.legs += _tax(lookups, record, entry.legs)
    return entry


def _lines(record: Record) -> Iterator[Record]:
    return (line for line in record.get("Line", ()) if line.get("DetailType") == "JournalEntryLineDetail")


def _leg(record: Record, line: Record) -> Leg:
    detail = line["JournalEntryLineDetail"]
    party = detail.get("Entity", {})
    kind, party_id = named(party.get("Type", ""), reference(party, "EntityRef"))
    return Leg(
        account_id=reference(detail, "AccountRef"),
        amount=_SIDES[detail["PostingType"]] * amount(line.get("Amount")),
        memo=line.get("Description", ""),
        name=(kind, party_id),
        class_id=reference(detail, "ClassRef"),
        department_id=reference(detail, "DepartmentRef"),
        customer_id=party_id if kind == "Customer" else "",
        vendor_id=party_id if kind == "Vendor" else "",
        split_account_id="",
    )


def _tax(lookups: Lookups, record: Record, legs: list[Leg]) -> Iterator[Leg]:
    sides = _sides_by_rate(lookups, record)
    excess = sum((leg.amount or ZERO for leg in legs), ZERO)
    for line in record.get("TxnTaxDetail", {}).get("TaxLine", ()):
        rate_id = reference(line.get("TaxLineDetail", {}), "TaxRateRef")
        value = _SIDES["Credit" if excess > 0 else "Debit"] * amount(line.get("Amount"))
        if rate_id in sides:
            value = sides[rate_id] * amount(line.get("Amount"))
        if value:
            yield Leg(lookups.tax_account(rate_id), Decimal(value), is_tax=True, split_account_id="")


def _sides_by_rate(lookups: Lookups, record: Record) -> dict[str, int]:
    """Which side the lines taxed at each rate stand on."""
    sides: dict[str, int] = {}
    for line in _lines(record):
        detail = line["JournalEntryLineDetail"]
        code = lookups.records.find("TaxCode", reference(detail, "TaxCodeRef")) or {}
        rates = code.get(_RATE_LISTS.get(detail.get("TaxApplicableOn", "Sales"), ""), {}).get("TaxRateDetail", ())
        for rate in rates:
            sides.setdefault(reference(rate, "TaxRateRef"), _SIDES[detail["PostingType"]])
    return sides
