"""Memory stays flat as a company grows: pages are landed while the next are fetched, and a full queue holds readers back."""

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

# The pull in a process of its own, as the emulator is served by this one; small batches, so that both sizes need several.
PULL = """
import resource
from functools import partial
from qbo_pipeline.ingest import pull, sync
from qbo_pipeline.settings import read_settings
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.file import open_warehouse
sync.pull = partial(pull.pull, batch_bytes=4 * 1024 * 1024)
settings = read_settings()
(company,) = sync.sync(settings, open_state(settings), open_warehouse(settings), entities=["Invoice"]).companies
print(company.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def _pulled(installation: Installation, invoices: int, home: Path) -> int:
    """The peak memory in MB of pulling so many invoices."""
    (realm_id,) = installation.emulator.companies
    installation.connect("large", realm_id)
    environment = os.environ | {"QBO_DUCKDB_MEMORY_LIMIT": "256MB", "QBO_HOME": str(home)}
    told = subprocess.run([sys.executable, "-c", PULL], env=environment, check=True, capture_output=True, text=True)
    rows, peak_mb = map(int, told.stdout.split())
    assert rows == invoices
    return peak_mb


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_three_times_the_invoices_take_little_more_memory(install: Callable[..., Installation], tmp_path: Path) -> None:
    peaks = {}
    for invoices in (30_000, 90_000):
        made = install(f"generated:{invoices}")
        peaks[invoices] = _pulled(made, invoices, tmp_path / "home")
        for path in (tmp_path / "home").glob("*.d*b*"):
            path.unlink() if path.is_file() else None
    assert peaks[90_000] - peaks[30_000] < 100, peaks


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
