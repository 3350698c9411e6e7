"""The operational system's tables as assets, `raw_ops/<table>`, loaded by one op; idle, it looks and loads nothing.

Where there is no operational system, or it cannot be reached, the op says so and ends well: what QuickBooks sent must be
modelled and published all the same. A check on the first table names the reason.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

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

from qbo_pipeline.ops.database import OpsDatabase, open_ops
from qbo_pipeline.ops.errors import OpsError
from qbo_pipeline.ops.schema import SCHEMA, TABLES
from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.ownership import OWNERS
from qbo_pipeline.settings import Settings

OPS_OP = SCHEMA
NO_SYSTEM = "There is no operational system: QBO_OPS_URL is not set, and QBO_HOME holds no sample."

_WAS_READ = AssetCheckSpec(
    name="the_operational_system_was_read",
    asset=AssetKey([SCHEMA, TABLES[0].name]),
    description="Says why the operational system was not read, if it was not; what was loaded before stands.",
)


class LoadConfig(Config):
    """What a run loads of the operational system."""

    full: bool = Field(
        default=False, description="Take every row again, for a system that changed rows without moving updated_at."
    )


@multi_asset(
    name=OPS_OP,
    specs=[
        AssetSpec(
            AssetKey([SCHEMA, table.name]),
            deps=[AssetKey(["operational_system"])],
            description=f"{table.comment} Every version seen; the current one has the newest updated_at, then loaded_at.",
            group_name=SCHEMA,
            owners=OWNERS,
            kinds={"dlt", "duckdb", "sql"},
            metadata={
                "dagster/table_name": f"{SCHEMA}.{table.name}",
                "dagster/column_schema": TableSchema(
                    columns=[
                        TableColumn(name=column.name, type=str(column.type), description=column.comment)
                        for column in table.columns
                    ]
                ),
            },
        )
        for table in TABLES
    ],
    check_specs=[_WAS_READ],
    pool=WAREHOUSE_POOL,
)
def ops_assets(
    context: AssetExecutionContext, config: LoadConfig, installation: Installation
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Load what changed in the operational system."""
    from qbo_pipeline.warehouse.source_tables import row_counts  # noqa: PLC0415 - loaded by a run

    landed, problem = _load(context, installation, full=config.full)
    with installation.warehouse().connect("count the loaded rows") as connection:
        held = row_counts(connection, SCHEMA, [table.name for table in TABLES])
    for table in TABLES:
        rows, landed_at = held.get(table.name, (0, None))
        yield MaterializeResult(
            asset_key=AssetKey([SCHEMA, table.name]),
            metadata={"dagster/row_count": rows, "rows_landed": landed.get(table.name, 0)},
            # A table that nothing was added to is the data it was, so that what is built from it stays up to date.
            data_version=DataVersion(f"{rows} rows, the last of {landed_at}"),
        )
    yield AssetCheckResult(
        asset_key=_WAS_READ.asset_key,
        check_name=_WAS_READ.name,
        passed=problem is None,
        severity=AssetCheckSeverity.ERROR,
        metadata={"reason": problem or "It was read, or there is none."},
    )


def _load(
    context: AssetExecutionContext, installation: Installation, *, full: bool
) -> tuple[dict[str, int], str | None]:
    """The rows landed by table, and why the system could not be read if it could not."""
    settings = installation.settings()
    try:
        database = open_ops(settings)
        if database is None:
            context.log.info(NO_SYSTEM)
            return _load_from(None, settings, installation, context, full=full), None
        with database:
            return _load_from(database, settings, installation, context, full=full), None
    except OpsError as error:
        context.log.warning("%s", error)
        # The tables must be there for the models, whether anything could be loaded or not.
        return _load_from(None, settings, installation, context, full=full), str(error)


def _load_from(
    database: OpsDatabase | None,
    settings: Settings,
    installation: Installation,
    context: AssetExecutionContext,
    *,
    full: bool,
) -> dict[str, int]:
    from qbo_pipeline.ops.load import load_ops  # noqa: PLC0415 - loaded by a run

    folder, clock = settings.home / "dlt", lambda: datetime.now(UTC)
    return load_ops(database, installation.warehouse(), folder, clock, full=full, tell=context.log.info)
