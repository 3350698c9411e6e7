"""Mailing a document by QuickBooks: what is asked for, and how to know that it was done."""

from datetime import datetime
from typing import Any

from qbo_pipeline.outbound.addresses import addresses_in
from qbo_pipeline.outbound.delivery.comparing import difference_told
from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.outbound.delivery.freezing import frozen_bytes, is_voided, thawed
from qbo_pipeline.outbound.delivery.lookup import CLOCKS_APART_MAX
from qbo_pipeline.outbound.delivery.recording import held, withdrawn
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.quickbooks.instants import parse_instant
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.intents import TOTAL_DIFFERS, IntentState, StoredIntent
from qbo_pipeline.state.settling import Settlement


def mail_ready(document: Document) -> Ready:
    """Where a document is mailed to."""
    return Ready({"SendTo": addresses_in(document.email)})


def mail_request(intent: StoredIntent, ready: Ready, live: Record) -> bytes | Settlement:
    """The bytes to freeze for a mail, or why there is none: it was sent by hand, ended, or comes to another total."""
    record = thawed(live.payload)
    if record.get("EmailStatus") == "EmailSent":
        return Settlement(
            state=IntentState.PUSHED, reason_code="mailed_already", reason="It was mailed by hand before."
        )
    if is_voided(record):
        return withdrawn("It was voided before it was mailed.")
    if told := difference_told(intent, live):
        return held(TOTAL_DIFFERS, f"It is not mailed: {told}")
    return frozen_bytes({**ready.content, "Id": live.id})


def was_mailed(record: dict[str, Any], since: datetime) -> bool:
    """Whether a record says that it was mailed since an instant; one that says not when was."""
    sent_at = (record.get("DeliveryInfo") or {}).get("DeliveryTime")
    is_since = sent_at is None or parse_instant(sent_at) >= since - CLOCKS_APART_MAX
    return record.get("EmailStatus") == "EmailSent" and is_since
