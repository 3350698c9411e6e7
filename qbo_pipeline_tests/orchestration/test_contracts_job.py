"""Contracts are billed every hour where there is something to bill from and somebody to bill for, and each period is checked."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    DagsterInstance,
    DefaultScheduleStatus,
    RunRequest,
    SkipReason,
    build_asset_check_context,
    build_schedule_context,
)

from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.orchestration import installation as resource
from qbo_pipeline.orchestration.contracts_job import (
    bill_recurring_contracts,
    bill_recurring_contracts_job,
    every_contract_period_is_accounted_for,
)
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

TODAY = datetime.now(UTC).date()


def _tick() -> RunRequest | str:
    with DagsterInstance.ephemeral() as instance, build_schedule_context(instance) as context:
        outcome = bill_recurring_contracts.evaluate_tick(context)
    return outcome.run_requests[0] if outcome.run_requests else SkipReason(outcome.skip_message).skip_message


def _run() -> bool:
    return bill_recurring_contracts_job.execute_in_process(resources={"installation": resource.Installation()}).success


def _check() -> AssetCheckResult:
    return every_contract_period_is_accounted_for(build_asset_check_context(), resource.Installation())


@pytest.fixture
def armed(install: Callable[..., Installation]) -> Installation:
    """The sample system as of today, and its first company connected and armed two months back."""
    made = install("landscaping")
    make_sample(made.settings.ops_sample_path, TODAY)
    token = made.emulator.grant(LANDSCAPING)
    connect_headless(made.store, made.settings, "main", LANDSCAPING, token, business_entity_id="be-landscaping")
    go_live = TODAY - timedelta(days=60)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    made.store.push_settings.put(PushSettings(realm_id=LANDSCAPING, go_live_date=go_live, armed_at=yesterday))
    return made


def test_it_skips_without_an_operational_system_and_without_an_armed_company(
    install: Callable[..., Installation],
) -> None:
    made = install("landscaping")
    assert "QBO_OPS_URL is not set" in _tick()
    make_sample(made.settings.ops_sample_path, date(2026, 3, 31))
    assert "--arm" in _tick()
    assert _run()
    assert _check().passed


def test_it_runs_every_hour_from_the_start(armed: Installation) -> None:
    assert isinstance(_tick(), RunRequest)
    assert bill_recurring_contracts.cron_schedule == "0 * * * *"
    assert bill_recurring_contracts.default_status is DefaultScheduleStatus.RUNNING


def test_a_system_out_of_reach_skips_the_schedule_and_only_warns_in_the_check(
    armed: Installation, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("QBO_OPS_URL", "sqlite:////nowhere/ops.db")
    assert "does not exist" in _tick()
    found = _check()
    assert (found.passed, found.severity) == (False, AssetCheckSeverity.WARN)


def test_the_check_fails_until_contracts_are_billed_and_passes_from_then_on(armed: Installation) -> None:
    before = _check()
    assert not before.passed
    assert any("the scan has not billed them" in str(each.value) for each in before.metadata.values())

    assert _run()
    intents = armed.store.outbox.intents(LANDSCAPING)
    assert intents
    assert {each.source_kind for each in intents} == {"contract_period"}
    after = _check()
    assert after.passed, after.metadata

    assert _run()
    assert armed.store.outbox.intents(LANDSCAPING) == intents
