"""VAT on the consultancy's documents: worked out line by line, rounded line by line, shown by rate in TxnTaxDetail.

`TaxExcluded` lines are net, `TaxInclusive` ones were entered gross and are stored net with their gross beside them, and on a
`NotApplicable` document no line has a code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.consultancy.ledger import pennies
from qbo_pipeline.emulator.companies.consultancy.lists import Lists

EXCLUDED, INCLUSIVE, NOT_APPLICABLE = "TaxExcluded", "TaxInclusive", "NotApplicable"
_UNIT = Decimal("0.0000001")


@dataclass(frozen=True)
class Taxed:
    """One line's money: what it adds to the net, its tax by rate, and its gross where it was entered gross."""

    net: Decimal
    taxes: tuple[tuple[str, Decimal, Decimal], ...]  # rate id, percent, amount
    gross: Decimal | None = None

    def unit_price(self, quantity: Decimal, entered: Decimal) -> Decimal:
        """The price behind the net: as entered, or to seven places where the tax had to be taken out."""
        return entered if self.gross is None else (self.net / quantity).quantize(_UNIT).normalize()


def taxed(lists: Lists, amount: Decimal, code: str, side: str, mode: str) -> Taxed:
    """The money of a line entered as `amount` under a tax code, on the "Sales" or the "Purchases" side."""
    if mode == NOT_APPLICABLE:
        return Taxed(amount, ())
    rates = lists.rates(code, side)
    if mode == EXCLUDED:
        return Taxed(amount, tuple((rate, percent, pennies(amount * percent / 100)) for rate, percent in rates))
    (rate, percent), *others = rates or [("", Decimal(0))]
    if others:
        raise ValueError(f"Tax code {code} has several rates, so no gross amount can be split by it.")
    net = pennies(amount * 100 / (100 + percent))
    return Taxed(net, ((rate, percent, amount - net),) if rate else (), amount)


def tax_detail(lines: Sequence[Taxed], discount: Decimal = Decimal(0)) -> dict[str, Any]:
    """TxnTaxDetail of a document; `discount` reduces the base of its only rate (tax after discount)."""
    by_rate: dict[str, list[Any]] = {}
    for line in lines:
        for rate, percent, amount in line.taxes:
            entry = by_rate.setdefault(rate, [percent, Decimal(0), Decimal(0)])
            entry[1] += line.net
            entry[2] += amount
    if discount:
        (entry,) = by_rate.values()
        entry[1] -= discount
        entry[2] = pennies(entry[1] * entry[0] / 100)
    tax_lines = [_tax_line(rate, *entry) for rate, entry in by_rate.items()]
    total = sum((line["Amount"] for line in tax_lines), Decimal(0))
    return {"TotalTax": total, **({"TaxLine": tax_lines} if tax_lines else {})}


def _tax_line(rate: str, percent: Decimal, net: Decimal, amount: Decimal) -> dict[str, Any]:
    detail = {
        "TaxRateRef": {"value": rate},
        "PercentBased": True,
        "TaxPercent": percent,
        "NetAmountTaxable": net,
    }
    return {"Amount": amount, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
