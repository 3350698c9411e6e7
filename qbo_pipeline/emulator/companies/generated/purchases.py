"""The bills of a generated company and the checks that pay them, built like its sales."""

from array import array
from collections.abc import Sequence
from itertools import compress
from typing import Any, NamedTuple

from qbo_pipeline.emulator.companies.generated.calendar import Calendar
from qbo_pipeline.emulator.companies.generated.directory import Directory
from qbo_pipeline.emulator.companies.generated.draws import Draws, table_random
from qbo_pipeline.emulator.companies.generated.ids import Ids, TransactionNumbers
from qbo_pipeline.emulator.companies.generated.links import Allotment, Settlement
from qbo_pipeline.emulator.source import Record

_SETTLED_OF_TWENTY = 16
_EXPENSES = (
    ("7", "Advertising"),
    ("20", "Supplies"),
    ("63", "Job Materials"),
    ("17", "Rent or Lease"),
    ("76", "Utilities"),
    ("15", "Office Expenses"),
    ("11", "Insurance"),
    ("80", "Cost of Goods Sold"),
)


class _Cost(NamedTuple):
    account: tuple[str, str]
    cents: int


class Bills:
    """The bill at each position, and the settlement that says how far it is paid."""

    def __init__(
        self, count: int, *, seed: int, calendar: Calendar, numbers: TransactionNumbers, directory: Directory
    ) -> None:
        random = table_random(seed, "Bill")
        self.count, self.calendar, self.numbers, self.directory = count, calendar, numbers, directory
        self._draws = Draws(seed, "Bill")
        self.allotment = Allotment(count, directory.vendors, random)
        self.settlement = Settlement(count, _SETTLED_OF_TWENTY, calendar.last_instant, random)
        self.ids = Ids(range(count), numbers.bill)

    def instants(self) -> tuple[Sequence[int], Sequence[int]]:
        created = array("q", self.calendar.instants(range(self.count), self.count))
        return created, self.settlement.updates(created)

    def created(self, position: int) -> int:
        return self.calendar.instant(position, self.count)

    def costs(self, position: int) -> list[_Cost]:
        """The lines of a bill: one to three accounts with their cents."""
        draw = self._draws.at(position)
        return [
            _Cost(_EXPENSES[draw[line] % len(_EXPENSES)], 500 + (draw[8 + line] << 8 | draw[16 + line]) * 3)
            for line in range(1 + draw[30] % 3)
        ]

    def total(self, position: int) -> int:
        return sum(cost.cents for cost in self.costs(position))

    def open_balance(self, party: int) -> int:
        """What a vendor is still owed, in cents."""
        settlement, balance = self.settlement, 0
        for position in self.allotment.documents(party):
            if settlement.is_partly_open(position):
                total = self.total(position)
                balance += total - settlement.paid(position, total)
        return balance

    def record(self, position: int) -> Record:
        settlement, calendar, total = self.settlement, self.calendar, self.total(position)
        created = self.created(position)
        entered, day = calendar.text(created), calendar.day(created)
        is_settled = settlement.is_settled(position)
        link = {"TxnId": str(self.numbers.bill_payment(position)), "TxnType": "BillPaymentCheck"}
        return {
            "DueDate": calendar.date(day + 30),
            "Balance": (total - settlement.paid(position, total)) / 100,
            "domain": "QBO",
            "sparse": False,
            "Id": str(self.numbers.bill(position)),
            "SyncToken": "1" if is_settled else "0",
            "MetaData": {
                "CreateTime": entered,
                "LastModifiedByRef": {"value": "9341450000000099"},
                "LastUpdatedTime": calendar.text(settlement.instant(position, created)) if is_settled else entered,
            },
            "DocNumber": f"B-{position + 1}",
            "TxnDate": calendar.date(day),
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "LinkedTxn": [link] if is_settled else [],
            "SalesTermRef": {"value": "3", "name": "Net 30"},
            "Line": [_line(number, cost) for number, cost in enumerate(self.costs(position), start=1)],
            "VendorRef": self.directory.vendor(self.allotment.party(position)).reference,
            "APAccountRef": {"value": "33", "name": "Accounts Payable (A/P)"},
            "TotalAmt": total / 100,
        }


class BillPayments:
    """The check that pays each settled bill, by position among the checks."""

    def __init__(self, bills: Bills) -> None:
        self._bills, self._settlement = bills, bills.settlement
        document, number = bills.settlement.document, bills.numbers.bill_payment
        self.ids = Ids(range(bills.settlement.count), lambda position: number(document(position)))

    def instants(self) -> tuple[Sequence[int], Sequence[int]]:
        _, updated = self._bills.instants()
        entered = array("q", compress(updated, self._settlement.flags()))
        return entered, entered

    def record(self, position: int) -> Record:
        bills, settlement = self._bills, self._settlement
        bill = settlement.document(position)
        paid = settlement.paid(bill, bills.total(bill)) / 100
        moment = bills.calendar.text(settlement.instant(bill, bills.created(bill)))
        link = {"TxnId": str(bills.numbers.bill(bill)), "TxnType": "Bill"}
        return {
            "VendorRef": bills.directory.vendor(bills.allotment.party(bill)).reference,
            "PayType": "Check",
            "CheckPayment": {"BankAccountRef": {"value": "35", "name": "Checking"}, "PrintStatus": "NotSet"},
            "TotalAmt": paid,
            "domain": "QBO",
            "sparse": False,
            "Id": str(bills.numbers.bill_payment(bill)),
            "SyncToken": "0",
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
            "DocNumber": str(5001 + position),
            "TxnDate": moment[:10],
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "Line": [{"Amount": paid, "LinkedTxn": [link]}],
        }


def _line(number: int, cost: _Cost) -> dict[str, Any]:
    account_id, account_name = cost.account
    return {
        "Id": str(number),
        "LineNum": number,
        "Amount": cost.cents / 100,
        "LinkedTxn": [],
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {
            "AccountRef": {"value": account_id, "name": account_name},
            "BillableStatus": "NotBillable",
            "TaxCodeRef": {"value": "NON"},
        },
        "CustomExtensions": [],
    }
