"""Goods in documents: cost of goods sold, returns, counts, and the stock an item was set up with.

    a sale      Dr cost of goods sold, Cr inventory asset     (a credit memo or refund the other way round)
    a count     Dr or Cr inventory asset against the account chosen
    a start     Dr inventory asset, Cr opening balance equity

Goods bought debit the asset through their own line. Before an item's InvStartDate none of this happens, as the recorded ledger
shows: sales of the sample company's four items cost nothing before the day they were first counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qbo_pipeline.emulator.accounting.entries import ZERO, Entry, Leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, reference
from qbo_pipeline.emulator.accounting.sales import sold_lines
from qbo_pipeline.emulator.accounting.sides import side
from qbo_pipeline.emulator.accounting.spending import bought_lines
from qbo_pipeline.emulator.accounting.stock import Movement, cost_movements
from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.source import Record

Posted = tuple[Entry, Record]  # an entry and the record it was made from
_SOLD = {"Invoice": -1, "SalesReceipt": -1, "CreditMemo": 1, "RefundReceipt": 1}
_BOUGHT = {"Bill": 1, "Purchase": 1, "VendorCredit": -1}


@dataclass(slots=True)
class _Moved:
    """A movement with what it needs to be posted: the entry it adds to, the item, and the line's words."""

    movement: Movement
    posted: Posted
    item: Record
    line: Record
    detail: Record


def starting_entry(lookups: Lookups, record: Record) -> Entry:
    """What an item was worth when its stock was first counted; the API does not show it."""
    item = lookups.item(reference(record, "ItemRef"))
    asset = side(record, reference(item, "AssetAccountRef"), amount(record["Worth"]), record.get("PrivateNote", ""))
    equity = lookups.chart.with_subtype("OpeningBalanceEquity")
    entry = lookups.entry("", record, "Inventory Starting Value", asset)
    asset.item_id = item["Id"]
    entry.legs = [side(record, equity, -amount(record["Worth"]), record.get("PrivateNote", ""))]
    return entry


def adjustment_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """A count: its record tells quantities only, so its sides are added with their worth by `post_goods`."""
    return lookups.entry(entity, record, "Inventory Qty Adjust", None)


def post_goods(lookups: Lookups, posted: Iterable[Posted], starts: Iterable[Posted]) -> None:
    """Cost all movements of stock and add the sides that follow to the entries (already worth something at home)."""
    moved = [one for entry_record in posted for one in _moved(lookups, entry_record)]
    started = [_start(entry, record) for entry, record in starts]
    costs = {item["Id"]: amount(item.get("PurchaseCost")) for item in lookups.counted_items()}
    cost_movements([*started, *(one.movement for one in moved)], costs)
    for one in moved:
        entry, record = one.posted
        if entry.entity in _SOLD:
            entry.legs += _cost_of_goods(one, record)
        elif entry.entity == "InventoryAdjustment":
            entry.legs += _counted(one, record)


def _moved(lookups: Lookups, posted: Posted) -> Iterator[_Moved]:
    entry, record = posted
    if entry.entity in _SOLD:
        for line in sold_lines(record):
            detail = line["SalesItemLineDetail"]
            quantity = _SOLD[entry.entity] * amount(detail.get("Qty"))
            yield from _line(lookups, posted, line, detail, quantity=quantity)
    elif entry.entity in _BOUGHT:
        sign = -1 if record.get("Credit") is True else _BOUGHT[entry.entity]
        for line, detail in bought_lines(record):
            worth = cents(sign * amount(line.get("Amount")) * entry.rate)
            quantity = sign * amount(detail.get("Qty"))
            yield from _line(lookups, posted, line, detail, quantity=quantity, worth=worth)
    elif entry.entity == "InventoryAdjustment":
        for line in record.get("Line", ()):
            detail = line.get("ItemAdjustmentLineDetail", {})
            yield from _line(lookups, posted, line, detail, quantity=amount(detail.get("QtyDiff")))


def _line(
    lookups: Lookups, posted: Posted, line: Record, detail: Record, *, quantity: Decimal, worth: Decimal | None = None
) -> Iterator[_Moved]:
    entry, _ = posted
    item = lookups.counted_item(reference(detail, "ItemRef"), entry.date)
    if item is not None and quantity:
        movement = Movement(item["Id"], entry.date, entry.created, quantity, worth)
        yield _Moved(movement, posted, item, line, detail)


def _start(entry: Entry, record: Record) -> Movement:
    item_id = reference(record, "ItemRef")
    return Movement(item_id, entry.date, entry.created, amount(record["Quantity"]), amount(record["Worth"]))


def _cost_of_goods(moved: _Moved, record: Record) -> list[Leg]:
    worth = moved.movement.worth or ZERO
    if not worth:
        return []
    memo = moved.line.get("Description", "")
    cost = side(record, reference(moved.item, "ExpenseAccountRef"), ZERO, memo, moved.detail)
    asset = side(record, reference(moved.item, "AssetAccountRef"), ZERO, memo, moved.detail)
    return [_worth(cost, -worth), _worth(asset, worth)]


def _counted(moved: _Moved, record: Record) -> list[Leg]:
    """Four sides, as recorded: the quantity's, which are worth nothing, and the value's.

    The value's side on the account chosen names that account itself as its opposite; so does the recording.
    """
    asset, chosen = reference(moved.item, "AssetAccountRef"), reference(record, "AdjustAccountRef")
    memo, worth = record.get("PrivateNote", ""), moved.movement.worth or ZERO
    sides = ((asset, chosen, ZERO), (chosen, asset, ZERO), (asset, chosen, worth), (chosen, chosen, -worth))
    legs = []
    for account, opposite, value in sides:
        leg = _worth(side(record, account, ZERO, memo, moved.detail), value)
        leg.split_account_id = opposite
        legs.append(leg)
    return legs


def _worth(leg: Leg, home: Decimal) -> Leg:
    """A side that exists at home only."""
    leg.amount, leg.home = None, home
    return leg
