"""The published copy carries the sync log, the connections and the fields no model reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import AssetKey, DagsterInstance, Definitions, ExecuteInProcessResult

from qbo_pipeline.orchestration.instance import prepare_dagster_home
from qbo_pipeline.settings import read_settings
from qbo_pipeline.warehouse.query import attach_published
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

UNKNOWN = AssetKey(["sync", "unknown_field"])


@pytest.fixture
def instance(synced: Installation) -> Iterator[DagsterInstance]:
    prepare_dagster_home(read_settings())
    with DagsterInstance.get() as instance:
        yield instance


def _sync(definitions: Definitions, instance: DagsterInstance) -> ExecuteInProcessResult:
    return definitions.resolve_job_def("sync").execute_in_process(instance=instance)


def _published(home: Path, statement: str) -> list[tuple]:
    with attach_published(home / "analytics.duckdb") as copy:
        return copy.execute(statement).fetchall()


def test_the_first_sync_publishes_its_own_log_without_secrets(synced_home: Path) -> None:
    runs = _published(synced_home, "select connection, run_status, status, calls > 0, rows_landed > 100 from sync.run")
    assert sorted(runs) == [("uk", "synced", "synced", True, True), ("us", "synced", "synced", True, True)]
    lines = _published(synced_home, "select created from sync.log where connection = 'us' and entity = 'invoice'")
    assert lines == _published(synced_home, f"select count(*) from qbo.invoice where realm_id = '{LANDSCAPING}'")
    [columns] = _published(synced_home, "select list(column_name) from (describe sync.connection)")
    assert not [name for name in columns[0] if "token" in name or "secret" in name or "client" in name]
    assert _published(synced_home, "select connection, status from sync.connection order by 1") == [
        ("uk", "active"),
        ("us", "active"),
    ]


def test_no_field_of_the_sample_companies_is_unknown(synced_home: Path) -> None:
    assert _published(synced_home, "select entity, path from sync.unknown_field") == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_unknown_field_warns_by_name_and_idle_runs_come_with_the_next_publishing(
    synced: Installation, definitions: Definitions, instance: DagsterInstance
) -> None:
    idle = _sync(definitions, instance)
    assert idle.success
    assert not idle.asset_materializations_for_node("sync_tables")
    assert synced.published("select count(distinct run_id) from sync.run") == [(1,)]
    with synced.warehouse.connect("a field nobody knows yet") as connection:
        connection.execute(
            'insert into raw_qbo.term select * replace (payload[:-2] || \', "Mood": "secret mood"}\' as payload,'
            " loaded_at + interval 1 hour as loaded_at) from raw_qbo.term limit 1"
        )
    changed = _sync(definitions, instance)
    assert changed.success
    [check] = [each for each in changed.get_asset_check_evaluations() if each.check_name == "no_unknown_fields"]
    assert not check.passed
    assert "secret mood" not in repr(check)
    assert synced.published("select entity, path, records from sync.unknown_field") == [("term", "Mood", 1)]
    assert synced.published("select count(distinct run_id) from sync.run") == [(3,)]
