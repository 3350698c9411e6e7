"""How a contract's period stands by what became of its invoice, inside the caller's transaction."""

from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.push_keys import intent_key
from qbo_pipeline.state.push_schema import link, push_intent

_columns = push_intent.c
_STATES = {
    IntentState.PUSHED: "billed",
    IntentState.BLOCKED: "blocked",
    IntentState.FAILED: "blocked",
    IntentState.DEAD: "blocked",
    IntentState.DRIFT: "blocked",
    IntentState.SKIPPED: "skipped",
}
_VOIDED = "Its invoice was voided or deleted. It is billed again only on request."

Standing = tuple[str, str | None, str | None]
"""A state, and the code and words of its reason."""


def settled_by(transaction: sa.Connection, key: str) -> Standing:
    """How a period stands whose invoice is the intent of that key."""
    intent = transaction.execute(sa.select(push_intent).where(_columns.intent_key == key)).one()
    state = _STATES.get(IntentState(intent.state), "pending")
    if state == "billed":
        ended = sa.select(link.c.status).where(*_link_of(intent.realm_id, intent.source_id))
        is_ended = transaction.scalar(ended) in ("voided", "deleted")
        return ("void", "voided", _VOIDED) if is_ended else ("billed", None, None)
    # What waits, waits for nothing but its turn.
    return (state, None, None) if state == "pending" else (state, intent.reason_code, intent.reason)


def reopen(transaction: sa.Connection, realm_id: str, source_id: str, now: datetime) -> None:
    """Let the invoice of a period be made anew whose former one was voided: with other bytes, under another `requestid`."""
    key = intent_key(realm_id, "Invoice", "create", "contract_period", source_id, version=0)
    ended = sa.select(link.c.status).where(*_link_of(realm_id, source_id))
    if transaction.scalar(ended) not in ("voided", "deleted"):
        return
    transaction.execute(link.delete().where(*_link_of(realm_id, source_id)))
    cleared = dict.fromkeys(("payload", "payload_hash", "refused_hash", "request_id", "batch_id", "next_at"))
    reason = {"reason_code": "bill_again", "reason": "It was voided, and is to be billed again."}
    counts = {"epoch": _columns.epoch + 1, "fence": _columns.fence + 1, "tries": 0, "absences": 0}
    # Skipped, so that taking it in again renews its content and its claims.
    renewed = push_intent.update().where(_columns.intent_key == key, _columns.state == IntentState.PUSHED)
    transaction.execute(renewed.values(state=IntentState.SKIPPED, **cleared, **reason, **counts, updated_at=now))


def _link_of(realm_id: str, source_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    columns = link.c
    return (
        columns.realm_id == realm_id,
        columns.target == "Invoice",
        columns.source_kind == "contract_period",
        columns.source_id == source_id,
    )
