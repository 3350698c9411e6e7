"""A company small enough to hold in the head, and shorthand to ask and change it through the books' own interface."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from qbo_pipeline.emulator.books.company import Company, CompanySeed
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.source import ListedRecords, Record

NOON = datetime(2026, 8, 1, 19, tzinfo=UTC)  # noon in California


def stamped(record_id: str, created: str = "2026-07-01T10:00:00-07:00", updated: str = "", **fields: Any) -> Record:
    """A record with the fields every QuickBooks object has."""
    metadata = {"CreateTime": created, "LastUpdatedTime": updated or created}
    return {"Id": record_id, "SyncToken": "0", "domain": "QBO", "sparse": False, "MetaData": metadata, **fields}


def invoice(record_id: str, day: int, total: float, customer: str = "1", **fields: Any) -> Record:
    """An unpaid invoice made at ten in the morning of a day of July."""
    line = {
        "Id": "1",
        "LineNum": 1,
        "Amount": total,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"Qty": 1},
    }
    return stamped(
        record_id,
        f"2026-07-{day:02}T10:00:00-07:00",
        **{
            "DocNumber": f"10{record_id}",
            "TxnDate": f"2026-07-{day:02}",
            "CustomerRef": {"value": customer},
            "TotalAmt": total,
            "Balance": total,
            "Line": [line],
            **fields,
        },
    )


def _account(record_id: str, name: str, kind: str, subtype: str, **fields: Any) -> Record:
    return stamped(
        record_id,
        Name=name,
        FullyQualifiedName=name,
        AccountType=kind,
        AccountSubType=subtype,
        Classification={"Expense": "Expense", "Income": "Revenue", "Credit Card": "Liability"}.get(kind, "Asset"),
        Active=True,
        **fields,
    )


def small_records() -> dict[str, list[Record]]:
    """Three customers (one inactive, one a job of another), four invoices, a bill, and the lists they need."""
    rates = {"TaxRateDetail": [{"TaxRateRef": {"value": "3"}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}]}
    customer = {"Active": True, "Balance": 0, "BalanceWithJobs": 0}
    warnings = [{"Name": "WarnDuplicateBillNumber", "Value": "true"}]
    return {
        "CompanyInfo": [stamped("1", CompanyName="Small")],
        "Preferences": [
            stamped(
                "1",
                SalesFormsPrefs={"CustomTxnNumbers": False, "DefaultTerms": {"value": "3"}},
                OtherPrefs={"NameValue": warnings},
            )
        ],
        "Account": [
            _account("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
            _account("7", "Rent", "Expense", "RentOrLeaseOfBuildings", CurrentBalance=12.5),
            _account("8", "Fees", "Income", "ServiceFeeIncome"),
            _account("35", "Checking", "Bank", "Checking"),
            _account("41", "Mastercard", "Credit Card", "CreditCard"),
        ],
        "Customer": [
            stamped("1", DisplayName="Amy's Bird Sanctuary", FullyQualifiedName="Amy's Bird Sanctuary", **customer)
            | {"Balance": 300, "BalanceWithJobs": 300, "PrimaryEmailAddr": {"Address": "Birds@Intuit.com"}},
            stamped("2", DisplayName="Bill (deleted)", FullyQualifiedName="Bill (deleted)", **customer)
            | {"Active": False},
            stamped(
                "3",
                DisplayName="Aviary",
                FullyQualifiedName="Amy's Bird Sanctuary:Aviary",
                ParentRef={"value": "1"},
                **customer,
            ),
        ],
        "Vendor": [stamped("30", DisplayName="Hicks Hardware", Active=True, Balance=80)],
        "Employee": [stamped("54", DisplayName="Emily Platt", GivenName="Emily", FamilyName="Platt", Active=True)],
        "ExchangeRate": [
            {
                "SourceCurrencyCode": "EUR",
                "TargetCurrencyCode": "USD",
                "AsOfDate": "2026-07-01",
                "Rate": 1.1,
                "MetaData": {"LastUpdatedTime": "2026-07-01T10:00:00-07:00"},
            }
        ],
        "Item": [stamped("1", Name="Hours", FullyQualifiedName="Hours", Type="Service", Taxable=True, Active=True)],
        "TaxAgency": [stamped("2", DisplayName="Board of Equalization")],
        "TaxCode": [
            stamped("TAX", Name="TAX", Active=True),
            stamped("2", Name="California", Active=True, SalesTaxRateList=rates),
        ],
        "TaxRate": [stamped("3", Name="California", RateValue=8, Active=True)],
        "Term": [stamped("3", Name="Net 30", DueDays=30, Active=True)],
        "Bill": [stamped("20", VendorRef={"value": "30"}, DocNumber="A1", TotalAmt=80, Balance=80, Line=[])],
        "BillPayment": [],
        "CreditMemo": [],
        "Deposit": [],
        "Estimate": [],
        "Invoice": [
            invoice("11", 1, 100),
            invoice("12", 2, 200.5, DocNumber="O'Brien 7"),
            invoice("13", 3, 0, customer="3"),
            invoice("14", 3, 400, customer="2", DocNumber="a%b"),
        ],
        "JournalEntry": [],
        "Payment": [],
        "Purchase": [],
        "RecurringTransaction": [{"Invoice": stamped("15", RecurringInfo={"Name": "Monthly"})}],
        "TimeActivity": [
            stamped("3", TxnDate="2026-07-05", NameOf="Employee", EmployeeRef={"value": "54"}, Hours=1, Minutes=0)
        ],
    }


class SmallBooks:
    """The company on a clock that stands at noon of 1 August 2026."""

    def __init__(self, records: dict[str, list[Record]] | None = None, **settings: Any) -> None:
        self.settings = EmulatorSettings(**settings)
        self.clock = ManualClock(NOON)
        seed = CompanySeed("9341450000000077", "Small", "US", ListedRecords(records or small_records()))
        self.company = Company(seed, self.settings, self.clock)

    def answer(self, statement: str) -> Any:
        """The decoded QueryResponse of a statement."""
        return json.loads(self.company.query(statement))["QueryResponse"]

    def ids(self, statement: str) -> list[str]:
        """The ids of the records that a statement finds, in the answer's order."""
        found = next((value for value in self.answer(statement).values() if isinstance(value, list)), [])
        return [record["Id"] for record in found]

    def refused(self, statement: str) -> QboFault:
        """The fault that a statement gets."""
        with pytest.raises(QboFault) as refusal:
            self.company.query(statement)
        return refusal.value

    def read(self, entity: str, record_id: str, **how: Any) -> Record:
        """One record."""
        return next(iter(json.loads(self.company.read(entity, record_id, **how)).values()))

    def write(self, entity: str, content: Any, **params: str) -> Record:
        """The record that a POST answers, a second after the last one."""
        self.clock.advance(1)
        return next(iter(json.loads(self.company.write(entity, json.dumps(content).encode(), params)).values()))

    def refused_write(self, entity: str, content: Any, **params: str) -> QboFault:
        """The fault that a POST gets."""
        with pytest.raises(QboFault) as refusal:
            self.write(entity, content, **params)
        return refusal.value

    def changes(self, entities: str, since: str) -> list[dict[str, Any]]:
        """The groups of the change feed."""
        return json.loads(self.company.changes(entities, since))["CDCResponse"][0]["QueryResponse"]
