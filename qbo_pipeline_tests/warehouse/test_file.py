"""One process at a time in the warehouse, whose name the others are told; a file that is no warehouse is left alone."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline.warehouse.file import Warehouse, WarehouseError
from qbo_pipeline.warehouse.lock import WarehouseBusyError

HOLD = """
import sys, time
from pathlib import Path
from qbo_pipeline.warehouse.file import Warehouse
with Warehouse(Path(sys.argv[1])).connect("load a large company") as connection:
    connection.execute("create table one as select 1 as number")
    print("held", flush=True)
    time.sleep(60)
"""
OPEN_DIRECTLY = """
import sys, time
import duckdb
with duckdb.connect(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def _process(program: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file until it is killed."""
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_second_process_waits_for_the_first_and_is_told_who_it_is(warehouse: Warehouse) -> None:
    told: list[str] = []
    with _process(HOLD, warehouse.path) as process:

        def hear(text: str) -> None:
            told.append(text)
            process.kill()

        # The lock of a killed process is free at once, and what it committed is there.
        with warehouse.connect("sync", tell=hear) as connection:
            assert connection.execute("select number from one").fetchone() == (1,)
    assert f"process {process.pid}" in told[0]
    assert "load a large company" in told[0]


def test_waiting_too_long_is_an_error_that_names_the_holder(warehouse: Warehouse) -> None:
    impatient = Warehouse(warehouse.path, wait_seconds=0.1)
    busy = pytest.raises(WarehouseBusyError, match=r"load a large company.*nothing was lost")
    with _process(HOLD, warehouse.path), busy, impatient.connect("sync"):
        pass


def test_the_lock_may_be_taken_again_by_its_holder(warehouse: Warehouse) -> None:
    with warehouse.lock.held("build"), warehouse.connect("look"):
        assert "build" in warehouse.lock.holder()
    with pytest.raises(FileNotFoundError):
        warehouse.path.with_name("warehouse.duckdb.holder").read_text()


def test_a_failure_inside_closes_the_connection_and_frees_the_lock(warehouse: Warehouse) -> None:
    with pytest.raises(RuntimeError), warehouse.connect("sync"):
        raise RuntimeError
    duckdb.connect(warehouse.path).close()


def test_a_damaged_file_is_reported_and_left_as_it_is(warehouse: Warehouse) -> None:
    warehouse.path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(WarehouseError, match=r"could not be opened.*left as it is.*backup"), warehouse.connect("sync"):
        pass
    assert warehouse.path.read_bytes() == b"this is no database" * 1000


def test_a_program_that_opened_the_file_itself_is_named(warehouse: Warehouse) -> None:
    with _process(OPEN_DIRECTLY, warehouse.path) as process:
        named = pytest.raises(WarehouseError, match=rf"PID {process.pid}.*analytics\.duckdb")
        with named, warehouse.connect("sync"):
            pass


def test_a_process_that_a_killed_run_left_behind_is_waited_for(warehouse: Warehouse) -> None:
    told: list[str] = []
    patient = Warehouse(warehouse.path, stranger_wait_seconds=20)
    with _process(OPEN_DIRECTLY, warehouse.path) as process:

        def hear(text: str) -> None:
            told.append(text)
            process.kill()

        with patient.connect("sync", tell=hear) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert len(told) == 1
