"""Accounts, items, terms, payment methods and sales tax: the lists everything else refers to."""

from decimal import Decimal

from qbo_pipeline.emulator.companies.landscaping.fields import Calendar, Row, dollars, header, without_empty
from qbo_pipeline.emulator.companies.landscaping.recording import Recording
from qbo_pipeline.emulator.source import Record

_CLASSIFICATIONS = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}


def accounts(recording: Recording, calendar: Calendar) -> list[Record]:
    """The chart of accounts.

    CurrentBalance has QuickBooks' signs: payables, tax and loans below zero, a card's debt above it, and nothing on income
    and expense accounts.
    """
    return [_account(row, recording, calendar) for row in recording.rows["Account"]]


def items(recording: Recording, calendar: Calendar) -> list[Record]:
    """Services and the four inventory items, quantities on hand as after the last sale."""
    return [_item(row, recording, calendar) for row in recording.rows["Item"]]


def terms(recording: Recording, calendar: Calendar) -> list[Record]:
    """Payment terms, all of the kind "so many days"."""
    standard = {"Active": True, "Type": "STANDARD", "DiscountPercent": 0, "DiscountDays": 0}
    return [
        {"Name": row["name"], **standard, "DueDays": row["days"], **header(row, calendar)}
        for row in recording.rows["Term"]
    ]


def payment_methods(recording: Recording, calendar: Calendar) -> list[Record]:
    """Ways customers pay."""
    return [
        {"Name": row["name"], "Active": True, "Type": row["type"], **header(row, calendar)}
        for row in recording.rows["PaymentMethod"]
    ]


def tax_agencies(recording: Recording, calendar: Calendar) -> list[Record]:
    """The two agencies sales tax is owed to."""
    tracked = {"TaxTrackedOnPurchases": False, "TaxTrackedOnSales": True}
    return [{"DisplayName": row["name"], **tracked, **header(row, calendar)} for row in recording.rows["TaxAgency"]]


def tax_rates(recording: Recording, calendar: Calendar) -> list[Record]:
    """Sales-tax rates, in force since they were set up."""
    return [_tax_rate(row, calendar) for row in recording.rows["TaxRate"]]


def tax_codes(recording: Recording, calendar: Calendar) -> list[Record]:
    """The two real codes, then TAX and NON, which US lines name and which have no number."""
    pseudo = [_pseudo_tax_code(name, recording.rows["TaxCode"][0], calendar) for name in ("NON", "TAX")]
    return [_tax_code(row, recording, calendar) for row in recording.rows["TaxCode"]] + pseudo


def _account(row: Row, recording: Recording, calendar: Calendar) -> Record:
    descendants = [other for other in recording.rows["Account"] if _is_within(other, row["id"], recording)]
    return without_empty(
        {
            "Name": row["name"],
            "SubAccount": "parent" in row,
            "ParentRef": {"value": str(row["parent"])} if "parent" in row else None,
            "FullyQualifiedName": recording.full_name("Account", row["id"]),
            "Active": True,
            "Classification": _CLASSIFICATIONS[row["type"]],
            "AccountType": row["type"],
            "AccountSubType": row["subtype"],
            "CurrentBalance": row.get("balance", 0),
            "CurrentBalanceWithSubAccounts": sum((Decimal(each.get("balance", 0)) for each in descendants), Decimal(0)),
            "CurrencyRef": dollars(),
            **header(row, calendar),
        }
    )


def _is_within(row: Row, account_id: int, recording: Recording) -> bool:
    if row["id"] == account_id:
        return True
    return "parent" in row and _is_within(recording.row("Account", row["parent"]), account_id, recording)


def _item(row: Row, recording: Recording, calendar: Calendar) -> Record:
    is_counted = row["type"] == "Inventory"
    return without_empty(
        {
            "Name": row["name"],
            "Description": row.get("text"),
            "Active": True,
            "FullyQualifiedName": row["name"],
            "Taxable": row.get("taxable", False),
            "UnitPrice": row.get("price", 0),
            "Type": row["type"],
            "IncomeAccountRef": recording.reference("Account", row["income"]),
            "PurchaseDesc": row.get("purchase_text"),
            "PurchaseCost": row.get("cost", 0),
            "ExpenseAccountRef": recording.reference("Account", row["expense"]) if "expense" in row else None,
            "AssetAccountRef": recording.reference("Account", row["asset"]) if is_counted else None,
            "TrackQtyOnHand": is_counted,
            "QtyOnHand": row["on_hand"] if is_counted else None,
            "InvStartDate": calendar.day(row["counted_from"]) if is_counted else None,
            **header(row, calendar),
        }
    )


def _tax_rate(row: Row, calendar: Calendar) -> Record:
    return {
        "Name": row["name"],
        "Description": "Sales Tax",
        "Active": True,
        "RateValue": row["percent"],
        "AgencyRef": {"value": str(row["agency"])},
        "SpecialTaxType": "NONE",
        "EffectiveTaxRate": [{"RateValue": row["percent"], "EffectiveDate": calendar.instant(row["created"])}],
        "DisplayType": "ReadOnly",
        **header(row, calendar),
    }


def _tax_code(row: Row, recording: Recording, calendar: Calendar) -> Record:
    rates = [
        {"TaxRateRef": recording.reference("TaxRate", rate_id), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
        for rate_id in row["rates"]
    ]
    return {
        "Name": row["name"],
        "Description": row["name"],
        "Active": True,
        "Hidden": False,
        "Taxable": True,
        "TaxGroup": True,
        "SalesTaxRateList": {"TaxRateDetail": rates},
        "PurchaseTaxRateList": {"TaxRateDetail": []},
        **header(row, calendar),
    }


def _pseudo_tax_code(name: str, dated_like: Row, calendar: Calendar) -> Record:
    return {
        "Name": name,
        "Description": name,
        "Active": True,
        "Taxable": name == "TAX",
        "TaxGroup": False,
        **header({"id": name, "created": dated_like["created"]}, calendar),
    }
