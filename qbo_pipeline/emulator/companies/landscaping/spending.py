"""Bills and their payments, money spent directly, purchase orders and the bills that recur."""

from decimal import Decimal

from qbo_pipeline.emulator.companies.landscaping.fields import (
    Calendar,
    Row,
    dollars,
    header,
    line_amount,
    without_empty,
)
from qbo_pipeline.emulator.companies.landscaping.recording import Recording
from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record

_PAYABLE = 33
_CHECKING = 35
# QuickBooks has one entity for five kinds of spending; reports tell them apart by this number in PurchaseEx.
_TRANSACTION_TYPES = {
    "Check": "3",
    "Expense": "54",
    "Cash Expense": "31",
    "Credit Card Expense": "1",
    "Credit Card Credit": "11",
}


def bills(recording: Recording, calendar: Calendar) -> list[Record]:
    """Fifteen bills, ten of them paid."""
    return [_bill(row, recording, calendar) for row in recording.rows["Bill"]]


def bill_payments(recording: Recording, calendar: Calendar) -> list[Record]:
    """Each pays one bill in full, seven by check and three by card."""
    return [_bill_payment(row, recording, calendar) for row in recording.rows["BillPayment"]]


def purchases(recording: Recording, calendar: Calendar) -> list[Record]:
    """Checks, cash and card expenses, and the card credit that paid down the card."""
    return [_purchase(row, recording, calendar) for row in recording.rows["Purchase"]]


def purchase_orders(recording: Recording, calendar: Calendar) -> list[Record]:
    """Two closed orders for the goods bought next."""
    return [_purchase_order(row, recording, calendar) for row in recording.rows["PurchaseOrder"]]


def recurring_transactions(recording: Recording, calendar: Calendar) -> list[Record]:
    """Two monthly bill templates, each wrapped in the entity it makes."""
    return [{"Bill": _recurring_bill(row, recording, calendar)} for row in recording.rows["RecurringTransaction"]]


def _bill(row: Row, recording: Recording, calendar: Calendar) -> Record:
    lines = _expense_lines(row, recording)
    total = sum((line["Amount"] for line in lines), Decimal(0))
    days = recording.row("Term", row["term"])["days"] if "term" in row else 0
    return without_empty(
        {
            "SalesTermRef": recording.reference("Term", row["term"]) if "term" in row else None,
            "DueDate": calendar.day(row["date"], plus=days),
            "Balance": total - recording.settled("Bill", row["id"]),
            **header(row, calendar, names_editor=True),
            "TxnDate": calendar.day(row["date"]),
            "CurrencyRef": dollars(),
            "PrivateNote": row.get("note"),
            "LinkedTxn": recording.links_into("Bill", row["id"]),
            "Line": lines,
            "VendorRef": recording.reference("Vendor", row["vendor"]),
            "APAccountRef": recording.reference("Account", _PAYABLE),
            "TotalAmt": total,
        }
    )


def _bill_payment(row: Row, recording: Recording, calendar: Calendar) -> Record:
    account = recording.reference("Account", row["account"])
    if row["kind"] == "Check":
        means = {"CheckPayment": {"BankAccountRef": account, "PrintStatus": "NotSet"}}
    else:
        means = {"CreditCardPayment": {"CCAccountRef": account}}
    return {
        "VendorRef": recording.reference("Vendor", row["vendor"]),
        "PayType": row["kind"],
        **means,
        "TotalAmt": row["amount"],
        **header(row, calendar),
        "DocNumber": row["number"],
        "TxnDate": calendar.day(row["date"]),
        "CurrencyRef": dollars(),
        "Line": [{"Amount": row["amount"], "LinkedTxn": [{"TxnId": str(row["bill"]), "TxnType": "Bill"}]}],
    }


def _purchase(row: Row, recording: Recording, calendar: Calendar) -> Record:
    lines = _expense_lines(row, recording)
    payment_type = _payment_type(row)
    return without_empty(
        {
            "AccountRef": recording.reference("Account", row["account"]),
            "PaymentType": payment_type,
            "EntityRef": recording.reference("Vendor", row["vendor"]) | {"type": "Vendor"} if "vendor" in row else None,
            "Credit": row["kind"] == "Credit Card Credit" if payment_type == "CreditCard" else None,
            "TotalAmt": sum((line["Amount"] for line in lines), Decimal(0)),
            "PrintStatus": "NotSet" if payment_type == "Check" else None,
            "PurchaseEx": extension(TxnType=_TRANSACTION_TYPES[row["kind"]]),
            **header(row, calendar),
            "CustomField": [],
            "DocNumber": row.get("number"),
            "TxnDate": calendar.day(row["date"]),
            "CurrencyRef": dollars(),
            "PrivateNote": row.get("note"),
            "Line": lines,
        }
    )


def _payment_type(row: Row) -> str:
    if row["kind"] == "Check":
        return "Check"
    return "Cash" if row["account"] == _CHECKING else "CreditCard"


def _purchase_order(row: Row, recording: Recording, calendar: Calendar) -> Record:
    lines = _expense_lines(row, recording)
    return {
        "DocNumber": row["number"],
        "TxnDate": calendar.day(row["date"]),
        "VendorRef": recording.reference("Vendor", row["vendor"]),
        "APAccountRef": recording.reference("Account", _PAYABLE),
        "POStatus": row["status"],
        "EmailStatus": "NotSet",
        "TotalAmt": sum((line["Amount"] for line in lines), Decimal(0)),
        "CurrencyRef": dollars(),
        "CustomField": [],
        "LinkedTxn": [],
        "Line": lines,
        **header(row, calendar),
    }


def _recurring_bill(row: Row, recording: Recording, calendar: Calendar) -> Record:
    like = recording.row("Bill", row["like_bill"])
    lines = _expense_lines(like, recording)
    total = sum((line["Amount"] for line in lines), Decimal(0))
    schedule = {"IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 1, "NextDate": calendar.next_month()}
    return {
        "RecurringInfo": {
            "Name": row["name"],
            "RecurType": "Reminded",
            "Active": True,
            "ScheduleInfo": schedule,
        },
        "RecurDataRef": {"value": str(row["template"])},
        "VendorRef": recording.reference("Vendor", like["vendor"]),
        "APAccountRef": recording.reference("Account", _PAYABLE),
        "SalesTermRef": recording.reference("Term", like["term"]),
        "TotalAmt": total,
        "Balance": total,
        "CurrencyRef": dollars(),
        "Line": lines,
        **header(row, calendar),
    }


def _expense_lines(row: Row, recording: Recording) -> list[Record]:
    return [_expense_line(number, line, recording) for number, line in enumerate(row["lines"], start=1)]


def _expense_line(number: int, line: Row, recording: Recording) -> Record:
    detail = {
        "CustomerRef": recording.reference("Customer", line["customer"]) if "customer" in line else None,
        "BillableStatus": "HasBeenBilled" if "customer" in line else "NotBillable",
        "TaxCodeRef": {"value": "TAX" if line.get("taxable") else "NON"},
    }
    if "item" in line:
        kind = "ItemBasedExpenseLineDetail"
        detail |= {
            "ItemRef": recording.reference("Item", line["item"]),
            "UnitPrice": line["price"],
            "Qty": line["quantity"],
        }
    else:
        kind = "AccountBasedExpenseLineDetail"
        detail["AccountRef"] = recording.reference("Account", line["account"])
    return without_empty(
        {
            "Id": str(number),
            "LineNum": number,
            "Description": line.get("text"),
            "Amount": line_amount(line),
            "DetailType": kind,
            kind: without_empty(detail),
            "CustomExtensions": [],
        }
    )
