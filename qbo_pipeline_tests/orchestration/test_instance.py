"""Dagster's own settings are written once, and what a person changed in them stays."""

import pytest
from dagster import DagsterInstance

from qbo_pipeline.orchestration.instance import dagster_instance, prepare_dagster_home
from qbo_pipeline.settings import read_settings


def test_the_settings_are_written_once_and_then_left_alone(clean_environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    prepare_dagster_home(settings)
    written = settings.dagster_home / "dagster.yaml"
    changed = written.read_text().replace("purge_after_days: 30", "purge_after_days: 7", 1)
    written.write_text(changed)
    prepare_dagster_home(settings)
    assert written.read_text() == changed


def test_the_instance_takes_them(clean_environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    with dagster_instance(settings) as instance:
        assert isinstance(instance, DagsterInstance)
        assert instance.root_directory == str(settings.dagster_home)
        assert not instance.telemetry_enabled
        pools = instance.get_concurrency_config().pool_config
        assert (pools.default_pool_limit, pools.pool_granularity.value) == (1, "run")
