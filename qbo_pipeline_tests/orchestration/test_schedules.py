"""The schedule runs from the start, at the cadence asked for, and says why when it does not."""

from collections.abc import Callable

import pytest
from dagster import DagsterInstance, DefaultScheduleStatus, RunRequest, SkipReason, build_schedule_context

from qbo_pipeline.orchestration.schedules import sync_schedule
from qbo_pipeline.settings import SettingsError
from qbo_pipeline_tests.installation import Installation


def _tick() -> RunRequest | SkipReason:
    with DagsterInstance.ephemeral() as instance, build_schedule_context(instance) as context:
        outcome = sync_schedule().evaluate_tick(context)
    return outcome.run_requests[0] if outcome.run_requests else SkipReason(outcome.skip_message)


def test_without_a_connection_it_skips_and_says_what_to_do(install: Callable[..., Installation]) -> None:
    install()
    assert "qbo-pipeline connect NAME" in _tick().skip_message


def test_with_a_connection_it_asks_for_a_run_that_makes_no_more_calls_than_are_due(installation: Installation) -> None:
    asked = _tick()
    assert isinstance(asked, RunRequest)
    assert asked.run_config["ops"]["raw_qbo"]["config"] == {"all_entities": False, "idle_too": False}


def test_an_inactive_connection_is_none(installation: Installation) -> None:
    installation.store.connections.deactivate("landscaping", "revoked")
    assert "no active connection" in _tick().skip_message


def test_its_cadence_is_a_setting(clean_environment: pytest.MonkeyPatch) -> None:
    assert sync_schedule().cron_schedule == "*/15 * * * *"
    clean_environment.setenv("QBO_SYNC_CRON", "0 6 * * 1-5")
    assert sync_schedule().cron_schedule == "0 6 * * 1-5"
    assert sync_schedule().default_status is DefaultScheduleStatus.RUNNING


def test_a_cadence_that_is_none_is_named_with_its_setting(clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("QBO_SYNC_CRON", "every morning")
    with pytest.raises(SettingsError, match=r"QBO_SYNC_CRON.*every morning"):
        sync_schedule()
