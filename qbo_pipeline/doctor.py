"""An examination of the installation: settings, keys, state, connections, warehouse; every problem with its fix."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qbo_pipeline.catalog import RAW_SCHEMA
from qbo_pipeline.ingest.cadence import cadence_of
from qbo_pipeline.settings import Settings, SettingsError, read_settings
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.errors import StateError
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.warehouse.file import WarehouseError, open_warehouse
from qbo_pipeline.warehouse.lock import WarehouseBusyError
from qbo_pipeline.warehouse.raw import contents, tables
from qbo_pipeline.warehouse.ties import Ties, ties

TOKEN_NOTICE = timedelta(days=14)
SYNC_NOTICE = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """One thing examined: what it is, how it stands, and what to do if it is not well."""

    subject: str
    what: str
    fix: str | None = None

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return self.fix is None


def examine() -> list[Finding]:
    """Everything worth knowing about this installation, in the order in which to mend it."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Finding("settings", str(error), "Correct them in the environment or in .env.")]
    return [*_settings(settings), *_state(settings), *_warehouse(settings)]


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", f"readable; everything is written below {settings.home}")


def _state(settings: Settings) -> Iterator[Finding]:
    if not settings.home.exists():
        yield Finding(
            "home", f"{settings.home} does not exist yet", "`qbo-pipeline connect NAME` or `make demo` makes it."
        )
        return
    try:
        with open_state(settings) as store:
            store.check()
            yield Finding("state store", "readable, and its keys open the stored tokens")
            yield from _connections(store, settings)
    except StateError as error:
        yield Finding("state store", str(error), "Mend what the message names; nothing was changed.")


def _connections(store: StateStore, settings: Settings) -> Iterator[Finding]:
    connections = store.connections.all()
    if not connections:
        yield Finding("connections", "there is none", "`qbo-pipeline connect NAME` makes one.")
    for connection in connections:
        yield _connection(connection, settings)


def _connection(connection: Connection, settings: Settings) -> Finding:
    subject, again = f"connection {connection.name}", f"`qbo-pipeline connect {connection.name}` connects it again."
    now = datetime.now(UTC)
    if not connection.is_active and connection.refresh_issued_at is None:
        return Finding(subject, f"{connection.reason}; what was pulled stays. {again}")
    if not connection.is_active:
        return Finding(subject, f"inactive: {connection.reason}", again)
    for lasts, what in (
        (connection.refresh_expires_at, "refresh token"),
        (connection.hard_expires_at, "authorisation"),
    ):
        if lasts and lasts - now < TOKEN_NOTICE:
            return Finding(
                subject,
                f"its {what} ends on {lasts:%Y-%m-%d}",
                f"`qbo-pipeline disconnect {connection.name}`, then connect it anew: {again}",
            )
    due_after = cadence_of(connection, settings).every + SYNC_NOTICE
    if connection.last_sync_at is None or now - connection.last_sync_at > due_after:
        synced = (
            f"last synced {connection.last_sync_at:%Y-%m-%d %H:%M} UTC" if connection.last_sync_at else "never synced"
        )
        return Finding(
            subject,
            synced,
            f"`qbo-pipeline sync --connection {connection.name}`, or start the schedule with `dagster dev`.",
        )
    return Finding(
        subject, f"active at {endpoints_of(connection, settings).api_url}, synced {connection.last_sync_at:%H:%M} UTC"
    )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    if not settings.warehouse_path.exists():
        yield Finding(
            "warehouse", f"{settings.warehouse_path.name} does not exist yet", "`qbo-pipeline sync` makes it."
        )
        return
    try:
        with open_warehouse(settings).connect("examine the warehouse") as connection:
            tied = ties(connection)
            held = contents(connection, sorted(name for name in tables(connection) if not name.startswith("_")))
    except (WarehouseError, WarehouseBusyError) as error:
        yield Finding("warehouse", str(error), "Follow the message; the file was left as it is.")
        return
    yield Finding(
        "warehouse", f"readable; {sum(rows for rows, _ in held.values()):,} rows in {len(held)} tables of {RAW_SCHEMA}"
    )
    yield from (_ties(each) for each in tied)
    if not settings.analytics_path.exists():
        yield Finding(
            "analytics copy", "was never published", "`qbo-pipeline sync` publishes it when something was built."
        )


def _ties(each: Ties) -> Finding:
    fix = (
        "finance.reconciliation in analytics.duckdb names each amount, ours and theirs; a sync by hand reads the reports again."
        if each.unexplained
        else None
    )
    return Finding(
        f"books of {each.realm_id}", f"{each.tied} of {each.months} months tie to QuickBooks' own reports", fix
    )
