"""What is recorded of an outcome: the settlement of an intent for each fate, and the link to the record it became."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from qbo_pipeline.outbound.delivery.comparing import difference_told
from qbo_pipeline.outbound.delivery.fate import Fate, Verdict
from qbo_pipeline.outbound.delivery.freezing import owned_fields, owned_hash, thawed
from qbo_pipeline.outbound.delivery.pace import Pace
from qbo_pipeline.quickbooks.errors import QuickBooksError, Throttled
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.intents import MAYBE_DELETED, TOTAL_DIFFERS, IntentState, StoredIntent
from qbo_pipeline.state.links import Link, Origin
from qbo_pipeline.state.settling import AttemptEnd, Settlement

_HELD = (Fate.POLICY, Fate.HUMAN, Fate.DEPENDENCY, Fate.RESOLVE)
_WAYS_OUT = {
    "period_closed": "Reopen the books on its date or give the source another date, then wake it.",
    "deposited": "Take the payment out of its deposit in QuickBooks, then wake it.",
    "matched_to_bank": "Undo the bank match in QuickBooks, then wake it.",
    "reference_gone": "What it refers to was deleted or made inactive in QuickBooks: map it anew or reactivate it, then wake it.",
    "cannot_be_linked": "The documents cannot be linked in QuickBooks, or are already: see both there, then wake it.",
}


@dataclass(frozen=True, kw_only=True)
class Recorder:
    """Settlements at the present moment, with the jitter of the pusher; `written` hears of what QuickBooks answers with."""

    clock: Callable[[], datetime]
    random: Callable[[], float]
    pace: Pace
    written: Callable[[StoredIntent, Record], None] = lambda _, __: None

    def pushed(self, intent: StoredIntent, record: Record, origin: Origin, *, tid: str | None = None) -> Settlement:
        """It is in QuickBooks as `record`; `origin` tells an answer (`pushed`) from a look-up (`recovered`)."""
        outcome = "applied" if origin == "pushed" else "recovered"
        if origin == "pushed":
            self.written(intent, record)
        told = difference_told(intent, record) if intent.operation in ("create", "update") else None
        return Settlement(
            state=IntentState.PUSHED,
            reason_code=TOTAL_DIFFERS if told else None,
            reason=told,
            attempt=AttemptEnd(outcome=outcome, http_status=200 if tid else None, intuit_tid=tid),
            link=self._link(intent, record, origin) if intent.operation in ("create", "update") else None,
        )

    def faulted(self, intent: StoredIntent, error: QuickBooksError, verdict: Verdict) -> Settlement:
        """It was refused, turned away or lost: what that means for it."""
        end = _end_of(error, verdict)
        if verdict.fate is Fate.UNKNOWN:
            return self.unknown(self.clock() + self.pace.settle, end)
        if verdict.fate in (Fate.NOT_SENT, Fate.NOT_APPLIED, Fate.REALM_STOP):
            return self._later(intent, error, verdict, end)
        if verdict.fate is Fate.CONFLICT:
            return self.once_more(intent, str(error), end)
        if verdict.fate in _HELD:
            return held(verdict.reason_code, f"{error} {_WAYS_OUT.get(verdict.reason_code, '')}".rstrip(), end)
        return Settlement(
            state=IntentState.FAILED, reason_code=verdict.reason_code, reason=str(error), attempt=end, counts=True
        )

    def unknown(self, next_at: datetime, end: AttemptEnd | None = None, absences: int = 0) -> Settlement:
        """Whether it arrived is to be found out, at `next_at` at the earliest."""
        reason = (
            "The request left and no answer came: QuickBooks is asked whether it arrived before anything is sent again."
        )
        return Settlement(
            state=IntentState.UNKNOWN,
            reason_code="answer_unknown",
            reason=reason,
            next_at=next_at,
            attempt=end,
            absences=absences,
            counts=end is not None,
        )

    def once_more(self, intent: StoredIntent, reason: str, end: AttemptEnd | None) -> Settlement:
        """It was not applied, and is made anew from what QuickBooks now holds; given up after as many tries as are sensible."""
        if intent.tries + 1 >= self.pace.tries_max:
            return self.dead(reason, end)
        return Settlement(state=IntentState.PENDING, attempt=end, counts=True, anew=True)

    def absent(self, intent: StoredIntent) -> Settlement:
        """It was verified not to be in QuickBooks, nor to come: it goes out under another `requestid`."""
        if self.is_spent(intent):
            return self.dead("It was sent as often as is sensible and is not in QuickBooks.", None)
        end = AttemptEnd(outcome="not_applied")
        return Settlement(state=IntentState.PENDING, attempt=end, new_epoch=True)

    def maybe_deleted(self, intent: StoredIntent, gone: Sequence[str]) -> Settlement:
        """It is not in QuickBooks, and something of its kind was deleted there since it was sent: a person knows what."""
        named = ", ".join(gone[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
        reason = (
            f"The answer to it was lost, it is not in QuickBooks, and {intent.target} {named} was deleted there meanwhile, which "
            "may have been this one. Leave it, or wake it to have it sent again."
        )
        return replace(held(MAYBE_DELETED, reason, AttemptEnd(outcome="unknown")), new_epoch=True)

    def is_spent(self, intent: StoredIntent) -> bool:
        """Whether it was tried as often as is sensible."""
        return intent.tries >= self.pace.tries_max

    def dead(self, reason: str, end: AttemptEnd | None) -> Settlement:
        """It was tried long enough: a person's move."""
        reason = f"{reason} It was given up after {self.pace.tries_max} tries; look into it, then wake it."
        return Settlement(
            state=IntentState.DEAD, reason_code="given_up", reason=reason, attempt=end, counts=True, anew=True
        )

    def _later(self, intent: StoredIntent, error: QuickBooksError, verdict: Verdict, end: AttemptEnd) -> Settlement:
        """Not the document's failure but the network's, the limit's or the connection's: it does not count against it."""
        now = self.clock()
        if isinstance(error, Throttled):
            asked = error.retry_after_seconds or 0.0
            next_at = now + max(self.pace.throttled, type(self.pace.throttled)(seconds=asked))
        else:
            next_at = self.pace.retry_at(now, intent.attempts, self.random)
        return Settlement(
            state=IntentState.RETRY_WAIT,
            reason_code=verdict.reason_code,
            reason=str(error),
            next_at=next_at,
            attempt=end,
        )

    def _link(self, intent: StoredIntent, record: Record, origin: Origin) -> Link:
        content = thawed(record.payload)
        fields = owned_fields(thawed(intent.payload or b"{}"))
        total = content.get("TotalAmt")
        return Link(
            realm_id=intent.realm_id,
            target=intent.target,
            source_kind=intent.source_kind,
            source_id=intent.source_id,
            qbo_id=record.id,
            origin=origin,
            linked_at=self.clock(),
            sync_token=record.sync_token,
            doc_number=content.get("DocNumber"),
            total=None if total is None else Decimal(total).quantize(Decimal("0.01")),
            owned_fields=fields,
            owned_hash=owned_hash(content, fields),
        )


def held(reason_code: str, reason: str, end: AttemptEnd | None = None) -> Settlement:
    """A person's move: it stays as it is until it is woken or its source changes."""
    return Settlement(state=IntentState.BLOCKED, reason_code=reason_code, reason=reason, attempt=end, anew=True)


def withdrawn(reason: str) -> Settlement:
    """The source no longer asks for it."""
    return Settlement(state=IntentState.SKIPPED, reason_code="withdrawn", reason=reason, anew=True, releases_work=True)


def _end_of(error: QuickBooksError, verdict: Verdict) -> AttemptEnd:
    outcomes = {Fate.UNKNOWN: "unknown", Fate.NOT_SENT: "not_sent"}
    return AttemptEnd(
        outcome=outcomes.get(verdict.fate, "not_applied"),
        http_status=error.status,
        fault_code=error.code,
        fault_class=verdict.fate.value,
        intuit_tid=error.intuit_tid,
    )
