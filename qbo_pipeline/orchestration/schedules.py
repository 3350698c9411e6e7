"""The schedule that keeps every company in step."""

from dagster import (
    DagsterInvalidDefinitionError,
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    SkipReason,
    schedule,
)

from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.jobs import sync_job
from qbo_pipeline.orchestration.report_assets import REPORT_OP
from qbo_pipeline.settings import SettingsError, read_settings


def sync_schedule() -> ScheduleDefinition:
    """The schedule at the cadence of `QBO_SYNC_CRON`; it runs from the start."""
    cron = read_settings().sync_cron
    scheduled = schedule(
        name="sync_all_connections",
        job=sync_job,
        cron_schedule=cron,
        execution_timezone="UTC",
        default_status=DefaultScheduleStatus.RUNNING,
        description="Syncs every active connection; skips while there is none.",
    )
    try:
        return scheduled(_sync_all_connections)
    except DagsterInvalidDefinitionError as error:
        raise SettingsError(
            f"QBO_SYNC_CRON is {cron!r}, which is no cron schedule such as '*/15 * * * *' (minute, hour, day, month, weekday)."
        ) from error


def _sync_all_connections() -> RunRequest | SkipReason:
    with Installation().state() as store:
        active = [connection for connection in store.connections.all() if connection.is_active]
    if not active:
        return SkipReason("There is no active connection. `qbo-pipeline connect NAME` makes one.")
    # Every call that is not needed costs money: what the change feed does not cover is asked for once an hour, and a company
    # in which nothing happens less often.
    pull = {"all_entities": False, "idle_too": False}
    thrifty = {"raw_qbo": {"config": pull}, REPORT_OP: {"config": {"routine": True}}}
    return RunRequest(run_config={"ops": thrifty})
