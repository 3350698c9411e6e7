"""Why a source document is, or is not, in QuickBooks: everything the outbox knows of it, told in order."""

from collections.abc import Iterable
from dataclasses import dataclass

from qbo_pipeline.outbound.reversals import reversal_kind
from qbo_pipeline.quickbooks.pages import page_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import Attempt, Need, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.moves import Move, mover
from qbo_pipeline.state.store import StateStore


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that was to happen in QuickBooks for a source document: how it stands, why, and whose move it is.

    `page` is the document's address in QuickBooks; `needs` are the rows it waited for.
    """

    intent_key: str
    connection: str | None
    realm_id: str
    target: str
    operation: str
    source: str
    number: str | None
    state: str
    reason_code: str | None
    reason: str | None
    move: Move
    link: Link | None
    page: str | None
    needs: list[Need]
    attempts: list[Attempt]
    has_changed_since: bool


def story_of(store: StateStore, source: str) -> list[Told]:
    """What the outbox holds of a source: `KIND:ID`, a bare id, or the number the document goes by. Empty where nothing does."""
    kind, separator, identity = source.partition(":")
    found = store.outbox.about(identity if separator else source, source_kind=kind if separator else None)
    if separator:
        found += store.outbox.about(identity, source_kind=reversal_kind(kind))
    by_realm = {connection.realm_id: connection for connection in store.connections.all()}
    move = mover(store.outbox.ways_blocked())
    return [_told(store, intent, by_realm.get(intent.realm_id), move(intent)) for intent in found]


@dataclass(frozen=True, kw_only=True)
class PushLine:
    """An intent in one line."""

    connection: str
    target: str
    operation: str
    source: str
    number: str | None
    state: str
    reason_code: str | None
    reason: str | None
    whose_move: str


def push_lines(store: StateStore, intents: Iterable[StoredIntent]) -> list[PushLine]:
    """Intents in a line each, for lists."""
    names = {connection.realm_id: connection.name for connection in store.connections.all()}
    move = mover(store.outbox.ways_blocked())
    return [_push_line(each, names.get(each.realm_id, each.realm_id), move(each)) for each in intents]


def _push_line(intent: StoredIntent, connection: str, move: Move) -> PushLine:
    return PushLine(
        connection=connection,
        target=intent.target,
        operation=intent.operation,
        source=intent.source,
        number=intent.natural_key,
        state=str(intent.state),
        reason_code=intent.reason_code,
        reason=intent.reason,
        whose_move=move.who,
    )


def _told(store: StateStore, intent: StoredIntent, connection: Connection | None, move: Move) -> Told:
    link = store.links.find(intent.realm_id, intent.target, intent.source_kind, intent.source_id)
    return Told(
        intent_key=intent.intent_key,
        connection=connection.name if connection else None,
        realm_id=intent.realm_id,
        target=intent.target,
        operation=intent.operation,
        source=intent.source,
        number=intent.natural_key,
        state=str(intent.state),
        reason_code=intent.reason_code,
        reason=intent.reason,
        move=move,
        link=link,
        page=page_of(connection.environment, intent.target, link.qbo_id) if link and connection else None,
        needs=store.outbox.needs(intent.intent_key),
        attempts=store.outbox.attempts(intent.intent_key),
        has_changed_since=intent.has_changed_since,
    )
