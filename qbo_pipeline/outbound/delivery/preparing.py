"""Making the bytes of a request, or finding that it cannot go out now: the last step before they are frozen."""

from dataclasses import dataclass

from qbo_pipeline.outbound.delivery.composing import Compose, Composed, Held, Ready, Waiting, Withdrawn
from qbo_pipeline.outbound.delivery.freezing import frozen_bytes, marked, owned_hash, thawed
from qbo_pipeline.outbound.delivery.recording import held, withdrawn
from qbo_pipeline.outbound.delivery.reversing import Reversing
from qbo_pipeline.outbound.delivery.sending import mail_request
from qbo_pipeline.outbound.delivery.targets import Target, target_of
from qbo_pipeline.outbound.delivery.voiding import void_request
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.intents import IntentState, Need, StoredIntent
from qbo_pipeline.state.links import Link, Links
from qbo_pipeline.state.push_keys import payload_hash
from qbo_pipeline.state.settling import Settlement


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """Makes requests for one company."""

    client: QuickBooks
    links: Links
    compose: Compose
    reversing: Reversing

    def prepare(self, intent: StoredIntent) -> bytes | Settlement:
        """The bytes to freeze, or how the intent stands instead."""
        try:
            composed = self.compose(intent)
            made = self._request(intent, composed) if isinstance(composed, Ready) else _standstill(composed)
        except (KeyError, TypeError, ValueError) as error:
            # One document that cannot be made stops no other; its words may quote the document, so they stay out.
            reason = f"No request can be made of {intent.source} ({type(error).__name__}). See the source's fields and mappings."
            return Settlement(state=IntentState.FAILED, reason_code="not_makeable", reason=reason)
        if isinstance(made, bytes) and payload_hash(made) == intent.refused_hash:
            reason = (
                intent.reason or "QuickBooks refused exactly this content before. Change the source or its mappings."
            )
            return Settlement(
                state=IntentState.FAILED, reason_code=intent.reason_code or "refused_before", reason=reason
            )
        return made

    def _request(self, intent: StoredIntent, ready: Ready) -> bytes | Settlement:
        target = target_of(intent.target)
        if intent.operation == "create":
            content = self.reversing.content(intent, ready.reversal) if ready.reversal else ready.content
            is_made = not isinstance(content, Settlement)
            return frozen_bytes(marked(content, target, intent.marker)) if is_made else content
        link = self.links.find(intent.realm_id, intent.target, intent.source_kind, intent.source_id)
        if link is None:
            need = Need(intent.target, intent.source_kind, intent.source_id)
            return Settlement(state=IntentState.BLOCKED, needs=(need,))
        try:
            live = self.client.read(target.entity, link.qbo_id)
        except NotFound:
            return _gone(intent, link)
        return self._change(intent, ready, target, link, live)

    def _change(
        self, intent: StoredIntent, ready: Ready, target: Target, link: Link, live: Record
    ) -> bytes | Settlement:
        identity = {"Id": live.id, "SyncToken": live.sync_token}
        if intent.operation == "update":
            if not ready.overwrites and _was_edited(live, link):
                return _drift(intent, link)
            content = dict(ready.content)
            if target.marker_field in content:
                content = marked(content, target, intent.marker)
            return frozen_bytes({**content, **identity, "sparse": True})
        if intent.operation == "void":
            return self.reversing.instead(intent, ready, live) or void_request(intent, ready, live)
        if intent.operation == "send":
            return mail_request(intent, ready, live)
        return frozen_bytes(identity)


def _standstill(composed: Composed) -> Settlement:
    if isinstance(composed, Waiting):
        return Settlement(state=IntentState.BLOCKED, needs=composed.needs)
    if isinstance(composed, Withdrawn):
        return withdrawn(composed.reason)
    if isinstance(composed, Held):
        return held(composed.reason_code, composed.reason)
    raise TypeError(f"{type(composed).__name__} is no answer to what a request is made of.")


def _was_edited(live: Record, link: Link) -> bool:
    return link.owned_hash is not None and owned_hash(thawed(live.payload), link.owned_fields) != link.owned_hash


def _drift(intent: StoredIntent, link: Link) -> Settlement:
    reason = (
        f"{intent.target} {link.qbo_id} was changed in QuickBooks since it was pushed, and {intent.source} changed too. See "
        "both, then push the update again to overwrite QuickBooks, or leave it."
    )
    return Settlement(state=IntentState.DRIFT, reason_code="changed_on_both_sides", reason=reason)


def _gone(intent: StoredIntent, link: Link) -> Settlement:
    if intent.operation == "delete" or (intent.operation == "void" and intent.attempts):
        return Settlement(state=IntentState.PUSHED)
    reason = f"{intent.target} {link.qbo_id} is gone from QuickBooks: push {intent.source} again if it is still wanted."
    return held("missing", reason)
