"""Voiding a document: it keeps its number, date and party, and everything in it becomes zero.

There is no status to tell it by: only the zero total and a note that starts with "Voided", as in QuickBooks.
"""

from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.line_items import detail_of, flattened
from qbo_pipeline.emulator.writing.settlements import settles

_TOTALS = ("TotalAmt", "Balance", "HomeTotalAmt", "HomeBalance", "RemainingCredit", "UnappliedAmt", "Amount")


def void_record(entity: str, record: Record) -> None:
    """Void a document in place; a payment loses its lines."""
    for name in _TOTALS:
        if name in record:
            record[name] = 0
    record["Line"] = [] if settles(entity) else record.get("Line", [])
    _empty_lines(record["Line"])
    if "TxnTaxDetail" in record:
        record["TxnTaxDetail"] = {"TotalTax": 0}
    for part in (record, *flattened(record["Line"])):
        if "LinkedTxn" in part:
            part["LinkedTxn"] = []
    note = record.get("PrivateNote")
    record["PrivateNote"] = f"Voided - {note}" if note else "Voided"


def _empty_lines(lines: list[Record]) -> None:
    for line in flattened(lines):
        for holder, names in ((line, ("Amount",)), (detail_of(line), ("Qty", "UnitPrice", "TaxInclusiveAmt"))):
            for name in names:
                if name in holder:
                    holder[name] = 0
