"""The sync log: what a run did, by connection and entity."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.state.connections import ConnectionDetails
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.sync_log import ConnectionLine, EntityLine
from qbo_pipeline_tests.state.conftest import NOW, HandClock

REALM = "9341450000000001"


@pytest.fixture
def connected(
    any_store: StateStore, company: Callable[..., ConnectionDetails], grant: Callable[..., TokenGrant]
) -> StateStore:
    any_store.connections.add(company(), grant())
    any_store.sync_log.start_run("run-1", "schedule")
    return any_store


def _line(connection: str = "acme", realm_id: str = REALM, **said: object) -> ConnectionLine:
    return ConnectionLine(**{"connection": connection, "realm_id": realm_id, "status": "synced"} | said)


def test_a_connection_and_its_entities_are_logged_with_all_that_was_said_of_them(connected: StateStore) -> None:
    counts = {"records_read": 9, "created": 3, "updated": 4, "deleted": 1}
    invoice = EntityLine(
        entity="invoice", status="synced", read_kind="changes", seconds=0.25, calls=1, metered_calls=1, **counts
    )
    connected.sync_log.record("run-1", [_line(calls=2, metered_calls=1, seconds=0.5, entities=[invoice])])

    by_entity = {entry.entity: entry for entry in connected.sync_log.entries()}

    entry = by_entity["invoice"]
    assert (entry.run_id, entry.trigger, entry.recorded_at) == ("run-1", "schedule", NOW)
    assert (entry.connection, entry.realm_id, entry.status) == ("acme", REALM, "synced")
    assert (entry.read_kind, entry.error, entry.seconds) == ("changes", None, 0.25)
    assert (entry.records_read, entry.created, entry.updated, entry.deleted) == (9, 3, 4, 1)
    assert (entry.calls, entry.metered_calls) == (1, 1)
    assert (by_entity[None].calls, by_entity[None].metered_calls) == (2, 1)


def test_a_connection_that_failed_before_its_first_entity_has_a_line_of_its_own(connected: StateStore) -> None:
    connected.sync_log.record("run-1", [_line(status="failed", error="access was revoked")])

    (entry,) = connected.sync_log.entries(status="failed")

    assert (entry.connection, entry.realm_id, entry.entity) == ("acme", REALM, None)
    assert (entry.records_read, entry.error) == (None, "access was revoked")


def test_a_retried_step_replaces_its_lines(connected: StateStore) -> None:
    for status in ("error", "synced"):
        connected.sync_log.start_run("run-1", "schedule")
        connected.sync_log.record(
            "run-1", [_line(status=status, entities=[EntityLine(entity="invoice", status=status)])]
        )

    entries = connected.sync_log.entries()
    assert {(entry.entity, entry.status) for entry in entries} == {("invoice", "synced"), (None, "synced")}
    assert len(entries) == 2


def test_entries_come_newest_first_and_are_chosen_by_connection_time_status_and_run(
    connected: StateStore, clock: HandClock
) -> None:
    connected.sync_log.record("run-1", [_line()])
    clock.advance(minutes=15)
    connected.sync_log.start_run("run-2", "command line")
    connected.sync_log.record("run-2", [_line(status="failed", error="HTTP 500"), _line("other", "77")])

    def chosen(**choice: object) -> list[tuple[str, str]]:
        return [(entry.connection, entry.run_id) for entry in connected.sync_log.entries(**choice)]

    assert chosen() == [("acme", "run-2"), ("other", "run-2"), ("acme", "run-1")]
    assert chosen(limit=1) == [("acme", "run-2")]
    assert chosen(connection="acme") == [("acme", "run-2"), ("acme", "run-1")]
    assert chosen(status="failed") == [("acme", "run-2")]
    assert chosen(run_id="run-1") == [("acme", "run-1")]
    assert chosen(since=NOW + timedelta(minutes=1)) == [("acme", "run-2"), ("other", "run-2")]


def test_a_run_is_running_until_it_is_finished(connected: StateStore, clock: HandClock) -> None:
    clock.advance(seconds=90)
    connected.sync_log.start_run("run-2", "schedule")
    connected.sync_log.finish_run("run-1", "success")

    second, first = connected.sync_log.runs()

    assert (first.run_id, first.trigger, first.status) == ("run-1", "schedule", "success")
    assert (first.started_at, first.finished_at) == (NOW, NOW + timedelta(seconds=90))
    assert (second.run_id, second.status, second.finished_at) == ("run-2", "running", None)
