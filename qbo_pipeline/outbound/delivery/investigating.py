"""Finding out what became of requests whose answer never came, before anything is sent again.

Not finding a record proves nothing until QuickBooks cannot be at work on it any more and its queries have caught up. Then the
same bytes go out again with the same `requestid`, while QuickBooks can be trusted to know it; later only under a new one, after
a second look. A batch goes out again as it was, but only if none of its items is found: where some are, it was torn or
forgotten, and what is missing of it goes out anew once its absence is certain. Before anything goes out anew it is looked for
under any number, and among what was deleted meanwhile: what a person may have deleted comes back only when asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from qbo_pipeline.outbound.delivery.freezing import holds, is_voided, thawed
from qbo_pipeline.outbound.delivery.lookup import deleted_unexplained, look_up, look_up_by_time
from qbo_pipeline.outbound.delivery.pace import Pace
from qbo_pipeline.outbound.delivery.recording import Recorder
from qbo_pipeline.outbound.delivery.sending import was_mailed
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.state.dispatch import Dispatch
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.links import Links
from qbo_pipeline.state.settling import AttemptEnd, Settlement

Settled = tuple[StoredIntent, Settlement]


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found out: intents that are settled, and those to be sent again just as they were."""

    settled: list[Settled]
    to_resend: list[StoredIntent]


@dataclass(frozen=True, kw_only=True)
class Investigation:
    """Finds out the fate of one company's requests."""

    client: QuickBooks
    dispatch: Dispatch
    links: Links
    recorder: Recorder
    clock: Callable[[], datetime]
    pace: Pace

    def of_single(self, intent: StoredIntent) -> Findings:
        """The fate of a request that went out alone."""
        settled = self._found(intent)
        if settled is None and self._may_resend(intent):
            return Findings(settled=[], to_resend=[intent])
        return Findings(settled=[(intent, settled or self._not_found(intent))], to_resend=[])

    def of_batch(self, intents: Sequence[StoredIntent]) -> Findings:
        """The fates of the items of one batch."""
        found = [(intent, self._found(intent)) for intent in intents]
        if all(settlement is None for _, settlement in found) and all(map(self._may_resend, intents)):
            return Findings(settled=[], to_resend=list(intents))
        settled = [(intent, settlement or self._not_found(intent)) for intent, settlement in found]
        return Findings(settled=settled, to_resend=[])

    def torn(self, intents: Sequence[StoredIntent]) -> list[Settled]:
        """How items stand whose batch cannot go out as it was, since some of it was settled otherwise."""
        return [(intent, self._not_found(intent)) for intent in intents]

    def _found(self, intent: StoredIntent) -> Settlement | None:
        if intent.operation == "create":
            first, _ = self.dispatch.sent_between(intent)
            ours = look_up(self.client, intent, first).ours
            return None if ours is None else self.recorder.pushed(intent, ours, "recovered")
        return self._changed(intent)

    def _changed(self, intent: StoredIntent) -> Settlement | None:
        """A change that was done shows in the record; one sent again otherwise is not done twice, for its SyncToken."""
        content = thawed(intent.payload or b"{}")
        try:
            live = self.client.read(target_of(intent.target).entity, str(content["Id"]))
        except NotFound:
            if intent.operation in ("update", "send"):
                return None
            return Settlement(state=IntentState.PUSHED, attempt=AttemptEnd(outcome="recovered"))
        record = thawed(live.payload)
        if intent.operation == "send":
            first, _ = self.dispatch.sent_between(intent)
            return self.recorder.pushed(intent, live, "recovered") if was_mailed(record, first) else None
        moved = live.sync_token != content["SyncToken"]
        is_done = is_voided(record) if intent.operation == "void" else holds(record, content)
        if intent.operation == "delete" or not (moved and is_done):
            return None
        return self.recorder.pushed(intent, live, "recovered")

    def _may_resend(self, intent: StoredIntent) -> bool:
        if intent.operation != "create":
            return not self.recorder.is_spent(intent)
        first, last = self.dispatch.sent_between(intent)
        now = self.clock()
        return last + self.pace.settle <= now < first + self.pace.remembered and not self.recorder.is_spent(intent)

    def _not_found(self, intent: StoredIntent) -> Settlement:
        first, last = self.dispatch.sent_between(intent)
        now = self.clock()
        if now < last + self.pace.settle:
            return self.recorder.unknown(last + self.pace.settle)
        if intent.absences == 0:
            return self.recorder.unknown(now + self.pace.settle, absences=1)
        return self._absent(intent, first)

    def _absent(self, intent: StoredIntent, first: datetime) -> Settlement:
        """The last look before it may go out under another `requestid`."""
        if intent.operation != "create":
            return self.recorder.absent(intent)
        if (renumbered := look_up_by_time(self.client, intent, first)) is not None:
            return self.recorder.pushed(intent, renumbered, "recovered")
        if gone := deleted_unexplained(self.client, self.links, intent, first):
            return self.recorder.maybe_deleted(intent, gone)
        return self.recorder.absent(intent)
