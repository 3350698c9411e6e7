"""Sums as QuickBooks makes them, by the vectors of people who worked them out by hand."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.outbound.amounts import Taxation, allocated, cents, product, totals

STANDARD = {"2": (Decimal(12),)}
MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def sold(amount: str, code: str | None = "2") -> dict[str, Any]:
    detail = {"TaxCodeRef": {"value": code}} if code else {}
    return {"DetailType": "SalesItemLineDetail", "Amount": Decimal(amount), "SalesItemLineDetail": detail}


def taken_off(amount: str, percent: str | None = None) -> dict[str, Any]:
    detail = {"PercentBased": True, "DiscountPercent": Decimal(percent)} if percent else {"PercentBased": False}
    return {"DetailType": "DiscountLineDetail", "Amount": Decimal(amount), "DiscountLineDetail": detail}


def test_an_amount_is_shared_out_by_largest_remainder_to_the_cent() -> None:
    weights = [Decimal(weight) for weight in ("33.33", "33.33", "33.34", "8.25")]

    assert [str(share) for share in allocated(Decimal("50.00"), weights)] == ["15.40", "15.39", "15.40", "3.81"]


def test_equal_remainders_give_the_cent_to_the_first() -> None:
    assert allocated(Decimal("0.02"), [Decimal(1)] * 3) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]


def test_weights_of_nothing_count_alike() -> None:
    assert allocated(Decimal("1.00"), [Decimal(1), Decimal(-1)]) == [Decimal("0.50"), Decimal("0.50")]


def test_nothing_to_share_over_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one weight"):
        allocated(Decimal(1), [])


@given(amount=MONEY, weights=st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=20))
def test_shares_always_add_up_and_none_is_a_cent_or_more_off(amount: Decimal, weights: list[Decimal]) -> None:
    shares = allocated(amount, weights)

    assert sum(shares, Decimal(0)) == amount
    if whole := sum(weights):
        assert all(
            abs(share - amount * weight / whole) < Decimal("0.01")
            for share, weight in zip(shares, weights, strict=True)
        )


def test_tax_outside_the_us_is_rounded_line_by_line() -> None:
    lines = [sold("1.59")] * 29 + [sold(str(product(Decimal(11), Decimal("1.59"))))] * 2

    by_line = totals({"Line": lines}, Taxation(by="line", percents=STANDARD))
    in_document = {"Line": [sold(str(each["Amount"]), "TAX") for each in lines]}
    by_sum = totals(in_document | {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}}}, Taxation(percents=STANDARD))

    assert (by_line.net, by_line.tax, by_line.total) == (Decimal("81.09"), Decimal("9.71"), Decimal("90.80"))
    assert by_sum.tax == Decimal("9.73")


def test_a_discount_before_tax_lowers_the_tax_and_one_after_it_does_not() -> None:
    lines = [sold("200.00"), taken_off("20.00", "10")]
    taxation = Taxation(by="line", percents={"2": (Decimal(20),)})

    before = totals({"Line": lines, "ApplyTaxAfterDiscount": True}, taxation)
    after = totals({"Line": lines, "ApplyTaxAfterDiscount": False}, taxation)

    assert (before.discount, before.tax, before.total) == (Decimal("20.00"), Decimal("36.00"), Decimal("216.00"))
    assert (after.discount, after.tax, after.total) == (Decimal("20.00"), Decimal("40.00"), Decimal("220.00"))


def test_what_automated_sales_tax_will_find_is_not_known() -> None:
    taxed = totals({"Line": [sold("10.00", "TAX")]}, Taxation(is_automated=True))
    untaxed = totals({"Line": [sold("10.00", "NON")]}, Taxation(is_automated=True))

    assert (taxed.net, taxed.tax, taxed.total) == (Decimal("10.00"), None, None)
    assert untaxed.total == Decimal("10.00")


def test_a_stated_tax_stands() -> None:
    stated = {"Line": [sold("10.00")], "TxnTaxDetail": {"TotalTax": Decimal("1.99")}}

    assert totals(stated, Taxation(by="line", percents=STANDARD)).total == Decimal("11.99")


def test_the_home_total_is_at_the_documents_own_rate() -> None:
    euros = {"Line": [sold("100000.00", None)], "ExchangeRate": Decimal("1.137145")}

    assert totals(euros, Taxation(), is_home_currency=False).home_total == Decimal("113714.50")


def test_the_home_total_of_a_rate_quickbooks_chooses_is_not_known() -> None:
    assert totals({"Line": [sold("10.00", None)]}, Taxation(), is_home_currency=False).home_total is None


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert [cents(Decimal(value)) for value in ("0.005", "-0.005", "0.0049999")] == [
        Decimal("0.01"),
        Decimal("-0.01"),
        Decimal("0.00"),
    ]
