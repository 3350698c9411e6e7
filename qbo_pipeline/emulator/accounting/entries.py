"""Transactions on their way into the books: the sides a document has, in its own currency, and their worth at home.

A document is converted at its own rate: its head (the receivable, the bank) is the total at that rate, every other side is
rounded to cents by itself, and the cents by which they then differ go to the largest side that is no receivable or payable:
what is owed is worth its amount at the rate. The facts name no place for those cents; this one is the emulator's choice.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Chart
from qbo_pipeline.emulator.accounting.errors import UnbalancedBooksError
from qbo_pipeline.emulator.accounting.posting import NameKind, Posting
from qbo_pipeline.emulator.books.amounts import cents

ZERO = Decimal(0)


@dataclass(slots=True)
class Leg:
    """One side of a transaction, debit positive.

    `amount` is in the document's currency; a side that exists at home only (cost of goods, an exchange difference) has none
    and brings its `home` worth instead. `rate` is that of the document a side clears, where it may differ from the
    transaction's own. `split_account_id` overrides the account shown as the opposite one.
    """

    account_id: str
    amount: Decimal | None
    memo: str = ""
    name: tuple[NameKind, str] = ("", "")
    class_id: str = ""
    department_id: str = ""
    customer_id: str = ""
    vendor_id: str = ""
    item_id: str = ""
    is_tax: bool = False
    rate: Decimal | None = None
    home: Decimal = ZERO
    split_account_id: str | None = None


@dataclass(slots=True)
class Entry:
    """A transaction: its heading, the head side that faces all others (none in a journal entry), and the others."""

    transaction_id: str
    entity: str
    display_type: str
    date: date
    created: int
    number: str
    currency: str
    rate: Decimal
    head: Leg | None
    legs: list[Leg] = field(default_factory=list)
    due_date: date | None = None

    def all_legs(self) -> list[Leg]:
        """The head, where there is one, and the other sides."""
        return self.legs if self.head is None else [self.head, *self.legs]

    def close(self, chart: Chart) -> None:
        """Give every side its worth at home; UnbalancedBooksError where the document's own amounts do not balance.

        What clears another document does so at that document's rate, and the difference is exchange gain or loss.
        """
        sides = [leg for leg in self.all_legs() if leg.amount is not None]
        difference = sum((leg.amount for leg in sides if leg.amount is not None), ZERO)
        if difference:
            raise UnbalancedBooksError(
                f"{self.entity or self.display_type} {self.transaction_id} does not balance: its debits exceed its "
                f"credits by {difference}. Its lines, tax and total have to agree."
            )
        for leg in sides:
            leg.home = cents((leg.amount or ZERO) * (leg.rate or self.rate))
        rest = sum((leg.home for leg in self.all_legs()), ZERO)
        if rest and any(leg.rate not in (None, self.rate) for leg in sides):
            self.legs.append(exchange_leg(chart, -rest))
        elif rest:
            largest = max(self.legs, key=lambda leg: (not chart.is_control(leg.account_id), abs(leg.home)))
            largest.home -= rest

    def postings(self, home_currency: str) -> list[Posting]:
        """The entry as the books keep it, head first."""
        opposite = self.legs[0].account_id if len(self.legs) == 1 else ""
        head_account = "" if self.head is None else self.head.account_id
        return [
            self.posting(leg, opposite if leg is self.head else head_account, home_currency) for leg in self.all_legs()
        ]

    def posting(self, leg: Leg, opposite: str, home_currency: str) -> Posting:
        """One side as a posting of this transaction."""
        is_foreign = self.currency != home_currency
        return Posting(
            transaction_id=self.transaction_id,
            entity=self.entity,
            display_type=self.display_type,
            date=self.date,
            created=self.created,
            number=self.number,
            account_id=leg.account_id,
            amount=leg.home,
            name_kind=leg.name[0],
            name_id=leg.name[1],
            memo=leg.memo,
            split_account_id=opposite if leg.split_account_id is None else leg.split_account_id,
            class_id=leg.class_id,
            department_id=leg.department_id,
            customer_id=leg.customer_id,
            vendor_id=leg.vendor_id,
            item_id=leg.item_id,
            foreign_amount=leg.amount if is_foreign else None,
            currency=self.currency,
        )


def exchange_leg(chart: Chart, home: Decimal) -> Leg:
    """A realised exchange difference, debit (a loss) positive."""
    return Leg(chart.with_subtype("ExchangeGainOrLoss"), None, home=home)
