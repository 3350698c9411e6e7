"""Amounts, quantities and totals: what agrees goes, what QuickBooks would refuse or add up otherwise does not."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest

from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("3", "33.335", "100.00"),
        ("7.5", "19.9333333", "149.50"),
        ("3", "33.3333333333", "100.00"),
        ("1", "99.99", "100.00"),
    ],
)
def test_an_amount_that_is_not_quantity_times_price_is_never_refused(
    us: Desk, quantity: str, price: str, amount: str
) -> None:
    wanted = document(
        "Invoice", line(amount, quantity=Decimal(quantity), unit_price=Decimal(price), description="Pipes")
    )

    assert us.adds_up(wanted)["TotalAmt"] == Decimal(amount)


@pytest.mark.parametrize("minutes", [1, 7, 20, 31, 1439])
def test_hours_go_with_seven_decimals_and_come_to_the_cent(us: Desk, minutes: int) -> None:
    with localcontext(prec=40):
        hours = (Decimal(minutes) / 60).quantize(Decimal("1e-10"))
        amount = (Decimal(minutes) * Decimal("149.99") / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    made = us.adds_up(document("Invoice", line(str(amount), quantity=hours, unit_price=Decimal("149.99"))))

    sold = made["Line"][0]["SalesItemLineDetail"]
    assert (made["TotalAmt"], Decimal(sold["Qty"])) == (amount, hours.quantize(Decimal("1e-7")))


def test_a_line_that_does_not_multiply_is_one_of_its_amount_and_tells_its_quantity(us: Desk) -> None:
    content = us.content(
        document("Invoice", line("100.00", quantity=Decimal(3), unit_price=Decimal("33.30"), description="Pipes"))
    )

    (sold,) = content["Line"]
    assert sold["Description"] == "Pipes (3 × 33.3)"  # noqa: RUF001 - the sign of multiplication
    assert sold["SalesItemLineDetail"]["Qty"] == 1
    assert sold["SalesItemLineDetail"]["UnitPrice"] == sold["Amount"] == Decimal("100.00")


def test_quickbooks_would_have_refused_that_line_as_it_was(us: Desk) -> None:
    content = us.content(document("Invoice"))
    content["Line"][0]["SalesItemLineDetail"] |= {"Qty": Decimal(3), "UnitPrice": Decimal("33.30")}

    with pytest.raises(Refused, match="6070"):
        us.post("Invoice", content)


def test_a_quantity_without_a_price_gets_the_price_it_had(us: Desk) -> None:
    (sold,) = us.content(document("Invoice", line("10.00", quantity=Decimal(3))))["Line"]

    assert sold["SalesItemLineDetail"]["UnitPrice"] == Decimal("3.3333333")


def test_a_document_below_nothing_is_held_as_quickbooks_refuses_it(us: Desk) -> None:
    assert us.held(document("Invoice", line("10.00"), line("-10.01"))) == "negative_total"
    assert (
        us.held(document("Invoice", line("1.00"), line("-20.00", is_taxable=True), line("19.50"))) == "negative_total"
    )

    content = us.content(document("Invoice"))
    content["Line"][0] |= {"Amount": Decimal(-1)}
    content["Line"][0]["SalesItemLineDetail"] |= {"UnitPrice": Decimal(-1)}
    with pytest.raises(Refused):
        us.post("Invoice", content)


def test_a_document_of_words_alone_is_held(us: Desk) -> None:
    assert us.held(document("Invoice", line("0.00", kind="note", product_id=None, description="Words"))) == "no_lines"


def test_a_total_that_quickbooks_would_make_otherwise_is_held(us: Desk) -> None:
    assert (
        us.held(document("Invoice", line(is_taxable=True), tax_total=Decimal(8), total=Decimal("109.00")))
        == "total_differs"
    )
    assert us.held(document("Invoice", line(is_taxable=True), total=Decimal("107.00"))) == "total_differs"


def test_a_total_without_the_tax_quickbooks_is_to_find_is_no_difference(us: Desk) -> None:
    assert us.adds_up(document("Invoice", line(is_taxable=True), total=Decimal("100.00")))["TotalAmt"] == Decimal(
        "108.00"
    )


def test_the_last_cents_are_a_line_of_the_rounding_item_where_the_company_wants_one(uk: Desk) -> None:
    wanted = document(
        "Invoice", *[line("1.59", tax_code="STD") for _ in range(3)], currency="GBP", total=Decimal("5.72")
    )
    assert uk.adds_up(wanted)["TotalAmt"] == Decimal("5.73")

    uk.store.push_settings.choose(uk.profile.realm_id, penny_policy="plug", rounding_item="7")
    try:
        again = wanted.model_copy(update={"number": "PLUG-1", "source_id": "plug-1"})
        assert uk.adds_up(again)["TotalAmt"] == Decimal("5.72")
    finally:
        uk.store.push_settings.choose(uk.profile.realm_id, penny_policy="accept", rounding_item=None)
