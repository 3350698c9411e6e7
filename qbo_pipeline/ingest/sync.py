"""Sync: pull what was asked for from the connections that can be read, and keep what happened in the sync log."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from qbo_pipeline.catalog import DAILY, ENTITIES, Kind, find_entity
from qbo_pipeline.ingest.cadence import AT_EVERY_TICK, Cadence, cadence_of
from qbo_pipeline.ingest.company import open_company
from qbo_pipeline.ingest.keeping import keep
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.outcome import CompanyOutcome, PullOutcome
from qbo_pipeline.ingest.pull import pull
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.hearing import Hearing
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.raw import bookmarks, cursors


def sync(
    settings: Settings,
    store: StateStore,
    warehouse: Warehouse,
    *,
    run_id: str | None = None,
    trigger: str = "manual",
    connections: Sequence[str] = (),
    entities: Sequence[str] = (),
    full: bool = False,
    all_entities: bool = True,
    idle_too: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> PullOutcome:
    """Pull `entities` (all when empty) of `connections` (all not disconnected by hand when empty) into the warehouse.

    `full` reads everything again. `all_entities` also asks for entities outside the change feed whose time has not come,
    `idle_too` also companies that were idle for so long that theirs has not come.
    A connection that cannot be read is in the outcome with its reason. Raises `UnknownConnection` and
    `UnknownEntityError` before anything is read.
    """
    wanted = [find_entity(name) for name in entities] or list(ENTITIES)
    asked = [store.connections.get(name) for name in connections] or _kept(store.connections.all())
    run_id = run_id or str(uuid.uuid4())
    with warehouse.connect("look up how far each company has been read", tell=tell) as connection:
        read_through, broken_off = cursors(connection), bookmarks(connection)
    hearing = Hearing(settings.webhook_inbox_path, store.clock)
    heard = set() if idle_too else hearing.relied_on(asked)
    cadences = (
        {}
        if idle_too
        else {each.realm_id: cadence_of(each, settings, is_heard=each.realm_id in heard) for each in asked}
    )
    now = store.clock()
    waiting = [
        each for each in asked if each.is_active and not cadences.get(each.realm_id, AT_EVERY_TICK).is_due(each, now)
    ]
    readable = [each for each in asked if each.is_active and each not in waiting]
    store.sync_log.start_run(run_id, trigger)
    try:
        with ExitStack() as opened:
            companies = [open_company(store, connection, settings) for connection in readable]
            for company in companies:
                opened.callback(company.client.close)
            pulled = pull(
                companies,
                wanted,
                Landing(warehouse, settings.home / "dlt", _now),
                cursors=read_through,
                not_offered=lambda realm_id: set(store.not_offered.of(realm_id)),
                refused_by_feed=lambda realm_id: _refused_lately(store, realm_id),
                bookmarks={key: Bookmark(*where) for key, where in broken_off.items()},
                cadences=cadences,
                full=full,
                all_entities=all_entities,
                budget_seconds=settings.sync_budget_seconds,
                tell=tell,
            )
    except BaseException:
        store.sync_log.finish_run(run_id, "failed")
        raise
    hearing.note_missed(
        [each.realm_id for each in pulled.companies if each.realm_id in heard and _was_rested(each, cadences)]
    )
    left_out = [_left_out(connection) for connection in asked if not connection.is_active]
    not_due = [CompanyOutcome(connection.name, connection.realm_id, is_due=False) for connection in waiting]
    if not_due:
        tell(f"{len(not_due):,} idle companies are asked later (QBO_IDLE_EVERY_HOURS).")
    outcome = PullOutcome([*pulled.companies, *left_out, *not_due])
    keep(store, run_id, outcome)
    return outcome


def _was_rested(company: CompanyOutcome, cadences: Mapping[str, Cadence]) -> bool:
    """Whether a company that was thought to rest has a new document."""
    new = [table for table, entity in company.entities.items() if entity.landed.created]
    return cadences[company.realm_id].stretch > 1 and any(find_entity(table).kind is Kind.TRANSACTION for table in new)


def _kept(connections: Sequence[Connection]) -> list[Connection]:
    """Without those disconnected by hand, whose tokens are erased: a connection that was lost is told of with every run."""
    return [connection for connection in connections if connection.is_active or connection.refresh_issued_at]


def _refused_lately(store: StateStore, realm_id: str) -> set[str]:
    """What the feed refused within a day; then it is tried again."""
    noted = store.feed_refusals.of(realm_id)
    return {entity for entity, noted_at in noted.items() if store.clock() - noted_at < DAILY}


def _left_out(connection: Connection) -> CompanyOutcome:
    reason = f"inactive: {connection.reason}. `qbo-pipeline connect {connection.name}` connects it again."
    return CompanyOutcome(connection.name, connection.realm_id, error=reason)


def _now() -> datetime:
    return datetime.now(UTC)
