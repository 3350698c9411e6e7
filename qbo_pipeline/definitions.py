"""The one module Dagster loads: assets, checks, jobs, schedules and sensors, in the order data flows through them."""

from dagster import Definitions, in_process_executor

from qbo_pipeline.orchestration.analytics_asset import analytics
from qbo_pipeline.orchestration.checks import every_connection_was_synced
from qbo_pipeline.orchestration.compaction_job import compact_raw, compact_raw_weekly
from qbo_pipeline.orchestration.contracts_job import (
    bill_recurring_contracts,
    bill_recurring_contracts_job,
    every_contract_period_is_accounted_for,
)
from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.intent_asset import intents
from qbo_pipeline.orchestration.jobs import derive_job, sync_job
from qbo_pipeline.orchestration.model_assets import model_assets
from qbo_pipeline.orchestration.ops_assets import ops_assets
from qbo_pipeline.orchestration.push_job import push_job
from qbo_pipeline.orchestration.push_sensors import push_sensors
from qbo_pipeline.orchestration.raw_assets import raw_assets
from qbo_pipeline.orchestration.report_assets import report_assets
from qbo_pipeline.orchestration.run_retention import forget_old_runs, forget_old_runs_daily
from qbo_pipeline.orchestration.schedules import sync_schedule
from qbo_pipeline.orchestration.sync_tables import sync_tables
from qbo_pipeline.orchestration.ties_check import every_month_ties
from qbo_pipeline.orchestration.webhook_sensor import webhook_sensor

defs = Definitions(
    assets=[raw_assets, report_assets, ops_assets, model_assets(), intents, sync_tables, analytics],
    asset_checks=[every_connection_was_synced, every_month_ties, every_contract_period_is_accounted_for],
    jobs=[sync_job, derive_job, push_job(), bill_recurring_contracts_job, compact_raw, forget_old_runs],
    schedules=[sync_schedule(), bill_recurring_contracts, compact_raw_weekly, forget_old_runs_daily],
    sensors=[*push_sensors(), webhook_sensor],
    resources={"installation": Installation()},
    executor=in_process_executor,
)
