"""Completing a record before it is stored: defaults, lines, totals and balances, by the `form` of its entity's rules.

Each form takes the desk, the rules, the record to complete in place, what stood before (None for a new one) and what the
request said. Later entities add a form or reuse one; nothing else asks which entity it is.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.books.schema import EntityRules, Form
from qbo_pipeline.emulator.faults import QboFault, business_rule, invalid_value, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.line_items import (
    DISCOUNT,
    SUBTOTAL,
    detail_of,
    discount_of,
    number_lines,
    price_lines,
    sum_of,
    with_subtotal,
)
from qbo_pipeline.emulator.writing.names import complete_name
from qbo_pipeline.emulator.writing.settlements import unapplied
from qbo_pipeline.emulator.writing.taxes import work_out_tax

# A document is added up anew only when an update touches what it adds up: old totals may follow older rounding.
_PRICING = {"Line", "TxnTaxDetail", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "ExchangeRate"}
_PARTY_FIELDS = {"BillAddr": "BillAddr", "ShipAddr": "ShipAddr", "BillEmail": "PrimaryEmailAddr"}


def complete(desk: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    """Complete a record of any entity in place."""
    if rules.id_space in ("transactions", "TimeActivity"):
        _date_it(desk, record)
    _FORMS[rules.form](desk, rules, record, before, content)


def _sales(desk: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    customer = desk.referred(record, "CustomerRef", "Customer")
    if before is None:
        _sales_defaults(record, customer)
    elif not _PRICING & content.keys():
        record["TotalAmt"] = before.get("TotalAmt")
        return
    lines = [line for line in record["Line"] if line.get("DetailType") != SUBTOTAL]
    if not lines:
        raise missing_parameter("Line")
    price_lines(lines)
    number_lines([line for line in lines if line.get("DetailType") != DISCOUNT], before)
    for line in lines:
        _tax_code_default(desk, line)
    subtotal = sum_of(lines)
    discount = discount_of(lines, subtotal)
    record["Line"] = with_subtotal(lines, subtotal)
    share = 1 - discount / subtotal if subtotal and record.get("ApplyTaxAfterDiscount") else Decimal(1)
    tax = work_out_tax(desk, record, is_given=_gives_tax(content), is_sale=True, share=share)
    _total(rules, record, before, subtotal - discount + tax)
    if rules.has_terms:
        _fall_due(desk, record, customer)


def _spending(desk: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    if before is not None and not _PRICING & content.keys():
        record["TotalAmt"] = before.get("TotalAmt")
        return
    price_lines(record["Line"])
    number_lines(record["Line"], before)
    for line in record["Line"]:
        if desk.is_us and line.get("DetailType", "").endswith("ExpenseLineDetail"):
            detail_of(line).setdefault("BillableStatus", "NotBillable")
            detail_of(line).setdefault("TaxCodeRef", {"value": "NON"})
    tax = work_out_tax(desk, record, is_given=_gives_tax(content) or desk.is_us, is_sale=False)
    _total(rules, record, before, sum_of(record["Line"]) + tax)
    if rules.has_terms:
        _fall_due(desk, record, desk.referred(record, "VendorRef", "Vendor"))


def _journal(_: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    sums = {"Debit": Decimal(0), "Credit": Decimal(0)}
    for line in record["Line"]:
        posting = detail_of(line).get("PostingType")
        if posting not in sums:
            raise QboFault(
                400, "2260", "Posting type is missing", "Each line needs PostingType Debit or Credit", "PostingType"
            )
        sums[posting] += amount(line.get("Amount"))
    if sums["Debit"] != sums["Credit"]:
        raise QboFault(400, "2300", "Debits and credits differ", "The sum of debits must equal the sum of credits")
    number_lines(record["Line"], before, first_id=0)
    record.setdefault("Adjustment", False)
    record.setdefault("TxnTaxDetail", {})
    record["TotalAmt"] = 0


def _deposit(_: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    number_lines(record["Line"], before)
    record["TotalAmt"] = sum_of(record["Line"]) - amount(record.get("CashBack", {}).get("Amount"))


def _payment(desk: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    record.setdefault("Line", [])
    record.setdefault("ProcessPayment", False)
    _check_not_negative(record)
    if "DepositToAccountRef" not in record:
        accounts = desk.records.each("Account")
        undeposited = next((one for one in accounts if one.get("AccountSubType") == "UndepositedFunds"), None)
        if undeposited is not None:
            record["DepositToAccountRef"] = {"value": undeposited["Id"], "name": undeposited["Name"]}
    record["UnappliedAmt"] = unapplied(rules.name, record)
    if record["UnappliedAmt"] < 0:
        raise business_rule("The amount applied is more than the amount of the payment.")


def _bill_payment(_: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    _check_not_negative(record)
    if unapplied(rules.name, record) < 0:
        raise business_rule("The amount applied is more than the amount of the payment.")


def _time(_: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    record.setdefault("BillableStatus", "NotBillable")
    if f"{record['NameOf']}Ref" not in record:
        raise missing_parameter(f"{record['NameOf']}Ref")
    if "StartTime" in record and ("Hours" in record or "Minutes" in record):
        raise QboFault(400, "6390", "Both durations given", "Give either Hours and Minutes or StartTime and EndTime")
    if "StartTime" not in record:
        record["Hours"], record["Minutes"] = record.get("Hours", 0), record.get("Minutes", 0)


def _name(desk: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    complete_name(desk, rules, record)


def _plain(desk: Desk, rules: EntityRules, record: Record, before: Record | None, content: Record) -> None:
    pass


_FORMS: dict[Form, Callable[[Desk, EntityRules, Record, Record | None, Record], None]] = {
    "plain": _plain,
    "name": _name,
    "sales": _sales,
    "spending": _spending,
    "journal": _journal,
    "deposit": _deposit,
    "payment": _payment,
    "bill_payment": _bill_payment,
    "time": _time,
}


def _date_it(desk: Desk, record: Record) -> None:
    record.setdefault("TxnDate", desk.today.isoformat())
    for name in ("TxnDate", "DueDate"):
        if name in record:
            _read_date(record, name)


def _read_date(record: Record, name: str) -> date:
    try:
        return date.fromisoformat(record[name])
    except (TypeError, ValueError) as error:
        raise invalid_value(name, str(record[name])) from error


def _sales_defaults(record: Record, customer: Record) -> None:
    for name, of_customer in _PARTY_FIELDS.items():
        if of_customer in customer:
            record.setdefault(name, customer[of_customer])
    if "CurrencyRef" in customer:
        record.setdefault("CurrencyRef", customer["CurrencyRef"])
    record.setdefault("ApplyTaxAfterDiscount", False)
    record.setdefault("PrintStatus", "NeedToPrint")
    record.setdefault("EmailStatus", "NotSet")


def _tax_code_default(desk: Desk, line: Record) -> None:
    detail = detail_of(line)
    if line.get("DetailType") == "SalesItemLineDetail" and desk.is_us:
        is_taxable = desk.referred(detail, "ItemRef", "Item").get("Taxable") is True
        detail.setdefault("TaxCodeRef", {"value": "TAX" if is_taxable else "NON"})


def _gives_tax(content: Record) -> bool:
    return content.get("TxnTaxDetail", {}).get("TotalTax") is not None


def _total(rules: EntityRules, record: Record, before: Record | None, total: Decimal) -> None:
    """Write the total, and the balance as what is left of it after what was already paid."""
    record["TotalAmt"] = cents(total)
    if rules.balance == "zero":
        record["Balance"] = 0
    if rules.balance == "open":
        paid = amount(before.get("TotalAmt")) - amount(before.get("Balance")) if before else Decimal(0)
        record["Balance"] = record["TotalAmt"] - paid
        if record["Balance"] < 0:
            raise business_rule("The total may not be less than what was paid of it.")
    if "RemainingCredit" in record:
        record["RemainingCredit"] = record["Balance"]
    if "ExchangeRate" in record:
        record["HomeTotalAmt"] = cents(record["TotalAmt"] * amount(record["ExchangeRate"]))
        if rules.balance != "none":
            record["HomeBalance"] = cents(amount(record["Balance"]) * amount(record["ExchangeRate"]))


def _fall_due(desk: Desk, record: Record, party: Record) -> None:
    """Take terms from the party or the company where none are given, and the due date from the terms."""
    terms = party.get("SalesTermRef") or party.get("TermRef") or desk.preference("SalesFormsPrefs", "DefaultTerms")
    if terms:
        record.setdefault("SalesTermRef", terms)
    if "DueDate" not in record:
        days = int(desk.referred(record, "SalesTermRef", "Term").get("DueDays", 0))
        record["DueDate"] = (_read_date(record, "TxnDate") + timedelta(days=days)).isoformat()


def _check_not_negative(record: Record) -> None:
    if amount(record.get("TotalAmt")) < 0:
        raise QboFault(400, "2290", "Negative amount", "Transaction amount must be 0 or greater", "TotalAmt")
