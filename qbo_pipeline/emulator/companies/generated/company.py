"""A US company of any size, made from a seed.

Every record is a pure function of (seed, entity, position): a million invoices cost no memory until one is asked for, two
emulators serve the same books, and a record does not change because another was read. Sums, balances and links hold over the
whole: an invoice's balance is its total less its payment, a customer's balance is the sum of the open invoices. What is not kept
up is Account.CurrentBalance, which would need every document.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from qbo_pipeline.emulator.books.company import CompanySeed
from qbo_pipeline.emulator.companies.generated.calendar import Calendar
from qbo_pipeline.emulator.companies.generated.directory import Directory
from qbo_pipeline.emulator.companies.generated.ids import TransactionNumbers
from qbo_pipeline.emulator.companies.generated.lists import whole_lists
from qbo_pipeline.emulator.companies.generated.parties import (
    Parties,
    customer_fields,
    employee_fields,
    vendor_fields,
)
from qbo_pipeline.emulator.companies.generated.payments import Payments
from qbo_pipeline.emulator.companies.generated.purchases import BillPayments, Bills
from qbo_pipeline.emulator.companies.generated.sales import Invoices
from qbo_pipeline.emulator.companies.generated.time import TimeActivities
from qbo_pipeline.emulator.source import ListedRecords, Record

_WORKING_DAYS_A_MONTH = 22
_UNUSED = (
    "Attachable", "Budget", "Class", "CreditCardPayment", "CreditMemo", "CustomerType", "Department", "Deposit",
    "Estimate", "InventoryAdjustment", "JournalEntry", "Purchase", "PurchaseOrder", "RecurringTransaction",
    "RefundReceipt", "ReimburseCharge", "SalesReceipt", "TaxPayment", "Transfer", "VendorCredit",
)  # fmt: skip


class Series(Protocol):
    """The records of one entity, computed by position."""

    ids: Sequence[str]

    def instants(self) -> tuple[Sequence[int], Sequence[int]]: ...
    def record(self, position: int) -> Record: ...


class GeneratedBooks:
    """A `Source` of `invoices` invoices, with the customers, payments, bills and hours that go with so many."""

    def __init__(self, invoices: int, *, seed: int, lines: int | None, as_of: date, name: str) -> None:
        # A company of a hundred invoices is a year old, one of ten thousand and more five years.
        calendar = Calendar(as_of, days=max(365, min(5 * 365, invoices // 5)))
        numbers = TransactionNumbers(invoices, _WORKING_DAYS_A_MONTH / calendar.working_days)
        directory = Directory(max(4, invoices // 20), max(4, invoices // 100), max(2, min(500, invoices // 200)))
        sales = Invoices(invoices, seed=seed, lines=lines, calendar=calendar, numbers=numbers, directory=directory)
        bills = Bills(invoices // 5, seed=seed, calendar=calendar, numbers=numbers, directory=directory)
        self._series: dict[str, Series] = {
            "Customer": Parties(
                directory.customers, directory.customer, calendar, customer_fields(directory, sales.open_balance)
            ),
            "Vendor": Parties(directory.vendors, directory.vendor, calendar, vendor_fields(bills.open_balance)),
            "Employee": Parties(directory.employees, directory.employee, calendar, employee_fields(directory)),
            "Invoice": sales,
            "Payment": Payments(sales),
            "Bill": bills,
            "BillPayment": BillPayments(bills),
            "TimeActivity": TimeActivities(invoices // 2, seed=seed, calendar=calendar, directory=directory),
        }
        self._kept = ListedRecords(whole_lists(seed, name, calendar) | {entity: [] for entity in _UNUSED})

    def entities(self) -> Sequence[str]:
        return (*self._kept.entities(), *self._series)

    def ids(self, entity: str) -> Sequence[str]:
        return self._series[entity].ids if entity in self._series else self._kept.ids(entity)

    def instants(self, entity: str) -> tuple[Sequence[int], Sequence[int]]:
        return self._series[entity].instants() if entity in self._series else self._kept.instants(entity)

    def record(self, entity: str, position: int) -> Record:
        source = self._series.get(entity)
        return source.record(position) if source is not None else self._kept.record(entity, position)


def generated(invoices: int, *, seed: int, lines: int | None, as_of: date, realm_id: str) -> CompanySeed:
    """A company of `invoices` invoices; `lines` fixes the lines of each, else one to eight."""
    name = f"Generated Company {invoices:,} / {seed}"
    source = GeneratedBooks(invoices, seed=seed, lines=lines, as_of=as_of, name=name)
    return CompanySeed(realm_id=realm_id, name=name, country="US", source=source)
