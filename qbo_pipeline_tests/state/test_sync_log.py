"""The sync log: what a run did, by connection and entity."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.state.connections import ConnectionDetails
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.state.conftest import NOW, HandClock

REALM = "9341450000000001"


@pytest.fixture
def connected(
    any_store: StateStore, company: Callable[..., ConnectionDetails], grant: Callable[..., TokenGrant]
) -> StateStore:
    any_store.connections.add(company(), grant())
    any_store.sync_log.start_run("run-1", "schedule")
    return any_store


def test_an_entity_is_logged_with_all_that_was_said_of_it(connected: StateStore) -> None:
    connected.sync_log.record(
        "run-1",
        "acme",
        REALM,
        "Invoice",
        status="synced",
        read_kind="changes",
        records_read=9,
        rows_landed=8,
        created=3,
        updated=4,
        deleted=1,
        calls=2,
        metered_calls=1,
        seconds=0.25,
    )

    (entry,) = connected.sync_log.entries()

    assert (entry.run_id, entry.trigger, entry.recorded_at) == ("run-1", "schedule", NOW)
    assert (entry.connection, entry.realm_id, entry.entity) == ("acme", REALM, "Invoice")
    assert (entry.status, entry.read_kind, entry.error) == ("synced", "changes", None)
    assert (entry.records_read, entry.rows_landed) == (9, 8)
    assert (entry.created, entry.updated, entry.deleted) == (3, 4, 1)
    assert (entry.calls, entry.metered_calls, entry.seconds) == (2, 1, 0.25)


def test_a_connection_that_failed_before_its_first_entity_has_a_line_of_its_own(connected: StateStore) -> None:
    connected.sync_log.finish_connection(
        "run-1", "acme", status="error", calls=1, metered_calls=0, seconds=0.5, error="access was revoked"
    )

    (entry,) = connected.sync_log.entries(status="error")

    assert (entry.connection, entry.realm_id, entry.entity) == ("acme", REALM, None)
    assert (entry.records_read, entry.error) == (None, "access was revoked")


def test_a_retried_step_replaces_its_lines(connected: StateStore) -> None:
    for status in ("error", "synced"):
        connected.sync_log.start_run("run-1", "schedule")
        connected.sync_log.record("run-1", "acme", REALM, "Invoice", status=status)
        connected.sync_log.finish_connection("run-1", "acme", status=status, calls=1, metered_calls=1, seconds=0.5)

    entries = connected.sync_log.entries()
    assert {(entry.entity, entry.status) for entry in entries} == {("Invoice", "synced"), (None, "synced")}
    assert len(entries) == 2


def test_entries_come_newest_first_and_are_chosen_by_connection_time_status_and_run(
    connected: StateStore, clock: HandClock
) -> None:
    connected.sync_log.record("run-1", "acme", REALM, "Invoice", status="synced")
    clock.advance(minutes=15)
    connected.sync_log.start_run("run-2", "command line")
    connected.sync_log.record("run-2", "acme", REALM, "Bill", status="error", error="HTTP 500")
    connected.sync_log.record("run-2", "other", "77", "Bill", status="synced")

    def chosen(**choice: object) -> list[tuple[str, str | None]]:
        return [(entry.connection, entry.entity) for entry in connected.sync_log.entries(**choice)]

    assert chosen() == [("acme", "Bill"), ("other", "Bill"), ("acme", "Invoice")]
    assert chosen(limit=1) == [("acme", "Bill")]
    assert chosen(connection="acme") == [("acme", "Bill"), ("acme", "Invoice")]
    assert chosen(status="error") == [("acme", "Bill")]
    assert chosen(run_id="run-1") == [("acme", "Invoice")]
    assert chosen(since=NOW + timedelta(minutes=1)) == [("acme", "Bill"), ("other", "Bill")]


def test_a_run_is_running_until_it_is_finished(connected: StateStore, clock: HandClock) -> None:
    clock.advance(seconds=90)
    connected.sync_log.start_run("run-2", "schedule")
    connected.sync_log.finish_run("run-1", "success")

    second, first = connected.sync_log.runs()

    assert (first.run_id, first.trigger, first.status) == ("run-1", "schedule", "success")
    assert (first.started_at, first.finished_at) == (NOW, NOW + timedelta(seconds=90))
    assert (second.run_id, second.status, second.finished_at) == ("run-2", "running", None)
