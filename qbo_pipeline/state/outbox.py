"""The outbox: what must happen in QuickBooks, taken in as often as it is derived and kept once.

Taking in an intent that is known changes nothing unless the source did, and never touches one whose request may have reached
QuickBooks: its bytes stay what they were until its fate is known.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state import claims, holding, links, waking
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.intents import (
    BILLED_TWICE,
    DELETED_BY_HAND,
    SKIPPED_BY_HAND,
    UNSETTLED,
    WAITS_FOR_LINK,
    Attempt,
    Intent,
    IntentState,
    Need,
    StoredIntent,
)
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.push_keys import marker_text
from qbo_pipeline.state.push_order import rank_of
from qbo_pipeline.state.push_schema import link, push_attempt, push_intent
from qbo_pipeline.state.schema import state_meta

Also = Callable[[sa.Connection, StoredIntent], None]
"""What is to be noted in the same transaction as an intent, given how the intent stands by then."""

_columns = push_intent.c
_MARKER_KEY = "marker_key"
# What a person or a changed mapping may set going again.
_WAKEABLE = (IntentState.BLOCKED, IntentState.FAILED, IntentState.DEAD, IntentState.DRIFT)


class Outbox:
    """The intents of a state store, for those who derive and watch them; `Dispatch` is for those who deliver."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def intend(self, intent: Intent, *, also: Also | None = None) -> StoredIntent:
        """Take in what must happen, and say how it now stands; what `also` notes is noted with it or not at all."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = _stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(_new_row(intent, secret, now)))
                _settle_start(transaction, intent, now)
            elif _may_change(known) and _differs(transaction, known, intent):
                _renew(transaction, intent, now)
                _settle_start(transaction, intent, now)
            elif known.latest_source_hash != intent.source_hash:
                # What was adopted from the books is taken to be what its source says when that is first derived.
                baseline = {} if known.source_hash else {"source_hash": intent.source_hash, "document": intent.document}
                _update(transaction, intent.key, now, latest_source_hash=intent.source_hash, **baseline)
            return _done(transaction, intent.key, also)

    def skip(self, intent: Intent, reason_code: str, reason: str, *, also: Also | None = None) -> StoredIntent:
        """Note the decision that something is not pushed, and release what it billed; what is out stays as it is."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = _stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(_new_row(intent, secret, now)))
            if known is None or _may_change(known):
                skipped = {"state": IntentState.SKIPPED, "reason_code": reason_code, "reason": reason}
                fence = 1 if known is None else known.fence + 1
                _update(transaction, intent.key, now, **skipped, fence=fence, owner=None, lease_until=None)
                claims.release(transaction, intent.key, now)
            return _done(transaction, intent.key, also)

    def hold(self, intent: Intent, reason_code: str, reason: str) -> StoredIntent:
        """Take in what must wait for a person's decision; what is out stays as it is."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = _stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(_new_row(intent, secret, now)))
            is_told = known is not None and (known.state, known.reason) == (IntentState.BLOCKED, reason)
            if not is_told and (known is None or _may_change(known)):
                if known is not None:
                    _renew(transaction, intent, now)
                waking.set_needs(transaction, intent.key, intent.needs)
                _block(transaction, intent.key, now, reason_code, reason)
            return _required(transaction, intent.key)

    def adopt(self, intent: Intent, made: Link) -> StoredIntent:
        """Note that a document is in QuickBooks already, whoever put it there, and link it: it is never pushed."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = _stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(_new_row(intent, secret, now)))
            elif not _may_change(known):
                return known
            claims.claim(transaction, intent.key, intent.bills)
            cleared = dict.fromkeys(("reason_code", "reason", "next_at", "owner", "lease_until"))
            fence = 1 if known is None else known.fence + 1
            _update(transaction, intent.key, now, state=IntentState.PUSHED, fence=fence, **cleared)
            links.put(transaction, made)
            return _required(transaction, intent.key)

    def wake(self, realm_id: str, *, keys: Collection[str] = (), reason_codes: Collection[str] = ()) -> int:
        """Let what waits for a person go on: these intents, or those blocked for these reasons; how many there were."""
        with self._database.writing() as transaction:
            woken = push_intent.update().where(
                _columns.realm_id == realm_id,
                _columns.state.in_(_WAKEABLE),
                _columns.intent_key.in_(keys) | _columns.reason_code.in_(reason_codes),
            )
            values = {"state": IntentState.PENDING, "reason_code": None, "reason": None, "next_at": None, "tries": 0}
            return transaction.execute(woken.values(**values, updated_at=self._clock())).rowcount

    def take_back_skip(self, key: str) -> bool:
        """Take back a person's decision that it is not pushed; whether there was one. The next look at its source decides."""
        with self._database.writing() as transaction:
            taken_back = push_intent.update().where(
                _columns.intent_key == key,
                _columns.state == IntentState.SKIPPED,
                _columns.reason_code == SKIPPED_BY_HAND,
            )
            values = {"reason_code": None, "reason": "It goes out again once its source is next looked at."}
            return bool(transaction.execute(taken_back.values(**values, updated_at=self._clock())).rowcount)

    def push_again(self, key: str) -> StoredIntent:
        """Let what is gone from QuickBooks be pushed anew, under another `requestid`, because someone asked for it."""
        with self._database.writing() as transaction:
            now = self._clock()
            known = _required(transaction, key)
            if known.state in UNSETTLED:
                return known
            transaction.execute(link.delete().where(*_link_of(known)))
            again = {"state": IntentState.PENDING, "epoch": known.epoch + 1, "fence": known.fence + 1}
            cleared = dict.fromkeys(("payload", "payload_hash", "refused_hash", "request_id", "batch_id", "next_at"))
            _update(transaction, key, now, **again, **cleared, reason_code=None, reason=None, tries=0, absences=0)
            return _required(transaction, key)

    def get(self, key: str) -> StoredIntent | None:
        """One intent."""
        with self._database.reading() as transaction:
            return _stored(transaction, key)

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


def _done(transaction: sa.Connection, key: str, also: Also | None) -> StoredIntent:
    stands = _required(transaction, key)
    if also is not None:
        also(transaction, stands)
    return stands


def read_intent(row: sa.Row[tuple[object, ...]]) -> StoredIntent:
    """An intent from its row."""
    values = {name: value for name, value in row._mapping.items() if name != "rank"}
    return StoredIntent(**values | {"state": IntentState(values["state"])})


def _stored(transaction: sa.Connection, key: str) -> StoredIntent | None:
    row = transaction.execute(sa.select(push_intent).where(_columns.intent_key == key).with_for_update()).one_or_none()
    return None if row is None else read_intent(row)


def _required(transaction: sa.Connection, key: str) -> StoredIntent:
    found = _stored(transaction, key)
    if found is None:
        raise KeyError(f"No intent {key}.")
    return found


def _may_change(known: StoredIntent) -> bool:
    is_out_or_under_way = known.state in (*UNSETTLED, IntentState.PUSHED)
    return not is_out_or_under_way and known.reason_code not in {SKIPPED_BY_HAND, *DELETED_BY_HAND}


def _differs(transaction: sa.Connection, known: StoredIntent, intent: Intent) -> bool:
    return (
        known.state is IntentState.SKIPPED
        or known.reason_code == BILLED_TWICE
        or (known.latest_source_hash, known.document, known.natural_key)
        != (intent.source_hash, intent.document, intent.natural_key)
        or waking.needs_of(transaction, known.intent_key) != sorted(set(intent.needs))
    )


def _new_row(intent: Intent, secret: bytes, now: datetime) -> dict[str, object]:
    return {
        "intent_key": intent.key,
        **{name: getattr(intent, name) for name in ("realm_id", "target", "operation", "source_kind", "source_id")},
        "logical_version": intent.logical_version,
        "rank": rank_of(intent.target, intent.operation),
        "marker": marker_text(secret, intent.realm_id, intent.target, intent.source_kind, intent.source_id),
        **_content(intent),
        "state": IntentState.PENDING,
        **dict.fromkeys(("epoch", "attempts", "tries", "absences", "fence"), 0),
        "created_at": now,
        "updated_at": now,
    }


def _renew(transaction: sa.Connection, intent: Intent, now: datetime) -> None:
    """Give an intent its new content. Whoever holds a lease on it works on the old one, and loses it."""
    fresh = {"state": IntentState.PENDING, "fence": _columns.fence + 1, "tries": 0, "absences": 0}
    cleared = dict.fromkeys(("reason_code", "reason", "next_at", "owner", "lease_until"))
    _update(transaction, intent.key, now, **_content(intent), **fresh, **cleared)


def _content(intent: Intent) -> dict[str, object]:
    hashes = {"source_hash": intent.source_hash, "latest_source_hash": intent.source_hash}
    return {"natural_key": intent.natural_key, "document": intent.document, **hashes}


def _settle_start(transaction: sa.Connection, intent: Intent, now: datetime) -> None:
    """Claim what a new content bills, note what it needs, and block it if it can have either not."""
    waking.set_needs(transaction, intent.key, intent.needs)
    claims.release(transaction, intent.key, now, keep=intent.bills)
    if held := claims.claim(transaction, intent.key, intent.bills):
        work, by = held[0]
        other = _required(transaction, by)
        reason = f"{work.source_kind}:{work.source_id} is billed already, by {other.target} for {other.source}."
        _block(transaction, intent.key, now, BILLED_TWICE, reason)
    elif missing := waking.missing_needs(transaction, intent.realm_id, intent.key):
        _block(transaction, intent.key, now, WAITS_FOR_LINK, waits_for(missing))


def waits_for(missing: Sequence[Need]) -> str:
    """The reason of an intent that waits for links."""
    named = ", ".join(f"{need.target} for {need.source_kind}:{need.source_id}" for need in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return f"It waits for {named}{more}, and goes on by itself once that is in QuickBooks."


def _block(transaction: sa.Connection, key: str, now: datetime, code: str, reason: str) -> None:
    _update(transaction, key, now, state=IntentState.BLOCKED, reason_code=code, reason=reason)


def _update(transaction: sa.Connection, key: str, now: datetime, **values: object) -> None:
    transaction.execute(push_intent.update().where(_columns.intent_key == key).values(**values, updated_at=now))


def _link_of(known: StoredIntent) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        link.c.realm_id == known.realm_id,
        link.c.target == known.target,
        link.c.source_kind == known.source_kind,
        link.c.source_id == known.source_id,
    )
