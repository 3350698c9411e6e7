"""What a document adds up to, what is left open of it, and when it falls due."""

from datetime import date, timedelta
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.faults import business_rule
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.entry import Entry

# A document is added up anew only when an update touches what it adds up: old totals may follow older rounding.
PRICING = ("Line", "TxnTaxDetail", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "ExchangeRate")


def keeps_its_total(entry: Entry) -> bool:
    """Whether an update leaves a document's money alone; its total then stays as it was."""
    if entry.before is None or entry.changes(*PRICING):
        return False
    entry.record["TotalAmt"] = entry.before.get("TotalAmt")
    return True


def gives_tax(entry: Entry) -> bool:
    """Whether the request states the tax itself."""
    return (entry.content.get("TxnTaxDetail") or {}).get("TotalTax") is not None


def put_total(entry: Entry, total: Decimal) -> None:
    """Write the total, and the balance as what is left of it after what was already paid."""
    record, before, balance = entry.record, entry.before, entry.rules.balance
    record["TotalAmt"] = cents(total)
    if record["TotalAmt"] < 0:
        raise business_rule("The total of a transaction may not be negative.")
    if balance == "zero":
        record["Balance"] = 0
    if balance == "open":
        paid = amount(before.get("TotalAmt")) - amount(before.get("Balance")) if before else Decimal(0)
        record["Balance"] = record["TotalAmt"] - paid
        if record["Balance"] < 0:
            raise business_rule("The total may not be less than what was paid of it.")
    if "RemainingCredit" in record:
        record["RemainingCredit"] = record["Balance"]
    put_home_amounts(record)


def put_home_amounts(record: Record) -> None:
    """Write the total and the balance in the company's currency, where the document shows a rate."""
    if "ExchangeRate" in record:
        for name, home in (("TotalAmt", "HomeTotalAmt"), ("Balance", "HomeBalance")):
            if name in record:
                record[home] = cents(amount(record[name]) * amount(record["ExchangeRate"]))


def fall_due(entry: Entry, party: Record) -> None:
    """Take terms from the party or the company where none are given, and the due date from the terms."""
    record, desk = entry.record, entry.desk
    terms = party.get("SalesTermRef") or party.get("TermRef") or desk.preference("SalesFormsPrefs", "DefaultTerms")
    if terms:
        record.setdefault("SalesTermRef", terms)
    if "DueDate" not in record:
        days = int(desk.referred(record, "SalesTermRef", "Term").get("DueDays", 0))
        record["DueDate"] = (date.fromisoformat(record["TxnDate"]) + timedelta(days=days)).isoformat()
