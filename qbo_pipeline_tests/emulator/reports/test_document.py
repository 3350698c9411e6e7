from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.emulator.reports.document import (
    CUT_SHORT,
    blanks,
    cell,
    count_cells,
    cut_short,
    data,
    plain,
    section,
    terse,
)


@pytest.mark.parametrize(
    ("amount", "summary", "listed"),
    [
        (Decimal("5281.52"), "5281.52", "5281.52"),
        (Decimal("-89.5"), "-89.50", "-89.50"),
        (Decimal(0), "0.00", ".00"),
        (Decimal("-0.00"), "0.00", ".00"),
        (Decimal("0.56"), "0.56", ".56"),
        (Decimal("-0.56"), "-0.56", "-.56"),
        (Decimal("100.5"), "100.50", "100.50"),
        (None, "", ""),
    ],
)
def test_amounts_are_written_as_recorded(amount, summary, listed):
    assert (plain(amount), terse(amount)) == (summary, listed)


def _account(rows: int):
    named = [cell("Checking", "35"), *blanks(3)]
    return section(named, [data([cell("2024-01-01"), *blanks(3)]) for _ in range(rows)], [cell("Total"), *blanks(3)])


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 200))
def test_a_cut_report_fits_and_ends_with_the_notice(sizes, room):
    rows = [section([cell("All"), *blanks(3)], [_account(size) for size in sizes], [cell("Total"), *blanks(3)])]
    kept = cut_short(rows, room)
    if count_cells(rows) <= room:
        assert kept == rows
        return
    notices = str(kept).count(CUT_SHORT)
    assert notices == 1
    assert count_cells(kept) <= room + 4  # the notice itself is not counted
    assert "Summary" not in kept[-1]
