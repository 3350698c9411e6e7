"""Waking what is blocked on a link, in the transaction that makes the link: nobody polls, and waiting counts as no failure."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state.intents import WAITS_FOR_LINK, IntentState, Need
from qbo_pipeline.state.push_schema import link, push_dependency, push_intent


def wake_waiting(transaction: sa.Connection, realm_id: str, now: datetime) -> None:
    """Let the intents of a company go on that wait for links and lack none any more."""
    transaction.execute(
        push_intent.update()
        .where(
            push_intent.c.realm_id == realm_id,
            push_intent.c.state == IntentState.BLOCKED,
            push_intent.c.reason_code == WAITS_FOR_LINK,
            sa.not_(_lacks_a_link(realm_id)),
        )
        .values(state=IntentState.PENDING, reason_code=None, reason=None, updated_at=now)
    )


def wake_held(transaction: sa.Connection, realm_id: str, reason_codes: Iterable[str], now: datetime) -> int:
    """Let the intents of a company go on that a person's move was awaited for, by the codes of their reasons; how many."""
    columns = push_intent.c
    held = push_intent.update().where(
        columns.realm_id == realm_id,
        columns.state.in_((IntentState.BLOCKED, IntentState.FAILED)),
        columns.reason_code.in_(sorted(reason_codes)),
    )
    values = {"state": IntentState.PENDING, "reason_code": None, "reason": None, "next_at": None, "tries": 0}
    return transaction.execute(held.values(**values, updated_at=now)).rowcount


def set_needs(transaction: sa.Connection, key: str, needs: Iterable[Need]) -> None:
    """Replace what an intent needs."""
    transaction.execute(push_dependency.delete().where(push_dependency.c.intent_key == key))
    for need in sorted(set(needs)):
        transaction.execute(
            push_dependency.insert().values(
                intent_key=key,
                needs_target=need.target,
                needs_source_kind=need.source_kind,
                needs_source_id=need.source_id,
            )
        )


def needs_of(transaction: sa.Connection, key: str) -> list[Need]:
    """What an intent needs."""
    columns = push_dependency.c
    wanted = sa.select(columns.needs_target, columns.needs_source_kind, columns.needs_source_id)
    return sorted(Need(*row) for row in transaction.execute(wanted.where(columns.intent_key == key)))


def missing_needs(transaction: sa.Connection, realm_id: str, key: str) -> list[Need]:
    """What an intent needs and has no live object yet."""
    columns = push_dependency.c
    wanted = sa.select(columns.needs_target, columns.needs_source_kind, columns.needs_source_id).where(
        columns.intent_key == key, sa.not_(_has_link(realm_id))
    )
    return sorted(Need(*row) for row in transaction.execute(wanted))


def _lacks_a_link(realm_id: str) -> sa.Exists:
    return (
        sa.select(push_dependency.c.intent_key)
        .where(push_dependency.c.intent_key == push_intent.c.intent_key, sa.not_(_has_link(realm_id)))
        .correlate(push_intent)
        .exists()
    )


def _has_link(realm_id: str) -> sa.Exists:
    return (
        sa.select(link.c.qbo_id)
        .where(
            link.c.realm_id == realm_id,
            link.c.target == push_dependency.c.needs_target,
            link.c.source_kind == push_dependency.c.needs_source_kind,
            link.c.source_id == push_dependency.c.needs_source_id,
            link.c.status == "live",
        )
        .correlate(push_dependency)
        .exists()
    )
