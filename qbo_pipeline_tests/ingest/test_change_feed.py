"""The change feed is one call when nothing happened, and loses nothing behind its traps when much did."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.ingest.outcome import CompanyOutcome
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.ingest.mirror import books, deleted, differences, landed
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

HOUR, DAY = 3600, 86_400


@pytest.fixture
def still(read_in_full: Callable[..., Installation]) -> Installation:
    """The landscaping company on a clock that stands still, read in full ten minutes ago."""
    made = read_in_full(clock=ManualClock(datetime.now(UTC).replace(microsecond=0)))
    _later(made, 600)
    return made


@pytest.fixture
def large(install: Callable[..., Installation]) -> Installation:
    """A company of 1,500 invoices, read in full ten minutes ago."""
    made = install("generated:1500")
    made.connect("large", _realm(made))
    made.pull()
    _later(made, 600)
    made.calls()
    return made


def _later(installation: Installation, seconds: float) -> None:
    installation.emulator.clock.advance(seconds)


def _with_clock(installation: Installation) -> StateStore:
    """Its state store, on the clock of the emulator."""
    installation.store.close()
    return open_state(installation.settings, clock=installation.emulator.clock.now)


def _realm(installation: Installation) -> str:
    return next(iter(installation.emulator.companies))


def _touch(installation: Installation, entity: str, count: int) -> set[str]:
    """Edit the first `count` records of an entity."""
    realm_id = _realm(installation)
    ids = list(books(installation, entity, realm_id))[:count]
    for record_id in ids:
        installation.edit(entity, record_id, realm_id, PrivateNote="touched")
    return set(ids)


def _scheduled(installation: Installation) -> CompanyOutcome:
    return installation.pull_one(all_entities=False)


def test_a_change_is_one_call_and_lands_once(still: Installation) -> None:
    still.edit("Invoice", "130", PrivateNote="looked at")
    assert _scheduled(still).rows == 1
    assert still.calls()["by_kind"] == {"cdc": 1}
    _later(still, 900)
    assert _scheduled(still).rows == 0
    assert still.calls()["by_kind"] == {"cdc": 1}
    assert differences(still) == {}


def test_the_feeds_cursor_is_one_row_that_moves_when_records_came_or_a_day_went_by(still: Installation) -> None:
    rows = "select entity, read_kind from raw_qbo.sync_cursor order by loaded_at"
    before = len(still.query(rows))
    _scheduled(still)
    assert len(still.query(rows)) == before
    still.edit("Customer", "1", CompanyName="Changed")
    _scheduled(still)
    assert still.query(rows)[before:] == [("change_feed", "feed")]
    _later(still, DAY + HOUR)
    still.script("/query", status=503)  # Nothing but the feed.
    _scheduled(still)
    assert still.query(rows)[before + 1 :] == [("change_feed", "feed")]


@pytest.mark.slow
def test_more_changes_than_an_answer_holds_over_three_entities_are_all_found(large: Installation) -> None:
    wanted = {"Invoice": 500, "Payment": 400, "Bill": 300}
    touched = {entity: _touch(large, entity, count) for entity, count in wanted.items()}
    assert sum(len(ids) for ids in touched.values()) == 1200
    outcome = _scheduled(large)
    realm_id = _realm(large)
    for entity, ids in touched.items():
        now = landed(large, entity, realm_id)
        assert {record_id for record_id in ids if now[record_id].get("PrivateNote") == "touched"} == ids
    assert outcome.status == "synced"
    assert {outcome.entities[name].read_kind for name in ("invoice", "payment", "bill")} == {"feed"}
    assert large.calls(realm_id)["by_kind"]["cdc"] < 16
    assert differences(large, realm_id) == {}


@pytest.mark.slow
def test_more_changes_of_one_entity_than_an_answer_holds_are_read_by_query_with_its_deletions(
    large: Installation,
) -> None:
    realm_id = _realm(large)
    touched = _touch(large, "Invoice", 1200)
    _later(large, 1)
    gone = sorted(books(large, "Invoice", realm_id).keys() - touched)[:3]
    for record_id in gone:
        large.emulator.companies[realm_id].delete("Invoice", record_id)
    outcome = _scheduled(large)
    assert outcome.status == "synced"
    # The oldest changes stay in the answer: nothing in it told of the deletions, but the count did.
    assert outcome.entities["invoice"].read_kind == "full"
    assert deleted(large, "Invoice", realm_id).keys() == set(gone)
    assert differences(large, realm_id) == {}
    # The first sync re-reads the overlap, full of changes; the second lets what lagged behind catch up.
    for _ in range(3):
        _later(large, 600)
        large.calls(realm_id)
        assert _scheduled(large).rows == 0
    assert large.calls(realm_id)["by_kind"] == {"cdc": 1}


def test_reading_one_entity_does_not_move_the_others_past_their_changes(still: Installation) -> None:
    still.edit("Customer", "1", CompanyName="Changed")
    still.edit("Invoice", "130", PrivateNote="looked at")
    assert still.pull_one(entities=["Invoice"]).rows == 1
    _later(still, DAY)
    still.edit("Invoice", "130", PrivateNote="looked at again")
    assert still.pull_one(entities=["Invoice"]).rows == 1
    _scheduled(still)
    assert differences(still) == {}


def test_one_entity_the_feed_refuses_is_read_by_query_and_the_others_through_the_feed(still: Installation) -> None:
    still.script("/cdc.*Customer[,&]", status=400, code="4002", type="ValidationFault", message="Invalid email")
    still.edit("Customer", "1", CompanyName="Changed")
    still.edit("Invoice", "130", PrivateNote="looked at")
    outcome = _scheduled(still)
    assert outcome.status == "synced"
    assert outcome.entities["customer"].read_kind == "changes"
    assert outcome.entities["invoice"].read_kind == "feed"
    assert differences(still) == {}


def test_a_refusal_of_the_feed_is_remembered_for_a_day(still: Installation) -> None:
    store = still.store = _with_clock(still)
    refuse = "/cdc.*Customer[,&]"
    still.script(refuse, status=400, code="4002", type="ValidationFault", message="Invalid email")
    assert _scheduled(still).entities["customer"].read_kind == "changes"
    assert store.feed_refusals.of(LANDSCAPING).keys() == {"customer"}
    still.edit("Customer", "1", CompanyName="Changed")
    still.calls()
    _later(still, 900)
    assert "customer" not in _scheduled(still).entities
    assert still.calls()["by_kind"].keys() == {"cdc"}
    _later(still, HOUR)
    assert _scheduled(still).entities["customer"].landed.updated == 1
    still.emulator.scripted_faults.clear()
    still.edit("Customer", "1", CompanyName="Changed again")
    _later(still, DAY)
    outcome = _scheduled(still)
    assert (outcome.entities["customer"].read_kind, outcome.entities["customer"].landed.updated) == ("feed", 1)
    assert store.feed_refusals.of(LANDSCAPING) == {}
    assert differences(still) == {}


def test_a_feed_that_fails_moves_no_cursor_and_hides_nothing(still: Installation) -> None:
    still.script("/cdc", status=500)
    still.edit("Invoice", "130", PrivateNote="looked at")
    still.emulator.companies[LANDSCAPING].delete("Estimate", "100")
    outcome = _scheduled(still)
    assert outcome.status != "synced"
    assert "HTTP 500" in outcome.entities["invoice"].error
    still.emulator.scripted_faults.clear()
    _later(still, HOUR / 2)
    assert _scheduled(still).status == "synced"
    assert differences(still) == {}


@pytest.mark.slow
def test_a_broken_entity_does_not_hold_back_the_others_cursors(still: Installation) -> None:
    refused = {"status": 400, "code": "4002", "type": "ValidationFault", "message": "Invalid email"}
    still.script("/cdc.*Customer[,&]", **refused)
    still.script("from Customer ", **refused)
    still.edit("Customer", "1", CompanyName="Changed")
    still.edit("Invoice", "130", PrivateNote="looked at")
    assert _scheduled(still).status == "partly"
    _later(still, 20 * DAY)
    still.edit("Invoice", "130", PrivateNote="looked at again")
    assert _scheduled(still).entities["invoice"].records_read == 1
    _later(still, 20 * DAY)
    outcome = _scheduled(still)
    assert (outcome.entities["invoice"].read_kind, outcome.entities["customer"].outcome) == ("feed", "error")
    still.emulator.scripted_faults.clear()
    assert _scheduled(still).status == "synced"
    assert differences(still) == {}


def test_a_purchase_the_feed_shows_is_read_by_query_for_the_fields_the_feed_leaves_out(still: Installation) -> None:
    record_id = next(iter(books(still, "Purchase")))
    still.edit("Purchase", record_id, PrivateNote="looked at")
    assert _scheduled(still).rows == 1
    assert still.calls()["by_kind"] == {"cdc": 1, "query": 1}


def test_what_the_feed_does_not_cover_is_asked_for_hourly_by_the_schedule_and_always_when_asked(
    still: Installation,
) -> None:
    _later(still, HOUR)
    _scheduled(still)
    record_id = next(iter(books(still, "TimeActivity")))
    still.edit("TimeActivity", record_id, Description="looked at")
    _later(still, HOUR / 2)
    assert "time_activity" not in _scheduled(still).entities
    assert still.pull_one().entities["time_activity"].landed.updated == 1
    still.edit("TimeActivity", record_id, Description="looked at again")
    _later(still, HOUR)
    assert _scheduled(still).entities["time_activity"].landed.updated == 1
    still.calls()
    _later(still, HOUR / 4)
    _scheduled(still)
    assert still.calls()["by_kind"] == {"cdc": 1}


def test_after_longer_than_the_feed_looks_back_everything_is_read_and_the_vanished_found(still: Installation) -> None:
    company = still.emulator.companies[LANDSCAPING]
    company.delete("Invoice", "130")
    company.delete("Estimate", "100")
    _later(still, 31 * DAY)
    still.edit("Customer", "1", CompanyName="Changed")
    outcome = _scheduled(still)
    assert outcome.status == "synced"
    assert outcome.entities["invoice"].read_kind == "full"
    assert deleted(still, "Invoice")["130"]["Id"] == "130"
    assert deleted(still, "Estimate").keys() == {"100"}
    assert outcome.entities["invoice"].landed.deleted == 1
    assert differences(still) == {}
    _later(still, 900)
    still.calls()
    _scheduled(still)
    assert still.calls()["by_kind"] == {"cdc": 1}


def test_the_last_day_of_the_feeds_reach_is_not_relied_on(still: Installation) -> None:
    still.emulator.companies[LANDSCAPING].delete("Invoice", "130")
    _later(still, 29.5 * DAY)
    assert _scheduled(still).entities["invoice"].read_kind == "full"
    assert differences(still) == {}


@pytest.mark.parametrize(
    "loss", ["drop table raw_qbo.sync_cursor", "delete from raw_qbo.sync_cursor", "delete from raw_qbo._dlt_loads"]
)
def test_a_lost_cursor_is_a_full_read_that_finds_what_vanished(still: Installation, loss: str) -> None:
    still.emulator.companies[LANDSCAPING].delete("Invoice", "130")
    still.query(loss)
    outcome = _scheduled(still)
    assert outcome.entities["invoice"].read_kind == "full"
    assert sum(each.landed.deleted for each in outcome.entities.values()) == 1
    assert sum(each.landed.created for each in outcome.entities.values()) == 0
    assert differences(still) == {}
