"""The job that bills contracts, its hourly schedule, and the check that no period of any is forgotten or billed twice.

Hourly, so that a period is billed within the hour after midnight wherever the business is. It opens no warehouse.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetKey,
    DefaultScheduleStatus,
    Failure,
    OpExecutionContext,
    RunRequest,
    SkipReason,
    asset_check,
    in_process_executor,
    job,
    op,
    schedule,
)

from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.ops_assets import NO_SYSTEM
from qbo_pipeline.settings import Settings

if TYPE_CHECKING:
    from qbo_pipeline.ops.database import OpsDatabase

CONTRACTS_KEY = AssetKey(["raw_ops", "contracts"])
_NOT_ARMED = (
    "No connection of a business entity may be pushed to: allow it with `qbo-pipeline push --arm --connection NAME`."
)


@op(
    name="bill_contracts",
    description="Make the invoices of contracts' periods that are due, each once.",
    tags={"kind": "sql"},
)
def bill_contracts_op(context: OpExecutionContext, installation: Installation) -> None:
    """Scan the contracts of every company that may be pushed to."""
    from qbo_pipeline.outbound.pushing import pushable  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.outbound.recurring.billing import bill_contracts  # noqa: PLC0415 - as above

    with _operational_system(installation.settings()) as database, installation.state() as store:
        if database is None:
            context.log.info(NO_SYSTEM)
            return
        billed = bill_contracts(store, database, pushable(store), datetime.now(UTC))
    for name, scan in billed.scans.items():
        context.log.info("%s: %s", name, scan.told)
    context.add_output_metadata({name: scan.told for name, scan in billed.scans.items()})
    if billed.left_out:
        reasons = "\n".join(f"- {name}: {reason}" for name, reason in billed.left_out.items())
        raise Failure(
            description=f"The contracts of {len(billed.left_out)} connections were not billed:\n{reasons}\nThe next run takes "
            "them up again; no period is lost.",
            allow_retries=False,
        )


@job(
    name="bill_recurring_contracts",
    executor_def=in_process_executor,
    description="Bill what is due of contracts: each period once, the oldest first.",
)
def bill_recurring_contracts_job() -> None:
    """One step."""
    bill_contracts_op()


@schedule(
    name="bill_recurring_contracts",
    job=bill_recurring_contracts_job,
    cron_schedule="0 * * * *",
    execution_timezone="UTC",
    default_status=DefaultScheduleStatus.RUNNING,
    description="Bills contracts every hour; skips where there is no operational system or no company that is armed.",
)
def bill_recurring_contracts() -> RunRequest | SkipReason:
    """A run where there is something to bill from and somebody to bill for."""
    from qbo_pipeline.ops.errors import OpsError  # noqa: PLC0415 - needed when the schedule ticks
    from qbo_pipeline.outbound.pushing import pushable  # noqa: PLC0415 - as above

    installation = Installation()
    try:
        with _operational_system(installation.settings()) as database:
            if database is None:
                return SkipReason(NO_SYSTEM)
    except OpsError as error:
        return SkipReason(str(error))
    with installation.state() as store:
        return RunRequest() if pushable(store) else SkipReason(_NOT_ARMED)


@asset_check(
    asset=CONTRACTS_KEY,
    name="every_contract_period_is_accounted_for",
    description="Fails where days of a contract are covered by no period, by two, or by one that says not what became of it.",
)
def every_contract_period_is_accounted_for(
    context: AssetCheckExecutionContext, installation: Installation
) -> AssetCheckResult:
    """Walk the periods of every armed company's contracts."""
    from qbo_pipeline.ops.errors import OpsError  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.outbound.pushing import pushable  # noqa: PLC0415 - as above
    from qbo_pipeline.outbound.recurring.tiling import untiled_contracts  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    try:
        with _operational_system(installation.settings()) as database, installation.state() as store:
            looked_at = pushable(store) if database is not None else []
            faults = {each.name: untiled_contracts(store, database, each, now) for each in looked_at}
    except OpsError as error:
        # What QuickBooks sent must be modelled and published all the same.
        return AssetCheckResult(passed=False, severity=AssetCheckSeverity.WARN, metadata={"reason": str(error)})
    told = {
        f"{name}: contract {fault.number} from {fault.start} to {fault.end}": fault.reason
        for name, found in faults.items()
        for fault in found
    }
    return AssetCheckResult(
        passed=not told,
        severity=AssetCheckSeverity.ERROR,
        metadata={"connections": len(looked_at), "faults": len(told), **told},
    )


@contextmanager
def _operational_system(settings: Settings) -> "Iterator[OpsDatabase | None]":
    from qbo_pipeline.ops.database import open_ops  # noqa: PLC0415 - loading the code location stays quick

    database = open_ops(settings)
    try:
        yield database
    finally:
        if database is not None:
            database.close()
