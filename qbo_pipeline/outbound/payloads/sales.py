"""Estimates, invoices, sales receipts, credit memos and refund receipts."""

from collections.abc import Callable
from typing import Any

from qbo_pipeline.outbound.addresses import addresses_in
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.payloads.adding_up import settled
from qbo_pipeline.outbound.payloads.discounts import discounted
from qbo_pipeline.outbound.payloads.heading import class_of_document, due, heading, order_number
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given
from qbo_pipeline.outbound.payloads.money import deposited_to, money_account, paid_by
from qbo_pipeline.outbound.payloads.pricing import shortened
from qbo_pipeline.outbound.payloads.sales_lines import sales_lines
from qbo_pipeline.outbound.payloads.taxes import LineTaxes

_CUSTOMER_MEMO_MAX = 1000
_LINKS_OF_INVOICE = ("Estimate", "TimeActivity")


def sale(document: Document, look: Lookup) -> dict[str, Any]:
    """A sales form as QuickBooks takes it; what is missing or must not go out is noted in `look`."""
    taxes = LineTaxes(document, look, "sale")
    lines, of_discount = discounted(document, look, taxes, sales_lines(document, look, taxes))
    tax = taxes.head([line for line in document.lines if line.kind == "tax"])
    custom_fields, memo = order_number(document, look.profile.custom_field_names)
    content = given(
        {
            **heading(document, look, posts=document.target != "Estimate"),
            "CustomerRef": look.party("customer", document.party_id),
            "ClassRef": class_of_document(document, look),
            "CustomerMemo": memo and {"value": shortened(memo, _CUSTOMER_MEMO_MAX)},
            "CustomField": custom_fields,
            **_email(document, look),
            **_OWN[document.target](document, look),
            **tax,
            **of_discount,
            "Line": lines,
        }
    )
    return settled(content, document, look, taxes)


def _email(document: Document, look: Lookup) -> dict[str, Any]:
    address = addresses_in(document.email)
    if address is None and (document.email or "").strip(" ,;") and look.choices.send_email:
        look.hold(
            "bad_email",
            "Its e-mail address is none, or longer than the 100 characters QuickBooks takes. Correct the customer's "
            "address in the source.",
        )
    # Without one the customer's own address in QuickBooks serves. What is mailed is sent once it is seen to add up: `mailing`.
    return {"BillEmail": {"Address": address}} if address else {}


def _estimate(document: Document, look: Lookup) -> dict[str, Any]:
    if not look.profile.allows_estimates:
        look.hold("estimates_off", "The company makes no estimates. Switch them on in QuickBooks' sales settings.")
    expires = document.expiry_date and document.expiry_date.isoformat()
    status = "Accepted" if look.choices.estimate_from == "accepted" else None
    return given({"ExpirationDate": expires, "TxnStatus": status})


def _invoice(document: Document, look: Lookup) -> dict[str, Any]:
    of_lines = (line.linked_to for line in document.lines if line.linked_to is not None)
    kinds = _LINKS_OF_INVOICE
    if document.is_linked_again and not look.profile.uses_progress_invoicing:
        # An estimate is closed by its first invoice, and QuickBooks refuses to link another (620).
        kinds = tuple(each for each in kinds if each != "Estimate")
    linked = dict.fromkeys(each for each in (*document.linked_to, *of_lines) if each.target in kinds)
    if len({(each.source_kind, each.source_id) for each in linked if each.target == "Estimate"}) > 1:
        look.hold(
            "several_estimates",
            "It bills several estimates, and an invoice in QuickBooks takes up one. Invoice each by itself.",
        )
    links: list[Ref] = []
    for each in linked:
        link = look.transaction(each.target, each)
        if link is not None and link not in links:
            links.append(link)
    return {**due(document, look), **({"LinkedTxn": links} if links else {})}


def _receipt(document: Document, look: Lookup) -> dict[str, Any]:
    return given({**paid_by(document, look), "DepositToAccountRef": deposited_to(document, look)})


def _credit_memo(document: Document, look: Lookup) -> dict[str, Any]:
    return {}


def _refund(document: Document, look: Lookup) -> dict[str, Any]:
    # QuickBooks takes no refund that leaves the account to it, as it takes a receipt.
    paid_from = deposited_to(document, look) if document.account is None else money_account(document.account, look)
    if paid_from is None and document.account is None:
        look.hold(
            "unmapped_account",
            "It says not from which account it was refunded. Name one in the source, or choose the push setting deposit_account.",
        )
    return given({**paid_by(document, look), "DepositToAccountRef": paid_from})


_OWN: dict[str, Callable[[Document, Lookup], dict[str, Any]]] = {
    "Estimate": _estimate,
    "Invoice": _invoice,
    "SalesReceipt": _receipt,
    "CreditMemo": _credit_memo,
    "RefundReceipt": _refund,
}
