"""What a refused document refers to that is gone from QuickBooks or inactive there by now, found out in QuickBooks itself.

A link to what is gone is no link any more: whoever waits for it goes on once there is another. What is inactive keeps its link,
for only a person reactivates it, or names another in its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from qbo_pipeline.outbound.delivery.freezing import thawed
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.state.intents import REFERENCE_INACTIVE, IntentState, Need, StoredIntent
from qbo_pipeline.state.links import Links
from qbo_pipeline.state.settling import AttemptEnd, Settlement

Standing = Literal["live", "inactive", "gone"]


@dataclass(frozen=True, kw_only=True)
class References:
    """Looks at what one company's intents refer to; each object is read once in a delivery, however many name it."""

    client: QuickBooks
    links: Links
    needs_of: Callable[[str], Sequence[Need]]
    _seen: dict[str, Standing] = field(default_factory=dict)

    def settlement(self, intent: StoredIntent, end: AttemptEnd) -> Settlement | None:
        """How an intent stands that was refused for a reference; None where all that it needs is there and active."""
        needs = self.needs_of(intent.intent_key)
        standings = {need: self._standing(intent.realm_id, need) for need in needs}
        if gone := [need for need, standing in standings.items() if standing == "gone"]:
            for need in gone:
                self.links.note_deleted(intent.realm_id, need.target, need.source_kind, need.source_id)
            reason = f"{_named(gone)} is gone from QuickBooks. It goes on by itself once there is another."
            return Settlement(
                state=IntentState.BLOCKED, needs=tuple(gone), reason=reason, attempt=end, counts=True, anew=True
            )
        if inactive := [need for need, standing in standings.items() if standing == "inactive"]:
            reason = (
                f"{_named(inactive)} is inactive in QuickBooks. Reactivate it there, or map another in its place; it goes on by "
                "itself once that is done."
            )
            return Settlement(
                state=IntentState.BLOCKED, reason_code=REFERENCE_INACTIVE, reason=reason, attempt=end, anew=True
            )
        return None

    def _standing(self, realm_id: str, need: Need) -> Standing:
        link = self.links.find(realm_id, need.target, need.source_kind, need.source_id)
        if link is None or link.status != "live":
            return "gone"
        seen = f"{need.target} {link.qbo_id}"
        if seen not in self._seen:
            self._seen[seen] = self._read(need.target, link.qbo_id)
        return self._seen[seen]

    def _read(self, target: str, qbo_id: str) -> Standing:
        try:
            record = self.client.read(target_of(target).entity, qbo_id)
        except NotFound:
            return "gone"
        return "inactive" if thawed(record.payload).get("Active") is False else "live"


def _named(needs: Sequence[Need]) -> str:
    return ", ".join(f"{need.target} of {need.source_kind}:{need.source_id}" for need in needs)
