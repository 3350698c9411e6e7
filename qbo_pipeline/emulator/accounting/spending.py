"""Money owed and spent: bills, vendor credits, and the purchases that QuickBooks shows as checks and expenses.

    Dr expense or stock per line, tax reclaimed     Cr payable, bank or card = total

A vendor credit and a purchase with `Credit` (a refund to the card) have the sides changed.
"""

from collections.abc import Iterator

from qbo_pipeline.emulator.accounting.entries import Entry, Leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, day_of, reference
from qbo_pipeline.emulator.accounting.sides import side, tax_sides
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.source import Record

# QuickBooks keeps five kinds of spending in one entity and tells them apart by a number in PurchaseEx.
_KINDS = {"1": "Credit Card Expense", "3": "Check", "11": "Credit Card Credit", "31": "Cash Expense", "54": "Expense"}


def bill_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """The entry of a bill or a vendor credit."""
    sign = 1 if entity == "Bill" else -1
    account = lookups.control_account(record, "Vendor", reference(record, "VendorRef"))
    entry = lookups.entry(
        entity, record, "Bill" if entity == "Bill" else "Vendor Credit", _head(record, account, -sign)
    )
    entry.legs = _sides(lookups, record, sign)
    return entry


def purchase_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """The entry of a check or an expense, from the account it was paid with."""
    sign = -1 if record.get("Credit") is True else 1
    entry = lookups.entry(entity, record, _kind(record), _head(record, reference(record, "AccountRef"), -sign))
    entry.legs = _sides(lookups, record, sign)
    return entry


def bought_lines(record: Record) -> Iterator[tuple[Record, Record]]:
    """The lines that buy something, each with its detail."""
    for line in record.get("Line", ()):
        detail = line.get(line.get("DetailType", ""))
        if isinstance(detail, dict) and line["DetailType"].endswith("ExpenseLineDetail"):
            yield line, detail


def _head(record: Record, account: str, sign: int) -> Leg:
    return side(record, account, sign * amount(record.get("TotalAmt")), record.get("PrivateNote", ""))


def _sides(lookups: Lookups, record: Record, sign: int) -> list[Leg]:
    legs = [*_costs(lookups, record, sign), *tax_sides(lookups, record, sign)]
    return [leg for leg in legs if leg.amount]


def _costs(lookups: Lookups, record: Record, sign: int) -> Iterator[Leg]:
    for line, detail in bought_lines(record):
        account = reference(detail, "AccountRef") or _account_of_item(lookups, record, detail)
        yield side(record, account, sign * amount(line.get("Amount")), line.get("Description", ""), detail)


def _account_of_item(lookups: Lookups, record: Record, detail: Record) -> str:
    item_id = reference(detail, "ItemRef")
    if counted := lookups.counted_item(item_id, day_of(record)):
        return reference(counted, "AssetAccountRef")
    item = lookups.item(item_id)
    found = reference(item, "ExpenseAccountRef") or reference(item, "IncomeAccountRef")
    return found or lookups.chart.first_of_type("Expense")


def _kind(record: Record) -> str:
    pairs = record.get("PurchaseEx", {}).get("any", ())
    numbers = [pair["value"]["Value"] for pair in pairs if pair["value"]["Name"] == "TxnType"]
    if numbers and numbers[0] in _KINDS:
        return _KINDS[numbers[0]]
    if record.get("PaymentType") == "Check":
        return "Check"
    return "Credit Card Credit" if record.get("Credit") is True else "Expense"
