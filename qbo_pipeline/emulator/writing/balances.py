"""What customers and vendors owe or are owed, kept right while documents change.

QuickBooks derives these balances: they move without a new SyncToken or LastUpdatedTime of the customer or vendor. A parent's
Balance leaves out its jobs; BalanceWithJobs includes them, up the whole tree. What is paid by what does not matter here: a
party's balance is all it was charged less all it paid or was credited.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.records import CompanyRecords, Draft
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.journal_form import NAMED
from qbo_pipeline.emulator.writing.line_items import detail_of

Party = tuple[str, str]


@dataclass(frozen=True)
class _Effect:
    """Whose balance the total of a document moves, and in which direction."""

    party: str
    sign: int

    @property
    def reference(self) -> str:
        return f"{self.party}Ref"


_EFFECTS = {
    "Invoice": _Effect("Customer", 1),
    "CreditMemo": _Effect("Customer", -1),
    "Payment": _Effect("Customer", -1),
    "Bill": _Effect("Vendor", 1),
    "VendorCredit": _Effect("Vendor", -1),
    "BillPayment": _Effect("Vendor", -1),
}
# The sign of a line's amount for the name on it: more is owed by a customer after a debit, to a vendor after a credit.
_DEBIT = {"Customer": 1, "Vendor": -1}


def move_balances(draft: Draft) -> None:
    """Let the parties' balances follow all documents a draft changes."""
    moved: Counter[Party] = Counter()
    for change in draft.changes():
        for record, direction in ((change.before, -1), (change.after, 1)):
            for party, delta in _effects(draft.records, change.entity, record or {}):
                moved[party] += direction * delta
    for (party, party_id), delta in moved.items():
        if delta:
            _move(draft, party, party_id, delta)


def _effects(records: CompanyRecords, entity: str, record: Record) -> Iterator[tuple[Party, Decimal]]:
    effect = _EFFECTS.get(entity)
    party_id = record.get(effect.reference, {}).get("value") if effect else None
    if effect is not None and party_id:
        yield (effect.party, party_id), effect.sign * amount(record.get("TotalAmt"))
    if entity == "JournalEntry":
        for line in record.get("Line", ()):
            detail = detail_of(line)
            named = detail.get("Entity") or {}
            account = records.find("Account", detail.get("AccountRef", {}).get("value", "")) or {}
            if named.get("EntityRef") and NAMED.get(account.get("AccountType", "")) == named.get("Type"):
                side = 1 if detail.get("PostingType") == "Debit" else -1
                party = named["Type"], named["EntityRef"]["value"]
                yield party, side * _DEBIT[named["Type"]] * amount(line.get("Amount"))


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
