"""What takes back a document of closed books, and the names it goes by: they derive from that document, whoever asks."""

import hashlib

from qbo_pipeline.outbound.document import NUMBER_MAX
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.push_keys import intent_key

REVERSED_BY = {"Invoice": "CreditMemo", "SalesReceipt": "RefundReceipt"}
"""What takes back what; all else in closed books waits for a person."""
APPLIED_BY = {"CreditMemo": "Payment"}
"""What uses a reversal for what it takes back; money that was refunded needs no such thing."""

_SUFFIX = "-R"
_HASH_DIGITS = 6


def reversal_kind(source_kind: str) -> str:
    """The kind of source a reversal goes by, under the id of the source of the document it takes back."""
    return f"{source_kind}_reversal"


def reversal_number(number: str | None) -> str | None:
    """The number of what takes back the document of a number: always the same, and short enough for QuickBooks."""
    if not number:
        return None
    full = number + _SUFFIX
    if len(full) <= NUMBER_MAX:
        return full
    digest = hashlib.sha256(full.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{full[: NUMBER_MAX - _HASH_DIGITS - 1]}-{digest}"


def reversal_key(void: StoredIntent, target: str) -> str:
    """The key of the intent of that kind which takes back the document of a void, or applies what does."""
    kind = reversal_kind(void.source_kind)
    return intent_key(void.realm_id, target, "create", kind, void.source_id, version=0)


def reversal_keys(known: StoredIntent) -> list[str]:
    """The keys of all that would take back the document of an intent; none where that is no void, or of another kind."""
    target = REVERSED_BY.get(known.target)
    if known.operation != "void" or target is None:
        return []
    return [reversal_key(known, each) for each in (target, APPLIED_BY.get(target)) if each is not None]
