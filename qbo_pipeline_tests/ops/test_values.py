"""What the columns hold comes out as what was meant, from databases that know neither decimals nor zones."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.schema import find_table
from qbo_pipeline.ops.values import Amount, Day, Flag, Instant, UnreadableValue
from qbo_pipeline_tests.ops.rows import change, insert

SQLITE = sa.create_engine("sqlite://").dialect


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=4))
def test_an_amount_that_sqlite_made_a_float_of_is_the_amount_again(amount: Decimal) -> None:
    assert Amount(18, 4).process_result_value(float(amount), SQLITE) == amount


@pytest.mark.parametrize(
    ("stored", "read"),
    [(0.1 + 0.2, "0.3000"), (1.00005, "1.0001"), (2.675, "2.6750"), ("12.5", "12.5000"), (7, "7.0000")],
)
def test_amounts_are_rounded_half_up_to_their_scale_at_the_door(stored: object, read: str) -> None:
    assert str(Amount(18, 4).process_result_value(stored, SQLITE)) == read


@pytest.mark.parametrize(
    ("kind", "stored"), [(Amount(18, 4), "twelve"), (Day(), "31.12.2026"), (Instant(), "yesterday"), (Flag(), "maybe")]
)
def test_what_is_not_of_its_kind_is_refused_and_not_repeated(kind: sa.types.TypeDecorator, stored: str) -> None:
    with pytest.raises(UnreadableValue) as refused:
        kind.process_result_value(stored, SQLITE)
    assert stored not in str(refused.value)


@pytest.mark.parametrize("text", ["2026-03-01 12:00:00", "2026-03-01T12:00:00Z", "2026-03-01T14:00:00+02:00"])
def test_an_instant_is_utc_however_it_is_written(text: str) -> None:
    assert Instant().process_result_value(text, SQLITE) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_rows_come_back_as_they_were_written(system: OpsDatabase) -> None:
    elsewhere = datetime(2026, 3, 29, 1, 30, 15, 250_000, timezone(timedelta(hours=-7)))
    written = {"total": Decimal("1234.5600"), "fx_rate": Decimal("1.13714500"), "due_date": date(2026, 4, 1)}
    insert(system, "invoices", id="i1", discount_before_tax=True, updated_at=elsewhere, **written)
    with system.reading() as connection:
        row = connection.execute(sa.select(find_table("invoices"))).mappings().one()
    assert {name: row[name] for name in written} == written
    assert row["updated_at"] == elsewhere
    assert row["updated_at"].utcoffset() == timedelta(0)
    assert (row["discount_before_tax"], row["is_deleted"]) == (True, False)


def test_an_instant_without_a_zone_is_not_stored(system: OpsDatabase) -> None:
    insert(system, "invoices", id="i1")
    with pytest.raises(sa.exc.StatementError, match="without a time zone"):
        change(system, "invoices", "i1", updated_at=datetime(2026, 3, 1))  # noqa: DTZ001
