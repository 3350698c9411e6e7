"""The sensor that has what webhooks told of read within a minute, instead of at the schedule's next tick."""

from datetime import UTC, datetime

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.jobs import sync_job
from qbo_pipeline.orchestration.raw_assets import TRIGGER_TAG
from qbo_pipeline.orchestration.report_assets import REPORT_OP
from qbo_pipeline.state.own_writes import OwnWrites
from qbo_pipeline.state.webhook_inbox import WebhookInbox

WEBHOOKS = "webhooks"
EVERY_SECONDS = 30
_LOOKED_AT = 5_000
_UNDER_WAY = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
]


@sensor(
    name="read_what_webhooks_told",
    job=sync_job,
    minimum_interval_seconds=EVERY_SECONDS,
    default_status=DefaultSensorStatus.RUNNING,
    description="Reads the records that QuickBooks said have changed; skips while there is none, or while a read is under way.",
)
def webhook_sensor(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """Ask for one targeted sync of all that waits in the webhook inbox."""
    settings = Installation().settings()
    if not settings.webhook_inbox_path.exists():
        return SkipReason("No webhook ever came: `qbo-pipeline gateway` receives them.")
    waiting = WebhookInbox(settings.webhook_inbox_path).take(_LOOKED_AT)
    written = OwnWrites(settings.webhook_inbox_path, lambda: datetime.now(UTC)).to_land(_LOOKED_AT)
    if not waiting and not written:
        return SkipReason("Everything that webhooks told of was read.")
    under_way = RunsFilter(tags={TRIGGER_TAG: WEBHOOKS}, statuses=_UNDER_WAY)
    if context.instance.get_runs_count(under_way):
        return SkipReason(f"{len(waiting) + len(written)} changes wait until the read that is under way has ended.")
    # The same events are asked for once, and again where reading them failed, or where a run died without a word.
    last = (waiting[-1].sequence, max(each.tries for each in waiting)) if waiting else (0, 0)
    own = written[-1].sequence if written else 0
    run_key = f"webhooks-{last[0]}-{last[1]}-{own}-{datetime.now(UTC):%Y%m%d%H}"
    return RunRequest(
        run_key=run_key,
        run_config={"ops": {"raw_qbo": {"config": {"from_webhooks": True}}, REPORT_OP: {"config": {"routine": True}}}},
        tags={TRIGGER_TAG: WEBHOOKS},
    )
