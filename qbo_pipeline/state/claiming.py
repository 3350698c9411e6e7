"""Which intents of a company a pusher gets, and the lease it gets them under."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from qbo_pipeline.state.intent_rows import read_intent
from qbo_pipeline.state.intents import UNFINISHED, UNSETTLED, IntentState, StoredIntent
from qbo_pipeline.state.push_schema import push_intent

_columns = push_intent.c


def due(
    realm_id: str, now: datetime, keys: Collection[str] | None, targets: Collection[str] | None
) -> sa.Select[tuple[object, ...]]:
    """The intents of a company that are due and free, in the order they go out; none before an older one of the same object."""
    older = push_intent.alias("older")
    waits_behind = sa.exists().where(
        older.c.realm_id == _columns.realm_id,
        older.c.target == _columns.target,
        older.c.source_kind == _columns.source_kind,
        older.c.source_id == _columns.source_id,
        older.c.intent_key != _columns.intent_key,
        older.c.created_at < _columns.created_at,
        older.c.state.in_(UNFINISHED),
    )
    is_due = _columns.state.in_((IntentState.PENDING, IntentState.IN_FLIGHT)) | (
        _columns.state.in_((IntentState.RETRY_WAIT, IntentState.UNKNOWN))
        & (_columns.next_at.is_(None) | (_columns.next_at <= now))
    )
    is_free = _columns.lease_until.is_(None) | (_columns.lease_until <= now)
    found = sa.select(push_intent).where(_columns.realm_id == realm_id, is_due, is_free, sa.not_(waits_behind))
    for column, values in ((_columns.intent_key, keys), (_columns.target, targets)):
        if values is not None:
            found = found.where(column.in_(values))
    return found.order_by(_columns.rank, _columns.created_at, _columns.intent_key)


def rest_of_batches(transaction: sa.Connection, found: list[StoredIntent], now: datetime) -> list[StoredIntent]:
    """The other unsettled items of the batches found: a batch is found out about as a whole."""
    batches = {intent.batch_id for intent in found if intent.state in UNSETTLED and intent.batch_id}
    known = {intent.intent_key for intent in found}
    rest = sa.select(push_intent).where(
        _columns.batch_id.in_(batches),
        _columns.state.in_(UNSETTLED),
        _columns.lease_until.is_(None) | (_columns.lease_until <= now),
    )
    rows = transaction.execute(rest.with_for_update(skip_locked=True)) if batches else []
    return [intent for intent in map(read_intent, rows) if intent.intent_key not in known]


def lease_to(
    transaction: sa.Connection, intent: StoredIntent, owner: str, now: datetime, lease: timedelta
) -> StoredIntent:
    """Give an intent to a pusher for a while; one that was in flight comes back as `unknown`."""
    state = IntentState.UNKNOWN if intent.state is IntentState.IN_FLIGHT else intent.state
    values = {"owner": owner, "lease_until": now + lease, "fence": intent.fence + 1, "state": state}
    transaction.execute(push_intent.update().where(_columns.intent_key == intent.intent_key).values(values))
    row = transaction.execute(sa.select(push_intent).where(_columns.intent_key == intent.intent_key)).one()
    return read_intent(row)
