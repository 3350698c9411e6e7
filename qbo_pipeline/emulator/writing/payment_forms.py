"""Payments of customers and to vendors: where the money comes from or goes to, and what is left of it after what it pays."""

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.faults import business_rule, missing_parameter
from qbo_pipeline.emulator.name_values import extension
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.account_choices import account_reference, check_account, undeposited_funds
from qbo_pipeline.emulator.writing.currencies import denominate
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.refusals import negative_amount
from qbo_pipeline.emulator.writing.settlements import unapplied
from qbo_pipeline.emulator.writing.spending_form import default_payable
from qbo_pipeline.emulator.writing.totals import put_home_amounts

# How a bill was paid: the part of the record that says from where, its account, and the type that account must have.
_PAID_BY = {
    "Check": ("CheckPayment", "BankAccountRef", "Bank"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef", "Credit Card"),
}


def complete_payment(entry: Entry) -> None:
    """Complete a customer's payment; without an account it waits in Undeposited Funds."""
    record, desk = entry.record, entry.desk
    record.setdefault("Line", [])
    record.setdefault("ProcessPayment", False)
    denominate(desk, record, desk.referred(record, "CustomerRef", "Customer"))
    undeposited = undeposited_funds(desk)
    if "DepositToAccountRef" not in record and undeposited is not None:
        record["DepositToAccountRef"] = account_reference(undeposited)
    _settle_amounts(entry)
    for line in record["Line"]:
        _explain(entry, line)
    record["UnappliedAmt"] = unapplied(entry.rules.name, record)


def complete_bill_payment(entry: Entry) -> None:
    """Complete a payment to a vendor by check or card."""
    record, desk = entry.record, entry.desk
    part, reference, account_type = _PAID_BY[record["PayType"]]
    paid_from: Record = record.get(part) or {}
    if reference not in paid_from:
        raise missing_parameter(f"{part}.{reference}")
    check_account(desk, paid_from, reference, frozenset({account_type}))
    if part == "CheckPayment":
        paid_from.setdefault("PrintStatus", "NotSet")
    denominate(desk, record, desk.referred(record, "VendorRef", "Vendor"))
    default_payable(entry)
    _settle_amounts(entry)


def _explain(entry: Entry, line: Record) -> None:
    """Say of each line what it pays and what was open of that before."""
    for link in line.get("LinkedTxn", ())[:1]:
        paid = entry.desk.records.find(link.get("TxnType", ""), link.get("TxnId", ""))
        if paid is not None:
            line["LineEx"] = extension(
                txnId=paid["Id"],
                txnOpenBalance=f"{amount(paid.get('Balance')):.2f}",
                txnReferenceNumber=str(paid.get("DocNumber", "")),
            )


def _settle_amounts(entry: Entry) -> None:
    record = entry.record
    if amount(record.get("TotalAmt")) < 0:
        raise negative_amount("TotalAmt")
    if any(amount(line.get("Amount")) < 0 for line in record["Line"]):
        raise negative_amount("Line.Amount")
    record["TotalAmt"] = cents(amount(record["TotalAmt"]))
    if unapplied(entry.rules.name, record) < 0:
        raise business_rule("The amount applied is more than the amount of the payment.")
    put_home_amounts(record)
