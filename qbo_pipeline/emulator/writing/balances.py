"""What customers and vendors owe or are owed, kept right while documents change.

QuickBooks derives these balances: they move without a new SyncToken or LastUpdatedTime of the customer or vendor. A parent's
Balance leaves out its jobs; BalanceWithJobs includes them, up the whole tree.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.records import Draft
from qbo_pipeline.emulator.source import Record


@dataclass(frozen=True)
class _Effect:
    """Which property of a document moves whose balance, and in which direction."""

    party: str
    reference: str
    property: str
    sign: int


_EFFECTS = {
    "Invoice": _Effect("Customer", "CustomerRef", "Balance", 1),
    "CreditMemo": _Effect("Customer", "CustomerRef", "Balance", -1),
    "Payment": _Effect("Customer", "CustomerRef", "UnappliedAmt", -1),
    "Bill": _Effect("Vendor", "VendorRef", "Balance", 1),
    "VendorCredit": _Effect("Vendor", "VendorRef", "Balance", -1),
}


def move_balances(draft: Draft) -> None:
    """Let the parties' balances follow all documents a draft changes."""
    moved: Counter[tuple[str, str]] = Counter()
    for change in draft.changes():
        effect = _EFFECTS.get(change.entity)
        if effect is not None:
            for record, direction in ((change.before, -1), (change.after, 1)):
                if record is not None and (party_id := record.get(effect.reference, {}).get("value")):
                    moved[effect.party, party_id] += direction * effect.sign * amount(record.get(effect.property))
    for (party, party_id), delta in moved.items():
        if delta:
            _move(draft, party, party_id, delta)


def _move(draft: Draft, party: str, party_id: str, delta: Decimal) -> None:
    record = draft.find(party, party_id)
    if record is None:
        return
    record["Balance"] = amount(record.get("Balance")) + delta
    climbing: Record | None = record
    while climbing is not None:
        if "BalanceWithJobs" in climbing:
            climbing["BalanceWithJobs"] = amount(climbing["BalanceWithJobs"]) + delta
        draft.amend(party, climbing)
        parent_id = climbing.get("ParentRef", {}).get("value")
        climbing = draft.find(party, parent_id) if parent_id else None
