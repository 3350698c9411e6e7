"""Payments of customers and to vendors: money, what it settles, and the exchange difference that this realises.

    Payment        Dr bank at the payment's rate, Cr receivable at each invoice's rate; the rest is exchange gain or loss
    Bill payment   Dr payable at each bill's rate, Cr bank or card at the payment's rate

What is not applied stays on the party's receivable or payable at the payment's own rate. A payment of nothing that only links a
credit to a charge posts nothing at home; its zero on the control account and its "Not Specified" line are shown as recorded.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qbo_pipeline.emulator.accounting.applications import Application, Payer
from qbo_pipeline.emulator.accounting.entries import ZERO, Entry, Leg, exchange_leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, created_at, day_of, reference
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.accounting.sides import side
from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.source import Record

PAYMENTS = ("Payment", "BillPayment")


@dataclass(slots=True)
class Settlement:
    """A payment in the books: its entry, what it is applied to, and what is left of it on `control_account`.

    `unapplied` has the sign of the money: positive for a customer's, negative for what was paid to a vendor.
    """

    entry: Entry
    record: Record
    party_id: str
    control_account: str
    applied: Sequence[Application]
    unapplied: Decimal
    unapplied_home: Decimal

    @property
    def is_receipt(self) -> bool:
        """Whether a customer paid, not the company."""
        return self.entry.entity == "Payment"


def payers(lookups: Lookups) -> Iterator[Payer]:
    """Every payment, as the applications are found from it."""
    for entity in PAYMENTS:
        for record in lookups.records.each(entity):
            yield Payer(entity, record, day_of(record), created_at(record), _party(entity, record))


def settlement(lookups: Lookups, payer: Payer, applied: Sequence[Application]) -> Settlement:
    """A payment's entry, with the applications found for it."""
    record, is_receipt = payer.record, payer.entity == "Payment"
    kind = "Customer" if is_receipt else "Vendor"
    control = lookups.control_account(record, kind, payer.party_id)
    money = amount(record.get("TotalAmt")) * (1 if is_receipt else -1)
    unapplied = money - sum((one.amount for one in applied), ZERO)
    entry = _entry(lookups, payer, money)
    unapplied_home = cents(unapplied * entry.rate)
    entry.legs = _control_sides(record, control, applied, unapplied, unapplied_home)
    if entry.head is not None:
        entry.head.home = cents(money * entry.rate)
    rest = sum((leg.home for leg in entry.all_legs()), ZERO)
    if rest:
        entry.legs.append(exchange_leg(lookups.chart, -rest))
    return Settlement(entry, record, payer.party_id, control, applied, unapplied, unapplied_home)


def not_specified(made: Settlement, home_currency: str) -> Posting | None:
    """The general ledger's line under "Not Specified" for a payment of nothing; None for any other."""
    if made.entry.head is not None:
        return None
    note = made.record.get("PrivateNote", "")
    return made.entry.posting(side(made.record, "", ZERO, note), made.control_account, home_currency)


def _entry(lookups: Lookups, payer: Payer, money: Decimal) -> Entry:
    record = payer.record
    if payer.entity == "Payment":
        account = reference(record, "DepositToAccountRef") or lookups.undeposited()
        name, number = "Payment", record.get("PaymentRefNum", "")
    else:
        by_card = record.get("PayType") == "CreditCard"
        means = record.get("CreditCardPayment" if by_card else "CheckPayment", {})
        account = reference(means, "CCAccountRef" if by_card else "BankAccountRef")
        name = "Bill Payment (Credit Card)" if by_card else "Bill Payment (Check)"
        number = record.get("DocNumber", "")
    head = side(record, account, money, record.get("PrivateNote", "")) if money else None
    return lookups.entry(payer.entity, record, name, head, number=number)


def _control_sides(
    record: Record, control: str, applied: Sequence[Application], unapplied: Decimal, unapplied_home: Decimal
) -> list[Leg]:
    """One side for each control account touched; nearly always there is one."""
    amounts: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    amounts[control][0] -= unapplied
    amounts[control][1] -= unapplied_home
    for one in applied:
        amounts[one.document.account_id][0] -= one.amount
        amounts[one.document.account_id][1] -= one.home
    legs = []
    for account, (value, home) in amounts.items():
        if value or home or len(amounts) == 1:
            leg = side(record, account, value)
            leg.home = home
            legs.append(leg)
    return legs


def _party(entity: str, record: Record) -> str:
    return reference(record, "CustomerRef" if entity == "Payment" else "VendorRef")
