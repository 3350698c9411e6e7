"""Customers' payments: what came in, and which invoices and credit it was applied to."""

from collections.abc import Sequence
from decimal import Decimal

from qbo_pipeline.emulator.companies.landscaping.fields import Calendar, Row, dollars, header, without_empty
from qbo_pipeline.emulator.companies.landscaping.recording import Recording
from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record


def payments(recording: Recording, calendar: Calendar, invoices: Sequence[Record]) -> list[Record]:
    """Payments received, each applied in full; one of zero joins the credit memo to an invoice."""
    by_id = {invoice["Id"]: invoice for invoice in invoices}
    return [_payment(row, by_id, recording, calendar) for row in recording.rows["Payment"]]


def _payment(row: Row, invoices: dict[str, Record], recording: Recording, calendar: Calendar) -> Record:
    return without_empty(
        {
            "CustomerRef": recording.reference("Customer", row["customer"]),
            "DepositToAccountRef": {"value": str(row["account"])} if "account" in row else None,
            "PaymentMethodRef": {"value": str(row["method"])} if "method" in row else None,
            "PaymentRefNum": row.get("number"),
            "TotalAmt": row["amount"],
            "UnappliedAmt": 0,
            "ProcessPayment": False,
            **header(row, calendar),
            "TxnDate": calendar.day(row["date"]),
            "CurrencyRef": dollars(),
            "PrivateNote": row.get("note"),
            "LinkedTxn": recording.links_into("Payment", row["id"]),
            "Line": [_applied_line(*each, invoices) for each in row["applied"]],
        }
    )


def _applied_line(entity: str, document_id: int, amount: Decimal, invoices: dict[str, Record]) -> Record:
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": str(document_id), "TxnType": entity}]}
    if entity != "Invoice":
        return line
    invoice = invoices[str(document_id)]
    return line | {
        "LineEx": extension(
            txnId=invoice["Id"],
            txnOpenBalance=f"{invoice['Balance'] + amount:.2f}",
            txnReferenceNumber=invoice["DocNumber"],
        )
    }
