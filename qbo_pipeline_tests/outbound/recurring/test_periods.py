"""A contract's periods follow its anchor: no gap, no overlap, no drift."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbo_pipeline.outbound.recurring.contract import Cadence
from qbo_pipeline.outbound.recurring.periods import Period, periods
from qbo_pipeline_tests.outbound.recurring.day_by_day import starts_of_periods

FAR = date(2099, 12, 31)
UNITS = ("week", "month", "quarter", "year")


def starts(anchor: date, count: int, **cadence: object) -> list[str]:
    """The first days of a contract that starts on its anchor."""
    found = periods(Cadence(start_date=anchor, anchor_date=anchor, **cadence), FAR)
    return [each.start.isoformat() for each in found[:count]]


@pytest.mark.parametrize(
    ("anchor", "cadence", "expected"),
    [
        ("2025-01-31", {}, "2025-01-31 2025-02-28 2025-03-31 2025-04-30 2025-05-31 2025-06-30"),
        ("2024-01-31", {}, "2024-01-31 2024-02-29 2024-03-31 2024-04-30"),
        ("2025-01-30", {}, "2025-01-30 2025-02-28 2025-03-30 2025-04-30"),
        ("2024-11-30", {"bill_every": 3}, "2024-11-30 2025-02-28 2025-05-30 2025-08-30"),
        ("2024-11-30", {"bill_unit": "quarter"}, "2024-11-30 2025-02-28 2025-05-30 2025-08-30"),
        ("2024-02-29", {"bill_unit": "year"}, "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        ("2025-02-28", {"anchor_is_month_end": True}, "2025-02-28 2025-03-31 2025-04-30 2025-05-31"),
        ("2025-02-28", {}, "2025-02-28 2025-03-28 2025-04-28 2025-05-28"),
        ("2025-01-06", {"bill_unit": "week", "bill_every": 2}, "2025-01-06 2025-01-20 2025-02-03"),
    ],
)
def test_periods_begin_where_the_anchor_puts_them(anchor: str, cadence: dict[str, object], expected: str) -> None:
    assert " ".join(starts(date.fromisoformat(anchor), len(expected.split()), **cadence)) == expected


def test_a_calendar_month_that_begins_within_one_is_the_rest_of_it() -> None:
    cadence = Cadence(
        start_date=date(2026, 1, 17), anchor_date=date(2026, 1, 31), anchor_is_month_end=True, alignment="calendar"
    )

    first, second = periods(cadence, date(2026, 2, 1))

    assert first == Period(date(2026, 1, 17), date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 1))
    assert (first.is_full, first.days, first.full_days) == (False, 15, 31)
    assert (second.start, second.is_full) == (date(2026, 2, 1), True)


def test_calendar_quarters_begin_in_january_april_july_and_october() -> None:
    cadence = Cadence(start_date=date(2026, 2, 10), anchor_date=date(2026, 2, 10), bill_every=3, alignment="calendar")
    assert [each.start for each in periods(cadence, date(2026, 8, 1))] == [
        date(2026, 2, 10),
        date(2026, 4, 1),
        date(2026, 7, 1),
    ]


def test_calendar_weeks_begin_on_mondays_and_years_in_january() -> None:
    thursday = date(2026, 1, 15)
    weeks = Cadence(start_date=thursday, anchor_date=thursday, bill_unit="week", alignment="calendar")
    years = Cadence(start_date=thursday, anchor_date=thursday, bill_unit="year", alignment="calendar")

    assert [each.full_start for each in periods(weeks, date(2026, 1, 19))] == [date(2026, 1, 12), date(2026, 1, 19)]
    assert [each.full_start for each in periods(years, date(2027, 1, 1))] == [date(2026, 1, 1), date(2027, 1, 1)]


def test_the_last_period_ends_with_the_contract_and_none_begins_on_that_day() -> None:
    cadence = Cadence(start_date=date(2026, 1, 1), end_date=date(2026, 2, 15), anchor_date=date(2026, 1, 1))
    assert [(each.start, each.end, each.is_full) for each in periods(cadence, FAR)] == [
        (date(2026, 1, 1), date(2026, 2, 1), True),
        (date(2026, 2, 1), date(2026, 2, 15), False),
    ]
    whole = Cadence(start_date=date(2026, 1, 1), end_date=date(2026, 2, 1), anchor_date=date(2026, 1, 1))
    assert [each.is_full for each in periods(whole, FAR)] == [True]


def test_a_contract_that_has_not_begun_or_ends_before_it_begins_has_no_periods() -> None:
    day = date(2026, 5, 1)
    assert periods(Cadence(start_date=day, anchor_date=day), day - timedelta(days=1)) == []
    assert periods(Cadence(start_date=day, end_date=day, anchor_date=day), FAR) == []


def test_a_contract_billed_every_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number from 1"):
        Cadence(start_date=FAR, anchor_date=FAR, bill_every=0)


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 12, 31))
CADENCES = st.builds(
    lambda start, length, **more: Cadence(
        start_date=start, end_date=None if length is None else start + timedelta(days=length), **more
    ),
    start=DAYS,
    length=st.none() | st.integers(min_value=1, max_value=4000),
    bill_every=st.integers(min_value=1, max_value=7),
    bill_unit=st.sampled_from(UNITS),
    anchor_date=DAYS,
    anchor_is_month_end=st.booleans(),
    alignment=st.sampled_from(("anniversary", "calendar")),
)


@given(cadence=CADENCES, length=st.integers(min_value=0, max_value=1500))
@settings(max_examples=150, deadline=None)
def test_periods_begin_on_the_days_an_independent_calendar_finds(cadence: Cadence, length: int) -> None:
    through = cadence.start_date + timedelta(days=length)
    last = min(through, cadence.end_date - timedelta(days=1)) if cadence.end_date else through

    found = periods(cadence, through)

    expected = {cadence.start_date, *starts_of_periods(cadence, cadence.start_date, last)}
    assert [each.start for each in found] == sorted(expected)
    for each in found:
        assert starts_of_periods(cadence, each.full_start, each.full_end) == [each.full_start, each.full_end]


@given(cadence=CADENCES)
@settings(max_examples=150, deadline=None)
def test_periods_tile_the_contract_without_gap_or_overlap(cadence: Cadence) -> None:
    assert _tiles(cadence)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_million_periods_have_no_gap_overlap_or_drift() -> None:
    counted = 0

    @given(cadence=CADENCES)
    @settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def look(cadence: Cadence) -> None:
        nonlocal counted
        counted += _tiles(cadence)

    while counted < 1_000_000:
        look()
    assert counted >= 1_000_000


def _tiles(cadence: Cadence) -> int:
    """How many periods a contract was found to be tiled by, through 2099."""
    found = periods(cadence, FAR)
    assert found[0].start == cadence.start_date
    assert all(former.end == later.start for former, later in pairwise(found))
    assert all(former.full_end == later.full_start for former, later in pairwise(found))
    assert all(each.is_full for each in found[1:-1])
    assert all(each.full_start <= each.start < each.end <= each.full_end for each in found)
    assert found[-1].end == cadence.end_date if cadence.end_date else found[-1].end > FAR
    assert all(_is_on_its_day(cadence, each.full_start) for each in found)
    return len(found)


def _is_on_its_day(cadence: Cadence, day: date) -> bool:
    """No drift: however far from the anchor, a period begins on the anchor's own day where the month has it."""
    return bool(starts_of_periods(cadence, day, day))
