"""Journal entries and deposits, whose lines name accounts: in a journal a positive line debits and a negative one credits.

What a card company kept of a payment, and money it took back, are journals too: the payment itself stands.
"""

from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.document import Document, DocumentLine
from qbo_pipeline.outbound.payloads.heading import heading
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given
from qbo_pipeline.outbound.payloads.money import deposited_to, money_account, paid_from
from qbo_pipeline.outbound.payloads.pricing import DESCRIPTION_MAX, shortened

_NAMED = {"Accounts Receivable": "customer", "Accounts Payable": "vendor"}
_POSTED = ("account", "receivable", "money", "paid_from", "fee")
_CATEGORY = "expense_category"
_DEPOSITED = ("Payment", "SalesReceipt", "RefundReceipt")


def journal_entry(document: Document, look: Lookup) -> dict[str, Any]:
    """A journal entry as QuickBooks takes it: two lines or more that add up to nothing."""
    lines = [line for line in document.lines if line.kind in _POSTED]
    if len(lines) < 2 or sum((line.amount for line in lines), Decimal(0)):
        look.hold(
            "unbalanced",
            "Its account lines do not add up to nothing, or are fewer than two. Correct the journal in the source.",
        )
    return {**heading(document, look), "Line": [_journal_line(document, line, look) for line in lines]}


def deposit(document: Document, look: Lookup) -> dict[str, Any]:
    """A deposit as QuickBooks takes it: receipts out of Undeposited Funds, and other amounts by account, fees below zero."""
    if not document.lines:
        look.hold("no_lines", "It puts nothing into the bank, and QuickBooks takes no deposit without a line.")
    if sum((line.amount for line in document.lines), Decimal(0)) < 0:
        look.hold("negative_total", "It adds up to less than nothing: that is an expense. Make it one in the source.")
    account = deposited_to(document, look)
    if account is None:
        look.hold(
            "unmapped_account",
            "It says not into which bank account it went. Name one in the source and map it with "
            "`qbo-pipeline map set deposit_account NAME QBO-ID`.",
        )
    lines = [_deposit_line(document, line, look) for line in document.lines]
    head = {name: value for name, value in heading(document, look).items() if name != "DocNumber"}
    return {**head, **given({"DepositToAccountRef": account}), "Line": lines}


def _journal_line(document: Document, line: DocumentLine, look: Lookup) -> dict[str, Any]:
    account = _posted_to(document, line, look)
    detail = {
        "PostingType": "Debit" if line.amount >= 0 else "Credit",
        "AccountRef": account,
        "Entity": _entity(document, line, look, account),
        "ClassRef": look.class_(line.class_code or document.class_code, on="line"),
        "DepartmentRef": look.department(document.department_code),
    }
    return given(
        {
            "DetailType": "JournalEntryLineDetail",
            "Amount": abs(line.amount),
            "Description": shortened(line.description or "", DESCRIPTION_MAX),
            "JournalEntryLineDetail": given(detail),
        }
    )


def _entity(document: Document, line: DocumentLine, look: Lookup, account: Ref | None) -> dict[str, Any] | None:
    """Whom a line concerns: receivables and payables are always somebody's."""
    needed = _NAMED.get(look.profile.account_types.get(account["value"], "")) if account else None
    own = document.party_id if needed == document.party_kind else None
    party = own if needed == "vendor" else line.customer_id or own
    if party:
        kind = needed or "customer"
        return given({"Type": kind.capitalize(), "EntityRef": look.party(kind, party)})
    if needed:
        look.hold(
            "no_party",
            f"Its line {line.line_id} is of receivables or payables and names nobody. Name the {needed} in the source.",
        )
    return None


def _deposit_line(document: Document, line: DocumentLine, look: Lookup) -> dict[str, Any]:
    of = line.linked_to
    if of is not None and of.target in _DEPOSITED:
        link = look.transaction(of.target, of)
        return {"Amount": line.amount, "LinkedTxn": [{**link, "TxnLineId": "0"}] if link else []}
    detail = {"AccountRef": _account(line, look), "ClassRef": look.class_(line.class_code, on="line")}
    return given(
        {
            "DetailType": "DepositLineDetail",
            "Amount": line.amount,
            "Description": shortened(line.description or "", DESCRIPTION_MAX),
            "DepositLineDetail": given(detail),
        }
    )


def _posted_to(document: Document, line: DocumentLine, look: Lookup) -> Ref | None:
    """The account of a journal's line."""
    if line.kind == "receivable":
        return _receivable(document, look)
    if line.kind == "money":
        return money_account(line.account, look)
    if line.kind == "paid_from":
        return paid_from(line.account, look)
    if line.kind == "fee":
        return _fee(line, look)
    return _account(line, look)


def _receivable(document: Document, look: Lookup) -> Ref | None:
    account = look.profile.ar_accounts.get(document.currency)
    if account is None:
        look.hold(
            "unmapped_account",
            f"What is owed in {document.currency} has no receivable account in QuickBooks yet. It gets one with the first "
            "invoice in that currency; wake this then.",
        )
    return account and {"value": account}


def _fee(line: DocumentLine, look: Lookup) -> Ref | None:
    if look.choices.fee_account is not None:
        return {"value": look.choices.fee_account}
    return _account(line, look, _CATEGORY)


def _account(line: DocumentLine, look: Lookup, kind: str = "account") -> Ref | None:
    if line.account is None:
        look.hold("unmapped_account", f"Its line {line.line_id} names no account. Give it one in the source.")
        return None
    return look.reference(look.resolver.account(line.account, kind))
