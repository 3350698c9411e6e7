"""Quantity, unit price and amount of a line, as QuickBooks lets them stand together.

QuickBooks refuses an amount that is not quantity times price to the cent (6070). Where the source's three do not agree, the
amount is what counts: the line then is one of exactly that, and its words say what it was made of.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

from qbo_pipeline.outbound.amounts import product
from qbo_pipeline.outbound.document import DocumentLine

DESCRIPTION_MAX = 4000
AMOUNT_MAX = Decimal("99999999999.99")
"""The largest amount QuickBooks keeps for a price or a line."""

_PLACES = Decimal("0.0000001")
_ROOM = 60


@dataclass(frozen=True)
class Price:
    """What a line says of its amount; `quantity` times `unit_price` is the amount to the cent."""

    quantity: Decimal
    unit_price: Decimal
    description: str | None = field(repr=False)


def priced(line: DocumentLine, amount: Decimal) -> Price:
    """The price of a line of that amount, which may differ from the line's own in its sign."""
    for quantity, unit_price in _candidates(line, amount):
        if max(abs(quantity), abs(unit_price)) <= AMOUNT_MAX and product(quantity, unit_price) == amount:
            return Price(plain(quantity), plain(unit_price), line.description)
    return Price(Decimal(1), amount, _with_quantity(line))


def plain(number: Decimal) -> Decimal:
    """A number without the zeros at its end, and never with an exponent."""
    return Decimal(format(number.normalize(), "f")) if number else Decimal(0)


def shortened(text: str, longest: int) -> str:
    """A text that fits, cut at a word where it does not, with the cut shown."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return (kept.rsplit(None, 1)[0] if any(mark.isspace() for mark in kept.strip()) else kept).rstrip() + "…"


def _candidates(line: DocumentLine, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
    quantity = None if line.quantity is None else _rounded(line.quantity)
    sign = -1 if amount == -line.amount else 1
    if quantity is not None and line.unit_price is not None:
        return [(quantity, sign * _rounded(line.unit_price))]
    if quantity:
        with localcontext(prec=_ROOM):
            return [(quantity, _rounded(amount / quantity))]
    return []


def _rounded(number: Decimal) -> Decimal:
    with localcontext(prec=_ROOM):
        return number.quantize(_PLACES, rounding=ROUND_HALF_UP)


def _with_quantity(line: DocumentLine) -> str | None:
    parts = [str(format(plain(line.quantity), "f"))] if line.quantity is not None else []
    if line.unit_price is not None:
        parts.append(format(plain(line.unit_price), "f"))
    if not parts or parts == ["1"]:
        return line.description
    told = f"({' × '.join(parts)})"  # noqa: RUF001 - the sign of multiplication, as an invoice shows it
    return f"{shortened(line.description, DESCRIPTION_MAX - len(told) - 1)} {told}" if line.description else told
