"""The lines of a document of the buying side: items and accounts, for whom they are, and which order they fulfil."""

from collections.abc import Callable
from typing import Any

from qbo_pipeline.outbound.document import Document, DocumentLine, Reference
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given
from qbo_pipeline.outbound.payloads.pricing import DESCRIPTION_MAX, priced, shortened
from qbo_pipeline.outbound.payloads.taxes import LineTaxes

OrderLines = Callable[[Reference], str | None]
"""The QuickBooks line of a purchase order that a source line became; None where that is not known."""

_ORDER = "PurchaseOrder"
_CATEGORY = "expense_category"


def purchase_lines(document: Document, look: Lookup, taxes: LineTaxes, order_lines: OrderLines) -> list[dict[str, Any]]:
    """The lines in their order, as QuickBooks takes them."""
    going = lines_that_go(document, is_american=look.profile.is_american)
    gross = {line.line_id: line.amount for line in going} if taxes.is_inclusive else {}
    if gross:
        nets = taxes.net_amounts(going)
        going = [line.model_copy(update={"amount": net}) for line, net in zip(going, nets, strict=True)]
    lines = []
    for line in going:
        if _is_words(line):
            lines.append(
                {"DetailType": "DescriptionOnly", "Description": line.description, "DescriptionLineDetail": {}}
            )
        else:
            bought = _bought(document, line, look, taxes)
            if gross:
                bought[bought["DetailType"]]["TaxInclusiveAmt"] = gross[line.line_id]
            lines.append(bought | _fulfils(document, line, look, order_lines))
    return lines


def lines_that_go(document: Document, *, is_american: bool) -> list[DocumentLine]:
    """The source lines that become lines: no subtotals, no empty words, and tax only where a purchase bears it as a cost."""
    return [
        line
        for line in document.lines
        if line.kind != "subtotal"
        and not (line.kind == "tax" and not is_american)
        and not (_is_words(line) and not line.description)
    ]


def orders_taken_up(document: Document, look: Lookup) -> list[Ref]:
    """The purchase orders whose lines a bill's lines fulfil, each once; QuickBooks links no bill to an order as a whole."""
    links: list[Ref] = []
    for line in document.lines:
        link = look.transaction(_ORDER, line.linked_to) if line.linked_to and line.linked_to.target == _ORDER else None
        if link is not None and link not in links:
            links.append(link)
    return links


def _bought(document: Document, line: DocumentLine, look: Lookup, taxes: LineTaxes) -> dict[str, Any]:
    customer = None if line.customer_id is None else look.party("customer", line.customer_id)
    if line.is_billable and line.customer_id is None:
        look.hold(
            "no_customer",
            f"Its line {line.line_id} is billable to nobody. Give the line a customer in the source, or make it not billable.",
        )
    common = {
        "TaxCodeRef": taxes.code(line),
        "CustomerRef": customer,
        "BillableStatus": "Billable" if line.is_billable and customer else "NotBillable",
        "ClassRef": look.class_(line.class_code or document.class_code, on="line"),
    }
    if not _names_item(line, look):
        return _line(
            line, line.description, "AccountBasedExpenseLineDetail", {"AccountRef": _account(line, look)} | common
        )
    item, price = look.reference(look.resolver.item(line.product_id)), priced(line, line.amount)
    detail = {"ItemRef": item, "Qty": price.quantity, "UnitPrice": price.unit_price} | common
    return _line(line, price.description, "ItemBasedExpenseLineDetail", detail)


def _names_item(line: DocumentLine, look: Lookup) -> bool:
    if line.account is not None or line.kind not in ("item", "discount", "shipping"):
        return False
    # The default item is one for sales: without a product an account serves better where one was chosen.
    return line.product_id is not None or (line.kind == "item" and look.choices.expense_account is None)


def _account(line: DocumentLine, look: Lookup) -> Ref | None:
    if line.account is not None:
        return look.reference(look.resolver.account(line.account, _CATEGORY))
    if look.choices.expense_account is None:
        look.hold(
            "unmapped_account",
            f"Its line {line.line_id} ({line.kind}) names no account and no product. Give it an account in the source, or choose "
            "the push setting expense_account.",
        )
        return None
    return {"value": look.choices.expense_account}


def _fulfils(document: Document, line: DocumentLine, look: Lookup, order_lines: OrderLines) -> dict[str, Any]:
    of = line.linked_to
    if document.target != "Bill" or of is None or of.target != _ORDER:
        return {}
    link, line_id = look.transaction(_ORDER, of), order_lines(of)
    if link is None:
        return {}
    if line_id is None:
        look.hold(
            "unknown_order_line",
            f"Its line {line.line_id} fulfils a line of a purchase order that is not known in QuickBooks. Take the line's order "
            "away in the source, or link the bill to the order in QuickBooks by hand.",
        )
        return {}
    return {"LinkedTxn": [{**link, "TxnLineId": line_id}]}


def _line(line: DocumentLine, description: str | None, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return given(
        {
            "DetailType": kind,
            "Amount": line.amount,
            "Description": shortened(description or "", DESCRIPTION_MAX),
            kind: given(detail),
        }
    )


def _is_words(line: DocumentLine) -> bool:
    return line.kind == "note" and not line.amount
