"""The lines of a document: their ids and numbers, their amounts, and what they add up to.

Amount is quantity times price, rounded to cents; given both ways it must agree. The subtotal line is QuickBooks' own: what a
client sends of it is ignored, and one is put after the item lines, before the discount.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.faults import QboFault, missing_parameter
from qbo_pipeline.emulator.source import Record

SUBTOTAL = "SubTotalLineDetail"
DISCOUNT = "DiscountLineDetail"
GROUP = "GroupLineDetail"


def detail_of(line: Record) -> Record:
    """The part of a line that its DetailType names."""
    found = line.get(line.get("DetailType", ""))
    return found if isinstance(found, dict) else {}


def flattened(lines: Iterable[Record]) -> Iterator[Record]:
    """All lines, each bundle followed by what is in it."""
    for line in lines:
        yield line
        yield from flattened(detail_of(line).get("Line", ()))


def number_lines(lines: Sequence[Record], before: Record | None, *, first_id: int = 1) -> None:
    """Give lines without Id the next ones, and all of them their LineNum; lines of a bundle follow it."""
    everything = list(flattened(lines))
    used = [line.get("Id") for line in (*everything, *flattened((before or {}).get("Line", ())))]
    numbers = [int(line_id) for line_id in used if isinstance(line_id, str) and line_id.isdecimal()]
    next_id = max([first_id - 1, *numbers]) + 1
    for position, line in enumerate(everything, start=1):
        if not line.get("Id"):
            line["Id"] = str(next_id)
            next_id += 1
        line["LineNum"] = position


def price_lines(lines: Iterable[Record]) -> None:
    """Work out amounts from quantity and price; refuse an amount that disagrees (6070) or is missing (2020)."""
    for line in lines:
        detail = detail_of(line)
        price_lines(detail.get("Line", ()))
        if detail.get("Qty") is not None and detail.get("UnitPrice") is not None:
            product = cents(amount(detail["Qty"]) * amount(detail["UnitPrice"]))
            if line.get("Amount") is not None and cents(amount(line["Amount"])) != product:
                raise _disagreeing(line["Amount"])
            line["Amount"] = product
        elif line.get("Amount") is None and line.get("DetailType") not in ("DescriptionOnly", GROUP, DISCOUNT):
            raise missing_parameter("Line.Amount")


def sum_of(lines: Iterable[Record]) -> Decimal:
    """The sum of all lines but subtotals and discounts; a group counts as what is in it."""
    total = Decimal(0)
    for line in lines:
        kind = line.get("DetailType")
        if kind == GROUP:
            total += sum_of(detail_of(line).get("Line", ()))
        elif kind not in (SUBTOTAL, DISCOUNT):
            total += amount(line.get("Amount"))
    return cents(total)


def discount_of(lines: Iterable[Record], subtotal: Decimal) -> Decimal:
    """The discount of a sales form; a percentage gets its amount written into its line."""
    total = Decimal(0)
    for line in lines:
        if line.get("DetailType") == DISCOUNT:
            detail = detail_of(line)
            if detail.get("PercentBased"):
                line["Amount"] = cents(subtotal * amount(detail.get("DiscountPercent")) / 100)
            total += amount(line.get("Amount"))
    return total


def with_subtotal(lines: Sequence[Record], subtotal: Decimal) -> list[Record]:
    """The lines with QuickBooks' subtotal line between items and discount."""
    items = [line for line in lines if line.get("DetailType") != DISCOUNT]
    discounts = [line for line in lines if line.get("DetailType") == DISCOUNT]
    line: dict[str, Any] = {"Amount": subtotal, "DetailType": SUBTOTAL, SUBTOTAL: {}}
    return [*items, line, *discounts]


def _disagreeing(supplied: Any) -> QboFault:
    return QboFault(
        400,
        "6070",
        "Amount calculation incorrect in the request",
        f"Amount calculation incorrect in the request : Amount is not equal to UnitPrice * Qty. Supplied value:{supplied}",
        "Line.Amount",
    )
