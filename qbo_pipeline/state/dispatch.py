"""Handing intents out to one pusher at a time, and recording what became of them.

    claim -> freeze -> (the request leaves) -> settle

A claim is a lease with a fence: a number that rises with every claim. Freezing writes the exact bytes, the `requestid` and
the attempt before the first byte leaves; settling writes the result and the link in one transaction. Both compare the fence, so
that a pusher whose lease ran out records nothing over the one that took over.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from qbo_pipeline.state.claiming import due, lease_to, rest_of_batches
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import LeaseLost
from qbo_pipeline.state.intent_rows import read_intent
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.push_keys import batch_request_id, payload_hash, request_id
from qbo_pipeline.state.push_schema import push_attempt, push_batch, push_batch_item, push_intent
from qbo_pipeline.state.settling import Settlement, compare_and_set, settle

LISTS_TIMEOUT_SECONDS = 120.0  # Less than a lease, which runs on meanwhile.

_columns = push_intent.c


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """One request written ahead: the intent with its bytes and `requestid`, and the number of the attempt."""

    intent: StoredIntent
    attempt_no: int


@dataclass(frozen=True, kw_only=True)
class FrozenBatch:
    """A batch written ahead as a whole; `items` are its intents by the item id each has in the body."""

    batch_id: str
    request_id: str
    body: bytes = field(repr=False)
    items: dict[str, StoredIntent]
    created_at: datetime


class Dispatch:
    """The outbox as pushers use it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def claim(
        self,
        owner: str,
        realm_id: str,
        *,
        lease: timedelta,
        limit: int,
        keys: Collection[str] | None = None,
        targets: Collection[str] | None = None,
    ) -> list[StoredIntent]:
        """Lease the intents of a company that are due, in the order they must go out; whole batches only.

        One whose holder died in flight comes back as `unknown`: whether its request arrived is to be found out.
        """
        with self._database.writing() as transaction:
            now = self._clock()
            wanted = due(realm_id, now, keys, targets).limit(limit).with_for_update(skip_locked=True, of=push_intent)
            found = [read_intent(row) for row in transaction.execute(wanted)]
            found += rest_of_batches(transaction, found, now)
            return [lease_to(transaction, intent, owner, now, lease) for intent in found]

    def has_due(self, realm_id: str) -> bool:
        """Whether anything of a company could be claimed now."""
        with self._database.reading() as transaction:
            return transaction.execute(due(realm_id, self._clock(), None, None).limit(1)).first() is not None

    def due_at(self, realm_id: str) -> datetime | None:
        """When the next intent of a company that waits for a time is due; None where none does."""
        waiting = sa.select(sa.func.min(_columns.next_at)).where(
            _columns.realm_id == realm_id, _columns.state.in_((IntentState.RETRY_WAIT, IntentState.UNKNOWN))
        )
        with self._database.reading() as transaction:
            return transaction.scalar(waiting)

    def freeze(self, intent: StoredIntent, payload: bytes, *, lease: timedelta) -> Frozen:
        """Write ahead what is about to be sent, before a byte of it leaves.

        The same bytes keep their `requestid`, so that QuickBooks recognises them; other bytes get another one.
        """
        with self._database.writing() as transaction:
            return self._freeze(transaction, intent, payload, lease, batch_id=None)

    def freeze_batch(
        self,
        items: Sequence[tuple[StoredIntent, bytes]],
        body_of: Callable[[list[tuple[str, bytes]]], bytes],
        *,
        lease: timedelta,
    ) -> FrozenBatch:
        """Write ahead a whole batch; `body_of` puts the items, each with its id, into the bytes that will be sent."""
        numbered = {str(number): item for number, item in enumerate(items, start=1)}
        body = body_of([(item_id, payload) for item_id, (_, payload) in numbered.items()])
        with self._database.writing() as transaction:
            requests = [request_id(i.intent_key, payload_hash(payload), i.epoch) for i, payload in items]
            identity = batch_request_id(items[0][0].realm_id, requests)
            now = self._clock()
            batch = {"batch_id": identity, "realm_id": items[0][0].realm_id, "request_id": identity}
            if transaction.scalar(sa.select(push_batch.c.batch_id).where(push_batch.c.batch_id == identity)) is None:
                transaction.execute(push_batch.insert().values(**batch, body=body, created_at=now))
                for item_id, (intent, _) in numbered.items():
                    row = {"batch_id": identity, "item_id": item_id, "intent_key": intent.intent_key}
                    transaction.execute(push_batch_item.insert().values(row))
            frozen = {
                item_id: self._freeze(transaction, intent, payload, lease, batch_id=identity).intent
                for item_id, (intent, payload) in numbered.items()
            }
            return FrozenBatch(batch_id=identity, request_id=identity, body=body, items=frozen, created_at=now)

    def refreeze_batch(self, batch_id: str, held: Sequence[StoredIntent], *, lease: timedelta) -> FrozenBatch | None:
        """A batch written ahead earlier, to be sent again as it is; None unless `held` are all of its items."""
        with self._database.writing() as transaction:
            batch = transaction.execute(sa.select(push_batch).where(push_batch.c.batch_id == batch_id)).one()
            columns = push_batch_item.c.item_id, push_batch_item.c.intent_key
            rows = transaction.execute(sa.select(*columns).where(push_batch_item.c.batch_id == batch_id)).all()
            by_key = {intent.intent_key: intent for intent in held}
            if {key for _, key in rows} != set(by_key):
                return None
            items = {
                item_id: self._freeze(transaction, by_key[key], by_key[key].payload or b"", lease, batch_id).intent
                for item_id, key in rows
            }
            return FrozenBatch(
                batch_id=batch_id,
                request_id=batch.request_id,
                body=batch.body,
                items=items,
                created_at=batch.created_at,
            )

    def settle(self, intent: StoredIntent, settlement: Settlement) -> None:
        """Record what became of an intent, and free it; `LeaseLost` where another pusher holds it by now."""
        self.settle_all([(intent, settlement)])

    def settle_all(self, settled: Sequence[tuple[StoredIntent, Settlement]]) -> None:
        """Record what became of several intents, all of it or nothing."""
        with self._database.writing() as transaction:
            now = self._clock()
            for intent, settlement in settled:
                settle(transaction, intent, settlement, now)

    def release(self, intents: Sequence[StoredIntent]) -> None:
        """Give intents back as they were claimed, for nothing of them was sent; those lost meanwhile are left alone."""
        with self._database.writing() as transaction:
            for intent in intents:
                with suppress(LeaseLost):
                    compare_and_set(transaction, intent, self._clock(), owner=None, lease_until=None)

    @contextmanager
    def writing_lists(self, realm_id: str) -> Iterator[None]:
        """Be the only one that writes a company's lists; `StateBusy` where another pusher does for too long.

        QuickBooks answers lists written side by side with lock errors and takes two names for one another.
        """
        with self._database.exclusive(f"the lists of realm {realm_id}", LISTS_TIMEOUT_SECONDS):
            yield

    def sent_between(self, intent: StoredIntent) -> tuple[datetime, datetime]:
        """When an intent's frozen request first left, and when its last send ended, or began if its end was not seen."""
        columns = push_attempt.c
        sends = sa.select(columns.started_at, columns.ended_at).where(
            columns.intent_key == intent.intent_key, columns.request_id == intent.request_id
        )
        with self._database.reading() as transaction:
            rows = transaction.execute(sends.order_by(columns.attempt_no)).all()
        return rows[0].started_at, rows[-1].ended_at or rows[-1].started_at

    def _freeze(
        self, transaction: sa.Connection, intent: StoredIntent, payload: bytes, lease: timedelta, batch_id: str | None
    ) -> Frozen:
        now = self._clock()
        digest = payload_hash(payload)
        identity = request_id(intent.intent_key, digest, intent.epoch)
        number = intent.attempts + 1
        frozen = {"payload": payload, "payload_hash": digest, "request_id": identity, "batch_id": batch_id}
        state = {"state": IntentState.IN_FLIGHT, "lease_until": now + lease, "attempts": number}
        compare_and_set(transaction, intent, now, **frozen, **state)
        transaction.execute(
            push_attempt.insert().values(
                intent_key=intent.intent_key,
                attempt_no=number,
                request_id=identity,
                payload_hash=digest,
                batch_id=batch_id,
                started_at=now,
                outcome="sent",
            )
        )
        row = transaction.execute(sa.select(push_intent).where(_columns.intent_key == intent.intent_key)).one()
        return Frozen(intent=read_intent(row), attempt_no=number)
