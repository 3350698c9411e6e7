"""Purchase orders, bills, expenses paid at once, and vendor credits."""

from collections.abc import Callable
from typing import Any

from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.payloads.adding_up import agreed
from qbo_pipeline.outbound.payloads.heading import class_of_document, due, heading, order_number
from qbo_pipeline.outbound.payloads.lookup import Lookup, given
from qbo_pipeline.outbound.payloads.money import paid_from, payment_type
from qbo_pipeline.outbound.payloads.pricing import shortened
from qbo_pipeline.outbound.payloads.purchase_lines import OrderLines, orders_taken_up, purchase_lines
from qbo_pipeline.outbound.payloads.taxes import LineTaxes

_MEMO_MAX = 4000


def purchase(document: Document, look: Lookup, order_lines: OrderLines) -> dict[str, Any]:
    """A form of the buying side as QuickBooks takes it; what is missing or must not go out is noted in `look`.

    `order_lines` tells the QuickBooks line of a purchase order's source line.
    """
    taxes = LineTaxes(document, look, "purchase")
    lines = purchase_lines(document, look, taxes, order_lines)
    stated = [] if look.profile.is_american else [line for line in document.lines if line.kind == "tax"]
    content = given(
        {
            **heading(document, look, posts=document.target != "PurchaseOrder"),
            "ClassRef": class_of_document(document, look) if document.target == "PurchaseOrder" else None,
            **_OWN[document.target](document, look),
            **taxes.head(stated),
            "Line": lines,
        }
    )
    return agreed(content, document, look)


def _order(document: Document, look: Lookup) -> dict[str, Any]:
    custom_fields, memo = order_number(document, look.profile.po_custom_field_names)
    return given(
        {
            **_payable(document, look),
            **due(document, look),
            "ShipTo": None if document.ship_to_id is None else look.party("customer", document.ship_to_id),
            "Memo": shortened(memo, _MEMO_MAX),
            "CustomField": custom_fields,
        }
    )


def _bill(document: Document, look: Lookup) -> dict[str, Any]:
    links = orders_taken_up(document, look)
    return {**_payable(document, look), **due(document, look), **({"LinkedTxn": links} if links else {})}


def _credit(document: Document, look: Lookup) -> dict[str, Any]:
    return _payable(document, look)


def _expense(document: Document, look: Lookup) -> dict[str, Any]:
    account = paid_from(document.account, look)
    kind = payment_type(document, look, account)
    party = look.party(document.party_kind, document.party_id) if document.party_id else None
    entity = None if party is None else party | {"type": document.party_kind.capitalize()}
    notes = [document.private_note, document.reference and f"Reference: {document.reference}"]
    return given(
        {
            "AccountRef": account,
            "PaymentType": kind,
            "EntityRef": entity,
            "PrivateNote": shortened("\n".join(note for note in notes if note), _MEMO_MAX),
        }
    )


def _payable(document: Document, look: Lookup) -> dict[str, Any]:
    account = look.profile.ap_accounts.get(document.currency)
    return given({"VendorRef": look.party("vendor", document.party_id), "APAccountRef": account and {"value": account}})


_OWN: dict[str, Callable[[Document, Lookup], dict[str, Any]]] = {
    "PurchaseOrder": _order,
    "Bill": _bill,
    "VendorCredit": _credit,
    "Purchase": _expense,
}
