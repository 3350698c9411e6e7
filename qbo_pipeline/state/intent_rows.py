"""An intent's row: read, made, renewed and blocked inside the caller's transaction."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state.intents import Intent, IntentState, Need, StoredIntent
from qbo_pipeline.state.push_keys import marker_text
from qbo_pipeline.state.push_order import rank_of
from qbo_pipeline.state.push_schema import push_intent

_columns = push_intent.c
_FIELDS = frozenset(field.name for field in fields(StoredIntent))


def read_intent(row: sa.Row[tuple[object, ...]]) -> StoredIntent:
    """An intent from its row, whatever else was selected with it."""
    values = {name: value for name, value in row._mapping.items() if name in _FIELDS}
    return StoredIntent(**values | {"state": IntentState(values["state"])})


def stored(transaction: sa.Connection, key: str) -> StoredIntent | None:
    """The intent of a key, locked for the rest of the transaction; None where there is none."""
    row = transaction.execute(sa.select(push_intent).where(_columns.intent_key == key).with_for_update()).one_or_none()
    return None if row is None else read_intent(row)


def required(transaction: sa.Connection, key: str) -> StoredIntent:
    """The same, which must be there; `KeyError` otherwise."""
    found = stored(transaction, key)
    if found is None:
        raise KeyError(f"No intent {key}.")
    return found


def new_row(intent: Intent, secret: bytes, now: datetime) -> dict[str, object]:
    """The row of an intent that was never taken in."""
    return {
        "intent_key": intent.key,
        **{name: getattr(intent, name) for name in ("realm_id", "target", "operation", "source_kind", "source_id")},
        "logical_version": intent.logical_version,
        "rank": rank_of(intent.target, intent.operation),
        "marker": marker_text(secret, intent.realm_id, intent.target, intent.source_kind, intent.source_id),
        **_content(intent),
        "state": IntentState.PENDING,
        **dict.fromkeys(("epoch", "attempts", "tries", "absences", "fence"), 0),
        "created_at": now,
        "updated_at": now,
    }


def renew(transaction: sa.Connection, intent: Intent, now: datetime) -> None:
    """Give an intent its new content. Whoever holds a lease on it works on the old one, and loses it."""
    fresh = {"state": IntentState.PENDING, "fence": _columns.fence + 1, "tries": 0, "absences": 0}
    cleared = dict.fromkeys(("reason_code", "reason", "next_at", "owner", "lease_until"))
    update(transaction, intent.key, now, **_content(intent), **fresh, **cleared)


def _content(intent: Intent) -> dict[str, object]:
    hashes = {"source_hash": intent.source_hash, "latest_source_hash": intent.source_hash}
    return {"natural_key": intent.natural_key, "document": intent.document, **hashes}


def block(transaction: sa.Connection, key: str, now: datetime, code: str, reason: str) -> None:
    """Let an intent wait for what its reason says."""
    update(transaction, key, now, state=IntentState.BLOCKED, reason_code=code, reason=reason)


def update(transaction: sa.Connection, key: str, now: datetime, **values: object) -> None:
    """Change an intent's row."""
    transaction.execute(push_intent.update().where(_columns.intent_key == key).values(**values, updated_at=now))


def waits_for(missing: Sequence[Need]) -> str:
    """The reason of an intent that waits for links."""
    named = ", ".join(f"{need.target} for {need.source_kind}:{need.source_id}" for need in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return f"It waits for {named}{more}, and goes on by itself once that is in QuickBooks."
