"""What customers owe and what vendors are owed, document by document, at the end of a day.

By QuickBooks' `aging_method=Report_Date` only what was applied by that day counts, and the open items of a side add up to its
control accounts on the balance sheet. By `Current`, its default, everything applied until today counts, so that a past day's
ageing leaves out what has been paid since (facts: matching QBO's own reports).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from qbo_pipeline.emulator.accounting.applications import Application, Document
from qbo_pipeline.emulator.accounting.chart import PAYABLE, RECEIVABLE, Account
from qbo_pipeline.emulator.accounting.entries import ZERO, Entry
from qbo_pipeline.emulator.accounting.payments import Settlement

Side = Literal["receivable", "payable"]
_ACCOUNT_TYPES = {"receivable": RECEIVABLE, "payable": PAYABLE}


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document not settled in full. What is owed is positive: credits and unapplied payments are negative on both sides."""

    party_id: str
    entity: str
    display_type: str
    transaction_id: str
    number: str
    date: date
    due_date: date | None  # None for what has no due date: credits, payments, journal lines
    amount: Decimal  # the document's whole amount, home currency at the document's own rate
    open_amount: Decimal  # what is left of it, home currency at the document's own rate
    foreign_open: Decimal  # what is left of it, in the document's currency
    currency: str


class OpenItems:
    """All documents that were ever open, and what settled them."""

    def __init__(
        self, documents: Iterable[Document], settlements: Iterable[Settlement], accounts: Mapping[str, Account]
    ) -> None:
        self._documents, self._settlements, self._accounts = list(documents), list(settlements), accounts
        self._applied: dict[int, list[Application]] = defaultdict(list)
        for made in self._settlements:
            for one in made.applied:
                self._applied[id(one.document)].append(one)

    def at(self, side: Side, as_of: date, *, counts_later_payments: bool) -> list[OpenItem]:
        """What is open on a side at the end of a day, by party, day and id."""
        until = date.max if counts_later_payments else as_of
        found = [*self._open_documents(side, as_of, until), *self._open_payments(side, as_of, until)]
        return sorted(found, key=lambda item: (int(item.party_id or 0), item.date, int(item.transaction_id)))

    def _open_documents(self, side: Side, as_of: date, until: date) -> Iterator[OpenItem]:
        sign = _sign(side)
        for document in self._documents:
            if self._accounts[document.account_id].type != _ACCOUNT_TYPES[side] or document.entry.date > as_of:
                continue
            settled = [one for one in self._applied[id(document)] if one.day <= until]
            left = document.amount - sum((one.amount for one in settled), ZERO)
            left_home = document.home - sum((one.home for one in settled), ZERO)
            if left or left_home:
                yield _item(document.entry, document.party_id, sign * document.home, sign * left_home, sign * left)

    def _open_payments(self, side: Side, as_of: date, until: date) -> Iterator[OpenItem]:
        sign = _sign(side)
        for made in self._settlements:
            if made.is_receipt != (side == "receivable") or made.entry.date > as_of:
                continue
            waiting = [one for one in made.applied if one.day > until]
            left = made.unapplied + sum((one.amount for one in waiting), ZERO)
            left_home = made.unapplied_home + sum((one.home for one in waiting), ZERO)
            if left or left_home:
                whole = made.unapplied_home + sum((one.home for one in made.applied), ZERO)
                yield _item(made.entry, made.party_id, -sign * whole, -sign * left_home, -sign * left)


def _sign(side: Side) -> int:
    return 1 if side == "receivable" else -1


def _item(entry: Entry, party_id: str, whole: Decimal, left_home: Decimal, left: Decimal) -> OpenItem:
    return OpenItem(
        party_id=party_id,
        entity=entry.entity,
        display_type=entry.display_type,
        transaction_id=entry.transaction_id,
        number=entry.number,
        date=entry.date,
        due_date=entry.due_date,
        amount=whole,
        open_amount=left_home,
        foreign_open=left,
        currency=entry.currency,
    )
