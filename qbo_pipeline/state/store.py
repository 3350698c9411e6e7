"""The state store as the rest of the package sees it: one object with its connections, tokens and logs."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connections
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.schema import not_offered
from qbo_pipeline.state.sync_log import SyncLog
from qbo_pipeline.state.token_store import TokenStore
from qbo_pipeline.state.vault import Vault

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
    """Connections, their tokens and the sync log; safe to share by threads, to be opened again in each process."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self._database = database
        self._vault = Vault(database, settings)
        self.tokens = TokenStore(database, self._vault)
        self.connections = Connections(database, self.tokens)
        self.sync_log = SyncLog(database, clock)

    def not_offered(self, realm_id: str) -> dict[str, datetime]:
        """The entities a company was found not to offer, and when that was last found."""
        with self._database.reading() as transaction:
            rows = transaction.execute(
                sa.select(not_offered.c.entity, not_offered.c.noted_at).where(not_offered.c.realm_id == realm_id)
            )
            return dict(rows.tuples().all())

    def mark_not_offered(self, realm_id: str, entity: str) -> None:
        """Remember that a company does not offer an entity, as of now."""
        with self._database.writing() as transaction:
            transaction.execute(_forget_offer(realm_id, entity))
            transaction.execute(not_offered.insert().values(realm_id=realm_id, entity=entity, noted_at=self.clock()))

    def mark_offered(self, realm_id: str, entity: str) -> None:
        """Forget that a company did not offer an entity: it does now. Nothing is written where nothing was noted."""
        if entity in self.not_offered(realm_id):
            with self._database.writing() as transaction:
                transaction.execute(_forget_offer(realm_id, entity))

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


def _forget_offer(realm_id: str, entity: str) -> sa.Delete:
    return not_offered.delete().where(not_offered.c.realm_id == realm_id, not_offered.c.entity == entity)
