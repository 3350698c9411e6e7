"""QuickBooks' own reports as an asset, `raw_qbo/report`, fetched between the pull and the models for whom it is due.

With it comes `sync/as_of`: both say to the models how far a company has been read, and by what it is to be compared.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Config,
    DataVersion,
    MaterializeResult,
    TableColumn,
    TableSchema,
    multi_asset,
)
from pydantic import Field

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA
from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.ownership import OWNERS
from qbo_pipeline.orchestration.raw_assets import TRIGGER_TAG, raw_key

if TYPE_CHECKING:
    from qbo_pipeline.ingest.reports.outcome import ReportsOutcome

REPORT_OP = "raw_qbo_report"
REPORT_KEY = AssetKey([RAW_SCHEMA, "report"])
AS_OF_KEY = AssetKey(["sync", "as_of"])

_PULLED = [raw_key(entity) for entity in ENTITIES]
_EVERY_REPORT = AssetCheckSpec(
    name="every_report_was_fetched",
    asset=REPORT_KEY,
    description="Names each company of which a report that was due did not come; it stays due.",
)


class ReportConfig(Config):
    """Which reports a run fetches."""

    routine: bool = Field(
        default=False,
        description="Ask no company again within QBO_REPORT_HOURS, and look back only QBO_SNAPSHOT_DAYS month by month.",
    )
    full: bool = Field(default=False, description="Fetch every report again instead of those that changes outdated.")


@multi_asset(
    name=REPORT_OP,
    specs=[
        AssetSpec(
            REPORT_KEY,
            deps=_PULLED,
            description="QuickBooks' own reports, every one fetched, as QuickBooks sent it.",
            group_name=RAW_SCHEMA,
            owners=OWNERS,
            kinds={"dlt", "duckdb", "quickbooks"},
            metadata={"dagster/table_name": f"{RAW_SCHEMA}.report"},
        ),
        AssetSpec(
            AS_OF_KEY,
            deps=_PULLED,
            description="One row per company: the day and the instant, on QuickBooks' clock, up to which it was read.",
            group_name="sync",
            owners=OWNERS,
            kinds={"duckdb"},
            metadata={"dagster/table_name": "sync.as_of"},
        ),
    ],
    check_specs=[_EVERY_REPORT],
    pool=WAREHOUSE_POOL,
)
def report_assets(
    context: AssetExecutionContext, config: ReportConfig, installation: Installation
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Fetch the reports that what landed has outdated, of the companies the run has read completely."""
    from qbo_pipeline.ingest.reports.keeping import connections_to_report, keep_reports  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.ingest.reports.sync import sync_reports  # noqa: PLC0415
    from qbo_pipeline.warehouse.raw import contents  # noqa: PLC0415
    from qbo_pipeline.warehouse.reports import REPORT, REPORT_TABLE  # noqa: PLC0415

    run_id, warehouse = context.run.run_id, installation.warehouse()
    trigger = context.run.tags.get("dagster/schedule_name") or context.run.tags.get(TRIGGER_TAG, "manual")
    with installation.state() as store:
        outcomes = sync_reports(
            installation.settings(),
            store,
            warehouse,
            connections_to_report(store, run_id),
            routine=config.routine,
            full=config.full,
            tell=context.log.info,
        )
        keep_reports(store, run_id, trigger, outcomes)
    with warehouse.connect("count the landed reports") as connection:
        rows, landed_at = contents(connection, [REPORT_TABLE]).get(REPORT_TABLE, (0, None))
    columns = TableSchema(columns=[TableColumn(name=field.name, type=str(field.type)) for field in REPORT])
    yield MaterializeResult(
        asset_key=REPORT_KEY,
        metadata={"dagster/row_count": rows, "dagster/column_schema": columns} | _metadata(outcomes),
        data_version=DataVersion(f"{rows} rows, the last of {landed_at}"),
    )
    yield MaterializeResult(asset_key=AS_OF_KEY)
    yield _check(outcomes)


def _metadata(outcomes: "Sequence[ReportsOutcome]") -> dict[str, int]:
    return {
        "rows_landed": sum(each.fetched for each in outcomes),
        "companies": len(outcomes),
        "companies_with_errors": sum(each.error is not None for each in outcomes),
        "calls": sum(each.calls for each in outcomes),
        "metered_calls": sum(each.metered_calls for each in outcomes),
    }


def _check(outcomes: "Sequence[ReportsOutcome]") -> AssetCheckResult:
    missed = {each.name: each.error for each in outcomes if each.error is not None}
    return AssetCheckResult(
        asset_key=REPORT_KEY,
        check_name=_EVERY_REPORT.name,
        passed=not missed,
        severity=AssetCheckSeverity.WARN,
        metadata={"companies": len(outcomes), "left_out": len(missed), **missed},
    )
