"""Compaction is a job that runs once a week, and keeps every version where no retention is set."""

import pytest
from dagster import Definitions

from qbo_pipeline.orchestration.compaction_job import compact_raw, compact_raw_weekly
from qbo_pipeline.orchestration.installation import Installation as InstallationResource
from qbo_pipeline_tests.installation import Installation

VERSIONS = "select count(*) from raw_qbo.invoice"


@pytest.fixture
def aged(synced: Installation) -> Installation:
    """A synced installation whose invoices were all replaced just now, and one of them years ago."""
    with synced.warehouse.connect("age") as connection:
        connection.execute(
            "insert into raw_qbo.invoice select * replace (updated_at + interval 1 second as updated_at,"
            " loaded_at + interval 1 hour as loaded_at) from raw_qbo.invoice"
        )
        connection.execute("update raw_qbo.invoice set updated_at = updated_at - interval 5 year where id = '130'")
        connection.execute("update raw_qbo.invoice set updated_at = now() where id <> '130' and loaded_at > now()")
    return synced


def _compact() -> int:
    done = compact_raw.execute_in_process(resources={"installation": InstallationResource()})
    assert done.success
    [output] = [event for event in done.all_events if event.is_successful_output]
    return sum(value.value for name, value in output.step_output_data.metadata.items() if name == "invoice")


def test_it_removes_what_was_superseded_before_the_retention(
    aged: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(before,)] = aged.query(VERSIONS)
    monkeypatch.setenv("QBO_HISTORY_DAYS", "365")
    assert _compact() == 1
    assert aged.query(VERSIONS) == [(before - 1,)]


def test_without_a_retention_it_keeps_every_version(aged: Installation) -> None:
    before = aged.query(VERSIONS)
    assert _compact() == 0
    assert aged.query(VERSIONS) == before


def test_it_publishes_nothing(aged: Installation) -> None:
    published = aged.settings.analytics_path.stat().st_ino
    _compact()
    assert aged.settings.analytics_path.stat().st_ino == published


def test_an_installation_without_a_warehouse_has_nothing_to_compact(clean_environment: pytest.MonkeyPatch) -> None:
    assert _compact() == 0


def test_the_job_is_there_to_be_started(definitions: Definitions) -> None:
    assert definitions.resolve_job_def("compact_raw").description.startswith("Remove raw versions")
    assert compact_raw_weekly.cron_schedule in {
        each.cron_schedule for each in definitions.get_repository_def().schedule_defs
    }
