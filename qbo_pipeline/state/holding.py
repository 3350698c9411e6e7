"""What waiting intents wait for in the end: their needs are followed to the intents that stand in the way themselves."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from qbo_pipeline.state.intent_rows import read_intent
from qbo_pipeline.state.intents import WAITS_FOR_LINK, IntentState, StoredIntent
from qbo_pipeline.state.push_schema import push_dependency, push_intent

Ways = Mapping[str, Sequence[StoredIntent]]


def ways_blocked(transaction: sa.Connection) -> Ways:
    """By the key of each intent that waits for a link: the unfinished creates it waits for, which may themselves wait."""
    holder = push_intent.alias()
    wanted = (
        sa.select(push_dependency.c.intent_key.label("waiting_key"), holder)
        .join(push_intent, push_intent.c.intent_key == push_dependency.c.intent_key)
        .join(
            holder,
            sa.and_(
                holder.c.realm_id == push_intent.c.realm_id,
                holder.c.target == push_dependency.c.needs_target,
                holder.c.source_kind == push_dependency.c.needs_source_kind,
                holder.c.source_id == push_dependency.c.needs_source_id,
            ),
        )
        .where(
            push_intent.c.state == IntentState.BLOCKED,
            push_intent.c.reason_code == WAITS_FOR_LINK,
            holder.c.operation == "create",
            holder.c.state != IntentState.PUSHED,
        )
    )
    ways: dict[str, list[StoredIntent]] = defaultdict(list)
    for row in transaction.execute(wanted):
        ways[row.waiting_key].append(read_intent(row))
    return ways


def holders_of(intent: StoredIntent, ways: Ways) -> Iterator[StoredIntent]:
    """The intents an intent waits for that wait for no other themselves, each once."""
    seen, ahead = {intent.intent_key}, list(ways.get(intent.intent_key, ()))
    while ahead:
        holder = ahead.pop()
        if holder.intent_key in seen:
            continue
        seen.add(holder.intent_key)
        if further := ways.get(holder.intent_key):
            ahead.extend(further)
        else:
            yield holder
