"""Forms of the buying side: what exactly is sent, and that QuickBooks takes it and adds it up as expected."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from qbo_pipeline.outbound.delivery.composing import Held, Waiting
from qbo_pipeline.outbound.document import Reference
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.intents import Need
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line

PAID = {"account": "Checking", "payment_method": "bank"}


def test_a_purchase_order_is_sent_whole(us: Desk) -> None:
    wanted = document(
        "PurchaseOrder",
        line(
            "48.00",
            product_id="pipe",
            quantity=Decimal(12),
            unit_price=Decimal(4),
            description="Pipes",
            customer_id="busy",
        ),
        number="PO-7",
        due_date=date(2026, 9, 1),
        terms_code="NET15",
        ship_to_id="acme",
        customer_memo="Deliver to the yard",
    )

    assert us.content(wanted) == {
        "DocNumber": "PO-7",
        "TxnDate": "2026-08-16",
        "VendorRef": {"value": "30"},
        "APAccountRef": {"value": "33"},
        "SalesTermRef": {"value": "2"},
        "DueDate": "2026-09-01",
        "ShipTo": {"value": "1"},
        "Memo": "Deliver to the yard",
        "Line": [
            {
                "DetailType": "ItemBasedExpenseLineDetail",
                "Amount": Decimal("48.00"),
                "Description": "Pipes",
                "ItemBasedExpenseLineDetail": {
                    "ItemRef": {"value": "17"},
                    "Qty": Decimal(12),
                    "UnitPrice": Decimal(4),
                    "TaxCodeRef": {"value": "NON"},
                    "CustomerRef": {"value": "2"},
                    "BillableStatus": "NotBillable",
                },
            }
        ],
    }
    assert us.adds_up(wanted)["TotalAmt"] == Decimal("48.00")


def test_an_expense_by_card_is_sent_whole(us: Desk) -> None:
    wanted = document(
        "Purchase",
        line(
            "42.10",
            kind="account",
            product_id=None,
            account="Travel",
            description="Parking",
            customer_id="acme",
            is_billable=True,
        ),
        number=None,
        account="Visa 1881",
        payment_method="company_card",
        reference="R-77",
    )

    assert us.content(wanted) == {
        "TxnDate": "2026-08-16",
        "PrivateNote": "Reference: R-77",
        "AccountRef": {"value": "41"},
        "PaymentType": "CreditCard",
        "EntityRef": {"value": "30", "type": "Vendor"},
        "Line": [
            {
                "DetailType": "AccountBasedExpenseLineDetail",
                "Amount": Decimal("42.10"),
                "Description": "Parking",
                "AccountBasedExpenseLineDetail": {
                    "AccountRef": {"value": "7"},
                    "TaxCodeRef": {"value": "NON"},
                    "CustomerRef": {"value": "1"},
                    "BillableStatus": "Billable",
                },
            }
        ],
    }
    us.adds_up(wanted)


@pytest.mark.parametrize("target", ["PurchaseOrder", "Bill", "VendorCredit", "Purchase"])
def test_every_purchase_form_is_taken_in_both_companies(us: Desk, uk: Desk, target: str) -> None:
    lines = (
        line("19.99", product_id="soil"),
        line("7.30", kind="account", product_id=None, account="Travel", tax_code="STD"),
    )
    american = (lines[0], lines[1].model_copy(update={"tax_code": None}))

    us.adds_up(document(target, *american, **PAID))
    uk.adds_up(document(target, *lines, currency="GBP", class_code="ADV", **PAID))


def test_reverse_charged_tax_adds_nothing_to_a_foreign_bill(uk: Desk) -> None:
    services = line("500.00", tax_code="RC", product_id="soil")
    wanted = document("Bill", services, party_id="munich", currency="EUR", exchange_rate=Decimal("0.86"))

    record = uk.adds_up(wanted)

    assert (record["TotalAmt"], record["HomeTotalAmt"]) == (Decimal("500.00"), Decimal("430.00"))
    assert record["APAccountRef"]["value"] == "1150040004"


def test_a_bill_takes_up_the_lines_of_its_order(us: Desk) -> None:
    order = document(
        "PurchaseOrder",
        line("0.00", kind="note", product_id=None, description="For the spring"),
        line("10.00", line_id="a", product_id="pipe", quantity=Decimal(5), unit_price=Decimal(2)),
        line("8.00", line_id="b", product_id="soil", quantity=Decimal(2), unit_price=Decimal(4)),
    )
    made = us.push(order)
    of = Reference(target="PurchaseOrder", source_kind=order.source_kind, source_id=order.source_id, line_id="b")

    bill = us.adds_up(
        document("Bill", line("4.00", product_id="soil", quantity=Decimal(1), unit_price=Decimal(4), linked_to=of))
    )

    assert bill["Line"][0]["LinkedTxn"] == [{"TxnId": made.qbo_id, "TxnType": "PurchaseOrder", "TxnLineId": "3"}]
    assert bill["LinkedTxn"] == [{"TxnId": made.qbo_id, "TxnType": "PurchaseOrder"}]


def test_quickbooks_refuses_a_bill_that_takes_up_an_order_without_its_line(us: Desk) -> None:
    order = us.send(document("PurchaseOrder"))
    content = us.content(document("Bill")) | {"LinkedTxn": [{"TxnId": order["Id"], "TxnType": "PurchaseOrder"}]}

    with pytest.raises(Refused, match="620"):
        us.post("Bill", content)


def test_a_bill_waits_for_an_order_that_is_not_there_yet_and_is_held_for_a_line_nobody_knows(us: Desk) -> None:
    of = Reference(target="PurchaseOrder", source_kind="purchase_order", source_id="later", line_id="1")
    wanted = document("Bill", line(linked_to=of))
    assert us.compose(wanted) == Waiting((Need("PurchaseOrder", "purchase_order", "later"),))

    us.link("PurchaseOrder", "purchase_order", "later", "990001")
    assert us.held(wanted) == "unknown_order_line"


def test_an_account_of_another_type_decides_how_an_expense_was_paid(us: Desk) -> None:
    by_word = document("Purchase", account="Checking", payment_method="company_card")

    assert us.content(by_word)["PaymentType"] == "Cash"
    assert us.content(document("Purchase", account="Checking", payment_method="Cheque"))["PaymentType"] == "Check"
    content = us.content(by_word) | {"PaymentType": "CreditCard"}
    with pytest.raises(Refused, match="6430"):
        us.post("Purchase", content)


def test_an_expense_without_an_account_to_pay_from_is_held(us: Desk) -> None:
    assert us.held(document("Purchase")) == "unmapped_account"


def test_a_category_that_is_not_mapped_is_held_with_the_command_that_maps_it(us: Desk) -> None:
    composed = us.compose(document("Bill", line(kind="account", product_id=None, account="Lunch & more")))

    assert isinstance(composed, Held)
    assert composed.reason_code == "unmapped_account"
    assert "qbo-pipeline map set expense_category 'Lunch & more'" in composed.reason


def test_work_that_is_billable_to_nobody_is_held(us: Desk) -> None:
    assert us.held(document("Bill", line(is_billable=True))) == "no_customer"


def test_a_bill_that_says_more_than_its_lines_is_held(us: Desk) -> None:
    assert us.held(document("Bill", line("39.00"), total=Decimal("42.10"))) == "total_differs"


def test_american_tax_on_a_bill_is_a_cost_with_an_account_of_its_own(us: Desk) -> None:
    tax = line("3.10", kind="tax", product_id=None, account="Permits")

    assert us.adds_up(document("Bill", line("39.00"), tax, total=Decimal("42.10")))["TotalAmt"] == Decimal("42.10")
    assert us.held(document("Bill", line("39.00"), line("3.10", kind="tax", product_id=None))) == "unmapped_account"


def test_a_purchase_without_a_product_goes_to_the_account_chosen_for_such(us: Desk) -> None:
    us.store.push_settings.choose(us.profile.realm_id, expense_account="68")
    try:
        (bought,) = us.content(document("Bill", line(product_id=None)))["Line"]
    finally:
        us.store.push_settings.choose(us.profile.realm_id, expense_account=None)

    assert bought["AccountBasedExpenseLineDetail"]["AccountRef"] == {"value": "68"}


def test_a_company_without_classes_is_sent_none(uk: Desk) -> None:
    uk.put(replace(uk.profile, tracks_classes="no"))

    (bought,) = uk.content(document("Bill", currency="GBP", class_code="ADV"))["Line"]

    assert "ClassRef" not in bought["ItemBasedExpenseLineDetail"]
