"""`kill -9` at any moment of a sync: the next one completes it, and nothing is there twice."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qbo_pipeline.warehouse.query import read_only
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PROGRAM = Path(sys.executable).with_name("qbo-pipeline")


def _has_typed_tables(installation: Installation) -> bool:
    """Whether dbt is at work and some models are built: its log says so, since the file itself is taken."""
    logs = list((installation.home / "dbt" / "target").rglob("dbt.log"))
    return any(
        "of " in path.read_text(errors="replace") and "OK created" in path.read_text(errors="replace") for path in logs
    )


# When the sync process is doing what its holder file, the calls counted or its files say.
MOMENTS = {
    "reading": lambda installation: sum(each["calls"] for each in installation.emulator.meter.snapshot().values()) > 20,
    "landing": lambda installation: "land what" in installation.warehouse.lock.holder(),
    "building": _has_typed_tables,
}


@pytest.fixture
def new(install: Callable[..., Installation], dbt_folder: Path, synced_home: Path) -> Installation:
    """An installation that has not synced, of the same two companies as `synced_home` has."""
    made = install("landscaping", "consultancy")
    shutil.copytree(dbt_folder, made.home / "dbt")
    made.connect("us", LANDSCAPING)
    made.connect("uk", CONSULTANCY)
    made.calls()
    return made


def _tables(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every typed table, without when it was loaded."""
    with read_only(home / "analytics.duckdb") as copy:
        names = copy.execute("select table_name from information_schema.tables where table_schema = 'qbo'").fetchall()
        return {
            name: copy.execute(f"select columns(c -> c <> 'loaded_at') from qbo.{name} order by all").fetchall()
            for (name,) in names
        }


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_sync_is_made_up_for_by_the_next(new: Installation, synced_home: Path, moment: str) -> None:
    if moment == "reading":
        new.script("/query", action="delay", seconds=0.2)
    with subprocess.Popen([PROGRAM, "sync"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not MOMENTS[moment](new):
            assert process.poll() is None, "the sync ended before it could be killed"
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    new.emulator.scripted_faults.clear()
    again = subprocess.run([PROGRAM, "sync"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout + again.stderr
    assert _tables(new.home) == _tables(synced_home)
    doubled = "select count(*) from (select realm_id, id, payload from raw_qbo.{} group by all having count(*) > 1)"
    for table in ("invoice", "customer", "account"):
        assert new.query(doubled.format(table)) == [(0,)]
