"""When a period is due, and the day its invoice is dated."""

from datetime import UTC, date, datetime

import pytest

from qbo_pipeline.outbound.recurring.due import due_date, invoice_date, local_date
from qbo_pipeline.outbound.recurring.periods import Period
from qbo_pipeline_tests.outbound.recurring.signed import contract

NEW_YEAR = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/Los_Angeles", date(2025, 12, 31)),
        ("America/New_York", date(2025, 12, 31)),
        ("Europe/London", date(2026, 1, 1)),
        ("Australia/Sydney", date(2026, 1, 1)),
    ],
)
def test_the_date_of_an_instant_is_the_business_entitys_own(zone: str, expected: date) -> None:
    assert local_date(NEW_YEAR, zone) == expected


def test_an_instant_without_a_zone_has_no_local_date() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2026, 1, 1), "UTC")  # noqa: DTZ001 - what is refused


def test_in_advance_the_first_day_is_due_and_in_arrears_the_day_after_the_last() -> None:
    assert due_date(contract(timing="advance"), JANUARY) == date(2026, 1, 1)
    assert due_date(contract(timing="arrears"), JANUARY) == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("due", "roll", "expected"),
    [
        (date(2026, 3, 1), "none", date(2026, 3, 1)),
        (date(2026, 3, 1), "next_business_day", date(2026, 3, 2)),
        (date(2026, 3, 1), "previous_business_day", date(2026, 2, 27)),
        # Christmas and Boxing Day before a weekend.
        (date(2026, 12, 25), "next_business_day", date(2026, 12, 29)),
        (date(2026, 12, 25), "previous_business_day", date(2026, 12, 24)),
        (date(2026, 3, 3), "next_business_day", date(2026, 3, 3)),
    ],
)
def test_the_invoices_date_goes_to_a_business_day(due: date, roll: str, expected: date) -> None:
    holidays = {date(2026, 12, 25), date(2026, 12, 28)}
    assert invoice_date(due, roll, holidays) == expected


def test_no_date_is_moved_back_before_the_day_from_which_documents_go() -> None:
    sunday = date(2026, 3, 1)
    assert invoice_date(sunday, "previous_business_day", (), not_before=sunday) == sunday
    assert invoice_date(sunday, "previous_business_day", (), not_before=date(2026, 2, 1)) == date(2026, 2, 27)
    # What is before it anyway stays where it belongs.
    assert invoice_date(sunday, "previous_business_day", (), not_before=date(2026, 4, 1)) == date(2026, 2, 27)
