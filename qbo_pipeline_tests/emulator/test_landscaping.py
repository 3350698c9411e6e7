"""The landscaping company against the recordings: its counts and totals, its references and links, its days."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.emulator.companies.landscaping import landscaping
from qbo_pipeline.emulator.source import Record, Source

RECORDED_ON = date(2024, 5, 29)

# What the recorded general ledger calls the transactions, and how many of each it holds.
LEDGER_COUNTS = {
    "Bill": 15,
    "Bill Payment (Check)": 7,
    "Bill Payment (Credit Card)": 3,
    "Cash Expense": 6,
    "Check": 8,
    "Credit Card Credit": 1,
    "Credit Card Expense": 5,
    "Credit Memo": 1,
    "Deposit": 5,
    "Expense": 15,
    "Inventory Qty Adjust": 4,
    "Invoice": 31,
    "Journal Entry": 3,
    "Payment": 16,
    "Refund": 1,
    "Sales Receipt": 4,
    "Sales Tax Payment": 2,
}
PURCHASE_KINDS = {
    "1": "Credit Card Expense",
    "3": "Check",
    "11": "Credit Card Credit",
    "31": "Cash Expense",
    "54": "Expense",
}
POSTED_AS = {
    "Bill": "Bill",
    "CreditMemo": "Credit Memo",
    "Deposit": "Deposit",
    "InventoryAdjustment": "Inventory Qty Adjust",
    "Invoice": "Invoice",
    "JournalEntry": "Journal Entry",
    "Payment": "Payment",
    "RefundReceipt": "Refund",
    "SalesReceipt": "Sales Receipt",
}
REFERS_TO = {
    "AgencyRef": "TaxAgency",
    "CustomerRef": "Customer",
    "EmployeeRef": "Employee",
    "ItemRef": "Item",
    "PaymentMethodRef": "PaymentMethod",
    "SalesTermRef": "Term",
    "TermRef": "Term",
    "TaxRateRef": "TaxRate",
    "TaxCodeRef": "TaxCode",
    "TxnTaxCodeRef": "TaxCode",
    "DefaultTaxCodeRef": "TaxCode",
    "TaxGroupCodeRef": "TaxCode",
    "VendorRef": "Vendor",
}
NOT_A_RECORD = {"CurrencyRef", "LastModifiedByRef", "RecurDataRef"}
# The API shows no statement charge, and a time activity says only that it was billed.
ONE_WAY = {"StatementCharge", "TimeActivity"}


@pytest.fixture(scope="module")
def source() -> Source:
    return landscaping(RECORDED_ON).source


def all_of(source: Source, entity: str) -> list[Record]:
    return [source.record(entity, position) for position in range(len(source.ids(entity)))]


def total(records: list[Record], name: str) -> Decimal:
    return sum((Decimal(str(record[name])) for record in records), Decimal(0))


def nested(value: Any) -> Iterator[tuple[str, Any]]:
    """Every named value at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from nested(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nested(inner)


def contents(source: Source) -> Iterator[tuple[str, Record]]:
    """Every record with its entity, unwrapped where QuickBooks wraps it."""
    for entity in source.entities():
        for record in all_of(source, entity):
            yield (entity, record) if "Id" in record else next(iter(record.items()))


def test_every_transaction_of_the_recorded_ledger_is_there_under_its_own_id(source: Source) -> None:
    kinds: Counter[str] = Counter()
    for entity, kind in POSTED_AS.items():
        kinds[kind] += len(source.ids(entity))
    for payment in all_of(source, "BillPayment"):
        kinds["Bill Payment (Check)" if payment["PayType"] == "Check" else "Bill Payment (Credit Card)"] += 1
    for purchase in all_of(source, "Purchase"):
        kinds[PURCHASE_KINDS[purchase["PurchaseEx"]["any"][0]["value"]["Value"]]] += 1
    tax_payments = landscaping(RECORDED_ON).unshown["SalesTaxPayment"]
    kinds["Sales Tax Payment"] = len(tax_payments)
    assert kinds == LEDGER_COUNTS
    ids = {int(each) for entity in (*POSTED_AS, "BillPayment", "Purchase") for each in source.ids(entity)}
    ids |= {int(payment["Id"]) for payment in tax_payments}
    unposted = {20, 23, 26, 28, 29, 30, 41, 43, 45, 46, 48, 52, 53, 54, 100, 114, 125}
    assert ids == set(range(1, 145)) - unposted


def test_the_lists_hold_the_recorded_ids(source: Source) -> None:
    assert source.ids("Customer") == [str(number) for number in range(1, 30)]
    assert source.ids("Vendor") == [str(number) for number in (*range(30, 54), 56, 57)]
    assert source.ids("Employee") == ["54", "55"]
    assert source.ids("Item") == [str(number) for number in range(1, 19)]
    assert source.ids("TaxCode") == ["2", "3", "NON", "TAX"]
    assert [len(source.ids(entity)) for entity in ("CompanyInfo", "Preferences")] == [1, 1]


def test_the_edition_offers_empty_entities_but_no_second_currency(source: Source) -> None:
    offered = set(source.entities())
    assert not offered & {"CompanyCurrency", "ExchangeRate"}
    assert {"Budget", "Class", "Department", "TaxPayment", "Transfer", "VendorCredit"} <= offered
    assert all_of(source, "Budget") == all_of(source, "TaxPayment") == []


def test_invoices_and_bills_come_to_the_recorded_totals(source: Source) -> None:
    invoices = all_of(source, "Invoice")
    assert total(invoices, "TotalAmt") == Decimal("10134.14")
    assert total(invoices, "Balance") == Decimal("5281.52")
    assert sum(invoice["Balance"] > 0 for invoice in invoices) == 20
    owed = {bill["Id"]: bill["Balance"] for bill in all_of(source, "Bill") if bill["Balance"]}
    assert owed == {"19": 241.23, "44": 755, "78": 86.44, "108": 315, "126": 205}


def test_balances_of_names_and_control_accounts_agree_with_the_open_documents(source: Source) -> None:
    customers = {customer["Id"]: customer for customer in all_of(source, "Customer")}
    accounts = {account["Id"]: account for account in all_of(source, "Account")}
    assert total(list(customers.values()), "Balance") == Decimal("5281.52")
    assert (customers["7"]["Balance"], customers["7"]["BalanceWithJobs"]) == (0, 562.5)
    assert (customers["1"]["Balance"], customers["8"]["Balance"], customers["9"]["Balance"]) == (239, 477.5, 81 + 4)
    assert total(all_of(source, "Vendor"), "Balance") == Decimal("1602.67")
    assert (accounts["84"]["CurrentBalance"], accounts["33"]["CurrentBalance"]) == (5281.52, -1602.67)
    assert accounts["37"]["CurrentBalanceWithSubAccounts"] == 13495


def test_quantities_on_hand_are_what_was_opened_bought_and_sold(source: Source) -> None:
    moved: Counter[str] = Counter()
    stocked = {item["Id"] for item in all_of(source, "Item") if item["TrackQtyOnHand"]}
    for adjustment in all_of(source, "InventoryAdjustment"):
        detail = adjustment["Line"][0]["ItemAdjustmentLineDetail"]
        moved[detail["ItemRef"]["value"]] += detail["QtyDiff"]
    for entity, kind, sign in (
        ("Bill", "ItemBasedExpenseLineDetail", 1),
        ("Purchase", "ItemBasedExpenseLineDetail", 1),
        ("Invoice", "SalesItemLineDetail", -1),
    ):
        for document in all_of(source, entity):
            # Items were ordinary goods before the day they were first counted.
            if document["TxnDate"] < "2024-02-19":
                continue
            for detail in (line[kind] for line in document["Line"] if kind in line):
                if detail["ItemRef"]["value"] in stocked:
                    moved[detail["ItemRef"]["value"]] += sign * detail["Qty"]
    assert moved == {"5": 2, "11": 25, "16": 25, "17": 31}
    assert moved == {item["Id"]: item["QtyOnHand"] for item in all_of(source, "Item") if item["Id"] in stocked}


def test_every_reference_resolves_and_carries_the_name_of_what_it_refers_to(source: Source) -> None:
    names: dict[tuple[str, str], str | None] = {}
    for entity, record in contents(source):
        key = "FullyQualifiedName" if entity == "Account" else "DisplayName" if "DisplayName" in record else "Name"
        names[entity, record["Id"]] = record.get(key)
    checked = 0
    for entity, record in contents(source):
        for name, value in nested(record):
            if not name.endswith("Ref") or name in NOT_A_RECORD or name == "AttachableRef":
                continue
            target = _target(name, entity, value)
            assert (target, value["value"]) in names, (entity, record["Id"], name, value)
            if "name" in value:
                assert value["name"] == names[target, value["value"]], (entity, record["Id"], name)
            checked += 1
    assert checked > 500


def _target(name: str, entity: str, value: Record) -> str:
    if name == "EntityRef":
        return value["type"]
    if name == "ParentRef":
        return entity
    return "Account" if name.endswith("AccountRef") else REFERS_TO[name]


def test_links_between_documents_are_told_by_both(source: Source) -> None:
    links = set()
    for entity, record in contents(source):
        for name, entries in nested(record):
            if name == "LinkedTxn":
                for entry in entries:
                    kind = "BillPayment" if entry["TxnType"] == "BillPaymentCheck" else entry["TxnType"]
                    links.add(((entity, record["Id"]), (kind, entry["TxnId"])))
    mutual = {(here, there) for here, there in links if there[0] not in ONE_WAY}
    assert mutual == {(there, here) for here, there in mutual}
    # 15 payments on invoices and one on two documents, 10 of bills, 9 banked, 4 estimates, 1 charge.
    assert len(mutual) == 2 * (17 + 10 + 9 + 4 + 1)
    assert {there for _, there in links if there[0] in ONE_WAY} == {
        ("StatementCharge", "29"),
        ("TimeActivity", "4"),
        ("TimeActivity", "5"),
    }


def test_paid_amounts_explain_every_open_balance(source: Source) -> None:
    paid: Counter[tuple[str, str]] = Counter()
    for payment in (*all_of(source, "Payment"), *all_of(source, "BillPayment")):
        for line in payment["Line"]:
            (link,) = line["LinkedTxn"]
            paid[link["TxnType"], link["TxnId"]] += Decimal(str(line["Amount"]))
    for entity in ("Invoice", "Bill", "CreditMemo"):
        for document in all_of(source, entity):
            left = Decimal(str(document["TotalAmt"])) - paid[entity, document["Id"]]
            assert left == Decimal(str(document["Balance"])), (entity, document["Id"])


@pytest.mark.parametrize("as_of", [RECORDED_ON, date(2025, 11, 2), date(2026, 3, 8), date(2031, 2, 28)])
def test_days_move_together_and_none_lies_after_the_day_asked_for(as_of: date) -> None:
    moved, recorded = landscaping(as_of).source, landscaping(RECORDED_ON).source
    invoice, original = moved.record("Invoice", 0), recorded.record("Invoice", 0)
    for name in ("TxnDate", "DueDate"):
        assert date.fromisoformat(invoice[name]) - date.fromisoformat(original[name]) == as_of - RECORDED_ON
    for _entity, record in contents(moved):
        assert date.fromisoformat(record.get("TxnDate", "2000-01-01")) <= as_of
        created, updated = (
            datetime.fromisoformat(record["MetaData"][name]) for name in ("CreateTime", "LastUpdatedTime")
        )
        assert created <= updated
        assert updated.date() <= as_of
        assert updated.utcoffset() in (timedelta(hours=-8), timedelta(hours=-7))


def test_the_recordings_own_day_gives_the_recordings_own_days(source: Source) -> None:
    invoice = source.record("Invoice", 0)
    assert (invoice["Id"], invoice["TxnDate"], invoice["DueDate"]) == ("9", "2024-02-16", "2024-03-17")
    assert invoice["MetaData"]["CreateTime"] == "2024-02-16T14:49:30-08:00"


def test_records_hold_nothing_but_json_values_and_nothing_absent(source: Source) -> None:
    for entity, record in contents(source):
        for name, value in nested(record):
            assert isinstance(value, str | int | float | bool | dict | list), (entity, record["Id"], name)


def test_no_address_on_the_internet_is_a_real_one(source: Source) -> None:
    for entity, record in contents(source):
        for name, value in nested(record):
            if name in ("Address", "URI"):
                assert ".example." in value.replace("@", "."), (entity, record["Id"], value)
