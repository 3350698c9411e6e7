"""Looking into the outbox: intents, their sends, what they need, and the key their markers are made with."""

import secrets
from collections.abc import Callable, Collection
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state import holding, waking
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.intent_rows import read_intent, stored
from qbo_pipeline.state.intents import Attempt, Need, StoredIntent
from qbo_pipeline.state.push_schema import push_attempt, push_intent
from qbo_pipeline.state.schema import state_meta

_columns = push_intent.c
_MARKER_KEY = "marker_key"


class OutboxReading:
    """The part of the outbox that changes nothing."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def get(self, key: str) -> StoredIntent | None:
        """One intent."""
        with self._database.reading() as transaction:
            return stored(transaction, key)

    def intents(
        self,
        realm_id: str | None = None,
        *,
        states: Collection[str] = (),
        targets: Collection[str] = (),
        source_id: str | None = None,
        since: datetime | None = None,
    ) -> list[StoredIntent]:
        """Intents in the order they go out, of all companies or one, narrowed by what is given."""
        wanted = sa.select(push_intent).order_by(_columns.rank, _columns.created_at, _columns.intent_key)
        for column, value in ((_columns.realm_id, realm_id), (_columns.source_id, source_id)):
            if value is not None:
                wanted = wanted.where(column == value)
        for column, values in ((_columns.state, states), (_columns.target, targets)):
            if values:
                wanted = wanted.where(column.in_(values))
        if since is not None:
            wanted = wanted.where(_columns.updated_at >= since)
        with self._database.reading() as transaction:
            return [read_intent(row) for row in transaction.execute(wanted)]

    def about(self, text: str, *, source_kind: str | None = None) -> list[StoredIntent]:
        """Every intent about a source row, by its id or by the number or name it goes by in QuickBooks."""
        wanted = sa.select(push_intent).order_by(_columns.created_at, _columns.rank, _columns.intent_key)
        wanted = wanted.where(sa.or_(_columns.source_id == text, _columns.natural_key == text))
        if source_kind is not None:
            wanted = wanted.where(_columns.source_kind == source_kind)
        with self._database.reading() as transaction:
            return [read_intent(row) for row in transaction.execute(wanted)]

    def attempts(self, key: str) -> list[Attempt]:
        """Every send of an intent, the first first."""
        wanted = sa.select(push_attempt).where(push_attempt.c.intent_key == key).order_by(push_attempt.c.attempt_no)
        with self._database.reading() as transaction:
            return [Attempt(**row._mapping) for row in transaction.execute(wanted)]

    def attempts_since(self, since: datetime | None = None) -> list[Attempt]:
        """Every send that began or whose intent changed since an instant, or all of them."""
        wanted = sa.select(push_attempt).join(push_intent).order_by(push_attempt.c.started_at)
        if since is not None:
            wanted = wanted.where(_columns.updated_at >= since)
        with self._database.reading() as transaction:
            return [Attempt(**row._mapping) for row in transaction.execute(wanted)]

    def needs(self, key: str) -> list[Need]:
        """What an intent needs first."""
        with self._database.reading() as transaction:
            return waking.needs_of(transaction, key)

    def ways_blocked(self) -> holding.Ways:
        """What stands in the way of each intent that waits for a link."""
        with self._database.reading() as transaction:
            return holding.ways_blocked(transaction)

    def marker_secret(self) -> bytes:
        """The key of this installation's markers, made when the first is asked for."""
        held = sa.select(state_meta.c.value).where(state_meta.c.name == _MARKER_KEY)
        with self._database.reading() as transaction:
            secret = transaction.scalar(held)
        if secret is None:
            with self._database.writing() as transaction:
                if (secret := transaction.scalar(held)) is None:
                    secret = secrets.token_hex(32)
                    transaction.execute(state_meta.insert().values(name=_MARKER_KEY, value=secret))
        return bytes.fromhex(secret)
