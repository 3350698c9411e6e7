"""The operational system's assets: loaded where there is one, and no hindrance where there is none."""

from datetime import date
from pathlib import Path

import pytest
from dagster import AssetKey, ExecuteInProcessResult, materialize

from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.ops.schema import TABLES
from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.ops_assets import ops_assets
from qbo_pipeline.settings import read_settings


def run() -> ExecuteInProcessResult:
    return materialize([ops_assets], resources={"installation": Installation()})


def row_counts(result: ExecuteInProcessResult) -> dict[str, int]:
    return {
        event.asset_key.path[-1]: event.materialization.metadata["dagster/row_count"].value
        for event in result.get_asset_materialization_events()
    }


@pytest.fixture(autouse=True)
def _home(clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()


def test_without_an_operational_system_the_assets_are_there_and_empty() -> None:
    result = run()
    assert row_counts(result) == {table.name: 0 for table in TABLES}
    assert [each.passed for each in result.get_asset_check_evaluations()] == [True]


def test_the_sample_is_loaded_as_soon_as_it_is_there() -> None:
    counts = make_sample(read_settings().ops_sample_path, date(2026, 3, 31))
    assert row_counts(run()) == counts


def test_a_system_out_of_reach_stops_nothing_and_is_named(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean_environment.setenv("QBO_OPS_URL", f"sqlite:///{tmp_path / 'gone.db'}")
    result = run()
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.passed, check.asset_key) == (False, AssetKey(["raw_ops", "business_entities"]))
    assert "does not exist. Check QBO_OPS_URL" in check.metadata["reason"].value
