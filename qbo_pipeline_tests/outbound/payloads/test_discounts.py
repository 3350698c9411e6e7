"""Discounts: QuickBooks' own discount line where the company has one, else an item, else a person is asked."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.document import Discount
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line


@pytest.mark.parametrize("before_tax", [True, False])
@pytest.mark.parametrize(("kind", "value"), [("percent", "12.5"), ("amount", "33.33")])
def test_discounts_are_quickbooks_own_discount_line(
    us: Desk, uk: Desk, kind: Any, value: str, before_tax: bool
) -> None:
    discount = Discount(kind=kind, value=Decimal(value), before_tax=before_tax)

    american = us.adds_up(document("Invoice", line("70.00", is_taxable=True), line("31.10"), discount=discount))
    british = uk.adds_up(document("Invoice", line("70.01", tax_code="STD"), discount=discount, currency="GBP"))

    for record in (american, british):
        assert record["ApplyTaxAfterDiscount"] is before_tax
        assert [each["DetailType"] for each in record["Line"]].count("DiscountLineDetail") == 1


def test_a_discount_names_the_companys_discount_account(us: Desk) -> None:
    discount = Discount(kind="percent", value=Decimal(5))

    assert us.content(document("Invoice", discount=discount))["Line"][-1] == {
        "DetailType": "DiscountLineDetail",
        "Amount": Decimal("5.00"),
        "DiscountLineDetail": {
            "PercentBased": True,
            "DiscountPercent": Decimal(5),
            "DiscountAccountRef": {"value": "86"},
        },
    }


def test_discount_lines_and_the_documents_discount_become_one(us: Desk) -> None:
    goodwill = line("-5.00", kind="discount", product_id=None)
    wanted = document("Invoice", line("105.00"), goodwill, discount=Discount(kind="percent", value=Decimal(10)))

    record = us.adds_up(wanted)

    assert record["TotalAmt"] == Decimal("90.00")
    assert record["Line"][-1]["Amount"] == Decimal("15.00")


def test_a_company_without_discounts_gets_lines_of_its_discount_item(us: Desk) -> None:
    us.put(replace(us.profile, allows_discount=False))
    us.store.push_settings.choose(us.profile.realm_id, others={"discount_item": "12"})
    discount = Discount(kind="amount", value=Decimal("10.01"))
    lines = (line("33.33", is_taxable=True), line("33.33", is_taxable=True), line("33.34"))
    try:
        record = us.adds_up(document("Invoice", *lines, discount=discount))
    finally:
        us.store.push_settings.choose(us.profile.realm_id, others={})

    taken = [each for each in record["Line"] if each.get("Description") == "Discount"]
    assert [(each["Amount"], each["SalesItemLineDetail"]["TaxCodeRef"]["value"]) for each in taken] == [
        (Decimal("-6.67"), "TAX"),
        (Decimal("-3.34"), "NON"),
    ]
    assert record["TotalAmt"] == Decimal("89.99") + Decimal("4.80")


def test_a_discount_without_a_place_for_it_is_held(us: Desk) -> None:
    us.put(replace(us.profile, allows_discount=False))

    assert us.held(document("Invoice", discount=Discount(kind="percent", value=Decimal(5)))) == "discounts_off"
