"""Reports within the sync job: fetched behind the pull, tied to by the models, and judged by a check that stops nobody."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from dagster import AssetCheckSeverity, AssetKey, DagsterInstance, build_asset_check_context

from qbo_pipeline.doctor import examine
from qbo_pipeline.orchestration.installation import Installation as InstallationResource
from qbo_pipeline.orchestration.instance import dagster_instance
from qbo_pipeline.orchestration.run import run_sync
from qbo_pipeline.orchestration.ties_check import every_month_ties
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("definitions", "unhurried"), pytest.mark.timeout(900)]


@contextmanager
def _instance(installation: Installation) -> Iterator[DagsterInstance]:
    with dagster_instance(installation.settings) as instance:
        yield instance


def test_after_a_first_sync_every_month_of_both_companies_ties_to_quickbooks_own_reports(synced: Installation) -> None:
    months = synced.published(
        "select realm_id, count(distinct as_of_date), bool_and(is_tied) from finance.reconciliation_month group by 1 order by 1"
    )
    assert len(months) == 2
    assert all(count >= 8 and tied for _, count, tied in months), months
    compared = synced.published(
        "select report, count(*), sum(abs(ours)) > 0 from finance.reconciliation group by 1 order by 1"
    )
    assert [report for report, _, _ in compared] == [
        *("AgedPayables", "AgedReceivables", "BalanceSheet", "ProfitAndLoss", "TrialBalance")
    ]
    assert all(rows > 20 and not_nothing for _, rows, not_nothing in compared)


def test_doctor_says_how_many_months_tie(synced: Installation) -> None:
    count = "select count(distinct as_of_date) from finance.reconciliation_month where realm_id = ?"
    with synced.warehouse.connect("count") as connection:
        (months,) = connection.execute(count, [LANDSCAPING]).fetchone()
    (finding,) = [each for each in examine() if each.subject == f"books of {LANDSCAPING}"]
    assert finding.what == f"{months} of {months} months tie to QuickBooks' own reports"
    assert finding.is_well


def test_an_idle_run_calls_no_report_and_a_changed_invoice_does(synced: Installation) -> None:
    synced.calls()
    assert run_sync(synced.settings).succeeded
    with_no_change = synced.emulator.meter.snapshot()
    assert all("report" not in counted["by_kind"] for counted in with_no_change.values())
    synced.edit("Invoice", "130", PrivateNote="changed")
    run = run_sync(synced.settings)
    assert run.succeeded, run.failures
    assert synced.calls()["by_kind"]["report"] > 0
    tied = "select bool_and(is_tied) from finance.reconciliation_month"
    assert synced.published(tied) == [(True,)]
    with _instance(synced) as instance:
        event = instance.get_latest_materialization_event(AssetKey(["raw_qbo", "report"]))
    assert event.asset_materialization.metadata["rows_landed"].value > 0


def test_a_cent_nobody_explains_fails_the_check_and_not_the_run(synced: Installation) -> None:
    def judge() -> tuple[bool, AssetCheckSeverity, dict]:
        result = every_month_ties(build_asset_check_context(), InstallationResource())
        return result.passed, result.severity, {name: value.value for name, value in result.metadata.items()}

    passed, _, metadata = judge()
    assert passed
    assert metadata["months_tied"] == metadata["months"] > 0
    with synced.warehouse.connect("spoil a month by hand") as connection:
        connection.execute(
            "update finance.reconciliation_month set is_tied = false, unexplained_differences = 1"
            " where realm_id = ? and report = 'TrialBalance' and as_of_date = (select max(as_of_date) from finance.month_end)",
            [LANDSCAPING],
        )
    passed, severity, metadata = judge()
    assert not passed
    assert severity is AssetCheckSeverity.ERROR
    assert metadata["months_tied"] == metadata["months"] - 1
    assert "months tied" in metadata["us"]
    (finding,) = [each for each in examine() if each.subject == f"books of {LANDSCAPING}"]
    assert "finance.reconciliation" in finding.fix
