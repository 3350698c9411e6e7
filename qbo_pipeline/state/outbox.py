"""The outbox: what must happen in QuickBooks, taken in as often as it is derived and kept once.

Taking in an intent that is known changes nothing unless the source did, and never touches one whose request may have reached
QuickBooks: its bytes stay what they were until its fate is known.
"""

from collections.abc import Callable, Collection
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state import claims, links, waking
from qbo_pipeline.state.intent_rows import block, new_row, renew, required, stored, update, waits_for
from qbo_pipeline.state.intents import (
    BILLED_TWICE,
    DELETED_BY_HAND,
    MAYBE_IN_BOOKS,
    NOT_IN_BOOKS,
    SKIPPED_BY_HAND,
    UNSETTLED,
    WAITS_FOR_LINK,
    Intent,
    IntentState,
    StoredIntent,
)
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.outbox_reading import OutboxReading
from qbo_pipeline.state.push_schema import link, push_intent

Also = Callable[[sa.Connection, StoredIntent], None]
"""What is to be noted in the same transaction as an intent, given how the intent stands by then."""

_columns = push_intent.c
# What a person or a changed mapping may set going again.
_ASKED_ABOUT = {MAYBE_IN_BOOKS, *DELETED_BY_HAND}
_WAKEABLE = (IntentState.BLOCKED, IntentState.FAILED, IntentState.DEAD, IntentState.DRIFT)


class Outbox(OutboxReading):
    """The intents of a state store, for those who derive and watch them; `Dispatch` is for those who deliver."""

    def intend(self, intent: Intent, *, also: Also | None = None) -> StoredIntent:
        """Take in what must happen, and say how it now stands; what `also` notes is noted with it or not at all."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(new_row(intent, secret, now)))
                _settle_start(transaction, intent, now)
            elif _may_renew(known) and _differs(transaction, known, intent):
                renew(transaction, intent, now)
                _settle_start(transaction, intent, now)
            elif known.latest_source_hash != intent.source_hash:
                # What was adopted from the books is taken to be what its source says when that is first derived.
                baseline = {} if known.source_hash else {"source_hash": intent.source_hash, "document": intent.document}
                update(transaction, intent.key, now, latest_source_hash=intent.source_hash, **baseline)
            return _done(transaction, intent.key, also)

    def skip(self, intent: Intent, reason_code: str, reason: str, *, also: Also | None = None) -> StoredIntent:
        """Note the decision that something is not pushed, and release what it billed; what is out stays as it is."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(new_row(intent, secret, now)))
            if known is None or _may_change(known):
                skipped = {"state": IntentState.SKIPPED, "reason_code": reason_code, "reason": reason}
                fence = 1 if known is None else known.fence + 1
                update(transaction, intent.key, now, **skipped, fence=fence, owner=None, lease_until=None)
                claims.release(transaction, intent.key, now)
            return _done(transaction, intent.key, also)

    def hold(self, intent: Intent, reason_code: str, reason: str) -> StoredIntent:
        """Take in what must wait for a person's decision; what is out stays as it is."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(new_row(intent, secret, now)))
            is_told = known is not None and (known.state, known.reason) == (IntentState.BLOCKED, reason)
            if not is_told and (known is None or _may_renew(known)):
                if known is not None:
                    renew(transaction, intent, now)
                waking.set_needs(transaction, intent.key, intent.needs)
                block(transaction, intent.key, now, reason_code, reason)
            return required(transaction, intent.key)

    def hold_back(self, key: str, reason: str) -> bool:
        """Keep what nothing was sent of until a person says whether it is in the books already; whether it was let go before."""
        with self._database.writing() as transaction:
            known = required(transaction, key)
            is_asked_or_told = known.reason_code == NOT_IN_BOOKS or (known.reason_code, known.reason) == (
                MAYBE_IN_BOOKS,
                reason,
            )
            if known.state is IntentState.SKIPPED or not _may_change(known) or is_asked_or_told:
                return False
            update(transaction, key, self._clock(), fence=known.fence + 1, owner=None, lease_until=None)
            block(transaction, key, self._clock(), MAYBE_IN_BOOKS, reason)
            return True

    def adopt(self, intent: Intent, made: Link) -> StoredIntent:
        """Note that a document is in QuickBooks already, whoever put it there, and link it: it is never pushed."""
        secret = self.marker_secret()
        with self._database.writing() as transaction:
            now = self._clock()
            known = stored(transaction, intent.key)
            if known is None:
                transaction.execute(push_intent.insert().values(new_row(intent, secret, now)))
            elif not _may_change(known):
                return known
            claims.claim(transaction, intent.key, intent.bills)
            cleared = dict.fromkeys(("reason_code", "reason", "next_at", "owner", "lease_until"))
            fence = 1 if known is None else known.fence + 1
            update(transaction, intent.key, now, state=IntentState.PUSHED, fence=fence, **cleared)
            links.put(transaction, made)
            return required(transaction, intent.key)

    def wake(self, realm_id: str, *, keys: Collection[str] = (), reason_codes: Collection[str] = ()) -> int:
        """Let what waits for a person go on: these intents, or those blocked for these reasons; how many there were.

        What QuickBooks refused is sent once more even if it is the same: the person may have changed something there. It was
        not applied, so that it goes under another `requestid`, which no answer is remembered for.
        """
        with self._database.writing() as transaction:
            woken = push_intent.update().where(
                _columns.realm_id == realm_id,
                _columns.state.in_(_WAKEABLE),
                _columns.intent_key.in_(keys) | _columns.reason_code.in_(reason_codes),
            )
            # That it is none of those in the books is remembered, or it would be asked about again.
            said = sa.case((_columns.reason_code.in_((MAYBE_IN_BOOKS, NOT_IN_BOOKS)), NOT_IN_BOOKS), else_=None)
            refused = sa.case((_columns.state == IntentState.FAILED, 1), else_=0)
            cleared = dict.fromkeys(("reason", "next_at", "refused_hash"))
            values = {"state": IntentState.PENDING, "reason_code": said, "tries": 0, "epoch": _columns.epoch + refused}
            values |= cleared
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
            known = required(transaction, key)
            if known.state in UNSETTLED:
                return known
            transaction.execute(link.delete().where(*_link_of(known)))
            again = {"state": IntentState.PENDING, "epoch": known.epoch + 1, "fence": known.fence + 1}
            cleared = dict.fromkeys(("payload", "payload_hash", "refused_hash", "request_id", "batch_id", "next_at"))
            said = NOT_IN_BOOKS if known.reason_code == MAYBE_IN_BOOKS else None
            update(transaction, key, now, **again, **cleared, reason_code=said, reason=None, tries=0, absences=0)
            return required(transaction, key)


def _done(transaction: sa.Connection, key: str, also: Also | None) -> StoredIntent:
    stands = required(transaction, key)
    if also is not None:
        also(transaction, stands)
    return stands


def _may_change(known: StoredIntent) -> bool:
    is_out_or_under_way = known.state in (*UNSETTLED, IntentState.PUSHED)
    return not is_out_or_under_way and known.reason_code != SKIPPED_BY_HAND


def _may_renew(known: StoredIntent) -> bool:
    """Whether a change of its source sets it going again: not where somebody must first say that it is wanted in the books."""
    return _may_change(known) and known.reason_code not in _ASKED_ABOUT


def _differs(transaction: sa.Connection, known: StoredIntent, intent: Intent) -> bool:
    return (
        known.state is IntentState.SKIPPED
        or known.reason_code == BILLED_TWICE
        or (known.latest_source_hash, known.document, known.natural_key)
        != (intent.source_hash, intent.document, intent.natural_key)
        or waking.needs_of(transaction, known.intent_key) != sorted(set(intent.needs))
    )


def _settle_start(transaction: sa.Connection, intent: Intent, now: datetime) -> None:
    """Claim what a new content bills, note what it needs, and block it if it can have either not."""
    waking.set_needs(transaction, intent.key, intent.needs)
    claims.release(transaction, intent.key, now, keep=intent.bills)
    if held := claims.claim(transaction, intent.key, intent.bills):
        work, by = held[0]
        other = required(transaction, by)
        reason = f"{work.source_kind}:{work.source_id} is billed already, by {other.target} for {other.source}."
        block(transaction, intent.key, now, BILLED_TWICE, reason)
    elif missing := waking.missing_needs(transaction, intent.realm_id, intent.key):
        block(transaction, intent.key, now, WAITS_FOR_LINK, waits_for(missing))


def _link_of(known: StoredIntent) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        link.c.realm_id == known.realm_id,
        link.c.target == known.target,
        link.c.source_kind == known.source_kind,
        link.c.source_id == known.source_id,
    )
