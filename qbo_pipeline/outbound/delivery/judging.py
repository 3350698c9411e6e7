"""From what came back of a write to how its intent stands: answers are taken, faults judged, taken numbers looked into."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from qbo_pipeline.outbound.delivery.fate import Fate, Verdict, verdict_on
from qbo_pipeline.outbound.delivery.lookup import CLOCKS_APART_MAX, look_up, read_if_ours
from qbo_pipeline.outbound.delivery.outcome import CompanyDelivery
from qbo_pipeline.outbound.delivery.pace import Pace
from qbo_pipeline.outbound.delivery.recording import Recorder, held
from qbo_pipeline.outbound.delivery.references import References
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound, QuickBooksError
from qbo_pipeline.quickbooks.writing import Written
from qbo_pipeline.state.dispatch import Dispatch
from qbo_pipeline.state.intents import DELETED_SINCE, REFERENCE_GONE, StoredIntent
from qbo_pipeline.state.settling import AttemptEnd, Settlement

_HOLDER_OF_NUMBER = re.compile(r"TxnId=(\d+)")
# Faults after which nothing more is asked of a company for now.
_STOPPING = (Fate.REALM_STOP, Fate.NOT_SENT, Fate.NOT_APPLIED)


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Judges what one company answered."""

    client: QuickBooks
    dispatch: Dispatch
    recorder: Recorder
    references: References
    delivery: CompanyDelivery
    clock: Callable[[], datetime]
    pace: Pace

    def settlement(self, intent: StoredIntent, came: Written | QuickBooksError, *, is_resend: bool) -> Settlement:
        """How an intent stands after what came back."""
        if isinstance(came, Written):
            return self._taken(intent, came, is_resend=is_resend)
        verdict = verdict_on(came)
        if verdict.is_new:
            self.delivery.alerts.append(f"{intent.source}: {came}")
        if verdict.fate in _STOPPING:
            self.delivery.stopped = str(came)
        if verdict.fate is Fate.RESOLVE and intent.operation == "create":
            return self._resolved(intent, came, verdict)
        if verdict.reason_code == REFERENCE_GONE and (
            stands := self.references.settlement(intent, _end(came, verdict))
        ):
            return stands
        return self.recorder.faulted(intent, came, verdict)

    def _taken(self, intent: StoredIntent, written: Written, *, is_resend: bool) -> Settlement:
        record = written.record
        was_answered_before = is_resend or written.time < self.clock() - CLOCKS_APART_MAX
        if was_answered_before and intent.operation != "delete":
            try:
                record = self.client.read(target_of(intent.target).entity, record.id)
            except NotFound:
                if intent.operation == "void":
                    return self.recorder.pushed(intent, record, "pushed", tid=written.intuit_tid)
                end = AttemptEnd(outcome="applied", http_status=200, intuit_tid=written.intuit_tid)
                reason = (
                    f"{intent.target} {record.id} was made and has been deleted in QuickBooks since. It is pushed again only "
                    "when asked for."
                )
                # Its absence is certain: asked for again, it must not be answered from memory once more.
                return replace(held(DELETED_SINCE, reason, end), new_epoch=True)
        return self.recorder.pushed(intent, record, "pushed", tid=written.intuit_tid)

    def _resolved(self, intent: StoredIntent, error: QuickBooksError, verdict: Verdict) -> Settlement:
        """Our own document has its number already, or somebody else's does."""
        named = _HOLDER_OF_NUMBER.search(error.detail or "")
        ours = read_if_ours(self.client, intent, named.group(1)) if named else None
        first, _ = self.dispatch.sent_between(intent)
        found = None if ours else look_up(self.client, intent, first)
        if record := ours or (found and found.ours):
            return self.recorder.pushed(intent, record, "recovered")
        end = _end(error, verdict)
        holder = (found and found.holder) or (named and (intent.target, named.group(1)))
        if holder is None and intent.attempts > 1 and not self.recorder.is_spent(intent):
            # An earlier send may be what has it, and queries do not show it yet.
            return self.recorder.unknown(self.clock() + self.pace.settle, end)
        return held(verdict.reason_code, _taken_by(intent, holder), end)


def _end(error: QuickBooksError, verdict: Verdict) -> AttemptEnd:
    return AttemptEnd(
        outcome="not_applied",
        http_status=error.status,
        fault_code=error.code,
        fault_class=verdict.fate.value,
        intuit_tid=error.intuit_tid,
    )


def _taken_by(intent: StoredIntent, holder: tuple[str, str] | None) -> str:
    has = "{} {}".format(*holder) if holder else "another record"
    return (
        f"The number or name of {intent.target} for {intent.source} is held by {has} in QuickBooks, which is not ours. Link it "
        "to that one or give it another, then wake it."
    )
