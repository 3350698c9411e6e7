"""Money moved between accounts: deposits, transfers, card payments, and tax paid to its agency."""

from collections.abc import Iterator

from qbo_pipeline.emulator.accounting.entries import ZERO, Entry, Leg
from qbo_pipeline.emulator.accounting.lookups import Lookups, reference
from qbo_pipeline.emulator.accounting.sides import named, side
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.source import Record

_RECEIPTS = ("Payment", "RefundReceipt", "SalesReceipt")


def deposit_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """Dr bank what arrives and the account of cash kept back, Cr Undeposited Funds per receipt and other accounts per line.

    A line of its own with a negative amount (a fee) is a debit. A receipt in another currency leaves Undeposited Funds at its
    own rate; what the bank's rate makes of it more or less is exchange gain or loss.
    """
    bank = reference(record, "DepositToAccountRef")
    head = side(record, bank, amount(record.get("TotalAmt")), record.get("PrivateNote", ""))
    entry = lookups.entry(entity, record, "Deposit", head)
    cash_back = record.get("CashBack", {})
    if amount(cash_back.get("Amount")):
        account = reference(cash_back, "AccountRef")
        entry.legs.append(side(record, account, amount(cash_back["Amount"]), cash_back.get("Memo", "")))
    entry.legs += _deposited(lookups, record)
    return entry


def transfer_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """Dr the account money goes to, Cr the one it comes from."""
    value, note = amount(record.get("Amount")), record.get("PrivateNote", "")
    head = side(record, reference(record, "FromAccountRef"), -value, note)
    entry = lookups.entry(entity, record, "Transfer", head)
    entry.legs = [side(record, reference(record, "ToAccountRef"), value, note)]
    return entry


def card_payment_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """Dr the card's liability, Cr the bank."""
    value, note = amount(record.get("Amount")), record.get("PrivateNote", "")
    head = side(record, reference(record, "BankAccountRef"), -value, note)
    entry = lookups.entry(entity, record, "Credit Card Payment", head)
    entry.legs = [side(record, reference(record, "CreditCardAccountRef"), value, note)]
    return entry


def tax_payment_entry(lookups: Lookups, entity: str, record: Record) -> Entry:
    """Dr the agency's liability, Cr the bank; a refund the other way round.

    The entity, which only companies outside the US have, does not name the agency: it is the first one.
    """
    paid = amount(record.get("PaymentAmount"))
    value = -paid if str(record.get("Refund")).lower() == "true" else paid
    note = record.get("Description", "")
    head = side(record, reference(record, "PaymentAccountRef"), -value, note)
    entry = lookups.entry(entity, record, "Tax Payment", head)
    entry.legs = [side(record, lookups.tax_account(""), value, note)]
    return entry


def sales_tax_payment_entry(lookups: Lookups, record: Record) -> Entry:
    """A US sales-tax payment, which the API does not show: Dr each agency's liability, Cr the bank."""
    note = record.get("PrivateNote", "")
    lines = [(reference(line, "AccountRef"), amount(line["Amount"])) for line in record["Line"]]
    total = sum((value for _, value in lines), ZERO)
    bank = side(record, reference(record, "PaymentAccountRef"), -total, note)
    entry = lookups.entry("", record, "Sales Tax Payment", None)
    # The recorded ledger shows "-Split-" on every side of a tax payment, one agency or several.
    entry.legs = [bank, *(side(record, account, value, note) for account, value in lines)]
    return entry


def _deposited(lookups: Lookups, record: Record) -> Iterator[Leg]:
    for line in record.get("Line", ()):
        links = line.get("LinkedTxn", ())
        detail = line.get("DepositLineDetail", {})
        if links and not reference(detail, "AccountRef"):
            yield _receipt(lookups, record, line, links[0])
        else:
            yield _own_line(record, line, detail)


def _receipt(lookups: Lookups, record: Record, line: Record, link: Record) -> Leg:
    entity = link["TxnType"]
    receipt = lookups.records.find(entity, link["TxnId"]) if entity in _RECEIPTS else None
    account = reference(receipt or {}, "DepositToAccountRef") or lookups.undeposited()
    value = amount(line.get("Amount"))
    rate = None if receipt is None else lookups.rate(receipt)
    return Leg(account_id=account, amount=-value, memo=line.get("Description", ""), rate=rate)


def _own_line(record: Record, line: Record, detail: Record) -> Leg:
    party = detail.get("Entity", {})
    reference_in = party.get("EntityRef", party)
    kind, party_id = named(
        str(party.get("Type") or party.get("type") or "").capitalize(), reference_in.get("value", "")
    )
    leg = side(
        record, reference(detail, "AccountRef"), -amount(line.get("Amount")), line.get("Description", ""), detail
    )
    leg.name = (kind, party_id)
    leg.customer_id = party_id if kind == "Customer" else ""
    leg.vendor_id = party_id if kind == "Vendor" else ""
    return leg
