"""The invoices of a generated company: amounts first, records around them.

All sums are whole cents; they become JSON numbers only in the record, where a float of at most fifteen digits prints as written.
"""

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from qbo_pipeline.emulator.companies.generated.calendar import Calendar
from qbo_pipeline.emulator.companies.generated.directory import Directory
from qbo_pipeline.emulator.companies.generated.draws import Draws, table_random
from qbo_pipeline.emulator.companies.generated.ids import Ids, TransactionNumbers
from qbo_pipeline.emulator.companies.generated.items import SaleItem, popularity, sale_items
from qbo_pipeline.emulator.companies.generated.links import Allotment, Settlement
from qbo_pipeline.emulator.source import Record

TAX_PERCENT = 8
_SETTLED_OF_TWENTY = 17
_IMPORTED_RUNS = 211  # A prime, so that which invoices were imported follows no other pattern.
_LINE_COUNTS = (1,) * 60 + (2,) * 70 + (3,) * 50 + (4,) * 30 + (5,) * 20 + (6,) * 13 + (7,) * 8 + (8,) * 5
_ALIKE = {
    "AllowIPNPayment": False,
    "AllowOnlinePayment": False,
    "AllowOnlineCreditCardPayment": False,
    "AllowOnlineACHPayment": False,
    "FreeFormAddress": True,
    "ApplyTaxAfterDiscount": False,
    "PrintStatus": "NeedToPrint",
    "EmailStatus": "NotSet",
    "domain": "QBO",
    "sparse": False,
}
_NET_30 = ("3", "Net 30", 30)
_TERMS = (("1", "Due on receipt", 0), _NET_30, _NET_30, _NET_30, ("4", "Net 60", 60))


class Amounts(NamedTuple):
    """What an invoice adds up to, in cents; a sold line is (item, quarters of a unit, cents)."""

    sold: list[tuple[SaleItem, int, int]]
    subtotal: int
    discount_percent: int
    discount: int
    taxable: int
    tax: int
    total: int


class Invoices:
    """The invoice at each position, and the settlement that says how far it is paid."""

    def __init__(
        self,
        count: int,
        *,
        seed: int,
        lines: int | None,
        calendar: Calendar,
        numbers: TransactionNumbers,
        directory: Directory,
    ) -> None:
        random = table_random(seed, "Invoice")
        self.count, self._lines, self.calendar, self.numbers, self.directory = (
            count,
            lines,
            calendar,
            numbers,
            directory,
        )
        self._draws = Draws(seed, "Invoice")
        self._items = sale_items(table_random(seed, "Item"))
        self._popularity = popularity(random)
        # Imports put a run of invoices into the same second; a small company imports few at a time.
        self._run = 4 if count < 2_000 else 16 if count < 20_000 else 64
        self._imported = [random.random() < 0.3 for _ in range(_IMPORTED_RUNS)]
        self.allotment = Allotment(count, directory.customers, random)
        self.settlement = Settlement(count, _SETTLED_OF_TWENTY, calendar.last_instant, random)
        self.ids = Ids(range(count), numbers.invoice)

    def instants(self) -> tuple[Sequence[int], Sequence[int]]:
        created = self._creations()
        return created, self.settlement.updates(created)

    def _creations(self) -> Sequence[int]:
        run, count, instants = self._run, self.count, self.calendar.instants
        created = array("q")
        for first in range(0, count, run):
            positions = range(first, min(first + run, count))
            if self._imported[first // run % _IMPORTED_RUNS]:
                created.extend([self.calendar.instant(positions[-1], count)] * len(positions))
            else:
                created.extend(instants(positions, count))
        return created

    def created(self, position: int) -> int:
        """When an invoice was entered; the whole of an imported run at its end, so that none is dated after its entry."""
        run = position // self._run
        if self._imported[run % _IMPORTED_RUNS]:
            position = min((run + 1) * self._run, self.count) - 1
        return self.calendar.instant(position, self.count)

    def amounts(self, position: int) -> Amounts:
        """The sums of an invoice, without building its record."""
        return self._amounts(self._draws.at(position))

    def _amounts(self, draw: bytes) -> Amounts:
        items, popular = self._items, self._popularity
        sold, subtotal, taxable = [], 0, 0
        for line in range(self._lines or _LINE_COUNTS[draw[32]]):
            item = items[popular[(draw[2 * line] << 4) + (draw[2 * line + 1] & 15)]]
            chance = draw[16 + line]
            quarters = 1 + chance % 40 if item.is_service else 4 * (1 + chance * chance // 5_500)
            cents = quarters * item.cents // 4
            subtotal += cents
            if not item.is_service:
                taxable += cents
            sold.append((item, quarters, cents))
        percent = (5 if draw[33] & 1 else 10) if draw[33] < 16 else 0
        discount = (subtotal * percent + 50) // 100
        # ApplyTaxAfterDiscount is false: tax is due on what was sold before the discount.
        tax = (taxable * TAX_PERCENT + 50) // 100
        return Amounts(sold, subtotal, percent, discount, taxable, tax, subtotal - discount + tax)

    def open_balance(self, party: int) -> int:
        """What a customer still owes, in cents."""
        settlement, balance = self.settlement, 0
        for position in self.allotment.documents(party):
            if settlement.is_partly_open(position):
                total = self.amounts(position).total
                balance += total - settlement.paid(position, total)
        return balance

    def record(self, position: int) -> Record:
        draw, settlement = self._draws.at(position), self.settlement
        amounts = self._amounts(draw)
        calendar, created = self.calendar, self.created(position)
        day = calendar.day(calendar.instant(position, self.count))
        term_id, term_name, due_days = _TERMS[draw[34] % len(_TERMS)]
        customer = self.directory.customer(self.allotment.party(position))
        is_settled = settlement.is_settled(position)
        entered = calendar.text(created)
        return {
            **_ALIKE,
            "Id": str(self.numbers.invoice(position)),
            "SyncToken": "1" if is_settled else "0",
            "MetaData": {
                "CreateTime": entered,
                "LastModifiedByRef": {"value": "9341450000000099"},
                "LastUpdatedTime": calendar.text(settlement.instant(position, created)) if is_settled else entered,
            },
            "CustomField": [
                {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType", "StringValue": str(draw[35])}
            ],
            "DocNumber": str(1001 + position),
            "TxnDate": calendar.date(day),
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "LinkedTxn": [{"TxnId": str(self.numbers.payment(position)), "TxnType": "Payment"}] if is_settled else [],
            "Line": _lines(amounts),
            "TxnTaxDetail": _tax(amounts),
            "CustomerRef": customer.reference,
            "CustomerMemo": {"value": "Thank you for your business and have a great day!"},
            "SalesTermRef": {"value": term_id, "name": term_name},
            "DueDate": calendar.date(day + due_days),
            "TotalAmt": amounts.total / 100,
            "BillEmail": {"Address": f"accounts{customer.id}@example.com"},
            "Balance": (amounts.total - settlement.paid(position, amounts.total)) / 100,
        }


def _lines(amounts: Amounts) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [
        {
            "Id": str(number),
            "LineNum": number,
            "Description": item.description,
            "Amount": cents / 100,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": {"value": item.id, "name": item.name},
                "UnitPrice": item.cents / 100,
                "Qty": quarters / 4,
                "ItemAccountRef": {"value": item.account_id, "name": item.account_name},
                "TaxCodeRef": {"value": item.tax_code},
            },
        }
        for number, (item, quarters, cents) in enumerate(amounts.sold, start=1)
    ]
    lines.append({"Amount": amounts.subtotal / 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}})
    if amounts.discount_percent:
        detail = {
            "PercentBased": True,
            "DiscountPercent": amounts.discount_percent,
            "DiscountAccountRef": {"value": "86", "name": "Discounts given"},
        }
        lines.append(
            {"Amount": amounts.discount / 100, "DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}
        )
    return lines


def _tax(amounts: Amounts) -> dict[str, Any]:
    if not amounts.taxable:
        return {"TotalTax": 0}
    detail = {
        "TaxRateRef": {"value": "3"},
        "PercentBased": True,
        "TaxPercent": TAX_PERCENT,
        "NetAmountTaxable": amounts.taxable / 100,
    }
    line = {"Amount": amounts.tax / 100, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
    return {"TxnTaxCodeRef": {"value": "2"}, "TotalTax": amounts.tax / 100, "TaxLine": [line]}
