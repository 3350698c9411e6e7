"""The schedule that keeps every company in step."""

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SkipReason,
    schedule,
)

from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.jobs import sync_job
from qbo_pipeline.settings import read_settings


def sync_schedule() -> ScheduleDefinition:
    """The schedule at the cadence of `QBO_SYNC_CRON`; it runs from the start."""

    @schedule(
        name="sync_all_connections",
        job=sync_job,
        cron_schedule=read_settings().sync_cron,
        execution_timezone="UTC",
        default_status=DefaultScheduleStatus.RUNNING,
        description="Syncs every active connection; skips while there is none.",
    )
    def sync_all_connections(context: ScheduleEvaluationContext) -> RunRequest | SkipReason:
        with Installation().state() as store:
            active = [connection for connection in store.connections.all() if connection.is_active]
        if not active:
            return SkipReason("There is no active connection. `qbo-pipeline connect NAME` makes one.")
        return RunRequest()

    return sync_all_connections
