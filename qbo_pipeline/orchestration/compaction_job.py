"""The job that takes superseded versions and marks of past reads out of the warehouse, and its schedule."""

from datetime import UTC, datetime, timedelta

from dagster import (
    DefaultScheduleStatus,
    OpExecutionContext,
    ScheduleDefinition,
    in_process_executor,
    job,
    op,
)

from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation

# Sunday night, when nobody waits for the warehouse.
_WEEKLY = "30 3 * * 0"


@op(pool=WAREHOUSE_POOL)
def compact_raw_tables(context: OpExecutionContext, installation: Installation) -> None:
    """Remove the versions superseded longer ago than `QBO_HISTORY_DAYS`, and shrink the file.

    Nothing is published here: what a failed run left in the warehouse is not for analysts yet. The next sync that changes
    something publishes.
    """
    from qbo_pipeline.warehouse.compaction import compact  # noqa: PLC0415 - loaded by a run

    settings = installation.settings()
    if not settings.warehouse_path.exists():
        context.log.info("There is no warehouse yet; there is nothing to compact.")
        return
    days = settings.history_days
    done = compact(installation.warehouse(), datetime.now(UTC) - timedelta(days=days) if days else None)
    context.log.info(
        "Removed %d superseded versions%s and %d marks of past reads; the file went from %d to %d bytes.",
        sum(done.removed.values()),
        "" if days else " (QBO_HISTORY_DAYS is not set: all are kept)",
        sum(done.marks_removed.values()),
        done.bytes_before,
        done.bytes_after,
    )
    metadata = {
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
        **done.removed,
        **done.marks_removed,
    }
    context.add_output_metadata(metadata)


@job(
    executor_def=in_process_executor,
    description="Remove raw versions superseded longer ago than QBO_HISTORY_DAYS, and give the space back to the disk.",
)
def compact_raw() -> None:
    """One step: the warehouse is closed to everyone else while it runs."""
    compact_raw_tables()


compact_raw_weekly = ScheduleDefinition(
    name="compact_raw_weekly",
    job=compact_raw,
    cron_schedule=_WEEKLY,
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Without QBO_HISTORY_DAYS it keeps every version and removes only what marked the progress of past reads.",
)
