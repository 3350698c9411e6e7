"""What a period bills is exact to the cent, and says for which days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_pipeline.outbound.amounts import cents
from qbo_pipeline.outbound.document import Billed
from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.lines import lines_of
from qbo_pipeline.outbound.recurring.periods import Period, periods
from qbo_pipeline_tests.outbound.recurring.signed import contract, line

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 1))
FROM_17TH = Period(date(2026, 1, 17), date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 1))


def amounts(of: Contract, period: Period = JANUARY) -> list[str]:
    return [str(each.amount) for each in lines_of(of, period)]


@pytest.mark.parametrize(("proration", "expected"), [("actual_days", ["483.87"]), ("full", ["1000.00"]), ("none", [])])
def test_a_part_of_a_period_costs_what_the_contract_says(proration: str, expected: list[str]) -> None:
    assert amounts(contract(proration=proration), FROM_17TH) == expected


def test_a_line_says_for_which_days_it_is_and_what_it_bills() -> None:
    whole, part = lines_of(contract(), JANUARY)[0], lines_of(contract(), FROM_17TH)[0]

    assert whole.description == "Gold support (2026-01-01 to 2026-01-31)"
    assert (whole.quantity, whole.unit_price) == (Decimal(10), Decimal(100))
    assert part.description == "Gold support (2026-01-17 to 2026-01-31, 15 of 31 days)"
    assert (part.quantity, part.unit_price) == (Decimal(10), None)
    assert part.bills == (Billed(source_kind="contract_period", source_id="k1/2026-01-17"),)


def test_a_long_description_is_cut_and_keeps_its_days() -> None:
    (found,) = lines_of(contract(line(description="word " * 1000)), JANUARY)

    assert len(found.description or "") <= 4000
    assert (found.description or "").endswith("word… (2026-01-01 to 2026-01-31)")


def test_a_price_that_changes_within_a_period_is_a_line_for_each() -> None:
    change = date(2026, 1, 11)
    steps = (
        line("a", effective_to=change),
        line("b", unit_price=Decimal(120), effective_from=change),
    )
    found = lines_of(contract(*steps), JANUARY)

    assert [(each.line_id, str(each.amount)) for each in found] == [
        ("a/2026-01-01", "322.58"),
        ("b/2026-01-11", "812.90"),
    ]
    assert "2026-01-11 to 2026-01-31, 21 of 31 days" in (found[1].description or "")


@pytest.mark.parametrize("proration", ["full", "none"])
def test_without_days_a_change_within_a_whole_period_costs_the_price_it_began_with(proration: str) -> None:
    change = date(2026, 1, 11)
    steps = (line("a", effective_to=change), line("b", unit_price=Decimal(120), effective_from=change))

    assert amounts(contract(*steps, proration=proration)) == ["1000.00"]


@pytest.mark.parametrize(("proration", "expected"), [("full", ["1000.00"]), ("none", []), ("actual_days", ["677.42"])])
def test_a_line_that_is_added_within_a_period_costs_what_a_part_costs(proration: str, expected: list[str]) -> None:
    added = line(effective_from=date(2026, 1, 11))

    assert amounts(contract(added, proration=proration)) == expected


def test_two_lines_of_one_position_in_force_at_once_are_two_lines() -> None:
    both = (line("a"), line("b", unit_price=Decimal(5)))

    assert amounts(contract(*both, proration="full")) == ["1000.00", "50.00"]


@given(
    price=st.decimals(min_value=0, max_value=99999, places=4),
    quantity=st.decimals(min_value=0, max_value=500, places=4),
    cuts=st.sets(st.integers(min_value=1, max_value=30), max_size=12),
)
@settings(max_examples=200, deadline=None)
def test_the_parts_of_a_period_add_up_to_the_period(price: Decimal, quantity: Decimal, cuts: set[int]) -> None:
    days = [JANUARY.start, *(JANUARY.start + timedelta(days=cut) for cut in sorted(cuts)), JANUARY.end]
    steps = [
        line(
            str(number), quantity=quantity, unit_price=price, effective_from=days[number], effective_to=days[number + 1]
        )
        for number in range(len(days) - 1)
    ]

    found = lines_of(contract(*steps), JANUARY)

    assert len(found) == len(steps)
    assert sum(each.amount for each in found) == cents(price * quantity)
    for step, each in zip(steps, found, strict=True):
        exact = price * quantity * (step.effective_to - step.effective_from).days / 31
        assert abs(each.amount - exact) <= Decimal("0.01")


@given(start=st.integers(min_value=0, max_value=364), length=st.integers(min_value=1, max_value=900))
@settings(max_examples=100, deadline=None)
def test_a_contracts_periods_bill_every_day_of_it_in_each_months_own_proportion(start: int, length: int) -> None:
    first = date(2026, 1, 1) + timedelta(days=start)
    signed = contract(start=first, end=first + timedelta(days=length))

    for period in periods(signed.cadence, date(2099, 1, 1)):
        days_of_month = (period.full_end - period.full_start).days
        (found,) = lines_of(signed, period)
        assert found.amount == cents(Decimal(1000) * (period.end - period.start).days / days_of_month)
