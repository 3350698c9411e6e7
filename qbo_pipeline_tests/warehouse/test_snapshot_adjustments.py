"""Adjustments of monthly snapshots come from a file that a person keeps."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline.warehouse.snapshot_adjustments import (
    SnapshotAdjustmentError,
    has_new_adjustments,
    load_adjustments,
)

HEADER = "realm_id,month,measure,amount,explanation\n"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect() as opened:
        yield opened


def _file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "snapshot_adjustments.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines))
    return path


def _amounts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Decimal]]:
    return connection.execute("select measure, amount from sync.snapshot_adjustment order by all").fetchall()


def test_the_file_replaces_what_was_entered_before(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_adjustments(connection, _file(tmp_path, "77,2020-03,revenue_accrual,12.50,before QuickBooks"))
    entered = _file(tmp_path, "77,2020-03-31,ar_balance,-3,paid in cash", "77,2020-04,ar_balance,4,same")
    assert load_adjustments(connection, entered) == 2
    assert _amounts(connection) == [("ar_balance", Decimal("-3.00")), ("ar_balance", Decimal("4.00"))]
    months = connection.execute("select distinct month::varchar from sync.snapshot_adjustment order by 1").fetchall()
    assert months == [("2020-03-01",), ("2020-04-01",)]


def test_a_lost_file_takes_nothing_with_it_and_an_empty_one_removes_all(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = _file(tmp_path, "77,2020-03,revenue_accrual,12.50,before QuickBooks")
    load_adjustments(connection, path)
    path.unlink()
    assert load_adjustments(connection, path) is None
    assert len(_amounts(connection)) == 1
    assert load_adjustments(connection, _file(tmp_path)) == 0
    assert _amounts(connection) == []


def test_every_wrong_line_is_named_and_nothing_is_changed(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load_adjustments(connection, _file(tmp_path, "77,2020-03,ar_balance,1,kept"))
    path = _file(tmp_path, "77,March,profit,1.234,", "77,2020-03", "77,2020-03,ar_balance,NaN,why")
    with pytest.raises(SnapshotAdjustmentError) as caught:
        load_adjustments(connection, path)
    for part in (
        "line 2: explanation is empty",
        "line 2: measure must be",
        "line 2: month",
        "line 3: it has not 5",
        "line 4: amount",
    ):
        assert part in str(caught.value)
    assert _amounts(connection) == [("ar_balance", Decimal("1.00"))]


def test_a_file_with_other_columns_is_refused(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(SnapshotAdjustmentError, match="first line must be"):
        load_adjustments(connection, _file(tmp_path, header="company,month\n"))


def test_what_analysts_do_not_see_yet_is_new(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    published = tmp_path / "analytics.duckdb"
    assert not has_new_adjustments(connection, published)
    load_adjustments(connection, _file(tmp_path, "77,2020-03,ar_balance,1,why"))
    assert has_new_adjustments(connection, published)
    with duckdb.connect(published) as copy:
        load_adjustments(copy, tmp_path / "snapshot_adjustments.csv")
    assert not has_new_adjustments(connection, published)
