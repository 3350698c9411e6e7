"""Sync: pull what was asked for from the connections that can be read, and keep what happened in the sync log."""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from qbo_pipeline.catalog import ENTITIES, find_entity
from qbo_pipeline.ingest.company import open_company
from qbo_pipeline.ingest.keeping import keep
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.outcome import CompanyOutcome, PullOutcome
from qbo_pipeline.ingest.pull import pull
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.raw import cursors


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
    tell: Callable[[str], None] = lambda _: None,
) -> PullOutcome:
    """Pull `entities` (all when empty) of `connections` (all when empty) into the warehouse.

    A connection that cannot be read is in the outcome with its reason. Raises `UnknownConnectionError` and
    `UnknownEntityError` before anything is read.
    """
    wanted = [find_entity(name) for name in entities] or list(ENTITIES)
    asked = [store.connections.get(name) for name in connections] or store.connections.all()
    run_id = run_id or str(uuid.uuid4())
    with warehouse.connect("look up how far each company has been read", tell=tell) as connection:
        read_through = cursors(connection)
    store.sync_log.start_run(run_id, trigger)
    readable = [connection for connection in asked if connection.is_active]
    pulled = pull(
        [open_company(store, connection, settings) for connection in readable],
        wanted,
        Landing(warehouse, settings.home / "dlt", _now),
        cursors=read_through,
        not_offered=lambda realm_id: set(store.not_offered(realm_id)),
        full=full,
        budget_seconds=settings.sync_budget_seconds,
        tell=tell,
    )
    left_out = [_left_out(connection) for connection in asked if not connection.is_active]
    outcome = PullOutcome([*pulled.companies, *left_out])
    keep(store, run_id, outcome)
    return outcome


def _left_out(connection: Connection) -> CompanyOutcome:
    reason = f"inactive: {connection.reason} `qbo-pipeline connect {connection.name}` connects it again."
    return CompanyOutcome(connection.name, connection.realm_id, error=reason)


def _now() -> datetime:
    return datetime.now(UTC)
