"""The push ledger: every intent and every send as plain rows, for whoever looks at them outside the outbox."""

from dataclasses import asdict
from datetime import datetime
from itertools import chain

from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.moves import Move, mover
from qbo_pipeline.state.store import StateStore

Row = dict[str, object]

_SAME = (
    *("realm_id", "intent_key", "target", "operation", "source_kind", "source_id", "reason_code", "reason"),
    *("attempts", "has_changed_since", "created_at", "updated_at"),
)


def push_ledger(store: StateStore, since: datetime | None = None) -> tuple[list[Row], list[Row]]:
    """The intents that changed since an instant, with what they became, and all their sends."""
    names = {connection.realm_id: connection.name for connection in store.connections.all()}
    ways = store.outbox.ways_blocked()
    changed = store.outbox.intents(since=since)
    # Whose move a waiting document is changes with the one it waits for, while its own row stays as it was.
    known = {intent.intent_key for intent in changed}
    waiting = [intent for key in ways if key not in known and (intent := store.outbox.get(key))]
    intents = [*changed, *waiting]
    move = mover(ways)
    links = {realm_id: _links(store, realm_id) for realm_id in {intent.realm_id for intent in intents}}
    realms = {intent.intent_key: intent.realm_id for intent in intents}
    pushes = [_push(intent, names, links[intent.realm_id], move(intent)) for intent in intents]
    sent = [*store.outbox.attempts_since(since), *chain(*(store.outbox.attempts(each.intent_key) for each in waiting))]
    attempts = [asdict(each) | {"realm_id": realms[each.intent_key]} for each in sent if each.intent_key in realms]
    return pushes, attempts


def _links(store: StateStore, realm_id: str) -> dict[tuple[str, str, str], Link]:
    return {(each.target, each.source_kind, each.source_id): each for each in store.links.of(realm_id)}


def _push(intent: StoredIntent, names: dict[str, str], links: dict[tuple[str, str, str], Link], move: Move) -> Row:
    link = links.get((intent.target, intent.source_kind, intent.source_id))
    return {
        **{name: getattr(intent, name) for name in _SAME},
        "connection": names.get(intent.realm_id),
        "number": intent.natural_key,
        "state": str(intent.state),
        "whose_move": move.who,
        "what_next": move.what,
        "qbo_id": link and link.qbo_id,
        "doc_number": link and link.doc_number,
        "total": link and link.total,
        "origin": link and link.origin,
        "link_status": link and link.status,
        "linked_at": link and link.linked_at,
    }
