"""Deposits, journal entries, opening inventory, sales-tax payments, time worked and what hangs on other records."""

from decimal import Decimal

from qbo_pipeline.emulator.companies.landscaping.fields import Calendar, Row, dollars, header, without_empty
from qbo_pipeline.emulator.companies.landscaping.recording import Recording
from qbo_pipeline.emulator.source import Record


def deposits(recording: Recording, calendar: Calendar) -> list[Record]:
    """Two opening balances and three trips to the bank; the last kept 200 back for savings."""
    return [_deposit(row, recording, calendar) for row in recording.rows["Deposit"]]


def journal_entries(recording: Recording, calendar: Calendar) -> list[Record]:
    """Opening balances of the truck and the two loans. QuickBooks answers TotalAmt 0 for every entry."""
    return [
        {
            "Adjustment": False,
            "TotalAmt": 0,
            **header(row, calendar),
            "TxnDate": calendar.day(row["date"]),
            "CurrencyRef": dollars(),
            "PrivateNote": row["note"],
            "Line": _entry_lines(row, recording),
            "TxnTaxDetail": {},
        }
        for row in recording.rows["JournalEntry"]
    ]


def inventory_adjustments(recording: Recording, calendar: Calendar) -> list[Record]:
    """Opening quantities. The record holds no value: what each is worth only the reports tell."""
    return [_inventory_adjustment(row, recording, calendar) for row in recording.rows["InventoryAdjustment"]]


def sales_tax_payments(recording: Recording, calendar: Calendar) -> list[Record]:
    """Sales tax paid. No entity of the API shows these to a US company; its reports do."""
    return [
        {
            "PaymentAccountRef": recording.reference("Account", row["account"]),
            **header(row, calendar),
            "TxnDate": calendar.day(row["date"]),
            "PrivateNote": row["note"],
            "Line": [
                {"AccountRef": recording.reference("Account", account), "Amount": paid} for account, paid in row["paid"]
            ],
        }
        for row in recording.rows["SalesTaxPayment"]
    ]


def time_activities(recording: Recording, calendar: Calendar) -> list[Record]:
    """Hours of the two employees: not billable, billable, and already on an invoice."""
    return [_time_activity(row, recording, calendar) for row in recording.rows["TimeActivity"]]


def reimburse_charges(recording: Recording, calendar: Calendar) -> list[Record]:
    """The one billable expense, already invoiced."""
    return [_reimburse_charge(row, recording, calendar) for row in recording.rows["ReimburseCharge"]]


def attachables(recording: Recording, calendar: Calendar) -> list[Record]:
    """A note on an invoice; its id does not fit 32 bits, as QuickBooks' often do not."""
    return [
        {
            "AttachableRef": [
                {"EntityRef": {"type": row["entity"], "value": str(row["record"])}, "IncludeOnSend": False}
            ],
            "Note": row["note"],
            **header(row, calendar),
        }
        for row in recording.rows["Attachable"]
    ]


def _deposit(row: Row, recording: Recording, calendar: Calendar) -> Record:
    if "source" in row:
        lines = [_opening_line(row, recording)]
    else:
        lines = [
            {"Amount": amount, "LinkedTxn": [{"TxnId": str(source_id), "TxnType": source, "TxnLineId": "0"}]}
            for source, source_id, amount in row["deposited"]
        ]
    cash_back = row.get("cash_back")
    kept = Decimal(cash_back["amount"]) if cash_back else Decimal(0)
    return without_empty(
        {
            "DepositToAccountRef": recording.reference("Account", row["account"]),
            "TotalAmt": sum((Decimal(line["Amount"]) for line in lines), -kept),
            "CashBack": _cash_back(cash_back, recording) if cash_back else None,
            **header(row, calendar),
            "TxnDate": calendar.day(row["date"]),
            "CurrencyRef": dollars(),
            "PrivateNote": row.get("note"),
            "Line": lines,
        }
    )


def _opening_line(row: Row, recording: Recording) -> Record:
    return {
        "Id": "1",
        "LineNum": 1,
        "Amount": row["amount"],
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": {"AccountRef": recording.reference("Account", row["source"])},
    }


def _cash_back(cash_back: Row, recording: Recording) -> Record:
    return {
        "AccountRef": recording.reference("Account", cash_back["account"]),
        "Amount": cash_back["amount"],
        "Memo": cash_back["memo"],
    }


def _entry_lines(row: Row, recording: Recording) -> list[Record]:
    sides = [("Debit", row["debit"]), ("Credit", row["credit"])]
    if row.get("credit_first"):
        sides.reverse()
    return [
        {
            "Id": str(position),
            "Description": row["note"],
            "Amount": row["amount"],
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": recording.reference("Account", account)},
            "CustomExtensions": [],
        }
        for position, (side, account) in enumerate(sides)
    ]


def _inventory_adjustment(row: Row, recording: Recording, calendar: Calendar) -> Record:
    detail = {"ItemRef": recording.reference("Item", row["item"]), "QtyDiff": row["quantity"]}
    return {
        "DocNumber": row["number"],
        "TxnDate": calendar.day(row["date"]),
        "PrivateNote": row["note"],
        "AdjustAccountRef": recording.reference("Account", row["account"]),
        "Line": [{"Id": "1", "DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}],
        **header(row, calendar),
    }


def _time_activity(row: Row, recording: Recording, calendar: Calendar) -> Record:
    employee = recording.row("Employee", row["employee"])
    return {
        "TxnDate": calendar.day(row["date"]),
        "NameOf": "Employee",
        "EmployeeRef": {"value": str(row["employee"]), "name": f"{employee['given']} {employee['family']}"},
        "CustomerRef": recording.reference("Customer", row["customer"]),
        "ItemRef": recording.reference("Item", row["item"]),
        "BillableStatus": row.get("status", "NotBillable"),
        "Taxable": False,
        "HourlyRate": row["rate"],
        "Hours": row["hours"],
        "Minutes": 0,
        "Description": row["text"],
        **header(row, calendar),
    }


def _reimburse_charge(row: Row, recording: Recording, calendar: Calendar) -> Record:
    invoiced = [{"TxnId": str(row["invoice"]), "TxnType": "Invoice"}]
    detail = {
        "ItemRef": recording.reference("Item", row["item"]),
        "ItemAccountRef": recording.reference("Account", row["account"]),
        "TaxCodeRef": {"value": "NON"},
    }
    line = {
        "Id": "1",
        "LineNum": 1,
        "Description": row["text"],
        "Amount": row["amount"],
        "LinkedTxn": invoiced,
        "DetailType": "ReimburseLineDetail",
        "ReimburseLineDetail": detail,
    }
    return {
        "CustomerRef": recording.reference("Customer", row["customer"]),
        "HasBeenInvoiced": True,
        "TxnDate": calendar.day(row["date"]),
        "Amount": row["amount"],
        "CurrencyRef": dollars(),
        "LinkedTxn": invoiced,
        "Line": [line],
        **header(row, calendar),
    }
