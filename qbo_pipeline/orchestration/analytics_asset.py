"""The copy analysts open, as the last asset of a run: made only when something was built."""

from dagster import AssetExecutionContext, AssetKey, MaterializeResult, MetadataValue, asset

from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.model_assets import ALWAYS_BUILT_KEY
from qbo_pipeline.orchestration.ownership import OWNERS
from qbo_pipeline.orchestration.sync_tables import SYNC_KEYS


@asset(
    key=AssetKey(["analytics"]),
    deps=[ALWAYS_BUILT_KEY, *SYNC_KEYS],
    group_name="analytics",
    owners=OWNERS,
    kinds={"duckdb"},
    pool=WAREHOUSE_POOL,
    description="The whole warehouse as one file that can be opened at any time, replaced after each run that changed something.",
)
def analytics(context: AssetExecutionContext, installation: Installation) -> MaterializeResult:
    """Replace `analytics.duckdb` by a copy of the warehouse."""
    from qbo_pipeline.warehouse.publish import publish  # noqa: PLC0415 - loaded by a run

    target = installation.settings().analytics_path
    size_bytes = publish(installation.warehouse(), target)
    context.log.info("Published %s, %d bytes.", target.name, size_bytes)
    return MaterializeResult(metadata={"path": MetadataValue.path(str(target)), "size_bytes": size_bytes})
