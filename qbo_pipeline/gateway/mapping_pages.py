"""The mappings of one company: what is proposed, settled or kept out, what waits for one, and deciding about one."""

from collections import Counter

from starlette.responses import Response

from qbo_pipeline.gateway.published import published
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.outbound.mapping.choosing import choose
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.live import read_entry
from qbo_pipeline.outbound.mapping.mirror import mirrored_company
from qbo_pipeline.outbound.mapping.table import mapping_rows
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.mapping_kinds import KINDS, UnknownKind, mapping_kind

_STATUSES = ("proposed", "confirmed", "excluded")
_ROWS_SHOWN = 500


def mappings_page(visit: Visit) -> Response:
    """The mappings of the connection chosen, of the first where none is named; proposals first."""
    store = visit.gateway.store
    connections = store.connections.all()
    asked, kind = visit.query("connection"), visit.query("kind")
    if kind and kind not in KINDS:
        raise Refused(400, f"There is no mapping kind {kind}.")
    connection = store.connections.get(asked) if asked else next(iter(connections), None)
    rows = [] if connection is None else mapping_rows(store, connection.realm_id, _lists(connection), kind=kind or None)
    return visit.page(
        "mappings.html.jinja",
        names=[each.name for each in connections],
        connection=connection.name if connection else "",
        kinds=list(KINDS),
        kind=kind,
        rows=sorted(rows, key=lambda row: _STATUSES.index(row.status) if row.status in _STATUSES else 0)[:_ROWS_SHOWN],
        count=len(rows),
        waiting=_waiting(visit, connection) if connection else {},
    )


def decide(visit: Visit) -> Response:
    """Confirm a proposal, say which object it is, keep it out, or forget what was said about it."""
    form, store = visit.form, visit.gateway.store
    connection = store.connections.get(form.get("connection", ""))
    kind, source = form.get("kind", ""), form.get("source", "")
    if not source or len(source) > 200:
        raise Refused(400, "Name the row or code that is mapped.")
    decisions = Decisions(store=store, realm_id=connection.realm_id)
    decision = form.get("decision", "")
    try:
        woken = _carry_out(visit, decisions, connection, decision)
    except UnknownKind as error:
        raise Refused(400, str(error)) from error
    except QuickBooksError as error:
        raise Refused(502, str(error)) from error
    visit.note(f"mapping: {decision}", f"{connection.name}: {kind} {source} {form.get('qbo_id', '')}".rstrip())
    told = f"{len(woken)} documents go on because of it." if woken else "No document waited for it."
    return visit.go(f"/mappings?connection={connection.name}", f"{kind} {source}: done. {told}")


def _carry_out(visit: Visit, decisions: Decisions, connection: Connection, decision: str) -> list[StoredIntent]:
    kind, source = visit.form.get("kind", ""), visit.form.get("source", "")
    match decision:
        case "confirm":
            proposed = decisions.proposal(kind, source)
            entry = _chosen(visit, connection, kind, f"{proposed.target}:{proposed.qbo_id}")
            return decisions.assign(Decided(mapping_kind(kind), source, entry))
        case "set":
            entry = _chosen(visit, connection, kind, visit.form.get("qbo_id", ""))
            return decisions.assign(Decided(mapping_kind(kind), source, entry))
        case "new":
            return decisions.make_new(kind, source)
        case "exclude":
            return decisions.exclude(kind, source, visit.form.get("reason") or None)
        case "clear":
            return decisions.clear(kind, source)
    raise Refused(400, "There is no such decision.")


def _chosen(visit: Visit, connection: Connection, kind: str, meant: str) -> Listed:
    """The entry meant, asked of QuickBooks where the published copy does not have it."""

    def read(target: str, entry_id: str) -> Listed | None:
        if not connection.is_active:
            return None
        with open_client(visit.gateway.store, connection, visit.gateway.settings) as client:
            return read_entry(client, target, entry_id)

    if not meant:
        raise Refused(400, "Say which one it is in QuickBooks, by its id, number or name.")
    return choose(kind, meant, _lists(connection), read)


def _lists(connection: Connection) -> NameLists:
    with published() as copy:
        return NameLists(connection.realm_id, []) if copy is None else mirrored_company(copy, connection.realm_id)[0]


def _waiting(visit: Visit, connection: Connection) -> Counter[str]:
    """How many documents wait for a mapping, by why."""
    blocked = visit.gateway.store.outbox.intents(connection.realm_id, states=[IntentState.BLOCKED])
    codes = {code for kind in KINDS.values() for code in kind.wakes}
    return Counter(intent.reason or "" for intent in blocked if intent.reason_code in codes)
