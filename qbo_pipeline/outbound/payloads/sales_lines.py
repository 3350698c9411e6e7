"""The lines of a sales form but for its discount: items, shipping, words and subtotals."""

from typing import Any

from qbo_pipeline.outbound.document import Document, DocumentLine
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given
from qbo_pipeline.outbound.payloads.pricing import DESCRIPTION_MAX, priced, shortened
from qbo_pipeline.outbound.payloads.taxes import LineTaxes

SHIPPING = "SHIPPING_ITEM_ID"
"""The item QuickBooks keeps for shipping where a company's sales forms show it."""


def sales_lines(document: Document, look: Lookup, taxes: LineTaxes) -> list[dict[str, Any]]:
    """The lines in their order, as QuickBooks takes them. A discount line that names a product is a line like any other."""
    lines: list[dict[str, Any]] = []
    for line in document.lines:
        if line.kind in ("note", "subtotal"):
            lines.extend(_words(line, look))
        elif line.kind == "shipping":
            lines.append(_shipping(document, line, look, taxes))
        elif line.kind == "account":
            _refuse_account(line, look)
        elif line.kind == "item" or (line.kind == "discount" and line.product_id is not None):
            lines.append(sold(document, line, look, taxes, look.reference(look.resolver.item(line.product_id))))
    return lines


def sold(document: Document, line: DocumentLine, look: Lookup, taxes: LineTaxes, item: Ref | None) -> dict[str, Any]:
    """A line of an item."""
    price = priced(line, line.amount)
    served = line.service_date if look.profile.allows_service_date else None
    detail = {
        "ItemRef": item,
        "Qty": price.quantity,
        "UnitPrice": price.unit_price,
        "TaxCodeRef": taxes.code(line),
        "ClassRef": look.class_(line.class_code or document.class_code, on="line"),
        "ServiceDate": served and served.isoformat(),
    }
    return _line(line, price.description, detail)


def _shipping(document: Document, line: DocumentLine, look: Lookup, taxes: LineTaxes) -> dict[str, Any]:
    if line.product_id is not None:
        return sold(document, line, look, taxes, look.reference(look.resolver.item(line.product_id)))
    if look.choices.shipping_item is not None:
        return sold(document, line, look, taxes, {"value": look.choices.shipping_item})
    if not look.profile.allows_shipping:
        look.hold(
            "shipping_off",
            "It charges shipping, which the company's sales forms do not show. Switch shipping on in QuickBooks' sales "
            "settings, or choose the push setting shipping_item.",
        )
    return _line(line, line.description, {"ItemRef": {"value": SHIPPING}, "TaxCodeRef": taxes.code(line)})


def _line(line: DocumentLine, description: str | None, detail: dict[str, Any]) -> dict[str, Any]:
    return given(
        {
            "DetailType": "SalesItemLineDetail",
            "Amount": line.amount,
            "Description": shortened(description or "", DESCRIPTION_MAX),
            "SalesItemLineDetail": given(detail),
        }
    )


def _words(line: DocumentLine, look: Lookup) -> list[dict[str, Any]]:
    if line.kind == "note" and line.amount:
        look.hold(
            "note_with_amount",
            f"Its line {line.line_id} is a note and has an amount. Make it an item line in the source, or take the amount away.",
        )
    # QuickBooks reads a line of these words as the sum of the lines above it.
    text = line.description if line.kind == "note" else f"Subtotal: {line.amount}"
    return [{"DetailType": "DescriptionOnly", "Description": text, "DescriptionLineDetail": {}}] if text else []


def _refuse_account(line: DocumentLine, look: Lookup) -> None:
    look.hold(
        "account_on_sale",
        f"Its line {line.line_id} names an account, and sales in QuickBooks name items. Give the line a product whose item posts "
        "to that account.",
    )
