"""The mappings of one company: what is proposed, settled or kept out, what waits for one, and deciding about one."""

from collections import Counter

from starlette.responses import Response

from qbo_pipeline.gateway.published import published
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.gateway.words import in_words, to_be_mapped
from qbo_pipeline.outbound.mapping.choosing import choose
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.live import read_entry
from qbo_pipeline.outbound.mapping.mirror import mirrored_company, mirrored_sources
from qbo_pipeline.outbound.mapping.naming import settle_names
from qbo_pipeline.outbound.mapping.table import mapping_rows
from qbo_pipeline.outbound.mapping.wanted_names import SourceLists, names_of_sources
from qbo_pipeline.outbound.mapping.wanting import all_names
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.quickbooks.errors import QuickBooksError
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.mapping_kinds import KINDS, UnknownKind, mapping_kind

_STATUSES = ("proposed", "confirmed", "excluded")
_ROWS_SHOWN = 500
_OFFERED_MAX = 2_000
_KEY_MAX = 200


def mappings_page(visit: Visit) -> Response:
    """The mappings of the connection chosen, of the first where none is named; proposals first."""
    store = visit.gateway.store
    connections = store.connections.all()
    asked, kind = visit.query("connection"), visit.query("kind")
    if kind and kind not in KINDS:
        raise Refused(400, f"There is no mapping kind {kind}.")
    connection = store.connections.get(asked) if asked else next(iter(connections), None)
    lists, sources = _both_sides(connection)
    rows = [] if connection is None else mapping_rows(store, connection.realm_id, lists, kind=kind or None)
    return visit.page(
        "mappings.html.jinja",
        names=[each.name for each in connections],
        connection=connection.name if connection else "",
        may_propose=connection is not None and connection.business_entity_id is not None,
        kinds=list(KINDS),
        kind=kind,
        source=visit.query("source")[:_KEY_MAX],
        offered=_offered(kind, lists),
        called=names_of_sources(sources),
        rows=sorted(rows, key=lambda row: _STATUSES.index(row.status) if row.status in _STATUSES else 0)[:_ROWS_SHOWN],
        count=len(rows),
        waiting=_waiting(visit, connection) if connection else {},
    )


def propose(visit: Visit) -> Response:
    """Match every active row and code with QuickBooks' lists: link what is the same, propose what may be."""
    store = visit.gateway.store
    connection = store.connections.get(visit.form.get("connection", ""))
    lists, sources = _both_sides(connection)
    if sources is None:
        raise Refused(
            409,
            "There is nothing to match yet: a connection of a business entity is needed, and a sync that has read both sides.",
        )
    choices = store.push_settings.of(connection.realm_id).choices
    settled = settle_names(store, connection.realm_id, lists, all_names(sources), choices)
    proposed = sum(each.status == "proposed" for each in settled.mappings)
    visit.note("mapping: propose", connection.name, f"{len(settled.links)} linked, {proposed} proposed")
    return visit.go(
        f"/mappings?connection={connection.name}",
        f"{len(settled.links)} linked because they are the same, {proposed} proposed, {len(settled.blocked)} left to decide.",
    )


def decide(visit: Visit) -> Response:
    """Confirm a proposal, say which object it is, keep it out, or forget what was said about it."""
    form, store = visit.form, visit.gateway.store
    connection = store.connections.get(form.get("connection", ""))
    kind, source = form.get("kind", ""), form.get("source", "")
    if not source or len(source) > _KEY_MAX:
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
    return visit.go(f"/mappings?connection={connection.name}", f"{in_words(kind).capitalize()} {source}: done. {told}")


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
    return _both_sides(connection)[0]


def _both_sides(connection: Connection | None) -> tuple[NameLists, SourceLists | None]:
    """QuickBooks' lists and the operational system's, as they were last read; None where the latter are nobody's."""
    if connection is None:
        return NameLists("", []), None
    with published() as copy:
        if copy is None:
            return NameLists(connection.realm_id, []), None
        entity = connection.business_entity_id
        lists, _ = mirrored_company(copy, connection.realm_id)
        return lists, mirrored_sources(copy, entity) if entity else None


def _offered(kind: str, lists: NameLists) -> list[Listed]:
    """What may be chosen for a kind: the live entries of its lists, by name."""
    targets = KINDS[kind].targets if kind else ()
    live = [each for target in targets for each in lists.each(target) if each.is_active]
    return sorted(live, key=lambda each: each.label.casefold())[:_OFFERED_MAX]


def _waiting(visit: Visit, connection: Connection) -> dict[tuple[str, str], int]:
    """How many documents wait for a mapping, by the kind and key of what is to be mapped."""
    blocked = visit.gateway.store.outbox.intents(connection.realm_id, states=[IntentState.BLOCKED])
    codes = {code for kind in KINDS.values() for code in kind.wakes}
    wanted = (to_be_mapped(intent.reason or "") for intent in blocked if intent.reason_code in codes)
    return Counter(each for each in wanted if each is not None)
