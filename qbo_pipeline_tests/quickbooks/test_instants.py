from datetime import UTC, datetime, timedelta, timezone

import pytest

from qbo_pipeline.quickbooks.instants import literal_instant, parse_instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-16T10:34:17-07:00",
        "2026-08-16T10:34:17-0700",
        "2026-08-16T09:34:17-08:00",
        "2026-08-16T17:34:17Z",
        "2026-08-16T17:34:17.000Z",
        "2026-08-16T19:34:17+02:00",
        "2026-08-17T03:04:17+09:30",
        "2026-08-16T17:34:17",
    ],
)
def test_every_spelling_of_an_instant_is_the_same_instant_in_utc(text):
    assert parse_instant(text) == datetime(2026, 8, 16, 17, 34, 17, tzinfo=UTC)
    assert parse_instant(text).utcoffset() == timedelta(0)


def test_fractions_of_a_second_are_kept():
    assert parse_instant("2015-12-23T12:56:06.196-08:00").microsecond == 196_000
    assert parse_instant("2015-12-23T20:56:06.123456789Z").microsecond == 123_456


def test_what_is_no_timestamp_is_refused():
    with pytest.raises(ValueError, match="isoformat"):
        parse_instant("yesterday")


def test_a_literal_is_utc_without_a_plus_and_never_later_than_the_instant():
    instant = datetime(2026, 8, 16, 19, 34, 17, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert literal_instant(instant) == "2026-08-16T17:34:17Z"


def test_an_instant_without_a_zone_is_no_literal():
    with pytest.raises(ValueError, match="time zone"):
        literal_instant(datetime(2026, 8, 16))  # noqa: DTZ001 - the very thing that is refused
