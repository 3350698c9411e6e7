"""What each line of a document must bring: a kind that its form has, an item or an account, and a tax code of its country."""

from collections.abc import Iterable, Sequence
from typing import Literal

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.faults import business_rule, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.line_items import detail_of, flattened
from qbo_pipeline.emulator.writing.refusals import (
    before_inventory_start,
    detail_required,
    invalid_enumeration,
    invalid_tax_code,
    missing_lines,
    quantity_required,
)

Kind = Literal["sales", "spending", "journal"]

_DETAILS = {
    "sales": frozenset({"SalesItemLineDetail", "GroupLineDetail", "DescriptionOnly", "DiscountLineDetail"}),
    "spending": frozenset({"ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail", "DescriptionOnly"}),
    "journal": frozenset({"JournalEntryLineDetail", "DescriptionOnly"}),
}
_NEEDED = {"ItemBasedExpenseLineDetail": "ItemRef", "AccountBasedExpenseLineDetail": "AccountRef"}
_BILLABLE = frozenset({"Billable", "NotBillable", "HasBeenBilled"})


def check_lines(entry: Entry, kind: Kind, lines: Sequence[Record]) -> None:
    """Refuse lines a form of this kind cannot have; stock items are judged only where a line is new or its date moves."""
    if not lines:
        raise missing_lines()
    before = entry.before or {}
    is_moved = before.get("TxnDate") != entry.record["TxnDate"]
    known = {line.get("Id") for line in before.get("Line", ())}
    for line in flattened(lines):
        detail_type = line.get("DetailType")
        if detail_type is None:
            raise missing_parameter("Line.DetailType")
        if detail_type not in _DETAILS[kind]:
            raise invalid_enumeration("Line.DetailType", detail_type)
        detail = detail_of(line)
        needed = _NEEDED.get(detail_type)
        if needed is not None and needed not in detail:
            raise detail_required()
        if detail.get("BillableStatus", "NotBillable") not in _BILLABLE:
            raise invalid_enumeration("BillableStatus", detail["BillableStatus"])
        if entry.rules.posts and (is_moved or line.get("Id") not in known):
            _check_stock(entry.desk, detail, entry.record)


def check_tax_codes(desk: Desk, record: Record, lines: Iterable[Record]) -> None:
    """Refuse US codes other than TAX and NON (6100), and elsewhere taxed documents with a line that has no code (6000)."""
    for line in flattened(lines):
        code = detail_of(line).get("TaxCodeRef", {}).get("value")
        if desk.is_us:
            if code is not None and code not in ("TAX", "NON"):
                raise invalid_tax_code(code)
        elif code is None and _needs_code(desk, record, line):
            raise business_rule("Make sure all your transactions have a VAT rate before you save.")


def _needs_code(desk: Desk, record: Record, line: Record) -> bool:
    is_money = line.get("DetailType") in ("SalesItemLineDetail", *_NEEDED) and amount(line.get("Amount")) != 0
    is_taxed = record.get("GlobalTaxCalculation") != "NotApplicable"
    return is_money and is_taxed and bool(desk.preference("TaxPrefs", "UsingSalesTax"))


def _check_stock(desk: Desk, detail: Record, record: Record) -> None:
    item = desk.referred(detail, "ItemRef", "Item")
    if not item.get("TrackQtyOnHand"):
        return
    if detail.get("Qty") is None:
        raise quantity_required()
    start = item.get("InvStartDate", "")
    if record["TxnDate"] < start:
        raise before_inventory_start(item["Name"], start)
