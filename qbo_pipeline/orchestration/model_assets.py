"""The dbt models as assets, of which a sync builds only what newly landed rows reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Config,
    Failure,
    Output,
    TableColumn,
    TableSchema,
)
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.dbt_manifest import validate_manifest
from pydantic import Field

from qbo_pipeline.ops.schema import SCHEMA as OPS_SCHEMA
from qbo_pipeline.orchestration.dbt_build import BuildEvent, build_events, start_build, what_failed
from qbo_pipeline.orchestration.dbt_project import manifest_path
from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.outbound_inputs import note_push_settings, readers_of_ops_tables
from qbo_pipeline.orchestration.ownership import OWNERS
from qbo_pipeline.settings import Settings, read_settings

if TYPE_CHECKING:
    from qbo_pipeline.warehouse.file import Warehouse
    from qbo_pipeline.warehouse.tables import Table

# Part of every build, whatever else is: an asset that waits for the models waits for one of these, since Dagster skips a step
# when any of the assets it waits for was not built.
ALWAYS_BUILT_MODELS = ("qbo__missing_reference", "outbound__setting")
ALWAYS_BUILT_KEY = AssetKey(["qbo", "missing_reference"])
OUTBOUND_KEY = AssetKey(["outbound", "setting"])


class BuildConfig(Config):
    """How the models are built."""

    full_refresh: bool = Field(default=False, description="Build every selected model anew from all raw versions.")


class ModelTranslator(DagsterDbtTranslator):
    """Assets named as the tables analysts query: `<schema>/<table>`."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """The schema and the name of the table behind a model or source."""
        if dbt_resource_props["resource_type"] == "source":
            return AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return AssetKey(list(_relation(dbt_resource_props)))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema a model is built in."""
        return dbt_resource_props["schema"]

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        """The team that answers for every table."""
        return OWNERS


def model_assets() -> AssetsDefinition:
    """The assets of all models, one op for all of them."""
    manifest = validate_manifest(manifest_path(read_settings()))
    translator = ModelTranslator()

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="models", pool=WAREHOUSE_POOL)
    def models(context: AssetExecutionContext, config: BuildConfig, installation: Installation) -> Iterator[BuildEvent]:
        settings, warehouse = installation.settings(), installation.warehouse()
        with warehouse.lock.held("build the models", tell=context.log.info):
            _read_adjustments(warehouse, settings)
            with installation.state() as store:
                note_push_settings(store, warehouse)
            selection = _selection(
                context, warehouse, settings.analytics_path, manifest, full_refresh=config.full_refresh
            )
            if not selection:
                context.log.info("Analysts have all that was landed; there is nothing to build.")
                return
            invocation = start_build(selection, settings, manifest, translator, full_refresh=config.full_refresh)
            events = list(build_events(invocation, context))
            tables = _built_tables(warehouse, manifest, settings)
        for event in events:
            yield _with_table(event, tables) if isinstance(event, Output) else event
        if not invocation.is_successful():
            raise Failure(description=what_failed(invocation), allow_retries=False)

    return models


def _read_adjustments(warehouse: "Warehouse", settings: Settings) -> None:
    from qbo_pipeline.warehouse.snapshot_adjustments import (  # noqa: PLC0415 - loaded by a run
        SnapshotAdjustmentError,
        load_adjustments,
    )

    with warehouse.connect("read the snapshot adjustments") as connection:
        try:
            load_adjustments(connection, settings.snapshot_adjustments_path)
        except SnapshotAdjustmentError as error:
            raise Failure(description=str(error), allow_retries=False) from error


def _selection(
    context: AssetExecutionContext,
    warehouse: "Warehouse",
    published: Path,
    manifest: Mapping[str, Any],
    *,
    full_refresh: bool,
) -> list[str]:
    """What to build: the models picked in the UI, or those reached by rows that are not published yet."""
    if context.is_subset:
        return [
            props["name"]
            for props in _models(manifest)
            if AssetKey(list(_relation(props))) in context.selected_asset_keys
        ]
    if full_refresh:
        return ["fqn:*"]
    from qbo_pipeline.warehouse.push_setting import has_new_push_settings  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.raw import tables  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.snapshot_adjustments import has_new_adjustments  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.staleness import has_new_day, stale_raw_tables  # noqa: PLC0415 - loaded by a run

    with warehouse.connect("look for newly landed rows") as connection:
        if not tables(connection):
            return []  # No company was ever read.
        stale = [
            f"raw_qbo.{table}"
            for table in sorted(stale_raw_tables(connection, _readers_of_raw_tables(manifest), published))
        ]
        stale += [
            f"{OPS_SCHEMA}.{table}"
            for table in sorted(stale_raw_tables(connection, readers_of_ops_tables(manifest), published, OPS_SCHEMA))
        ]
        if has_new_push_settings(connection, published):
            stale.append("sync.push_setting")
        if has_new_day(connection, published):
            stale.append("sync.as_of")
        if has_new_adjustments(connection, published):
            stale.append("sync.snapshot_adjustment")
    return [*(f"source:{table}+" for table in stale), *ALWAYS_BUILT_MODELS] if stale else []


def _with_table(event: Output, tables: "Mapping[str, Table]") -> Output:
    table = tables.get(event.output_name)
    if table is None:
        return event
    columns = TableSchema(columns=[TableColumn(name=name, type=data_type) for name, data_type in table.columns])
    # Dagster plots floats only; the books keep their decimals.
    measures = {name: float(amount) for name, amount in table.measures}
    metadata = {"dagster/row_count": table.rows, "dagster/column_schema": columns, **measures}
    return Output(value=event.value, output_name=event.output_name, metadata={**event.metadata, **metadata})


def _built_tables(warehouse: "Warehouse", manifest: Mapping[str, Any], settings: Settings) -> "dict[str, Table]":
    from qbo_pipeline.warehouse.latest_month import SNAPSHOT, latest_month  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.tables import describe  # noqa: PLC0415 - loaded by a run

    relations = {_relation(props) for props in _models(manifest)}
    with warehouse.connect("describe the built tables") as connection:
        described = describe(connection, relations)
        if SNAPSHOT in described:
            described[SNAPSHOT] = replace(described[SNAPSHOT], measures=tuple(latest_month(connection).items()))
    return {AssetKey(list(key)).to_python_identifier(): table for key, table in described.items()}


def _models(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [props for props in manifest["nodes"].values() if props["resource_type"] == "model"]


def _relation(props: Mapping[str, Any]) -> tuple[str, str]:
    return props["schema"], props.get("alias") or props["name"]


def _readers_of_raw_tables(manifest: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """For each raw table, the typed tables that read it: their names and the definitions they were built with."""
    readers: dict[str, list[tuple[str, str]]] = {}
    for props in _models(manifest):
        typed = props["config"]["meta"].get("typed_table")
        if typed:
            readers.setdefault(typed["entity"], []).append((".".join(_relation(props)), typed["definition"]))
    return readers
