"""The US sample company: a landscaper on QuickBooks Online Plus, with one currency and sales tax.

Who bought what, when and for how much follows recordings of Intuit's own sample company: 127 posted transactions from October
to March before the report day, and the lists they refer to. The rows stand in the JSON files beside this module, one record
to a line, in the recording's own days; the modules make whole QuickBooks records of them. Where no recording shows a field,
QuickBooks' usual default stands in, and every e-mail and web address is one of example.com.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from qbo_pipeline.emulator.books.company import CompanySeed
from qbo_pipeline.emulator.companies.landscaping import banking, lists, names, payments, sales, spending
from qbo_pipeline.emulator.companies.landscaping.fields import Calendar, header, json_numbers
from qbo_pipeline.emulator.companies.landscaping.recording import Recording, read_data
from qbo_pipeline.emulator.source import ListedRecords, Record

REALM_ID = "9341450000000001"

_SIGNED_UP = "2024-02-11T14:41:49"
# Offered by this edition and empty here. CompanyCurrency and ExchangeRate are missing: with one currency they are refused.
_EMPTY = (
    "Budget",
    "Class",
    "CreditCardPayment",
    "CustomerType",
    "Department",
    "TaxPayment",
    "Transfer",
    "VendorCredit",
)


def landscaping(as_of: date) -> CompanySeed:
    """The company with its recorded days shifted so that the recording's report day, 29 May 2024, is `as_of`."""
    recording, calendar = Recording(), Calendar(as_of)
    records = _records(recording, calendar)
    unshown = {
        "SalesTaxPayment": banking.sales_tax_payments(recording, calendar),
        "StatementCharge": sales.statement_charges(recording, calendar),
    }
    return CompanySeed(
        realm_id=REALM_ID,
        name=records["CompanyInfo"][0]["CompanyName"],
        country="US",
        source=ListedRecords(records),
        unshown=json_numbers(unshown),
    )


def _records(recording: Recording, calendar: Calendar) -> Mapping[str, Sequence[Record]]:
    invoices = sales.invoices(recording, calendar)
    bills = spending.bills(recording, calendar)
    records = {
        **_singletons(calendar),
        "Account": lists.accounts(recording, calendar),
        "Attachable": banking.attachables(recording, calendar),
        "Bill": bills,
        "BillPayment": spending.bill_payments(recording, calendar),
        "CreditMemo": sales.credit_memos(recording, calendar),
        "Customer": names.customers(recording, calendar, invoices),
        "Deposit": banking.deposits(recording, calendar),
        "Employee": names.employees(recording, calendar),
        "Estimate": sales.estimates(recording, calendar),
        "InventoryAdjustment": banking.inventory_adjustments(recording, calendar),
        "Invoice": invoices,
        "Item": lists.items(recording, calendar),
        "JournalEntry": banking.journal_entries(recording, calendar),
        "Payment": payments.payments(recording, calendar, invoices),
        "PaymentMethod": lists.payment_methods(recording, calendar),
        "Purchase": spending.purchases(recording, calendar),
        "PurchaseOrder": spending.purchase_orders(recording, calendar),
        "RecurringTransaction": spending.recurring_transactions(recording, calendar),
        "RefundReceipt": sales.refund_receipts(recording, calendar),
        "ReimburseCharge": banking.reimburse_charges(recording, calendar),
        "SalesReceipt": sales.sales_receipts(recording, calendar),
        "TaxAgency": lists.tax_agencies(recording, calendar),
        "TaxCode": lists.tax_codes(recording, calendar),
        "TaxRate": lists.tax_rates(recording, calendar),
        "Term": lists.terms(recording, calendar),
        "TimeActivity": banking.time_activities(recording, calendar),
        "Vendor": names.vendors(recording, calendar, bills),
        **{entity: [] for entity in _EMPTY},
    }
    return json_numbers(records)


def _singletons(calendar: Calendar) -> dict[str, list[Record]]:
    common = header({"id": 1, "created": _SIGNED_UP}, calendar)
    company, preferences = (json.loads(read_data("company.json"))[name] for name in ("CompanyInfo", "Preferences"))
    company["CompanyStartDate"] = calendar.day(_SIGNED_UP[:10])
    company["NameValue"].append({"Name": "AssignedTime", "Value": calendar.instant(_SIGNED_UP)})
    return {"CompanyInfo": [{**company, **common}], "Preferences": [{**preferences, **common}]}
