"""Sales forms: invoices, sales receipts, credit memos, refund receipts and estimates."""

from decimal import Decimal

from qbo_pipeline.emulator.faults import QboFault, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.account_choices import account_reference, undeposited_funds
from qbo_pipeline.emulator.writing.currencies import denominate
from qbo_pipeline.emulator.writing.custom_fields import complete_custom_fields
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.line_checks import check_lines, check_tax_codes
from qbo_pipeline.emulator.writing.line_items import (
    DISCOUNT,
    SUBTOTAL,
    detail_of,
    discount_of,
    flattened,
    number_lines,
    price_lines,
    sum_of,
    with_subtotal,
)
from qbo_pipeline.emulator.writing.taxes import take_out_tax, work_out_tax
from qbo_pipeline.emulator.writing.totals import fall_due, gives_tax, keeps_its_total, put_total

_OF_CUSTOMER = {"BillAddr": "BillAddr", "ShipAddr": "ShipAddr", "BillEmail": "PrimaryEmailAddr"}


def complete_sale(entry: Entry) -> None:
    """Complete a sales form: what it takes from the customer, its lines, discount, tax and total."""
    record, desk = entry.record, entry.desk
    customer = desk.referred(record, "CustomerRef", "Customer")
    if entry.is_new:
        _take_from_customer(record, customer)
    if record.get("EmailStatus") == "NeedToSend" and not record.get("BillEmail"):
        raise QboFault(
            400, "6420", "Email address is required", "An e-mail address is required to send this", "BillEmail"
        )
    denominate(desk, record, customer)
    complete_custom_fields(desk, record)
    if "DepositToAccountRef" not in record and entry.rules.name == "SalesReceipt":
        undeposited = undeposited_funds(desk)
        if undeposited is not None:
            record["DepositToAccountRef"] = account_reference(undeposited)
    if keeps_its_total(entry):
        return
    _add_up(entry)
    if entry.rules.has_terms:
        fall_due(entry, customer)


def _take_from_customer(record: Record, customer: Record) -> None:
    for name, of_customer in _OF_CUSTOMER.items():
        if of_customer in customer:
            record.setdefault(name, customer[of_customer])
    record.setdefault("ApplyTaxAfterDiscount", False)
    record.setdefault("PrintStatus", "NeedToPrint")
    record.setdefault("EmailStatus", "NotSet")


def _add_up(entry: Entry) -> None:
    record, desk = entry.record, entry.desk
    lines = [line for line in record["Line"] if line.get("DetailType") != SUBTOTAL]
    if not lines:
        raise missing_parameter("Line")
    check_lines(entry, "sales", lines)
    for line in flattened(lines):
        _complete_line(entry, line)
    take_out_tax(desk, record, lines, is_sale=True)
    price_lines(lines)
    number_lines([line for line in lines if line.get("DetailType") != DISCOUNT], entry.before)
    check_tax_codes(desk, record, lines)
    subtotal = sum_of(lines)
    discount = discount_of(lines, subtotal)
    record["Line"] = with_subtotal(lines, subtotal)
    share = 1 - discount / subtotal if subtotal and record.get("ApplyTaxAfterDiscount") else Decimal(1)
    tax = work_out_tax(desk, record, is_given=gives_tax(entry), is_sale=True, share=share)
    put_total(entry, subtotal - discount + tax)


def _shipping_account(desk: Desk) -> Record | None:
    """The account shipping is posted to: the company's choice, else its oldest income account."""
    chosen = desk.preference("SalesFormsPrefs", "DefaultShippingAccount")
    account = desk.records.find("Account", str(chosen)) if chosen else None
    income = (each for each in desk.records.each("Account") if each.get("AccountType") == "Income")
    return account or min(income, key=lambda each: int(each["Id"]), default=None)


def _complete_line(entry: Entry, line: Record) -> None:
    desk, detail = entry.desk, detail_of(line)
    if line.get("DetailType") == DISCOUNT:
        if (detail.get("DiscountPercent") if detail.get("PercentBased") else line.get("Amount")) is None:
            raise QboFault(
                400, "6090", "Discount Line missing required info", "A discount amount or percent is required"
            )
        account_id = desk.preference("SalesFormsPrefs", "DefaultDiscountAccount")
        account = desk.records.find("Account", str(account_id)) if account_id else None
        if account is not None:
            detail.setdefault("DiscountAccountRef", account_reference(account))
    if line.get("DetailType") != "SalesItemLineDetail":
        return
    item = desk.referred(detail, "ItemRef", "Item")
    if "IncomeAccountRef" in item:
        detail["ItemAccountRef"] = item["IncomeAccountRef"]
    elif detail.get("ItemRef", {}).get("value") == "SHIPPING_ITEM_ID" and (account := _shipping_account(desk)):
        detail["ItemAccountRef"] = account_reference(account)
    if desk.is_us:
        is_taxable = item.get("Taxable") is True
        detail.setdefault("TaxCodeRef", {"value": "TAX" if is_taxable else "NON"})
