"""Documents of the buying side: bills, vendor credits, purchases (check, cash and card expenses) and purchase orders."""

from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.account_choices import account_reference, check_account, payable_account
from qbo_pipeline.emulator.writing.currencies import denominate
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.line_checks import check_lines, check_tax_codes
from qbo_pipeline.emulator.writing.line_items import detail_of, number_lines, price_lines, sum_of
from qbo_pipeline.emulator.writing.taxes import take_out_tax, work_out_tax
from qbo_pipeline.emulator.writing.totals import fall_due, gives_tax, keeps_its_total, put_total

_PAID_FROM = {
    "Cash": frozenset({"Bank", "Other Current Asset"}),
    "Check": frozenset({"Bank"}),
    "CreditCard": frozenset({"Credit Card"}),
}


def complete_spending(entry: Entry) -> None:
    """Complete a document of the buying side: its account, lines, tax and total."""
    record, desk = entry.record, entry.desk
    vendor = desk.referred(record, "VendorRef", "Vendor")
    denominate(desk, record, vendor)
    if entry.rules.name == "Purchase":
        check_account(desk, record, "AccountRef", _PAID_FROM[record["PaymentType"]])
        record.setdefault("Credit", False)
        record["PurchaseEx"] = extension(TxnType=_form_number(record))
    else:
        default_payable(entry)
    if keeps_its_total(entry):
        return
    _add_up(entry)
    if entry.rules.has_terms:
        fall_due(entry, vendor)


def _form_number(record: Record) -> str:
    """What QuickBooks calls the form: a check, a credit on a card, any other expense (3 and 54 are recorded answers)."""
    if record["PaymentType"] == "Check":
        return "3"
    return "11" if record["Credit"] else "54"


def default_payable(entry: Entry) -> None:
    """Take the Accounts Payable account of the document's currency where none is given."""
    record = entry.record
    account = payable_account(entry.desk, record.get("CurrencyRef", {}).get("value", ""))
    if "APAccountRef" not in record and account is not None:
        record["APAccountRef"] = account_reference(account)


def _add_up(entry: Entry) -> None:
    record, desk = entry.record, entry.desk
    lines: list[Record] = record["Line"]
    check_lines(entry, "spending", lines)
    take_out_tax(desk, record, lines, is_sale=False)
    price_lines(lines)
    number_lines(lines, entry.before)
    for line in lines:
        if desk.is_us and line["DetailType"].endswith("ExpenseLineDetail"):
            detail_of(line).setdefault("BillableStatus", "NotBillable")
            detail_of(line).setdefault("TaxCodeRef", {"value": "NON"})
    check_tax_codes(desk, record, lines)
    tax = work_out_tax(desk, record, is_given=gives_tax(entry) or desk.is_us, is_sale=False)
    put_total(entry, sum_of(lines) + tax)
