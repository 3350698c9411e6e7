"""The sync job on real companies: what it builds, what it leaves alone, and what it says when something is wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from dagster import AssetKey, DagsterEventType, DagsterInstance, Definitions

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.orchestration.instance import dagster_instance
from qbo_pipeline.orchestration.run import JobRun, run_sync
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation

pytestmark = [pytest.mark.usefixtures("definitions", "unhurried"), pytest.mark.timeout(900)]

OPEN_INVOICES = f"select sum(balance), count(*) from qbo.invoice where balance > 0 and realm_id = '{LANDSCAPING}'"
NAME_OF_CUSTOMER_1 = f"select company_name from qbo.customer where id = '1' and realm_id = '{LANDSCAPING}'"


@contextmanager
def _instance(installation: Installation) -> Iterator[DagsterInstance]:
    with dagster_instance(installation.settings) as instance:
        yield instance


def _built(installation: Installation, run: JobRun) -> set[str]:
    """The assets a run made, without the raw ones and how far they were read, which each pull reports."""
    with _instance(installation) as instance:
        events = instance.all_logs(run.run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION)
    keys = {event.asset_key.to_user_string() for event in (each.dagster_event for each in events)}
    return {key for key in keys if not key.startswith(("raw_qbo/", "raw_ops/"))} - {"sync/as_of"}


@pytest.mark.slow
def test_a_first_sync_builds_and_publishes_everything(synced: Installation, definitions: Definitions) -> None:
    assert [tuple(map(str, row)) for row in synced.published(OPEN_INVOICES)] == [("5281.52", "20")]
    with _instance(synced) as instance:
        for key in definitions.resolve_asset_graph().materializable_asset_keys:
            materialization = instance.get_latest_materialization_event(key)
            assert materialization is not None, key
            if key != AssetKey(["analytics"]) and key.path[0] != "sync":
                metadata = materialization.asset_materialization.metadata
                assert metadata["dagster/row_count"].value >= 0, key
        customer = instance.get_latest_materialization_event(AssetKey(["qbo", "customer"])).asset_materialization
        (rows,) = synced.published("select count(*) from qbo.customer")[0]
        assert customer.metadata["dagster/row_count"].value == rows
        snapshot = instance.get_latest_materialization_event(
            AssetKey(["finance", "monthly_snapshot"])
        ).asset_materialization
        assert snapshot.metadata["ar_balance_usd"].value == 5281.52
        columns = {column.name: column.type for column in customer.metadata["dagster/column_schema"].value.columns}
        assert columns["balance"] == "DECIMAL(18,2)"
        invoice = instance.get_latest_materialization_event(AssetKey(["raw_qbo", "invoice"])).asset_materialization
        assert invoice.metadata["rows_landed"].value == invoice.metadata["records_read"].value > 31


@pytest.mark.slow
def test_the_checks_of_a_first_sync_pass_or_name_what_they_found(synced: Installation) -> None:
    with _instance(synced) as instance:
        (run,) = instance.get_runs()
        logs = instance.all_logs(run.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
    checks = [log.dagster_event.asset_check_evaluation_data for log in logs]
    names = {check.check_name for check in checks}
    assert "every_connection_was_synced" in names
    assert len(checks) > len(ENTITIES)
    assert [check.check_name for check in checks if not check.passed and check.severity.value == "ERROR"] == []


@pytest.mark.slow
def test_an_idle_run_builds_nothing_and_publishes_nothing(synced: Installation) -> None:
    before = synced.settings.analytics_path.stat().st_mtime_ns
    run = run_sync(synced.settings)
    assert run.succeeded
    assert _built(synced, run) == set()
    assert synced.settings.analytics_path.stat().st_mtime_ns == before


@pytest.mark.slow
def test_one_changed_customer_builds_what_it_reaches_and_no_more(synced: Installation) -> None:
    synced.edit("Customer", "1", CompanyName="Changed")
    run = run_sync(synced.settings)
    assert run.succeeded, run.failures
    dbt_folder = synced.home / "dbt"
    assert list(dbt_folder.rglob("run_results.json")) == [dbt_folder / "target" / "run_results.json"], (
        "a folder per build"
    )
    built = _built(synced, run)
    assert {"qbo/customer", "qbo/missing_reference", "analytics"} <= built
    assert built.isdisjoint({"qbo/invoice", "qbo/invoice_line", "qbo/account", "qbo/bill"})
    assert synced.published(NAME_OF_CUSTOMER_1) == [("Changed",)]


@pytest.mark.slow
def test_a_failing_test_keeps_the_published_copy_and_is_not_forgotten(synced: Installation) -> None:
    copy = f"insert into qbo.customer select * from qbo.customer where id = '2' and realm_id = '{LANDSCAPING}'"
    synced.query(copy)
    synced.edit("Customer", "1", CompanyName="Changed")
    before = synced.settings.analytics_path.read_bytes()
    for _ in range(2):  # The second run lands nothing, and still finds what the first left unpublished.
        run = run_sync(synced.settings)
        assert not run.succeeded
        (failure,) = run.failures
        assert "customer" in failure
        assert "analysts keep the last published copy" in failure
        assert "Traceback" not in failure
        assert synced.settings.analytics_path.read_bytes() == before
    synced.query(f"delete from qbo.customer where id = '2' and realm_id = '{LANDSCAPING}'")
    run = run_sync(synced.settings)
    assert run.succeeded, run.failures
    assert synced.published(NAME_OF_CUSTOMER_1) == [("Changed",)]


@pytest.mark.slow
def test_a_run_that_ended_before_publishing_is_made_up_for(synced: Installation) -> None:
    synced.edit("Customer", "1", CompanyName="Changed")
    before = synced.settings.analytics_path.read_bytes()
    assert run_sync(synced.settings).succeeded
    synced.settings.analytics_path.write_bytes(before)
    run = run_sync(synced.settings)
    assert run.succeeded, run.failures
    assert synced.published(NAME_OF_CUSTOMER_1) == [("Changed",)]


@pytest.mark.slow
def test_too_many_failed_companies_fail_the_run_and_the_others_are_published(
    synced: Installation, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("QBO_FAILURE_SHARE", "0.4")
    synced.emulator.grants.disconnect(CONSULTANCY)
    synced.emulator.grants.expire_access_tokens(CONSULTANCY)
    synced.edit("Customer", "1", CompanyName="Changed")
    run = run_sync(synced.settings)
    assert not run.succeeded
    (failure,) = run.failures
    assert "1 of 2 connections were not synced" in failure
    assert synced.published(NAME_OF_CUSTOMER_1) == [("Changed",)]


@pytest.mark.slow
def test_one_failed_company_of_two_warns_and_is_named(synced: Installation) -> None:
    synced.emulator.grants.disconnect(CONSULTANCY)
    run = run_sync(synced.settings)
    assert run.succeeded, run.failures
    with _instance(synced) as instance:
        (log,) = [
            each
            for each in instance.all_logs(run.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
            if each.dagster_event.asset_check_evaluation_data.check_name == "every_connection_was_synced"
        ]
    check = log.dagster_event.asset_check_evaluation_data
    assert (check.passed, check.severity.value) == (False, "WARN")
    assert "invalid_grant" in check.metadata["uk"].value


@pytest.mark.slow
def test_a_single_entity_is_pulled_on_its_own_also_into_an_empty_warehouse(
    install: Callable[..., Installation],
) -> None:
    installation = install("landscaping")
    installation.connect()
    run = run_sync(installation.settings, entities=["Invoice"])
    assert run.succeeded, run.failures
    assert [tuple(map(str, row)) for row in installation.published(OPEN_INVOICES)] == [("5281.52", "20")]
    assert installation.published("select count(*) from qbo.customer") == [(0,)]
    assert run_sync(installation.settings, entities=["Customer"]).succeeded
    assert installation.published("select count(*) from qbo.customer") == [(29,)]


@pytest.mark.slow
def test_a_person_can_materialize_one_table_and_what_it_is_made_from(
    installation: Installation, definitions: Definitions
) -> None:
    keys = [AssetKey(["raw_qbo", "invoice"]), AssetKey(["qbo", "invoice"])]
    with _instance(installation) as instance:
        job = definitions.resolve_job_def("sync")
        result = job.execute_in_process(instance=instance, asset_selection=keys, raise_on_error=False)
        assert result.success
        made = {event.asset_key for event in result.get_asset_materialization_events()}
    assert made == set(keys)
    assert [tuple(map(str, row)) for row in installation.query(OPEN_INVOICES)] == [("5281.52", "20")]
    assert installation.calls()["calls"] == 1


def test_a_damaged_warehouse_fails_the_run_with_its_reason(installation: Installation) -> None:
    installation.settings.warehouse_path.write_bytes(b"this is no database" * 1000)
    run = run_sync(installation.settings)
    assert not run.succeeded
    assert sorted(failure.partition(": ")[0] for failure in run.failures) == ["raw_ops", "raw_qbo"]
    for failure in run.failures:
        assert "could not be opened" in failure
        assert "Traceback" not in failure
    assert installation.settings.warehouse_path.read_bytes() == b"this is no database" * 1000


@pytest.mark.slow
def test_a_company_that_cannot_be_read_fails_the_run_of_it_alone(installation: Installation) -> None:
    installation.emulator.grants.disconnect(LANDSCAPING)
    run = run_sync(installation.settings)
    assert not run.succeeded
    assert "1 of 1 connections were not synced" in run.failures[0]
    assert not installation.settings.analytics_path.exists()
