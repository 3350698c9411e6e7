"""Which side's news builds which models, in whole runs."""

from datetime import date

import pytest
from dagster import DagsterEventType

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.orchestration.instance import dagster_instance
from qbo_pipeline.orchestration.run import JobRun, run_sync
from qbo_pipeline_tests.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("definitions", "unhurried"), pytest.mark.timeout(1800)]


def _built(installation: Installation, run: JobRun) -> set[str]:
    """The models a run built."""
    assert run.succeeded, run.failures
    with dagster_instance(installation.settings) as instance:
        events = instance.all_logs(run.run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION)
    keys = {event.dagster_event.asset_key.to_user_string() for event in events}
    return {key for key in keys if key.startswith(("qbo/", "ledger/", "finance/", "outbound/"))}


def test_an_operational_systems_change_builds_outbound_models_and_a_companys_change_none_of_its_documents(
    synced: Installation,
) -> None:
    assert synced.published("select count(*) from outbound.document") == [(0,)]
    make_sample(synced.settings.ops_sample_path, date(2026, 3, 31))
    built = _built(synced, run_sync(synced.settings))
    assert {"outbound/document", "outbound/skipped", "outbound/time_activity"} <= built
    assert built - {"qbo/missing_reference"} == {key for key in built if key.startswith("outbound/")}
    assert synced.published("select count(distinct source_id) > 700 from outbound.skipped") == [(True,)]

    with OpsDatabase(f"sqlite:///{synced.settings.ops_sample_path}") as ops, ops.writing() as connection:
        connection.exec_driver_sql("update purchase_orders set updated_at = '2026-05-01 00:00:00.000000', memo = 'Now'")
    built = _built(synced, run_sync(synced.settings))
    assert {"outbound/purchase_order", "outbound/document"} <= built
    assert built.isdisjoint({"outbound/estimate", "outbound/party", "outbound/billable_time"})

    synced.edit("Customer", "1", CompanyName="Changed")
    built = _built(synced, run_sync(synced.settings))
    assert "qbo/customer" in built
    assert built.isdisjoint({"outbound/document", "outbound/candidate", "outbound/skipped"})
