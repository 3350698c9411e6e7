"""The cash basis: income and costs counted when documents are paid, not when they are written.

From the facts page (push-and-accounting, "Cash basis as QBO does it"):
* A payment of a document recognises each of its lines by payment ÷ total with tax, the tax as well.
* Money not applied, or applied to a document of a later day, is Unapplied Cash Payment Income on the day of the payment and
  reversed on the day it is applied; paid to a vendor it is Unapplied Cash Bill Payment Expense.
* A credit applied to a charge counts as a payment of both: the lines of both are recognised.
* Everything else (receipts, expenses, deposits, journal entries) stands as on the accrual basis.

Decided by this emulator, where the facts leave it open:
* What a document puts on a balance-sheet account other than tax (stock, a liability for a deposit taken) stands on the
  document's day against receivables or payables, which is what those then still show on the cash basis.
* A document that comes to nothing waits for no payment: its lines count on its own day.
* Cents: of a document's lines in their order, tax last, the first n together are recognised to the rounded share of their sum,
  cumulatively over its payments. So the lines of one payment add up to it, and those of all payments to the document.
* Lines recognised by a payment are postings of the payment, under the line's own names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.applications import Application, Target
from qbo_pipeline.emulator.accounting.chart import Account, Chart
from qbo_pipeline.emulator.accounting.entries import ZERO, Entry, Leg
from qbo_pipeline.emulator.accounting.payments import Settlement
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.accounting.sides import side
from qbo_pipeline.emulator.books.amounts import cents

DEFERRED = ("Invoice", "CreditMemo", "Bill", "VendorCredit")


class CashBasis:
    """Turns entries and settlements into their cash-basis postings."""

    def __init__(self, chart: Chart, home_currency: str, entries: Iterable[Entry]) -> None:
        self._chart, self._home_currency = chart, home_currency
        self._deferred: Mapping[Target, list[Leg]] = {
            (entry.entity, entry.transaction_id): sorted(filter(self._waits, entry.legs), key=lambda leg: leg.is_tax)
            for entry in entries
            if entry.entity in DEFERRED
        }

    def of_entry(self, entry: Entry) -> list[Posting]:
        """An entry's postings on its own day: all of them, or of an unpaid document only what does not wait for payment."""
        if entry.entity not in DEFERRED or entry.head is None or not entry.head.home:
            return entry.postings(self._home_currency)
        at_once = [leg for leg in entry.legs if not self._waits(leg)]
        if not at_once:
            return []
        head = replace(entry.head, home=-sum((leg.home for leg in at_once), ZERO), amount=None)
        return replace(entry, head=head, legs=at_once).postings(self._home_currency)

    def of_settlement(self, made: Settlement) -> Iterator[Posting]:
        """A payment's postings: the money on its day, and what it recognises on the days it is applied."""
        entry = made.entry
        moved = [leg for leg in entry.legs if not self._accounts[leg.account_id].is_control]
        unapplied = self._unapplied(made)
        own_day = [*moved]
        for one in made.applied:
            if one.day > entry.date:
                own_day.append(_worth(unapplied, -one.home))
                yield from self._on(entry, one.day, [_worth(unapplied, one.home), *self._recognised(made, one)])
            else:
                own_day += self._recognised(made, one)
        own_day.append(_worth(unapplied, -made.unapplied_home))
        paid = replace(entry, legs=[leg for leg in own_day if leg.home])
        if paid.head is not None or paid.legs:
            yield from paid.postings(self._home_currency)

    @property
    def _accounts(self) -> Mapping[str, Account]:
        return self._chart.accounts

    def _waits(self, leg: Leg) -> bool:
        return leg.is_tax or self._accounts[leg.account_id].is_income_statement

    def _on(self, entry: Entry, day: date, legs: list[Leg]) -> list[Posting]:
        later = replace(entry, date=day, head=None, legs=[leg for leg in legs if leg.home])
        return later.postings(self._home_currency)

    def _recognised(self, made: Settlement, one: Application) -> list[Leg]:
        """The lines of a document that an application pays for, and what else it takes off the control account."""
        document = one.document
        legs = self._deferred.get(document.key, [])
        before = _shares(legs, one.settled_home - one.home, document.home)
        after = _shares(legs, one.settled_home, document.home)
        lines = [
            replace(leg, amount=None, home=late - early) for leg, early, late in zip(legs, before, after, strict=True)
        ]
        rest = -one.home - sum((leg.home for leg in lines), ZERO)
        return [*lines, _worth(side(made.record, document.account_id, ZERO), rest)]

    def _unapplied(self, made: Settlement) -> Leg:
        subtype = "UnappliedCashPaymentIncome" if made.is_receipt else "UnappliedCashBillPaymentExpense"
        is_needed = made.unapplied_home or any(one.day > made.entry.date for one in made.applied)
        account = self._chart.with_subtype(subtype) if is_needed else ""
        return side(made.record, account, ZERO)


def _shares(legs: list[Leg], settled: Decimal, whole: Decimal) -> list[Decimal]:
    """What of each line is recognised once `settled` of `whole` is paid."""
    shares, summed, told = [], ZERO, ZERO
    for leg in legs:
        summed += leg.home
        upto = cents(summed * settled / whole) if whole else ZERO
        shares.append(upto - told)
        told = upto
    return shares


def _worth(leg: Leg, home: Decimal) -> Leg:
    return replace(leg, amount=None, home=home)
