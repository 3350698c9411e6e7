"""Quantity on hand of counted items, kept right while documents change. Like a balance it moves without a new SyncToken."""

from collections import Counter
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.records import Draft
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.line_items import detail_of, flattened

_DIRECTIONS = {
    "Invoice": -1,
    "SalesReceipt": -1,
    "CreditMemo": 1,
    "RefundReceipt": 1,
    "Bill": 1,
    "Purchase": 1,
    "VendorCredit": -1,
    "InventoryAdjustment": 1,
}


def move_stock(draft: Draft) -> None:
    """Let quantities on hand follow all documents a draft changes."""
    moved: Counter[str] = Counter()
    for change in draft.changes():
        direction = _DIRECTIONS.get(change.entity, 0)
        if direction:
            for record, sign in ((change.before, -direction), (change.after, direction)):
                for item_id, quantity in _quantities(record):
                    moved[item_id] += sign * quantity
    for item_id, quantity in moved.items():
        item = draft.find("Item", item_id) if quantity else None
        # A new item brings its quantity; its starting adjustment only explains it.
        if item is not None and item.get("TrackQtyOnHand") and draft.records.find("Item", item_id) is not None:
            item["QtyOnHand"] = amount(item.get("QtyOnHand")) + quantity
            draft.amend("Item", item)


def _quantities(record: Record | None) -> list[tuple[str, Decimal]]:
    if record is None:
        return []
    sign = -1 if record.get("Credit") else 1
    found = []
    for line in flattened(record.get("Line", ())):
        detail = detail_of(line)
        quantity = detail.get("Qty", detail.get("QtyDiff"))
        item_id = detail.get("ItemRef", {}).get("value")
        if item_id and quantity is not None:
            found.append((item_id, sign * amount(quantity)))
    return found
