"""What a pull keeps in memory does not grow with what it has landed, and every connection keeps DuckDB's limit."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline.ingest.landing import Batch, Landing
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.state.store import utc_now
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline_tests.installation import Installation

# The pull in a process of its own, as the emulator is served by this one; small batches, so that it makes many loads. What
# is told is the resident memory after each, in MB.
PULL = """
import json
from functools import partial
from pathlib import Path
from qbo_pipeline.ingest import landing, pull, sync
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.file import open_warehouse

resident = []

class Landing(landing.Landing):
    def land(self, *arguments, **options):
        landed = super().land(*arguments, **options)
        status = Path("/proc/self/status").read_text()
        resident.append(int(status.split("VmRSS:")[1].split()[0]) // 1024)
        return landed

sync.Landing = Landing
sync.pull = partial(pull.pull, batch_bytes=4 * 1024 * 1024)
settings = read_settings()
(company,) = sync.sync(settings, open_state(settings), open_warehouse(settings), entities=["Invoice"]).companies
print(json.dumps({"rows": company.rows, "resident": resident}))
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_what_stays_in_memory_between_loads_does_not_grow(install: Callable[..., Installation]) -> None:
    made = install("generated:40000")
    (realm_id,) = made.emulator.companies
    made.connect("large", realm_id)
    environment = os.environ | {"QBO_DUCKDB_MEMORY_LIMIT": "256MB"}
    told = subprocess.run([sys.executable, "-c", PULL], env=environment, check=True, capture_output=True, text=True)
    pulled = json.loads(told.stdout.splitlines()[-1])
    resident = pulled["resident"]
    assert pulled["rows"] == 40_000
    assert len(resident) > 15
    # Not from the first on: Python's and DuckDB's own pools fill with the first few.
    assert max(resident[-5:]) - max(resident[4:9]) < 80, resident


def test_dlt_keeps_the_limits_of_duckdb_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: set[str] = set()
    connect = duckdb.connect

    class Watched:
        """A connection that notes the memory limit it ends with."""

        def __init__(self, *arguments: object, **options: object) -> None:
            self._connection = connect(*arguments, **options)

        def close(self) -> None:
            limits.add(self._connection.execute("select current_setting('memory_limit')").fetchone()[0])
            self._connection.close()

        def __getattr__(self, name: str) -> object:
            return getattr(self._connection, name)

    monkeypatch.setattr(duckdb, "connect", Watched)
    warehouse = Warehouse(tmp_path / "home" / "warehouse.duckdb", memory_limit="300MB")
    batch = Batch(broken_off=[("1", "invoice", Bookmark(utc_now(), 1, frozenset("1")))])
    Landing(warehouse, tmp_path / "home" / "dlt", utc_now).land(batch)
    assert limits == {"286.1 MiB"}
