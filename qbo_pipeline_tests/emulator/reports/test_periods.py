from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.emulator.reports.periods import Period, fiscal_year_start, macro_period, split, title

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(1, 12)
TODAY = date(2024, 5, 29)  # a Wednesday


@pytest.mark.parametrize(
    ("macro", "start", "end"),
    [
        ("Today", "2024-05-29", "2024-05-29"),
        ("Yesterday", "2024-05-28", "2024-05-28"),
        ("This Week", "2024-05-26", "2024-06-01"),
        ("Last Week-to-date", "2024-05-19", "2024-05-22"),
        ("Next Week", "2024-06-02", "2024-06-08"),
        ("Next 4 Weeks", "2024-06-02", "2024-06-29"),
        ("This Month", "2024-05-01", "2024-05-31"),
        ("Last Month-to-date", "2024-04-01", "2024-04-29"),
        ("Next Month", "2024-06-01", "2024-06-30"),
        ("This Calendar Quarter", "2024-04-01", "2024-06-30"),
        ("Last Calendar Quarter-to-date", "2024-01-01", "2024-02-28"),
        ("This Calendar Year-to-date", "2024-01-01", "2024-05-29"),
        ("Last Calendar Year", "2023-01-01", "2023-12-31"),
        ("This Fiscal Year", "2024-04-01", "2025-03-31"),
        ("Last Fiscal Year", "2023-04-01", "2024-03-31"),
        ("This Fiscal Quarter", "2024-04-01", "2024-06-30"),
        ("Next Fiscal Year", "2025-04-01", "2026-03-31"),
    ],
)
def test_a_named_range_in_a_company_whose_year_begins_in_april(macro, start, end):
    assert macro_period(macro, TODAY, 4) == Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("macro", ["", "this", "next month-to-date", "this decade", "last fortnight"])
def test_other_names_are_no_range(macro):
    assert macro_period(macro, TODAY, 1) is None


def test_the_last_day_of_a_short_month_bounds_a_range_to_date():
    assert macro_period("last month-to-date", date(2024, 3, 31), 1) == Period(date(2024, 2, 1), date(2024, 2, 29))


@given(DAYS, MONTHS)
def test_a_fiscal_year_is_a_year_that_holds_its_day(day, month):
    start = fiscal_year_start(day, month)
    assert (start.month, start.day) == (month, 1)
    assert start <= day < date(start.year + 1, month, 1)


@given(DAYS, st.integers(0, 800), st.sampled_from(["Days", "Week", "Month", "Quarter", "Year"]), MONTHS)
def test_a_split_covers_every_day_once(start, length, by, month):
    period = Period(start, start + timedelta(days=length))
    pieces = split(period, by, month)
    assert (pieces[0].start, pieces[-1].end) == (period.start, period.end)
    for one, next_one in pairwise(pieces):
        assert next_one.start == one.end + timedelta(days=1)
    assert len({title(piece, by, month) for piece in pieces}) == len(pieces)


@pytest.mark.parametrize(
    ("start", "end", "by", "month", "expected"),
    [
        ("2013-07-04", "2013-12-31", "Year", 1, "Jul 4 - Dec 31, 2013"),
        ("2014-01-01", "2014-12-31", "Year", 1, "Jan - Dec 2014"),
        ("2015-01-01", "2015-06-21", "Year", 1, "Jan 1 - Jun 21, 2015"),
        ("2024-04-01", "2025-03-31", "Year", 4, "Apr 2024 - Mar 2025"),
        ("2024-01-01", "2024-01-31", "Month", 1, "Jan 2024"),
        ("2024-01-05", "2024-01-31", "Month", 1, "Jan 5 - 31, 2024"),
        ("2024-12-29", "2025-01-04", "Week", 1, "Dec 29, 2024 - Jan 4, 2025"),
        ("2024-12-29", "2024-12-29", "Days", 1, "Dec 29, 2024"),
    ],
)
def test_a_column_is_titled_by_its_days(start, end, by, month, expected):
    assert title(Period(date.fromisoformat(start), date.fromisoformat(end)), by, month) == expected
