"""Money in records: JSON numbers and Decimals alike, added as Decimal and rounded to cents half up."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_CENT = Decimal("0.01")


def amount(value: Any) -> Decimal:
    """A record's number as a Decimal; an absent one is zero."""
    return Decimal(0) if value is None else Decimal(str(value))


def cents(value: Decimal) -> Decimal:
    """A number rounded to two decimals."""
    return value.quantize(_CENT, ROUND_HALF_UP)
