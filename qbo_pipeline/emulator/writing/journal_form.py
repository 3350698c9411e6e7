"""Journal entries: two lines or more, as much debited as credited, receivables and payables with the name they are of."""

from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.faults import QboFault, business_rule, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.currencies import denominate
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.line_checks import check_lines
from qbo_pipeline.emulator.writing.line_items import detail_of, number_lines
from qbo_pipeline.emulator.writing.refusals import missing_lines, negative_amount

# The account types whose lines need a name, and which one.
NAMED = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}


def complete_journal(entry: Entry) -> None:
    """Complete a journal entry; its lines are numbered from 0 and its total is always 0."""
    record = entry.record
    lines = record["Line"]
    check_lines(entry, "journal", lines)
    if len(lines) < 2:
        raise missing_lines()
    sums = {"Debit": Decimal(0), "Credit": Decimal(0)}
    for line in lines:
        if line["DetailType"] == "JournalEntryLineDetail":
            sums[_judged(entry, line)] += amount(line.get("Amount"))
    if sums["Debit"] != sums["Credit"]:
        raise QboFault(400, "2300", "Debits and credits differ", "The sum of debits must equal the sum of credits")
    denominate(entry.desk, record, {})
    number_lines(lines, entry.before, first_id=0)
    record.setdefault("Adjustment", False)
    record.setdefault("TxnTaxDetail", {})
    record["TotalAmt"] = 0


def _judged(entry: Entry, line: Record) -> str:
    """The side of a line that may stand."""
    detail = detail_of(line)
    side = detail.get("PostingType")
    if side not in ("Debit", "Credit"):
        raise QboFault(
            400, "2260", "Posting type is missing", "Each line needs PostingType Debit or Credit", "PostingType"
        )
    if amount(line.get("Amount")) < 0:
        raise negative_amount("Amount")
    if "AccountRef" not in detail:
        raise missing_parameter("JournalEntryLineDetail.AccountRef")
    account_type = entry.desk.referred(detail, "AccountRef", "Account").get("AccountType", "")
    needed = NAMED.get(account_type)
    named = detail.get("Entity") or {}
    if needed is not None and (named.get("Type") != needed or not named.get("EntityRef")):
        raise business_rule(f"When you use {account_type}, you must choose a {needed.lower()} in the Name field.")
    return str(side)
