"""What the head of every transaction says alike: number, date, currency, notes, location."""

from typing import Any

from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.payloads.dating import posting_date
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given
from qbo_pipeline.outbound.payloads.pricing import plain, shortened

NOTE_MAX = 4000
_CUSTOM_TEXT_MAX = 31
_ORDER_FIELD_WORDS = ("po", "p.o.", "purchase order", "order number", "order no", "customer order")


def heading(document: Document, look: Lookup, *, posts: bool = True) -> dict[str, Any]:
    """The head of a transaction, without the party; `posts` says whether closed books concern it."""
    dated = posting_date(document.transaction_date, look) if posts else document.transaction_date
    return given(
        {
            "DocNumber": (document.number or "").strip(),
            "TxnDate": dated.isoformat(),
            "PrivateNote": shortened(document.private_note or "", NOTE_MAX),
            "DepartmentRef": look.department(document.department_code),
            **currency(document, look),
        }
    )


def currency(document: Document, look: Lookup) -> dict[str, Any]:
    """The currency and rate of a document, where the company has more than its own."""
    home = look.profile.home_currency
    if not look.profile.is_multicurrency:
        if document.currency != home:
            look.hold(
                "currency_not_kept",
                f"It is in {document.currency}, and the company keeps its books in {home} alone. Switch on multicurrency in "
                "QuickBooks, or send the document to another company.",
            )
        return {}
    rate = document.exchange_rate if document.currency != home else None
    if rate is not None and rate <= 0:
        look.hold("bad_exchange_rate", f"Its exchange rate is {rate}: a rate is above zero. Correct it in the source.")
    return given({"CurrencyRef": {"value": document.currency}, "ExchangeRate": rate and plain(rate)})


def due(document: Document, look: Lookup) -> dict[str, Any]:
    """Terms and due date."""
    term = None if document.terms_code is None else look.reference(look.resolver.term(document.terms_code))
    return given({"SalesTermRef": term, "DueDate": document.due_date and document.due_date.isoformat()})


def class_of_document(document: Document, look: Lookup) -> Ref | None:
    """The class of the whole document: its own, or the one all its lines have."""
    of_lines = {line.class_code for line in document.lines if line.class_code}
    code = document.class_code or (of_lines.pop() if len(of_lines) == 1 else None)
    return look.class_(code, on="document")


def order_number(document: Document, fields: dict[str, str]) -> tuple[list[dict[str, str]] | None, str]:
    """The customer's order number in the company's own field for such, and the memo, which has the number where none does."""
    number, memo = (document.po_number or "").strip(), document.customer_memo or ""
    field = next((key for key, name in sorted(fields.items()) if _is_for_orders(name)), None)
    if not number:
        return None, memo
    if field is not None and len(number) <= _CUSTOM_TEXT_MAX:
        return [{"DefinitionId": field, "Name": fields[field], "Type": "StringType", "StringValue": number}], memo
    return None, f"PO number: {number}\n{memo}".rstrip()


def _is_for_orders(name: str) -> bool:
    folded = name.strip().casefold()
    return any(folded == word or folded.startswith((f"{word} ", f"{word}#")) for word in _ORDER_FIELD_WORDS)
