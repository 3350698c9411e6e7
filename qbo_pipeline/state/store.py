"""The state store as the rest of the package sees it: one object with its connections, tokens and logs."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.audit_log import AuditLog
from qbo_pipeline.state.claims import Claims
from qbo_pipeline.state.company_profiles import CompanyProfiles
from qbo_pipeline.state.connections import Connections
from qbo_pipeline.state.contract_periods import ContractPeriods
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.dispatch import Dispatch
from qbo_pipeline.state.links import Links
from qbo_pipeline.state.mappings import Mappings
from qbo_pipeline.state.noted_entities import NotedEntities
from qbo_pipeline.state.outbox import Outbox
from qbo_pipeline.state.push_settings import PushSettingsStore
from qbo_pipeline.state.schema import feed_refusal, not_offered
from qbo_pipeline.state.sync_log import SyncLog
from qbo_pipeline.state.token_store import TokenStore
from qbo_pipeline.state.vault import Vault
from qbo_pipeline.state.webhook_verifiers import WebhookVerifiers

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def open_state(settings: Settings, *, clock: Clock = utc_now) -> "StateStore":
    """Open the state store, making it if it does not exist.

    Raises `StateUnavailable` where it cannot be reached and `StateDamaged` where what is there is not a store this version
    reads; neither changes anything.
    """
    return StateStore(Database(settings.state_database_url), settings, clock)


class StateStore:
    """Connections, their tokens, the outbox and the sync log; safe to share by threads, to be opened again in each process.

    `not_offered` notes what a company's edition does not have, `feed_refusals` what its change feed does not tell.
    """

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self._database = database
        self._vault = Vault(database, settings)
        self.tokens = TokenStore(database, self._vault)
        self.connections = Connections(database, self.tokens)
        self.webhook_verifiers = WebhookVerifiers(database, self._vault)
        self.sync_log = SyncLog(database, clock)
        self.audit_log = AuditLog(database, clock)
        self.not_offered = NotedEntities(database, not_offered, clock)
        self.feed_refusals = NotedEntities(database, feed_refusal, clock)
        self.outbox = Outbox(database, clock)
        self.dispatch = Dispatch(database, clock)
        self.contract_periods = ContractPeriods(database, self.outbox, clock)
        self.links = Links(database)
        self.claims = Claims(database, clock)
        self.push_settings = PushSettingsStore(database, clock)
        self.mappings = Mappings(database, clock)
        self.company_profiles = CompanyProfiles(database, clock)

    def check(self) -> None:
        """Read the whole store and try its keys; raise `StateDamaged` or `TokenKeyError` with what is wrong."""
        self._database.check()
        _ = self._vault.keys

    def close(self) -> None:
        """Close this process's connections to the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
