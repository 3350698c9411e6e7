"""The job that forgets old runs: their events, what they printed, and the files both were kept in.

A run every quarter of an hour leaves gigabytes a month behind, and Dagster itself forgets ticks only. What syncs did stays in
the sync log.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    DefaultScheduleStatus,
    OpExecutionContext,
    RunsFilter,
    ScheduleDefinition,
    in_process_executor,
    job,
    op,
)

from qbo_pipeline.orchestration.installation import Installation

_DAILY = "50 2 * * *"
_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
_AT_ONCE = 100


def forget_runs(instance: DagsterInstance, before: datetime) -> int:
    """Delete every run that ended before an instant, with all that is kept of it; returns how many."""
    forgotten = 0
    for run_id in _ended_runs(instance, before):
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        _delete_shard(instance, run_id)
        forgotten += 1
    return forgotten


def _ended_runs(instance: DagsterInstance, before: datetime) -> Iterator[str]:
    ended = RunsFilter(statuses=_ENDED, updated_before=before)
    while records := instance.get_run_records(ended, limit=_AT_ONCE, ascending=True):
        yield from (record.dagster_run.run_id for record in records)


def _delete_shard(instance: DagsterInstance, run_id: str) -> None:
    # Dagster's SQLite storage empties a deleted run's file and leaves it; other storages have no files.
    shard = getattr(instance.event_log_storage, "path_for_shard", None)
    if shard is not None:
        Path(shard(run_id)).unlink(missing_ok=True)


@op
def forget_runs_of_long_ago(context: OpExecutionContext, installation: Installation) -> None:
    """Delete the runs that ended more than `QBO_RUN_DAYS` ago."""
    days = installation.settings().run_days
    forgotten = forget_runs(context.instance, datetime.now(UTC) - timedelta(days=days))
    context.log.info("Forgot %d runs that ended more than %d days ago.", forgotten, days)
    context.add_output_metadata({"runs_forgotten": forgotten})


@job(
    executor_def=in_process_executor,
    description="Delete what Dagster keeps of runs that ended more than QBO_RUN_DAYS ago; the sync log stays.",
)
def forget_old_runs() -> None:
    """One step, which needs no warehouse."""
    forget_runs_of_long_ago()


forget_old_runs_daily = ScheduleDefinition(
    name="forget_old_runs_daily",
    job=forget_old_runs,
    cron_schedule=_DAILY,
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="A run every quarter of an hour leaves gigabytes a month in Dagster's own store.",
)
