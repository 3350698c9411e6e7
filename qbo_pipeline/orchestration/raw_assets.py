"""One asset per QuickBooks entity, `raw_qbo/<entity>`, all pulled by one op so that one run serves every company.

dagster-dlt makes one `pipeline.run` per op, which would hold a large company in memory; it gives the specs here, and the
pull lands batch after batch.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Config,
    DataVersion,
    FreshnessPolicy,
    MaterializeResult,
    TableColumn,
    TableSchema,
    multi_asset,
)
from dagster_dlt import DagsterDltTranslator
from dagster_dlt.translator import DltResourceTranslatorData
from pydantic import Field

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA, Entity
from qbo_pipeline.ingest.source import raw_source
from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.ownership import FRESH_WITHIN, OWNERS, WARN_WITHIN
from qbo_pipeline.state.webhook_inbox import WebhookInbox

if TYPE_CHECKING:
    from qbo_pipeline.ingest.outcome import PullOutcome
    from qbo_pipeline.state.store import StateStore

# What asked for a run that no schedule started, as the sync log names it.
TRIGGER_TAG = "qbo_pipeline/trigger"

_BY_TABLE = {entity.table: entity for entity in ENTITIES}


class PullConfig(Config):
    """What a run pulls of the entities whose assets are selected."""

    connections: list[str] = Field(default=[], description="Names of the connections to sync; none means all.")
    full: bool = Field(default=False, description="Read everything again instead of what changed.")
    all_entities: bool = Field(
        default=True,
        description="Ask also for entities outside QuickBooks' change feed that were asked for within the hour.",
    )
    idle_too: bool = Field(
        default=True, description="Ask also companies that are idle and were asked within QBO_IDLE_EVERY_HOURS."
    )
    from_webhooks: bool = Field(
        default=False, description="Read only the records that webhooks told of and that were not read since."
    )


class RawTranslator(DagsterDltTranslator):
    """Assets of the raw tables, described by the catalog."""

    def get_asset_spec(self, data: DltResourceTranslatorData) -> AssetSpec:
        """The asset of one raw table."""
        entity = _BY_TABLE[data.resource.name]
        return (
            super()
            .get_asset_spec(data)
            .replace_attributes(
                key=raw_key(entity),
                deps=[AssetKey(["quickbooks_online"])],
                description=f"{entity.description} Every version seen, as QuickBooks sent it.",
                group_name=RAW_SCHEMA,
                owners=OWNERS,
                kinds={"dlt", "duckdb", "quickbooks"},
                freshness_policy=FreshnessPolicy.time_window(fail_window=FRESH_WITHIN, warn_window=WARN_WITHIN),
            )
            .merge_attributes(metadata={"dagster/table_name": f"{RAW_SCHEMA}.{entity.table}"})
        )


def raw_key(entity: Entity) -> AssetKey:
    """The asset of an entity's raw table."""
    return AssetKey([RAW_SCHEMA, entity.table])


def _raw_specs() -> list[AssetSpec]:
    translator = RawTranslator()
    resources = raw_source().resources.values()
    return [translator.get_asset_spec(DltResourceTranslatorData(resource=each, pipeline=None)) for each in resources]


@multi_asset(name=RAW_SCHEMA, specs=_raw_specs(), can_subset=True, pool=WAREHOUSE_POOL)
def raw_assets(
    context: AssetExecutionContext, config: PullConfig, installation: Installation
) -> Iterator[MaterializeResult]:
    """Pull the selected entities of the connections the run is for."""
    # What only a run needs is loaded by a run: the code location is loaded by every one of Dagster's processes.
    from qbo_pipeline.warehouse.raw import ENVELOPE, contents  # noqa: PLC0415

    columns = TableSchema(columns=[TableColumn(name=field.name, type=str(field.type)) for field in ENVELOPE])
    selected = [entity for entity in ENTITIES if raw_key(entity) in context.selected_asset_keys]
    warehouse = installation.warehouse()
    with installation.state() as store:
        outcome = _pull(context, config, installation, store, selected)
    with warehouse.connect("count the landed rows") as connection:
        held = contents(connection, [entity.table for entity in selected])
    for entity in selected:
        rows, landed_at = held.get(entity.table, (0, None))
        # A table that nothing was added to is the data it was, so that what is built from it stays up to date.
        yield MaterializeResult(
            asset_key=raw_key(entity),
            metadata={"dagster/row_count": rows, "dagster/column_schema": columns} | _metadata(entity, outcome),
            data_version=DataVersion(f"{rows} rows, the last of {landed_at}"),
        )


def _pull(
    context: AssetExecutionContext,
    config: PullConfig,
    installation: Installation,
    store: "StateStore",
    selected: Sequence[Entity],
) -> "PullOutcome":
    from qbo_pipeline.ingest.sync import sync  # noqa: PLC0415 - as above
    from qbo_pipeline.ingest.targeted import sync_told  # noqa: PLC0415

    settings, warehouse, run_id = installation.settings(), installation.warehouse(), context.run.run_id
    if config.from_webhooks:
        inbox = WebhookInbox(settings.webhook_inbox_path, store.clock)
        return sync_told(settings, store, warehouse, inbox, run_id=run_id, tell=context.log.info)
    return sync(
        settings,
        store,
        warehouse,
        run_id=run_id,
        trigger=context.run.tags.get("dagster/schedule_name") or context.run.tags.get(TRIGGER_TAG, "manual"),
        connections=config.connections,
        entities=[entity.name for entity in selected],
        full=config.full,
        all_entities=config.all_entities,
        idle_too=config.idle_too,
        tell=context.log.info,
    )


def _metadata(entity: Entity, outcome: "PullOutcome") -> dict[str, object]:
    read = [company.entities[entity.table] for company in outcome.companies if entity.table in company.entities]
    return {
        "rows_landed": outcome.rows(entity.table),
        "records_read": sum(each.records_read for each in read),
        "calls": sum(each.calls for each in read),
        "metered_calls": sum(each.metered_calls for each in read),
        "companies": len(read),
        "companies_not_offering": sum(each.outcome == "not_offered" for each in read),
        "companies_with_errors": sum(not each.is_done for each in read),
    }
