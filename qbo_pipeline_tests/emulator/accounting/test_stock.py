"""First in, first out: worked cases, and what must hold of any sequence of movements."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.emulator.accounting.stock import Movement, cost_movements


def _moved(day: int, quantity: str, worth: str | None = None) -> Movement:
    return Movement("1", date(2026, 1, day), day, Decimal(quantity), None if worth is None else Decimal(worth))


def test_the_oldest_units_go_first() -> None:
    sale = _moved(3, "-15")
    cost_movements([sale, _moved(1, "10", "20"), _moved(2, "10", "30")], {})
    assert sale.worth == Decimal("-35.00")


def test_on_one_day_goods_come_in_before_they_go_out() -> None:
    sale = _moved(1, "-2")
    cost_movements([sale, _moved(1, "2", "9")], {})
    assert sale.worth == -9


def test_units_sold_before_they_were_bought_cost_what_the_next_ones_do() -> None:
    sale = _moved(1, "-4")
    cost_movements([sale, _moved(2, "3", "12"), _moved(3, "5", "25")], {"1": Decimal(1)})
    assert sale.worth == -17


def test_units_that_never_came_in_cost_the_newest_known_or_the_items_own_cost() -> None:
    sold_out, never = _moved(2, "-5"), _moved(1, "-2")
    cost_movements([_moved(1, "3", "12"), sold_out], {"1": Decimal(1)})
    cost_movements([never], {"1": Decimal("7.125")})
    assert (sold_out.worth, never.worth) == (Decimal("-20.00"), Decimal("-14.25"))


def test_a_layer_taken_in_parts_costs_what_it_cost() -> None:
    sales = [_moved(day, "-1") for day in (2, 3, 4)]
    cost_movements([_moved(1, "3", "10"), *sales], {})
    assert [sale.worth for sale in sales] == [Decimal("-3.33"), Decimal("-3.34"), Decimal("-3.33")]


_days = st.integers(1, 28)
_units = st.integers(1, 40)
_cents = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)


@given(
    bought=st.lists(st.tuples(_days, _units, _cents), min_size=1, max_size=12),
    sold=st.lists(st.tuples(_days, _units), max_size=12),
)
def test_what_goes_out_and_what_is_left_cost_what_came_in(
    bought: list[tuple[int, int, Decimal]], sold: list[tuple[int, int]]
) -> None:
    ins = [
        Movement("1", date(2026, 1, day), place, Decimal(units), worth)
        for place, (day, units, worth) in enumerate(bought)
    ]
    outs = [Movement("1", date(2026, 1, day), place, -Decimal(units)) for place, (day, units) in enumerate(sold)]
    rest = Movement("1", date(2026, 2, 1), 0, -sum((one.quantity for one in (*ins, *outs)), Decimal(0)))
    is_empty_at_last = rest.quantity < 0
    cost_movements([*ins, *outs, *([rest] if is_empty_at_last else [])], {})
    assert all(one.worth is not None and one.worth <= 0 for one in outs)
    if is_empty_at_last:
        assert sum((one.worth or Decimal(0) for one in (*ins, *outs, rest)), Decimal(0)) == 0
