"""Analysts open a copy that is replaced as a whole."""

import duckdb

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.publish import publish


def _set(warehouse: Warehouse, number: int) -> None:
    with warehouse.connect("test") as connection:
        connection.execute("create or replace table one as select ? as number", [number])


def test_the_copy_holds_what_the_warehouse_holds(warehouse: Warehouse) -> None:
    _set(warehouse, 1)
    target = warehouse.path.with_name("analytics.duckdb")
    assert publish(warehouse, target) == target.stat().st_size > 0
    with duckdb.connect(target, read_only=True) as copy:
        assert copy.execute("select number from one").fetchone() == (1,)


def test_an_open_reader_keeps_its_data_and_holds_up_nobody(warehouse: Warehouse, tmp_path) -> None:
    _set(warehouse, 1)
    target = tmp_path / "analytics.duckdb"
    publish(warehouse, target)
    reader = duckdb.connect(target, read_only=True)
    _set(warehouse, 2)
    publish(warehouse, target)
    assert reader.execute("select number from one").fetchone() == (1,)
    reader.close()
    with duckdb.connect(target, read_only=True) as copy:
        assert copy.execute("select number from one").fetchone() == (2,)


def test_a_log_left_by_someone_who_wrote_into_the_copy_does_not_reach_the_next(warehouse: Warehouse, tmp_path) -> None:
    _set(warehouse, 1)
    target = tmp_path / "analytics.duckdb"
    publish(warehouse, target)
    target.with_name("analytics.duckdb.wal").write_bytes(b"left over")
    publish(warehouse, target)
    with duckdb.connect(target, read_only=True) as copy:
        assert copy.execute("select number from one").fetchone() == (1,)


def test_nothing_but_the_copy_is_left_behind(warehouse: Warehouse, tmp_path) -> None:
    _set(warehouse, 1)
    publish(warehouse, tmp_path / "analytics.duckdb")
    assert not list(tmp_path.glob("*.incoming"))
