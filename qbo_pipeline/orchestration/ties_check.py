"""Whether every month ties to QuickBooks' own reports, as a check that fails and yet holds up nobody's data.

A test of dbt's would fail the run, and one cent of one company would keep every company's analysts on yesterday's copy.
"""

from dagster import AssetCheckExecutionContext, AssetCheckResult, AssetCheckSeverity, AssetKey, asset_check

from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation

RECONCILIATION_KEY = AssetKey(["finance", "reconciliation_month"])


@asset_check(
    asset=RECONCILIATION_KEY,
    name="every_month_ties",
    pool=WAREHOUSE_POOL,
    description="Fails when an amount differs from QuickBooks' own report by a cent or more without a known cause.",
)
def every_month_ties(context: AssetCheckExecutionContext, installation: Installation) -> AssetCheckResult:
    """Compare the months tied with all months for which reports were read."""
    from qbo_pipeline.warehouse.ties import ties  # noqa: PLC0415 - loaded by a run

    with installation.warehouse().connect("look at the ties") as connection:
        found = ties(connection)
    with installation.state() as store:
        names = {each.realm_id: each.name for each in store.connections.all()}
    apart = {names.get(each.realm_id, each.realm_id): each for each in found if each.unexplained}
    return AssetCheckResult(
        passed=not apart,
        severity=AssetCheckSeverity.ERROR,
        metadata={
            "months": sum(each.months for each in found),
            "months_tied": sum(each.tied for each in found),
            "months_unexplained": sum(each.unexplained for each in found),
            **{name: f"{each.tied} of {each.months} months tied" for name, each in apart.items()},
        },
    )
