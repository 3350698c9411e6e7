"""The job that sends what is due in the outbox, and tells the operational system what became of it.

It opens no warehouse: a long push holds up no sync.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dagster import Config, Failure, In, JobDefinition, Nothing, OpExecutionContext, in_process_executor, job, op
from pydantic import Field

from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.jobs import PUSH_JOB

if TYPE_CHECKING:
    from qbo_pipeline.outbound.push import Push


class PushConfig(Config):
    """Whose outbox is sent, and how much of it."""

    connections: list[str] = Field(default=[], description="Names of the connections to push to; none means all armed.")
    targets: list[str] = Field(default=[], description="Only these kinds of QuickBooks objects; none means all.")
    keys: list[str] = Field(default=[], description="Only these intents; none means all that are due.")
    by_hand: bool = Field(default=True, description="Push now, whatever the cadence and the automatic switch say.")


@op(name="push_outbox", description="Send what is due to QuickBooks, each document once.", tags={"kind": "quickbooks"})
def push_outbox(context: OpExecutionContext, config: PushConfig, installation: Installation) -> None:
    """Deliver the outbox."""
    from qbo_pipeline.outbound.pushing import push_now  # noqa: PLC0415 - loaded by a run

    with installation.state() as store:
        pushed = push_now(
            store,
            installation.settings(),
            connections=config.connections,
            keys=config.keys or None,
            targets=config.targets or None,
            by_hand=config.by_hand,
        )
    context.add_output_metadata(_metadata(pushed))
    for name, reason in pushed.left_alone.items():
        context.log.info("%s was left alone: %s", name, reason)
    if left_out := pushed.delivery.left_out:
        reasons = "\n".join(f"- {name}: {reason}" for name, reason in left_out.items())
        raise Failure(
            description=f"The push to {len(left_out)} connections ended early:\n{reasons}\nWhat was sent is recorded; what "
            "was not goes out with the next push.",
            metadata=_metadata(pushed),
            allow_retries=False,
        )


@op(
    name="write_back",
    ins={"pushed": In(Nothing)},
    description="Tell the operational system what became of its documents, in tables of the pipeline's own.",
    tags={"kind": "sql"},
)
def write_back_states(context: OpExecutionContext, installation: Installation) -> None:
    """Write the state of every pushed document, and the books beside them, into the operational system."""
    from qbo_pipeline.outbound.writing_back import write_back_all  # noqa: PLC0415 - loaded by a run

    with installation.state() as store:
        written = write_back_all(store, installation.settings(), datetime.now(UTC))
    context.log.info(written.told)
    context.add_output_metadata({"rows_written": written.rows})


def push_job() -> JobDefinition:
    """The job `push`."""

    @job(
        name=PUSH_JOB,
        executor_def=in_process_executor,
        description="Send what is due in the outbox to QuickBooks and write back what became of it.",
    )
    def push() -> None:
        write_back_states(pushed=push_outbox())

    return push


def _metadata(pushed: "Push") -> dict[str, int]:
    companies = pushed.delivery.companies
    states = {state for company in companies for state in company.states}
    counts = {str(state): sum(company.states[state] for company in companies) for state in sorted(states)}
    return counts | {
        "recovered": sum(company.recovered for company in companies),
        "calls": sum(company.calls for company in companies),
        "left_alone": len(pushed.left_alone),
    }
