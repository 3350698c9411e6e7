"""Compaction takes superseded versions out of the raw tables, and no table that is typed from them notices."""

import random
import subprocess
import sys
import time
from datetime import UTC, datetime

import duckdb
import pytest

from qbo_pipeline.warehouse.compaction import compact
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.publish import publish
from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, tombstone

INVOICE = ("--select", "qbo__invoice", "qbo__invoice_line", "qbo__customer")
COMPACT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from qbo_pipeline.warehouse.compaction import compact
from qbo_pipeline.warehouse.file import Warehouse
print("ready", flush=True)
compact(Warehouse(Path(sys.argv[1])), datetime(2030, 1, 1, tzinfo=UTC))
"""
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def _at(day: int) -> datetime:
    return datetime(2024, 5, day, 15, 0, tzinfo=UTC)


def _version(record_id: str, token: int, day: int) -> dict:
    return invoice(record_id, sync_token=str(token), updated=f"2024-05-{day:02}T08:00:00-07:00", TotalAmt=token)


def _deletion(record_id: str, day: int) -> dict:
    return tombstone(record_id, f"2024-05-{day:02}T08:00:00-07:00")


def _file(warehouse: TypedWarehouse) -> Warehouse:
    return Warehouse(warehouse.path, memory_limit="500MB", wait_seconds=20)


def _tables(warehouse: TypedWarehouse) -> list[list[dict]]:
    return [warehouse.rows(f"select * from qbo.{table} order by all") for table in ("invoice", "invoice_line")]


def _kept(warehouse: TypedWarehouse, record_id: str) -> list[tuple]:
    rows = warehouse.rows(f"select operation, updated_at from raw_qbo.invoice where id = '{record_id}' order by rowid")
    return [(row["operation"], row["updated_at"].day) for row in rows]


def test_versions_superseded_before_the_horizon_go_and_the_one_in_force_then_stays(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", *(_version("7", day, day) for day in (1, 3, 5, 7)))
    assert compact(_file(warehouse), _at(6)).removed == {"invoice": 2}
    assert _kept(warehouse, "7") == [("upsert", 5), ("upsert", 7)]


def test_a_deleted_record_keeps_its_last_content_and_its_deletion(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", _version("7", 1, 1), _version("7", 2, 2), _deletion("7", 3))
    compact(_file(warehouse), LATER)
    assert _kept(warehouse, "7") == [("upsert", 2), ("delete", 3)]


def test_a_revived_record_keeps_its_newest_deletion(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", _version("7", 1, 1), _deletion("7", 2), _version("7", 2, 3), _deletion("7", 4))
    warehouse.land("invoice", _version("7", 3, 5))
    compact(_file(warehouse), LATER)
    assert _kept(warehouse, "7") == [("delete", 4), ("upsert", 5)]


def test_what_landed_last_stays_even_if_it_is_no_longer_current(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", _version("7", 1, 1), _version("7", 9, 9))
    warehouse.land("invoice", _version("7", 5, 5))
    compact(_file(warehouse), LATER)
    assert _kept(warehouse, "7") == [("upsert", 9), ("upsert", 5)]


def test_without_a_horizon_nothing_is_removed(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", _version("7", 1, 1), _version("7", 2, 2))
    assert compact(_file(warehouse), None).removed == {}
    assert len(_kept(warehouse, "7")) == 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_typed_tables_and_later_history_stay_as_they_were(warehouse: TypedWarehouse, seed: int) -> None:
    chance = random.Random(seed)
    horizon = _at(5)
    for _ in range(30):
        record_id, day = str(chance.randint(1, 5)), chance.randint(1, 9)
        gone = chance.random() < 0.25
        warehouse.land(
            "invoice", _deletion(record_id, day) if gone else _version(record_id, chance.randint(0, 11), day)
        )
    warehouse.build(*INVOICE)
    later = f"select * from qbo_history.invoice where coalesce(valid_to > '{horizon}', true) order by all"
    before, history = _tables(warehouse), warehouse.rows(later)
    assert compact(_file(warehouse), horizon).removed["invoice"] > 0
    assert _tables(warehouse) == before
    assert warehouse.rows(later) == history
    warehouse.build(*INVOICE)
    assert _tables(warehouse) == before
    warehouse.build(*INVOICE, "--full-refresh")
    assert _tables(warehouse) == before


@pytest.mark.slow
def test_the_file_shrinks_and_views_watermarks_and_copies_work_as_before(warehouse: TypedWarehouse) -> None:
    for token in range(30):
        warehouse.land(
            "invoice", *(_version(str(n), token, 1) | {"PrivateNote": f"{token} {n} " * 200} for n in range(60))
        )
    warehouse.build(*INVOICE, "qbo__item", "qbo__sellable_item")
    done = compact(_file(warehouse), LATER)
    assert done.removed == {"invoice": 29 * 60}
    assert done.bytes_after == warehouse.path.stat().st_size < done.bytes_before
    assert warehouse.rows("select count(*) as versions from qbo_history.invoice") == [{"versions": 60}]
    assert warehouse.rows("select * from qbo.sellable_item") == []
    assert {path.name for path in warehouse.path.parent.iterdir()} <= {"warehouse.duckdb", "warehouse.duckdb.lock"}
    copy = warehouse.path.with_name("analytics.duckdb")
    publish(_file(warehouse), copy)
    with duckdb.connect(copy, read_only=True) as connection:
        assert connection.execute("select count(*) from qbo_history.invoice").fetchone() == (60,)


def test_what_a_compaction_that_broke_off_left_behind_is_discarded(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", _version("7", 1, 1))
    warehouse.path.with_name("warehouse.duckdb.compacting").write_bytes(b"half a copy")
    compact(_file(warehouse), None)
    assert len(_kept(warehouse, "7")) == 1
    assert not list(warehouse.path.parent.glob("*.compacting*"))


@pytest.mark.slow
def test_a_process_killed_while_compacting_leaves_a_whole_file(warehouse: TypedWarehouse) -> None:
    for token in range(20):
        warehouse.land("invoice", *(_version(str(n), token, 1) for n in range(200)))
    expected = warehouse.rows("select id, max(sync_token::int) as token from raw_qbo.invoice group by id order by id")
    for wait in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4):
        with subprocess.Popen([sys.executable, "-c", COMPACT, str(warehouse.path)], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            process.kill()
        found = warehouse.rows("select id, max(sync_token::int) as token from raw_qbo.invoice group by id order by id")
        assert found == expected
    compact(_file(warehouse), LATER)
    assert warehouse.row("select count(*) as versions from raw_qbo.invoice") == {"versions": 200}
