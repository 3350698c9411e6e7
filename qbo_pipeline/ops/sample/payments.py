"""The sample's payments, and what each part of them settles."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.ops.sample.office import Office, cents
from qbo_pipeline.ops.sample.rows import Row

_METHODS = (("card", "undeposited"), ("transfer", "bank"), ("cheque", "undeposited"))


def write_payments(office: Office) -> None:
    """Pay the paid invoices: whole, in three parts, two with one payment; then a refund, a chargeback, and one pending."""
    paid = [each for each in office.own("invoices") if each["status"] == "paid" and each.get("total")]
    for number, invoice in enumerate(paid):
        parts = (Decimal("0.33"), Decimal("0.33"), Decimal("0.34")) if number % 4 == 1 else (Decimal(1),)
        left = invoice["total"]
        for position, share in enumerate(parts, start=1):
            amount = left if position == len(parts) else cents(invoice["total"] * share)
            left -= amount
            payment = _write(office, f"{number}-{position}", invoice, amount, days_after=10 * position)
            _apply(office, payment, "payment", invoice, amount)
    _write_special(office)
    _apply_credit_notes(office)


def _write_special(office: Office) -> None:
    owed = [
        each for each in office.own("invoices") if each["status"] in ("sent", "final") and (each.get("total") or 0) > 0
    ]
    pairs = [(one, two) for one in owed for two in owed if one is not two and _is_alike(one, two)]
    for one, two in pairs[:1]:
        both = _write(office, "both", one, one["total"] + two["total"])
        for invoice in (one, two):
            _apply(office, both, "payment", invoice, invoice["total"])
    if owed:
        _write(office, "unapplied", owed[-1], Decimal("75.00"))
        _write(office, "pending", owed[-1], Decimal("60.00"), status="pending")
        _write(office, "void", owed[-1], Decimal("61.00"), status="void")
        _write(office, "refund", owed[-1], Decimal("25.00"), kind="refund", direction="out")
        _write(office, "chargeback", owed[-1], Decimal("40.00"), kind="chargeback", direction="out")


def _is_alike(one: Row, two: Row) -> bool:
    return one["company_id"] == two["company_id"] and one["currency"] == two["currency"]


def _apply_credit_notes(office: Office) -> None:
    invoices = {each["id"]: each for each in office.own("invoices")}
    for note in office.own("invoices"):
        corrected = invoices.get(note.get("corrects_invoice_id"))
        if corrected and note.get("total") and corrected["status"] in ("sent", "final"):
            _apply(office, note, "credit_note", corrected, note["total"])


def _write(office: Office, number: str, invoice: Row, amount: Decimal, *, days_after: int = 9, **changed: Any) -> Row:
    day = min(invoice["invoice_date"] + timedelta(days=days_after), office.as_of)
    method, account = _METHODS[len(number) % len(_METHODS)]
    facts = {
        "id": office.id_for("pay", number),
        "business_entity_id": office.id,
        "company_id": invoice["company_id"],
        "direction": "in",
        "kind": "payment",
        "payment_date": day,
        "amount": amount,
        "currency": invoice["currency"],
        "fx_rate": invoice["fx_rate"],
        "method": method,
        "reference": f"{method[:2]}_{number}",
        "deposit_account": account,
        "fee_amount": cents(amount * Decimal("0.029")) if method == "card" else None,
        "status": "cleared",
        "updated_at": office.at(day),
    }
    return office.rows.add("payments", **facts | changed)


def _apply(office: Office, applied: Row, kind: str, invoice: Row, amount: Decimal) -> None:
    day = applied.get("payment_date") or applied["invoice_date"]
    office.rows.add(
        "applications",
        id=f"{applied['id']}-to-{invoice['id']}",
        from_kind=kind,
        from_id=applied["id"],
        to_kind="invoice",
        to_id=invoice["id"],
        amount=amount,
        applied_date=day,
        updated_at=applied["updated_at"],
    )
