"""Taking back what lies in closed books, where a company chose that: by a document of the first open day, not by a void.

The void stays the one that knows how far this is. It takes in the reversal and waits for it, then has it applied to what is
open of the document, and is done once both are in QuickBooks. Each is an intent with a key of its own, so that a crash or a
lost answer makes neither twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.outbound.delivery.freezing import is_voided, thawed
from qbo_pipeline.outbound.delivery.recording import held, withdrawn
from qbo_pipeline.outbound.delivery.targets import target_of
from qbo_pipeline.outbound.delivery.voiding import closed_day
from qbo_pipeline.outbound.document import Ending, Reference, Reversal
from qbo_pipeline.outbound.payloads.dating import first_open_day
from qbo_pipeline.outbound.payloads.reversals import application, reversed_sale
from qbo_pipeline.outbound.reversals import APPLIED_BY, REVERSED_BY, reversal_key, reversal_kind, reversal_number
from qbo_pipeline.outbound.wanted import source_hash
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.intents import UNSETTLED, Intent, IntentState, Need, StoredIntent
from qbo_pipeline.state.links import Link, Links
from qbo_pipeline.state.outbox import Outbox
from qbo_pipeline.state.push_keys import intent_key
from qbo_pipeline.state.settling import Settlement

REVERSED = "reversed"
_OUT = (IntentState.PUSHED, *UNSETTLED)


@dataclass(frozen=True, kw_only=True)
class Reversing:
    """Takes back documents of one company."""

    client: QuickBooks
    links: Links
    outbox: Outbox

    def instead(self, void: StoredIntent, ready: Ready, live: Record) -> Settlement | None:
        """How a void stands that something else is done instead of; None where the document itself is to be voided."""
        record, ending = thawed(live.payload), ready.ending
        target = REVERSED_BY.get(void.target)
        if target is None or ending is None or is_voided(record):
            return None
        first = self._reversal(void, ending, target, record, ready)
        if not self._is_out(void, target):
            if not ready.redates or closed_day(record, ready.closed_to) is None:
                return None if self._is_called_off(first) else _waits(first, record)
            self.outbox.intend(first)
        made = self._link(first)
        if made is None:
            return _waits(first, record)
        applied_by = APPLIED_BY.get(target)
        if applied_by is not None and Decimal(record["Balance"]) > 0:
            second = self._reversal(void, ending, applied_by, record, ready)
            if self._link(second) is None:
                if not self._is_out(void, applied_by):
                    self.outbox.intend(second)
                return _waits(second, record)
        return Settlement(state=IntentState.PUSHED, reason_code=REVERSED, reason=self._told(void, made))

    def content(self, intent: StoredIntent, reversal: Reversal) -> Mapping[str, Any] | Settlement:
        """What takes a document back or applies it, of the records as they stand; or how the intent stands instead."""
        record = self._standing(intent.realm_id, reversal.of)
        if isinstance(record, Settlement):
            return record
        if is_voided(record):
            told = f"{reversal.of.target} {record['Id']} was voided in QuickBooks itself."
            return self._moot(intent, reversal, told)
        if reversal.target == "Payment":
            return self._applied(intent, reversal, record)
        return reversed_sale(reversal, record)

    def _applied(
        self, intent: StoredIntent, reversal: Reversal, record: Mapping[str, Any]
    ) -> Mapping[str, Any] | Settlement:
        credit = self._standing(intent.realm_id, _reference("CreditMemo", intent))
        if isinstance(credit, Settlement):
            return credit
        named = f"{reversal.of.target} {record['Id']}"
        if not Decimal(record["Balance"]):
            return self._moot(intent, reversal, f"Nothing of {named} is open any more.")
        if not Decimal(credit["RemainingCredit"]):
            told = f"CreditMemo {credit['Id']}, which takes back {named}, was used for something else."
            return held("credit_used", f"{told} Take it off there, then wake this.")
        return application(reversal, record, credit)

    def _reversal(
        self, void: StoredIntent, ending: Ending, target: Any, record: Mapping[str, Any], ready: Ready
    ) -> Intent:
        number = reversal_number(record.get("DocNumber"))
        dated = record.get("TxnDate")
        reversal = Reversal(
            target=target,
            business_entity_id=ending.business_entity_id,
            source_kind=reversal_kind(void.source_kind),
            source_id=void.source_id,
            of=_reference(void.target, void),
            number=None if target == "Payment" else number,
            transaction_date=dated if ready.closed_to is None else first_open_day(ready.closed_to),
            total=None if target == "Payment" else Decimal(record["TotalAmt"]).quantize(Decimal("0.01")),
            reason=f"Takes back {void.target} {record.get('DocNumber') or record['Id']} of {dated}. {ending.reason}",
            seen=ending.seen,
        )
        return Intent(
            realm_id=void.realm_id,
            target=target,
            operation="create",
            source_kind=reversal.source_kind,
            source_id=reversal.source_id,
            natural_key=reversal.number,
            document=reversal.model_dump_json(),
            source_hash=source_hash(reversal),
        )

    def _is_out(self, void: StoredIntent, target: str) -> bool:
        """Whether what takes the document back went out, or may have: then there is no way back to a void."""
        known = self.outbox.get(reversal_key(void, target))
        return known is not None and known.state in _OUT

    def _is_called_off(self, reversal: Intent) -> bool:
        """Whether nothing takes the document back; what was to do so and had not left is withdrawn, so that no two do."""
        if self.outbox.get(reversal.key) is None:
            return True
        reason = "The books are open again on the day of what it was to take back: that is voided itself."
        return self.outbox.skip(reversal, "withdrawn", reason).state is IntentState.SKIPPED

    def _moot(self, intent: StoredIntent, reversal: Reversal, reason: str) -> Settlement:
        """It is needed no more, and the void that waits for it sees so by itself."""
        of = reversal.of
        void = intent_key(intent.realm_id, of.target, "void", of.source_kind, of.source_id, version=0)
        self.outbox.wake(intent.realm_id, keys=[void])
        return withdrawn(reason)

    def _standing(self, realm_id: str, of: Reference) -> dict[str, Any] | Settlement:
        link = self.links.find(realm_id, of.target, of.source_kind, of.source_id)
        if link is None:
            return Settlement(state=IntentState.BLOCKED, needs=(Need(of.target, of.source_kind, of.source_id),))
        try:
            return thawed(self.client.read(target_of(of.target).entity, link.qbo_id).payload)
        except NotFound:
            return held("missing", f"{of.target} {link.qbo_id} is gone from QuickBooks: see what became of it there.")

    def _link(self, intent: Intent) -> Link | None:
        link = self.links.find(intent.realm_id, intent.target, intent.source_kind, intent.source_id)
        return link if link is not None and link.status == "live" else None

    def _told(self, void: StoredIntent, made: Link) -> str:
        told = f"It lies in closed books, and {made.target} {made.doc_number or made.qbo_id} took it back instead of a void."
        if made.target not in APPLIED_BY:
            return told
        credit = self._standing(void.realm_id, _reference(made.target, void, reversal_kind(void.source_kind)))
        left = Decimal(0) if isinstance(credit, Settlement) else Decimal(credit.get("RemainingCredit") or 0)
        return f"{told} Of that {left:.2f} is left to the customer, who had paid." if left else told


def _waits(reversal: Intent, record: Mapping[str, Any]) -> Settlement:
    need = Need(reversal.target, reversal.source_kind, reversal.source_id)
    does = "takes it back" if reversal.target in REVERSED_BY.values() else "settles it with what takes it back"
    named = f"{reversal.target} {reversal.natural_key or ''}".rstrip()
    reason = f"It is dated {record.get('TxnDate')}, in closed books: {named} {does}, and this is done once that is in QuickBooks."
    return Settlement(state=IntentState.BLOCKED, needs=(need,), reason=reason)


def _reference(target: str, intent: StoredIntent, source_kind: str | None = None) -> Reference:
    return Reference(target=target, source_kind=source_kind or intent.source_kind, source_id=intent.source_id)
