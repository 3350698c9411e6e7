"""Letting QuickBooks mail what was pushed, where a company chose that: once, and only what comes to what its source says.

A mail is an intent of its own that waits for its document, so that an answer lost on the way sends no second one. It is taken in
together with the document's: what went out before a company chose to mail is never mailed afterwards.
"""

from dataclasses import replace

from qbo_pipeline.outbound.addresses import addresses_in
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.state.intents import Intent, Need
from qbo_pipeline.state.push_settings import PushChoices

MAILED = frozenset({"Invoice", "Estimate", "SalesReceipt", "CreditMemo", "RefundReceipt"})


def mail_of(create: Intent, document: object, choices: PushChoices) -> Intent | None:
    """The intent to mail what a create makes; None where it is mailed to nobody."""
    if not choices.send_email or not isinstance(document, Document) or document.target not in MAILED:
        return None
    if addresses_in(document.email) is None:
        return None
    made = Need(create.target, create.source_kind, create.source_id)
    return replace(create, operation="send", natural_key=create.natural_key, needs=(made,), bills=())
