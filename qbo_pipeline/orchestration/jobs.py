"""The jobs people and schedules start."""

from dagster import AssetSelection, define_asset_job, in_process_executor

from qbo_pipeline.orchestration.sync_tables import SYNC_KEYS

SYNC_JOB = "sync"
DERIVE_JOB = "derive"
PUSH_JOB = "push"

# Every step in the run's own process: a step in a process of its own costs seconds before it does anything.
sync_job = define_asset_job(
    SYNC_JOB,
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    description="Sync now: pull what changed, rebuild what that reaches, publish the copy for analysts.",
)

derive_job = define_asset_job(
    DERIVE_JOB,
    selection=AssetSelection.groups("raw_ops", "outbound", "analytics") | AssetSelection.assets(*SYNC_KEYS),
    executor_def=in_process_executor,
    description="Load the operational system and bring the outbox up to what should exist in QuickBooks; sends nothing.",
)
