"""Money moved between the company's own accounts: deposits, transfers, payments to a card."""

from decimal import Decimal

from qbo_pipeline.emulator.books.amounts import amount, cents
from qbo_pipeline.emulator.faults import business_rule, missing_parameter
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.currencies import denominate
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.line_items import detail_of, number_lines, sum_of
from qbo_pipeline.emulator.writing.refusals import cannot_link, missing_lines, negative_amount
from qbo_pipeline.emulator.writing.totals import put_total


def complete_deposit(entry: Entry) -> None:
    """Complete a deposit: payments out of Undeposited Funds at their own amounts, other lines (a fee is negative), cash back."""
    record = entry.record
    lines = record["Line"]
    if not lines:
        raise missing_lines()
    for line in lines:
        if line.get("LinkedTxn"):
            _take_amount(entry, line)
        else:
            _check_line(line)
    number_lines([line for line in lines if not line.get("LinkedTxn")], entry.before)
    account = entry.desk.referred(record, "DepositToAccountRef", "Account")
    denominate(entry.desk, record, {"CurrencyRef": account["CurrencyRef"]} if "CurrencyRef" in account else {})
    put_total(entry, sum_of(lines) - _cash_back(record))


def complete_transfer(entry: Entry) -> None:
    """Complete a transfer between two of the company's accounts."""
    _move_amount(entry)
    if entry.record["FromAccountRef"]["value"] == entry.record["ToAccountRef"]["value"]:
        raise business_rule("You can't transfer from and to the same account.")


def complete_card_payment(entry: Entry) -> None:
    """Complete a payment of a credit card's balance out of a bank account."""
    _move_amount(entry)


def _take_amount(entry: Entry, line: Record) -> None:
    """A deposited payment counts with its own amount, whatever the line says, and its line carries no id."""
    line.pop("Id", None)
    line.pop("LineNum", None)
    for link in line["LinkedTxn"]:
        if link.get("TxnType") not in entry.rules.line_links:
            raise cannot_link(str(link.get("TxnType")), str(link.get("TxnId")), "from a Deposit")
        link.setdefault("TxnLineId", "0")
        found = entry.desk.records.find(link.get("TxnType", ""), link.get("TxnId", ""))
        if found is not None:
            sign = -1 if link["TxnType"] == "RefundReceipt" else 1
            line["Amount"] = sign * cents(amount(found.get("TotalAmt")))


def _check_line(line: Record) -> None:
    if line.get("Amount") is None:
        raise missing_parameter("Line.Amount")
    if line.get("DetailType") != "DepositLineDetail":
        raise missing_parameter("Line.DetailType")
    if "AccountRef" not in detail_of(line):
        raise missing_parameter("DepositLineDetail.AccountRef")


def _cash_back(record: Record) -> Decimal:
    cash_back = record.get("CashBack") or {}
    if cash_back and "AccountRef" not in cash_back:
        raise missing_parameter("CashBack.AccountRef")
    if amount(cash_back.get("Amount")) < 0:
        raise negative_amount("CashBack.Amount")
    return amount(cash_back.get("Amount"))


def _move_amount(entry: Entry) -> None:
    if amount(entry.record["Amount"]) <= 0:
        raise negative_amount("Amount")
    entry.record["Amount"] = cents(amount(entry.record["Amount"]))
    denominate(entry.desk, entry.record, {})
