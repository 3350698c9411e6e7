"""Whether every company was read, told in the UI and in the run's own status."""

from dagster import AssetCheckExecutionContext, AssetCheckResult, AssetCheckSeverity, Failure, asset_check

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.raw_assets import raw_key


@asset_check(
    asset=raw_key(find_entity("company_info")),
    name="every_connection_was_synced",
    description="Names each connection of which something was left out; fails the run when that is more than a share of them.",
)
def every_connection_was_synced(context: AssetCheckExecutionContext, installation: Installation) -> AssetCheckResult:
    """Warn of connections left out in this run; fail when they are too many to call the run a success.

    A step of its own, so that the companies that were read are modelled and published all the same.
    """
    with installation.state() as store:
        entries = store.sync_log.entries(run_id=context.run.run_id)
    connections = [entry for entry in entries if entry.entity is None and entry.status != "not_due"]
    unsynced = {each.connection: each.error or each.status for each in connections if each.status != "synced"}
    share_max = installation.settings().failure_share
    if connections and len(unsynced) / len(connections) > share_max:
        raise Failure(
            description=(
                f"{len(unsynced)} of {len(connections)} connections were not synced, more than the share of "
                f"{share_max:.0%} a run may leave out (QBO_FAILURE_SHARE). What was read is landed; "
                "`qbo-pipeline connections` and `qbo-pipeline log --status error` say what to do."
            ),
            metadata=dict(unsynced),
            allow_retries=False,
        )
    return AssetCheckResult(
        passed=not unsynced,
        severity=AssetCheckSeverity.WARN,
        metadata={"connections_asked": len(connections), "left_out": len(unsynced), **unsynced},
    )
