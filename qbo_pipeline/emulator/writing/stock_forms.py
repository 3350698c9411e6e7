"""Items of every type, and adjustments of the stock of those that are counted.

A stock item created with a quantity on hand gets a starting adjustment against Opening Balance Equity, as a person finds one.
"""

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.faults import QboFault, business_rule, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.account_choices import account_reference, opening_balance_equity
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.line_items import detail_of, number_lines
from qbo_pipeline.emulator.writing.names import complete_name
from qbo_pipeline.emulator.writing.refusals import detail_required, invalid_enumeration, missing_lines

_TYPES = frozenset({"Inventory", "Service", "NonInventory", "Category"})
_NEEDED = {
    "Service": ("IncomeAccountRef",),
    "Inventory": (
        "IncomeAccountRef",
        "ExpenseAccountRef",
        "AssetAccountRef",
        "InvStartDate",
        "QtyOnHand",
        "TrackQtyOnHand",
    ),
}


def complete_item(entry: Entry) -> None:
    """Complete an item; bundles exist, but the API does not write them."""
    record, before = entry.record, entry.before or {}
    item_type = record.get("Type")
    if item_type == "Group":
        raise QboFault(400, "500", "Unsupported Operation", "Operation on an item of Type Group is not supported.")
    if item_type not in _TYPES:
        raise invalid_enumeration("Type", item_type)
    if before.get("Type") == "Inventory" and item_type != "Inventory":
        raise business_rule("The type of an inventory item cannot be changed.")
    if entry.is_new or entry.changes("Type"):
        for name in _NEEDED.get(str(item_type), ()):
            if record.get(name) in (None, "") or (name == "TrackQtyOnHand" and record[name] is not True):
                raise missing_parameter(name)
    complete_name(entry.desk, entry.rules, record)
    record["SubItem"] = "ParentRef" in record
    record["Level"] = record["FullyQualifiedName"].count(":")
    if item_type != "Category":
        for name, value in (("UnitPrice", 0), ("PurchaseCost", 0), ("TrackQtyOnHand", False), ("Taxable", False)):
            record.setdefault(name, value)


def start_stock(desk: Desk, item: Record) -> Record | None:
    """The starting adjustment of a new stock item; None where it starts empty or the company has no adjustments."""
    equity = opening_balance_equity(desk)
    if not item.get("TrackQtyOnHand") or not amount(item.get("QtyOnHand")) or equity is None:
        return None
    if "InventoryAdjustment" not in desk.records:
        return None
    reference = {"value": item["Id"], "name": item["FullyQualifiedName"]}
    line = {
        "Id": "1",
        "DetailType": "ItemAdjustmentLineDetail",
        "ItemAdjustmentLineDetail": {"ItemRef": reference, "QtyDiff": item["QtyOnHand"]},
    }
    adjustment = {
        "DocNumber": "START",
        "TxnDate": item["InvStartDate"],
        "PrivateNote": f"Opening inventory for {item['Name']}",
        "AdjustAccountRef": account_reference(equity),
        "Line": [line],
    }
    return desk.draft.save("InventoryAdjustment", adjustment)


def complete_adjustment(entry: Entry) -> None:
    """Complete an adjustment of stock: every line a counted item and the difference found."""
    lines = entry.record["Line"]
    if not lines:
        raise missing_lines()
    for line in lines:
        if line.get("DetailType") != "ItemAdjustmentLineDetail":
            raise invalid_enumeration("Line.DetailType", line.get("DetailType"))
        detail = detail_of(line)
        if "ItemRef" not in detail:
            raise detail_required()
        if detail.get("QtyDiff") is None:
            raise missing_parameter("ItemAdjustmentLineDetail.QtyDiff")
        if not entry.desk.referred(detail, "ItemRef", "Item").get("TrackQtyOnHand"):
            raise business_rule("Only items whose quantity on hand is tracked can be adjusted.")
    number_lines(lines, entry.before)
