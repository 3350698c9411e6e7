"""Payments of customers and to vendors, and what they pay; a payment of nothing applies a credit to what is open."""

from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.payloads.heading import NOTE_MAX, heading
from qbo_pipeline.outbound.payloads.lookup import Lookup, given
from qbo_pipeline.outbound.payloads.money import REFERENCE_MAX, deposited_to, paid_by, paid_from, payment_type
from qbo_pipeline.outbound.payloads.pricing import shortened

_CREDITS = {"Payment": "CreditMemo", "BillPayment": "VendorCredit"}
_CHARGES = {"Payment": ("Invoice", "JournalEntry"), "BillPayment": ("Bill", "JournalEntry")}
_PAID_BY = {"Check": ("CheckPayment", "BankAccountRef"), "CreditCard": ("CreditCardPayment", "CCAccountRef")}


def payment(document: Document, look: Lookup) -> dict[str, Any]:
    """A customer's payment as QuickBooks takes it: a line for each thing it pays and for each credit it uses."""
    return _money(document, look) | given(
        {
            "CustomerRef": look.party("customer", document.party_id),
            "DepositToAccountRef": deposited_to(document, look),
            **paid_by(document, look),
        }
    )


def bill_payment(document: Document, look: Lookup) -> dict[str, Any]:
    """A payment to a vendor as QuickBooks takes it; it always pays something that is there."""
    if not any(line.linked_to for line in document.lines):
        look.hold(
            "nothing_paid",
            "It says not which bill it pays, and QuickBooks takes no payment to a vendor without one. Apply it in the source.",
        )
    account = paid_from(document.account, look)
    kind = "CreditCard" if payment_type(document, look, account) == "CreditCard" else "Check"
    part, reference = _PAID_BY[kind]
    payable = look.profile.ap_accounts.get(document.currency)
    return _money(document, look) | given(
        {
            "VendorRef": look.party("vendor", document.party_id),
            "APAccountRef": payable and {"value": payable},
            "PayType": kind,
            part: given({reference: account}),
        }
    )


def _money(document: Document, look: Lookup) -> dict[str, Any]:
    lines, charged, credited, unapplied = [], Decimal("0.00"), Decimal("0.00"), Decimal("0.00")
    for line in document.lines:
        if line.amount < 0:
            look.hold(
                "negative_amount",
                f"Its line {line.line_id} is below zero, and what is paid never is. Correct it in the source.",
            )
        if line.linked_to is None:
            unapplied += line.amount
            continue
        if line.linked_to.target == _CREDITS[document.target]:
            credited += line.amount
        elif line.linked_to.target in _CHARGES[document.target]:
            charged += line.amount
        else:
            look.hold(
                "cannot_be_paid", f"A {document.target} cannot pay a {line.linked_to.target}. Correct it in the source."
            )
        link = look.transaction(line.linked_to.target, line.linked_to)
        lines.append({"Amount": line.amount, "LinkedTxn": [link] if link else []})
    total = charged - credited + unapplied if document.total is None else document.total
    if total < 0 or charged > total + credited:
        look.hold(
            "applied_too_much",
            f"It is of {total}, uses credits of {credited} and pays {charged}. Apply no more than there is in the source.",
        )
    reference = document.reference or ""
    notes = [document.private_note, f"Reference: {reference}" if len(reference) > REFERENCE_MAX else None]
    head = heading(document, look)
    # A customer's payment has a reference and no number.
    return given(
        {
            **{name: value for name, value in head.items() if name != "DepartmentRef"},
            "DocNumber": head.get("DocNumber") if document.target == "BillPayment" else None,
            "PrivateNote": shortened("\n".join(note for note in notes if note), NOTE_MAX),
            "TotalAmt": total,
            "Line": lines,
        }
    )
