"""Payments: what exactly is sent, and what it leaves open in QuickBooks."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from qbo_pipeline.outbound.document import Document, DocumentLine, Reference
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line


def pays(paid: Document, amount: str) -> DocumentLine:
    """A line that pays, or uses, so much of a document."""
    of = Reference(target=paid.target, source_kind=paid.source_kind, source_id=paid.source_id)
    return line(amount, product_id=None, linked_to=of)


def balance(desk: Desk, target: str, record: dict[str, Any]) -> Decimal:
    """What is open of a document now."""
    return Decimal(str(msgspec.json.decode(desk.books.read(target, record["Id"]))[target]["Balance"]))


def test_a_payment_of_part_of_an_invoice_is_sent_whole(us: Desk) -> None:
    invoice = document("Invoice")
    made = us.send(invoice)
    wanted = document(
        "Payment",
        pays(invoice, "60.00"),
        total=Decimal("75.00"),
        account="Checking",
        payment_method="card",
        reference="ch_1",
    )

    assert us.content(wanted) == {
        "TxnDate": "2026-08-16",
        "TotalAmt": Decimal("75.00"),
        "Line": [{"Amount": Decimal("60.00"), "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}]}],
        "CustomerRef": {"value": "1"},
        "DepositToAccountRef": {"value": "35"},
        "PaymentMethodRef": {"value": "3"},
        "PaymentRefNum": "ch_1",
    }
    assert us.send(wanted)["UnappliedAmt"] == Decimal("15.00")
    assert balance(us, "Invoice", made) == Decimal("40.00")


def test_a_payment_of_nothing_applies_a_credit_to_an_invoice(uk: Desk) -> None:
    invoice, credit = document("Invoice", currency="GBP"), document("CreditMemo", line("30.00"), currency="GBP")
    owed, given = uk.send(invoice), uk.send(credit)

    record = uk.send(
        document("Payment", pays(credit, "30.00"), pays(invoice, "30.00"), total=Decimal("0.00"), currency="GBP")
    )

    assert record["TotalAmt"] == 0
    assert balance(uk, "Invoice", owed) == Decimal("70.00")
    assert balance(uk, "CreditMemo", given) == 0


def test_money_without_an_account_waits_in_undeposited_funds(us: Desk) -> None:
    content = us.content(document("Payment", line("10.00"), account="undeposited"))

    assert "DepositToAccountRef" not in content
    assert us.post("Payment", content)["DepositToAccountRef"]["value"] == "4"


@pytest.mark.parametrize(
    ("account", "kind", "part"),
    [("Checking", "Check", "CheckPayment"), ("Visa 1881", "CreditCard", "CreditCardPayment")],
)
def test_a_bill_is_paid_by_check_or_card_as_the_account_is(us: Desk, account: str, kind: str, part: str) -> None:
    bill = document("Bill")
    made = us.send(bill)
    wanted = document("BillPayment", pays(bill, "100.00"), number=None, account=account)

    content = us.content(wanted)

    assert content["PayType"] == kind
    assert part in content
    us.send(wanted)
    assert balance(us, "Bill", made) == 0


def test_a_vendors_credit_is_used_for_a_bill_without_money(us: Desk) -> None:
    bill, credit = document("Bill"), document("VendorCredit", line("25.00"))
    owed = us.send(bill)
    us.send(credit)

    us.send(document("BillPayment", pays(credit, "25.00"), pays(bill, "25.00"), number=None, account="Checking"))

    assert balance(us, "Bill", owed) == Decimal("75.00")


def test_more_applied_than_there_is_is_held_as_quickbooks_refuses_it(us: Desk) -> None:
    invoice = document("Invoice")
    made = us.send(invoice)
    assert us.held(document("Payment", pays(invoice, "60.00"), total=Decimal("50.00"))) == "applied_too_much"

    content = us.content(document("Payment", pays(invoice, "60.00")))
    with pytest.raises(Refused, match="6000"):
        us.post("Payment", content | {"TotalAmt": Decimal("50.00")})
    assert balance(us, "Invoice", made) == Decimal("100.00")


def test_a_payment_below_zero_is_held_as_quickbooks_refuses_it(us: Desk) -> None:
    assert us.held(document("Payment", line("-5.00"), total=Decimal("5.00"))) == "negative_amount"
    with pytest.raises(Refused, match="2290"):
        us.post("Payment", us.content(document("Payment", line("5.00"))) | {"TotalAmt": Decimal(-5)})


def test_a_payment_cannot_pay_an_estimate(us: Desk) -> None:
    assert us.held(document("Payment", pays(document("Estimate"), "5.00"))) == "cannot_be_paid"


def test_a_payment_to_a_vendor_for_nothing_is_held(us: Desk) -> None:
    assert us.held(document("BillPayment", line("5.00"), account="Checking")) == "nothing_paid"


def test_a_long_reference_is_kept_whole_in_the_note(us: Desk) -> None:
    record = us.send(document("Payment", line("10.00"), reference="pi_3MtwBwLkdIwHu7ix28a3tqPa"))

    assert record["PaymentRefNum"] == "pi_3MtwBwLkdIwHu7ix28"
    assert record["PrivateNote"].startswith("Reference: pi_3MtwBwLkdIwHu7ix28a3tqPa")
