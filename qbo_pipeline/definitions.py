"""The one module Dagster loads: assets, checks, jobs and schedules, in the order data flows through them."""

from dagster import Definitions, in_process_executor

from qbo_pipeline.orchestration.analytics_asset import analytics
from qbo_pipeline.orchestration.checks import every_connection_was_synced
from qbo_pipeline.orchestration.compaction_job import compact_raw, compaction_schedules
from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.jobs import sync_job
from qbo_pipeline.orchestration.model_assets import dbt_resource, model_assets
from qbo_pipeline.orchestration.raw_assets import raw_assets
from qbo_pipeline.orchestration.schedules import sync_schedule
from qbo_pipeline.orchestration.sync_tables import sync_tables

defs = Definitions(
    assets=[raw_assets, model_assets(), sync_tables, analytics],
    asset_checks=[every_connection_was_synced],
    jobs=[sync_job, compact_raw],
    schedules=[sync_schedule(), *compaction_schedules()],
    resources={"installation": Installation(), "dbt": dbt_resource()},
    executor=in_process_executor,
)
