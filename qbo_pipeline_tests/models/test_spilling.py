"""A build that needs more memory than DuckDB may use writes to disk, and goes on."""

import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.adapters.duckdb.environments.local import LocalEnvironment
from dbt.config.runtime import load_profile
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context

from qbo_pipeline_tests.models.conftest import PROJECT

# Sorted rows of some 200 MB.
_LARGE = (
    "select count(*) from (select md5(number::varchar) as text from range(4_000_000) as row (number) order by text)"
)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalEnvironment]:
    """DuckDB as the project's profile has dbt open it, with 100 MB to work in."""
    monkeypatch.setenv("QBO_WAREHOUSE_PATH", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("QBO_DUCKDB_MEMORY_LIMIT", "100MB")
    set_invocation_context(os.environ.copy())
    set_from_args(Namespace(profiles_dir=str(PROJECT)), None)
    opened = LocalEnvironment(load_profile(str(PROJECT), {}).credentials)
    yield opened
    opened.close()


def test_a_model_that_spilled_to_disk_lets_the_next_one_be_built(environment: LocalEnvironment, tmp_path: Path) -> None:
    first = environment.handle().cursor()
    assert first.execute("select current_setting('memory_limit'), current_setting('TimeZone')").fetchone() == (
        "95.3 MiB",
        "UTC",
    )
    first.execute(_LARGE)
    assert (tmp_path / "warehouse.duckdb.tmp").is_dir(), "nothing was spilled: the proof is none"
    assert environment.handle().cursor().execute("select 1").fetchone() == (1,)
