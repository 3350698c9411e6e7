"""A discount on a sales form: QuickBooks' own discount line where the company has one, else negative lines of an item."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.amounts import allocated, cents, percent_of
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.payloads.lookup import Lookup
from qbo_pipeline.outbound.payloads.pricing import plain
from qbo_pipeline.outbound.payloads.taxes import LineTaxes

_SOLD = "SalesItemLineDetail"
_DISCOUNT_ITEM = "discount_item"

Lines = list[dict[str, Any]]


def discounted(document: Document, look: Lookup, taxes: LineTaxes, lines: Lines) -> tuple[Lines, dict[str, bool]]:
    """The lines with the document's discount, and what the document says of it."""
    net = sum((line["Amount"] for line in lines if line["DetailType"] == _SOLD), Decimal("0.00"))
    amount = _amount(document, look, net)
    if not amount:
        return lines, {}
    is_before_tax = document.discount is None or document.discount.before_tax
    if look.profile.allows_discount:
        return [*lines, _discount_line(document, look, amount)], {"ApplyTaxAfterDiscount": is_before_tax}
    return [*lines, *_negative_lines(look, taxes, lines, amount, is_before_tax=is_before_tax)], {}


def _amount(document: Document, look: Lookup, net: Decimal) -> Decimal:
    """What is taken off: the discount lines first, then the document's discount of what they leave."""
    of_lines = -sum((line.amount for line in document.lines if _is_discount(line)), Decimal("0.00"))
    discount = document.discount
    if discount is None:
        whole = of_lines
    elif discount.kind == "percent":
        whole = of_lines + percent_of(net - of_lines, discount.value)
    else:
        whole = of_lines + cents(discount.value)
    if whole < 0 or (discount is not None and not _is_sound(discount.kind, discount.value)):
        look.hold(
            "bad_discount",
            "Its discount would add to the total, or is more than 100 per cent. Correct it in the source; a charge is a line.",
        )
    return whole


def _is_sound(kind: str, value: Decimal) -> bool:
    return 0 <= value <= 100 if kind == "percent" else value >= 0


def _is_discount(line: Any) -> bool:
    return line.kind == "discount" and line.product_id is None


def _discount_line(document: Document, look: Lookup, amount: Decimal) -> dict[str, Any]:
    account = look.reference(look.resolver.discount_account())
    detail: dict[str, Any] = {"PercentBased": False, "DiscountAccountRef": account}
    discount = document.discount
    if discount is not None and discount.kind == "percent" and not any(map(_is_discount, document.lines)):
        detail |= {"PercentBased": True, "DiscountPercent": plain(discount.value)}
    return {"DetailType": "DiscountLineDetail", "Amount": amount, "DiscountLineDetail": detail}


def _negative_lines(look: Lookup, taxes: LineTaxes, lines: Lines, amount: Decimal, *, is_before_tax: bool) -> Lines:
    """Lines that take the discount off, each with the tax code of what it is taken off: the tax falls by its share."""
    item = look.choices.others.get(_DISCOUNT_ITEM)
    if item is None:
        look.hold(
            "discounts_off",
            "It has a discount, which the company's sales forms do not show. Switch discounts on in QuickBooks' sales settings, "
            "or choose the push setting discount_item.",
        )
        return []
    if not is_before_tax:
        return [_negative(item, taxes.untaxed(), amount)]
    sums: dict[str | None, Decimal] = {}
    for line in lines:
        if line["DetailType"] == _SOLD:
            code = line[_SOLD].get("TaxCodeRef", {}).get("value")
            sums[code] = sums.get(code, Decimal(0)) + line["Amount"]
    shares = zip(sums, allocated(amount, list(sums.values())) if sums else (), strict=True)
    return [_negative(item, code and {"value": code}, share) for code, share in shares if share]


def _negative(item: str, code: Mapping[str, str] | str | None, amount: Decimal) -> dict[str, Any]:
    detail = {"ItemRef": {"value": item}, "Qty": Decimal(1), "UnitPrice": -amount}
    return {
        "DetailType": _SOLD,
        "Amount": -amount,
        "Description": "Discount",
        _SOLD: detail | ({"TaxCodeRef": code} if code else {}),
    }
