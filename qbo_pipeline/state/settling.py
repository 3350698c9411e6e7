"""Recording what became of a push: the intent, its attempt, its link and its claims, in one transaction behind its fence."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state import claims, links, waking
from qbo_pipeline.state.errors import LeaseLost
from qbo_pipeline.state.intent_rows import waits_for
from qbo_pipeline.state.intents import WAITS_FOR_LINK, IntentState, Need, StoredIntent
from qbo_pipeline.state.links import Link, LinkStatus
from qbo_pipeline.state.push_keys import intent_key
from qbo_pipeline.state.push_schema import push_attempt, push_intent

_columns = push_intent.c
_DOCUMENT = ("realm_id", "target", "source_kind", "source_id")
_ENDS: dict[str, LinkStatus] = {"void": "voided", "delete": "deleted"}


@dataclass(frozen=True, kw_only=True)
class AttemptEnd:
    """What came back: `applied`, `not_applied`, `not_sent`, `unknown` or `recovered`, and the fault where there was one."""

    outcome: str
    http_status: int | None = None
    fault_code: str | None = None
    fault_class: str | None = None
    intuit_tid: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How an intent stands after what came back or was found out.

    `next_at` is when it is due again; `needs` are what it turned out to wait for; `anew` drops the frozen bytes, and
    `new_epoch` says that their absence from QuickBooks was verified, so that the next request gets another `requestid`.
    """

    state: IntentState
    reason_code: str | None = None
    reason: str | None = None
    next_at: datetime | None = None
    attempt: AttemptEnd | None = None
    link: Link | None = None
    needs: tuple[Need, ...] | None = None
    counts: bool = False
    absences: int = 0
    anew: bool = False
    new_epoch: bool = False
    releases_work: bool = False


def settle(transaction: sa.Connection, intent: StoredIntent, settlement: Settlement, now: datetime) -> None:
    """Record what became of an intent, and free it; `LeaseLost` where another pusher holds it by now."""
    values: dict[str, object] = {
        "state": settlement.state,
        "reason_code": settlement.reason_code,
        "reason": settlement.reason,
        "next_at": settlement.next_at,
        "absences": settlement.absences,
        "tries": intent.tries + settlement.counts,
        "owner": None,
        "lease_until": None,
    }
    if settlement.state is IntentState.FAILED:
        values["refused_hash"] = intent.payload_hash
    if settlement.anew or settlement.new_epoch:
        values |= dict.fromkeys(("payload", "payload_hash", "request_id", "batch_id"))
    if settlement.new_epoch:
        values["epoch"] = intent.epoch + 1
    compare_and_set(transaction, intent, now, **values)
    if settlement.attempt is not None and intent.attempts:
        _end_attempt(transaction, intent, settlement.attempt, now)
    if settlement.link is not None:
        links.put(transaction, settlement.link)
    if settlement.needs is not None:
        _wait_for(transaction, intent, settlement.needs, settlement.reason, now)
    if settlement.releases_work:
        claims.release(transaction, intent.intent_key, now)
    if settlement.state is IntentState.PUSHED and intent.operation in _ENDS:
        _end_document(transaction, intent, now)
    if settlement.state is IntentState.PUSHED and intent.operation == "update":
        _catch_up(transaction, intent)


def _end_document(transaction: sa.Connection, intent: StoredIntent, now: datetime) -> None:
    """A document that was voided or deleted bills nothing any more, and its link says so."""
    of_document = (getattr(_columns, name) == getattr(intent, name) for name in _DOCUMENT)
    for key in transaction.scalars(sa.select(_columns.intent_key).where(*of_document)).all():
        claims.release(transaction, key, now)
    links.end(transaction, intent, _ENDS[intent.operation])


def _catch_up(transaction: sa.Connection, intent: StoredIntent) -> None:
    """A document that was updated holds the update's content: its create is no drift for that any more."""
    made = intent_key(intent.realm_id, intent.target, "create", intent.source_kind, intent.source_id, version=0)
    caught_up = push_intent.update().where(_columns.intent_key == made)
    transaction.execute(caught_up.values(source_hash=intent.source_hash))


def _end_attempt(transaction: sa.Connection, intent: StoredIntent, end: AttemptEnd, now: datetime) -> None:
    columns = push_attempt.c
    transaction.execute(
        push_attempt.update()
        .where(columns.intent_key == intent.intent_key, columns.attempt_no == intent.attempts)
        .values(
            ended_at=sa.func.coalesce(columns.ended_at, sa.literal(now, columns.ended_at.type)),
            outcome=end.outcome,
            http_status=sa.func.coalesce(end.http_status, columns.http_status),
            fault_code=sa.func.coalesce(end.fault_code, columns.fault_code),
            fault_class=sa.func.coalesce(end.fault_class, columns.fault_class),
            intuit_tid=sa.func.coalesce(end.intuit_tid, columns.intuit_tid),
        )
    )


def _wait_for(
    transaction: sa.Connection, intent: StoredIntent, needs: tuple[Need, ...], reason: str | None, now: datetime
) -> None:
    """Add to what an intent waits for. What was linked meanwhile blocks nothing."""
    known = waking.needs_of(transaction, intent.intent_key)
    waking.set_needs(transaction, intent.intent_key, [*known, *needs])
    missing = waking.missing_needs(transaction, intent.realm_id, intent.intent_key)
    state = IntentState.BLOCKED if missing else IntentState.PENDING
    values = (
        {"reason_code": WAITS_FOR_LINK, "reason": reason or waits_for(missing)}
        if missing
        else {"reason_code": None, "reason": None}
    )
    where = _columns.intent_key == intent.intent_key
    transaction.execute(push_intent.update().where(where).values(state=state, updated_at=now, **values))


def compare_and_set(transaction: sa.Connection, intent: StoredIntent, now: datetime, **values: object) -> None:
    """Change an intent if it is still held as it was claimed; `LeaseLost` otherwise."""
    changed = transaction.execute(
        push_intent.update()
        .where(_columns.intent_key == intent.intent_key, _columns.fence == intent.fence, _columns.owner == intent.owner)
        .values(**values, updated_at=now)
    )
    if not changed.rowcount:
        raise LeaseLost(
            f"The push of {intent.target} for {intent.source} was taken over by another pusher, or its source changed. "
            "Nothing was recorded; whoever holds it now finds out what became of it."
        )
