"""What a document of ours adds up to in QuickBooks, worked out before it is sent.

QuickBooks adds up from the lines it gets: item lines, less the discount, plus tax. In the US tax is each rate's share of the
taxable sum; elsewhere every line's tax is rounded by itself. A discount before tax lowers what is taxed in proportion, one
after tax leaves it. What automated sales tax will find is not known beforehand and is `None`, never a guess.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

_UNCOUNTED = ("DiscountLineDetail", "SubTotalLineDetail", "DescriptionOnly", "TaxLineDetail")
# Amounts of up to fifteen digits are multiplied by rates of up to ten; the default of 28 would round before the cent.
_DIGITS = 60


@dataclass(frozen=True, kw_only=True)
class Taxation:
    """How QuickBooks taxes a document: `by` line or on the `sum` of what each rate applies to, at the per cents of each code.

    `percents` has a code's rates by its QuickBooks id. `automated` tax is QuickBooks' own finding.
    """

    by: Literal["line", "sum"] = "sum"
    percents: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    is_automated: bool = False


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A document's sums in its currency: `net` of its lines before the discount, and `home_total` at its own rate.

    `tax`, `total` and `home_total` are None where QuickBooks alone will know them.
    """

    net: Decimal
    discount: Decimal
    tax: Decimal | None
    total: Decimal | None
    home_total: Decimal | None


def totals(content: Mapping[str, Any], taxation: Taxation, *, is_home_currency: bool = True) -> Totals:
    """What QuickBooks will make of a sales or purchase form's content; raises `KeyError` for a line without an amount."""
    lines = content.get("Line", ())
    net = _net(lines)
    discount = _discount(lines, net)
    tax = _tax(content, taxation, net, discount)
    total = None if tax is None else net - discount + tax
    return Totals(net=net, discount=discount, tax=tax, total=total, home_total=_home(content, total, is_home_currency))


def cents(value: Decimal) -> Decimal:
    """A value rounded to the cent, half of one away from zero."""
    with localcontext(prec=_DIGITS):
        return value.quantize(CENT, rounding=ROUND_HALF_UP)


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity times price, rounded to the cent."""
    with localcontext(prec=_DIGITS):
        return cents(quantity * price)


def percent_of(value: Decimal, percent: Decimal) -> Decimal:
    """A percentage of a value, rounded to the cent."""
    with localcontext(prec=_DIGITS):
        return cents(value * percent / 100)


def allocated(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount shared out by weight to the cent, adding up to it exactly: the largest remainders get the cents left over,
    the first of equals first. Weights that add up to nothing count alike. Raises `ValueError` without weights."""
    if not weights:
        raise ValueError("An amount cannot be shared out over nothing: give at least one weight.")
    with localcontext(prec=_DIGITS):
        whole = sum(weights, Decimal(0))
        parts, whole = (list(weights), whole) if whole else ([Decimal(1)] * len(weights), Decimal(len(weights)))
        exact = [amount * part / whole for part in parts]
        shares = [share.quantize(CENT, rounding=ROUND_FLOOR) for share in exact]
        left = int((cents(amount) - sum(shares, Decimal(0))) / CENT)
        by_remainder = sorted(range(len(shares)), key=lambda place: (shares[place] - exact[place], place))
        for place in by_remainder[:left]:
            shares[place] += CENT
        return shares


def _net(lines: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((line["Amount"] for line in lines if line["DetailType"] not in _UNCOUNTED), ZERO)


def _discount(lines: Iterable[Mapping[str, Any]], net: Decimal) -> Decimal:
    found = ZERO
    for line in lines:
        if line["DetailType"] == "DiscountLineDetail":
            detail = line["DiscountLineDetail"]
            found += percent_of(net, detail["DiscountPercent"]) if detail.get("PercentBased") else line["Amount"]
    return found


def _tax(content: Mapping[str, Any], taxation: Taxation, net: Decimal, discount: Decimal) -> Decimal | None:
    given = content.get("TxnTaxDetail", {}).get("TotalTax")
    if given is not None:
        return Decimal(given)
    taxed = list(_taxed(content, taxation))
    if taxation.is_automated and taxed:
        return None
    lowers = bool(content.get("ApplyTaxAfterDiscount")) and bool(net)
    with localcontext(prec=_DIGITS):
        share = 1 - discount / net if lowers else Decimal(1)
        if taxation.by == "line" and share == 1:
            return sum((percent_of(amount, percent) for _, _, percent, amount in taxed), ZERO)
        sums: dict[tuple[str, int], tuple[Decimal, Decimal]] = {}
        for code, place, percent, amount in taxed:
            sums[code, place] = (percent, sums.get((code, place), (percent, ZERO))[1] + amount)
        return sum((percent_of(base * share, percent) for percent, base in sums.values()), ZERO)


def _taxed(content: Mapping[str, Any], taxation: Taxation) -> Iterator[tuple[str, int, Decimal, Decimal]]:
    """Each line's amount with each rate that applies to it: code, the rate's place in it, per cent, amount."""
    of_document = content.get("TxnTaxDetail", {}).get("TxnTaxCodeRef", {}).get("value", "")
    for line in content.get("Line", ()):
        code = line.get(line["DetailType"], {}).get("TaxCodeRef", {}).get("value", "")
        if line["DetailType"] in _UNCOUNTED or code in ("", "NON"):
            continue
        if taxation.is_automated:
            yield code, 0, Decimal(0), line["Amount"]
        applied = of_document if code == "TAX" else code
        for place, percent in enumerate(taxation.percents.get(applied, ())):
            yield applied, place, percent, line["Amount"]


def _home(content: Mapping[str, Any], total: Decimal | None, is_home_currency: bool) -> Decimal | None:
    rate = content.get("ExchangeRate")
    if total is None or (rate is None and not is_home_currency):
        return None
    return total if rate is None else product(total, rate)
