"""Runs of long ago leave nothing on the disk, and no run is forgotten before its time or while it goes on."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter, job, op

from qbo_pipeline.orchestration.installation import Installation as InstallationResource
from qbo_pipeline.orchestration.instance import dagster_instance
from qbo_pipeline.orchestration.run_retention import forget_old_runs, forget_runs
from qbo_pipeline.settings import read_settings


@op
def speak() -> None:
    sys.stdout.write("said")


@job
def speaking() -> None:
    speak()


@pytest.fixture
def instance(clean_environment: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    with dagster_instance(read_settings()) as instance:
        yield instance


def _files_of(run_id: str) -> list[Path]:
    return [path for path in read_settings().dagster_home.rglob("*") if run_id in str(path) and path.is_file()]


def test_a_run_that_ended_before_the_instant_is_forgotten_with_its_files_and_a_later_one_stays(
    instance: DagsterInstance,
) -> None:
    old = speaking.execute_in_process(instance=instance).run_id
    assert _files_of(old)
    instant = datetime.now(UTC)
    late = speaking.execute_in_process(instance=instance).run_id
    kept = _files_of(late)
    assert forget_runs(instance, instant) == 1
    assert [run.run_id for run in instance.get_runs()] == [late]
    assert not _files_of(old)
    assert _files_of(late) == kept
    assert instance.all_logs(late)


def test_a_run_that_goes_on_is_never_forgotten(instance: DagsterInstance) -> None:
    run = instance.create_run_for_job(speaking, status=DagsterRunStatus.STARTED)
    assert forget_runs(instance, datetime.now(UTC) + timedelta(days=1)) == 0
    assert instance.get_run_by_id(run.run_id) is not None


def test_more_runs_than_are_asked_for_at_once_are_all_forgotten(
    instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qbo_pipeline.orchestration.run_retention._AT_ONCE", 2)
    for _ in range(5):
        instance.create_run_for_job(speaking, status=DagsterRunStatus.SUCCESS)
    assert forget_runs(instance, datetime.now(UTC) + timedelta(seconds=1)) == 5
    assert instance.get_runs() == []


def test_the_job_keeps_what_is_younger_than_the_setting(instance: DagsterInstance) -> None:
    young = speaking.execute_in_process(instance=instance).run_id
    assert forget_old_runs.execute_in_process(
        instance=instance, resources={"installation": InstallationResource()}
    ).success
    assert instance.get_runs(RunsFilter(job_name="speaking"))[0].run_id == young
