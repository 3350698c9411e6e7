"""The push queue: what is not in QuickBooks yet, by cause, with whose move it is, and the buttons that move it on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from starlette.responses import Response

from qbo_pipeline.gateway.queue_choices import DONE, may_be_retried, may_be_skipped
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.gateway.words import to_be_mapped
from qbo_pipeline.outbound.linking import NotLinkable, link_document
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import MAYBE_IN_BOOKS, SKIPPED_BY_HAND, Intent, IntentState, StoredIntent
from qbo_pipeline.state.moves import WHO_FIRST, Move, mover

_INTENTS_SHOWN = 50
_REASON_MAX = 300
_RECORD_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_UNFINISHED = [state for state in IntentState if state not in DONE]


@dataclass(frozen=True)
class Cause:
    """Why some documents of one company are not in QuickBooks: those of them that are shown, and how many there are."""

    connection: Connection
    code: str
    moves: Mapping[str, Move]
    intents: Sequence[StoredIntent]
    count: int

    @property
    def move(self) -> Move:
        """Whose move it is with all of them, and what that is where they have it in common."""
        first, *others = self.moves.values()
        is_common = all(each == first for each in others)
        return first if is_common else Move(first.who, "What to do is told with each document.")

    @property
    def may_be_retried(self) -> bool:
        """Whether a person may let all of them go on at once."""
        return any(may_be_retried(intent) for intent in self.intents)


def queue_page(visit: Visit) -> Response:
    """What waits, grouped by company and cause; the causes that need somebody first."""
    wanted = visit.query("connection")
    connections = {each.realm_id: each for each in visit.gateway.store.connections.all()}
    intents = [
        intent
        for intent in visit.gateway.store.outbox.intents(states=_UNFINISHED)
        if intent.realm_id in connections and wanted in ("", connections[intent.realm_id].name)
    ]
    return visit.page(
        "queue.html.jinja",
        causes=_causes(intents, connections, mover(visit.gateway.store.outbox.ways_blocked())),
        names=[each.name for each in connections.values()],
        connection=wanted,
        unarmed=[each.name for each in connections.values() if wanted in ("", each.name) and _is_unarmed(visit, each)],
        may_be_retried=may_be_retried,
        may_be_skipped=may_be_skipped,
        to_be_mapped=to_be_mapped,
        maybe_in_books=MAYBE_IN_BOOKS,
        has_changed=[intent for intent in intents if intent.has_changed_since],
    )


def _is_unarmed(visit: Visit, connection: Connection) -> bool:
    """Whether nothing is pushed to a connection whose documents wait for that."""
    is_wanted = connection.is_active and connection.business_entity_id is not None
    return is_wanted and visit.gateway.store.push_settings.of(connection.realm_id).armed_at is None


def retry(visit: Visit) -> Response:
    """Let one document go on, or all of one cause."""
    realm_id = _connection(visit).realm_id
    key, code = visit.form.get("key", ""), visit.form.get("code", "")
    if bool(key) == bool(code):
        raise Refused(400, "Name one document or one cause.")
    if key and visit.gateway.store.outbox.take_back_skip(key):
        visit.note("take back skip", key)
        return visit.go("/queue", "It is looked at again with the next sync, and goes out with the push after it.")
    woken = visit.gateway.store.outbox.wake(realm_id, keys=[key] if key else (), reason_codes=[code] if code else ())
    visit.note("retry", key or code, f"{woken} go on")
    return visit.go("/queue", f"{woken} {'goes' if woken == 1 else 'go'} on with the next push.")


def link(visit: Visit) -> Response:
    """Say which document of QuickBooks it is: that is linked, and nothing is pushed."""
    intent = visit.gateway.store.outbox.get(visit.form.get("key", ""))
    connection = _connection(visit)
    if intent is None or intent.realm_id != connection.realm_id:
        raise Refused(404, "There is no such document in the queue.")
    qbo_id = visit.form.get("qbo_id", "")
    if not _RECORD_ID.fullmatch(qbo_id):
        raise Refused(400, "Say which one it is by its id in QuickBooks, as the reason names it.")
    try:
        with open_client(visit.gateway.store, connection, visit.gateway.settings) as client:
            linked = link_document(visit.gateway.store, client, intent.source, qbo_id)
    except (NotLinkable, QuickBooksError) as error:
        raise Refused(409, str(error)) from error
    visit.note("link", intent.intent_key, f"{linked.target} {linked.qbo_id}")
    return visit.go(
        "/queue", f"{intent.source} is number {linked.doc_number or 'none'} of {linked.total}; it is not pushed."
    )


def skip(visit: Visit) -> Response:
    """Decide that a document is not pushed, and say why."""
    reason = visit.form.get("reason", "")[:_REASON_MAX]
    if not reason:
        raise Refused(400, "Say why it is not to be pushed: the next person will ask.")
    intent = visit.gateway.store.outbox.get(visit.form.get("key", ""))
    if intent is None or intent.realm_id != _connection(visit).realm_id:
        raise Refused(404, "There is no such document in the queue.")
    if not may_be_skipped(intent):
        raise Refused(409, f"It is {intent.state} now, which cannot be skipped: look at it again.")
    told = f"{visit.person.name}: {reason}"
    skipped = visit.gateway.store.outbox.skip(_as_intended(intent), SKIPPED_BY_HAND, told)
    if skipped.reason_code != SKIPPED_BY_HAND:
        raise Refused(409, f"It is {skipped.state} now, which cannot be skipped: look at it again.")
    visit.note("skip", intent.intent_key, reason)
    return visit.go(
        "/queue", f"{intent.target} for {intent.source} is not pushed. Retry it under why, if that was wrong."
    )


def _causes(
    intents: Sequence[StoredIntent], connections: dict[str, Connection], move: Callable[[StoredIntent], Move]
) -> list[Cause]:
    moves = {intent.intent_key: move(intent) for intent in intents}

    def cause(intent: StoredIntent) -> tuple[int, str, str]:
        name = connections[intent.realm_id].name
        return WHO_FIRST.index(moves[intent.intent_key].who), name, intent.reason_code or intent.state

    causes = []
    for (_, _, code), grouped in groupby(sorted(intents, key=cause), cause):
        members = list(grouped)
        connection = connections[members[0].realm_id]
        shown = {intent.intent_key: moves[intent.intent_key] for intent in members[:_INTENTS_SHOWN]}
        causes.append(Cause(connection, code, shown, members[:_INTENTS_SHOWN], len(members)))
    return causes


def _connection(visit: Visit) -> Connection:
    return visit.gateway.store.connections.get(visit.form.get("connection", ""))


def _as_intended(intent: StoredIntent) -> Intent:
    """What the outbox knows an intent by; its content stays as it is."""
    blank = Intent(
        realm_id=intent.realm_id,
        target=intent.target,
        operation=intent.operation,
        source_kind=intent.source_kind,
        source_id=intent.source_id,
    )
    return replace(blank, logical_version=intent.logical_version, document=intent.document)
