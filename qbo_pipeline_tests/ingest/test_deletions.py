"""Every deletion arrives, keeps the record's last content, and is told of nothing that is still there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.ingest.company import open_company
from qbo_pipeline.ingest.deletions import ONE_BY_ONE_MAX, confirmed
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.record import tombstone
from qbo_pipeline.warehouse.landed import vanished_records
from qbo_pipeline_tests.ingest.mirror import books, deleted, differences, landed
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

HOUR, DAY = 3600, 86_400


@pytest.fixture
def still(read_in_full: Callable[..., Installation]) -> Installation:
    """The landscaping company on a clock that stands still, read in full an hour ago."""
    made = read_in_full(clock=ManualClock(datetime.now(UTC).replace(microsecond=0)))
    made.emulator.clock.advance(HOUR)
    made.pull()
    made.calls()
    return made


def _delete(installation: Installation, entity: str, record_id: str) -> None:
    installation.emulator.companies[LANDSCAPING].delete(entity, record_id)


def _client(installation: Installation) -> QuickBooks:
    connection = installation.store.connections.get("landscaping")
    return open_company(installation.store, connection, installation.settings).client


def test_a_deletion_flags_the_record_and_keeps_its_last_content(still: Installation) -> None:
    last = books(still, "Invoice")["130"]
    _delete(still, "Invoice", "130")
    outcome = still.pull_one(all_entities=False)
    assert outcome.entities["invoice"].landed.deleted == 1
    assert deleted(still, "Invoice")["130"] == last
    assert (outcome.calls, outcome.metered_calls) == (2, 1)  # Asking for what is gone is not billed.
    assert still.pull_one(all_entities=False).rows == 0


def test_a_record_changed_and_deleted_within_a_second_is_deleted(still: Installation) -> None:
    still.edit("Invoice", "130", PrivateNote="just now")
    assert still.pull_one(all_entities=False).rows == 1
    _delete(still, "Invoice", "130")
    assert still.pull_one(all_entities=False).rows == 2  # the invoice, and the estimate that is open again
    assert deleted(still, "Invoice")["130"]["PrivateNote"] == "just now"
    versions = "select sync_token from raw_qbo.invoice where id = '130' order by loaded_at"
    assert still.query(versions)[-2:] == [("1",), ("1",)]


def test_a_record_that_came_and_went_between_two_pulls_is_no_live_record(still: Installation) -> None:
    line = {"DetailType": "SalesItemLineDetail", "Amount": 100, "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    made = still.create("Estimate", {"CustomerRef": {"value": "1"}, "Line": [line]})
    _delete(still, "Estimate", made["Id"])
    still.pull()
    assert made["Id"] not in landed(still, "Estimate")
    assert differences(still) == {}


def test_a_void_arrives_as_a_change_and_a_deactivation_is_no_deletion(still: Installation) -> None:
    still.emulator.companies[LANDSCAPING].void("Invoice", "130")
    still.edit("Customer", "2", Active=False)
    still.pull()
    assert landed(still, "Invoice")["130"]["TotalAmt"] == 0
    assert landed(still, "Customer")["2"]["DisplayName"].endswith(" (deleted)")
    assert deleted(still, "Customer") == deleted(still, "Invoice") == {}
    still.pull(full=True)
    assert deleted(still, "Customer") == {}
    assert differences(still) == {}


def test_a_deletion_the_feed_does_not_cover_is_found_by_counting_and_costs_a_read_only_then(
    still: Installation,
) -> None:
    gone, *_ = books(still, "TimeActivity")
    _delete(still, "TimeActivity", gone)
    outcome = still.pull_one(entities=["TimeActivity"])
    assert (outcome.entities["time_activity"].read_kind, outcome.rows) == ("full", 1)
    assert deleted(still, "TimeActivity").keys() == {gone}
    still.calls()
    assert still.pull_one(entities=["TimeActivity"]).rows == 0
    assert still.calls()["by_kind"] == {"query": 2}
    assert differences(still) == {}


def test_a_creation_does_not_hide_a_deletion_from_the_count(still: Installation) -> None:
    gone, kept = list(books(still, "TimeActivity"))[:2]
    _delete(still, "TimeActivity", gone)
    content = {name: value for name, value in books(still, "TimeActivity")[kept].items() if name != "Id"}
    still.create("TimeActivity", content | {"Description": "Entered anew"})
    still.pull()
    assert deleted(still, "TimeActivity").keys() == {gone}
    assert differences(still) == {}


def test_a_full_reread_finds_the_vanished_at_the_price_of_asking_for_them(still: Installation) -> None:
    still.pull_one(entities=["Invoice"], full=True)
    usual = still.calls()["metered"]
    still.emulator.clock.advance(31 * DAY)
    _delete(still, "Invoice", "130")
    assert still.pull_one(entities=["Invoice"], full=True).entities["invoice"].landed.deleted == 1
    assert still.calls()["metered"] == usual


@pytest.mark.parametrize("path", ["from Invoice", "invoice/130"])
def test_nothing_is_reported_deleted_because_a_read_failed(still: Installation, path: str) -> None:
    _delete(still, "Invoice", "130")
    _delete(still, "Estimate", "100")
    still.emulator.clock.advance(31 * DAY)
    still.script(path, status=500)
    outcome = still.pull_one()
    assert outcome.entities["invoice"].outcome == "error"
    assert deleted(still, "Invoice") == {}
    assert deleted(still, "Estimate").keys() == {"100"}
    still.emulator.scripted_faults.clear()
    still.pull()
    assert deleted(still, "Invoice").keys() == {"130"}
    assert differences(still) == {}


def test_nothing_is_reported_deleted_because_an_entity_is_no_longer_offered(still: Installation) -> None:
    unsupported = {"status": 400, "code": "5020", "type": "ValidationFault", "message": "Permission Denied Error"}
    still.script("from Estimate", **unsupported)
    still.emulator.clock.advance(31 * DAY)
    assert still.pull_one().entities["estimate"].outcome == "not_offered"
    assert deleted(still, "Estimate") == {}
    still.emulator.scripted_faults.clear()
    still.pull(full=True)
    assert differences(still) == {}


def test_a_record_wrongly_reported_deleted_lands_as_it_is(still: Installation) -> None:
    _delete(still, "Invoice", "130")
    now = datetime.now(UTC)
    alive, *dead = confirmed(
        _client(still), find_entity("Invoice"), [tombstone("103", now), tombstone("130", now)], now
    )
    assert (alive.id, alive.is_deleted, alive.sync_token) == ("103", False, books(still, "Invoice")["103"]["SyncToken"])
    assert [(each.id, each.is_deleted) for each in dead] == [("130", True)]


def test_many_deletions_are_confirmed_by_one_query(still: Installation) -> None:
    now = datetime.now(UTC)
    told = [tombstone(str(number), now) for number in range(5000, 5000 + ONE_BY_ONE_MAX)] + [tombstone("130", now)]
    found = confirmed(_client(still), find_entity("Invoice"), told, now)
    assert [each.id for each in found if not each.is_deleted] == ["130"]
    assert len(found) == ONE_BY_ONE_MAX + 1
    assert still.calls()["by_kind"] == {"query": 1}


def test_a_record_changed_after_a_look_for_deletions_began_is_not_judged_by_it(still: Installation) -> None:
    began = still.emulator.clock.now()
    still.edit("Invoice", "130", PrivateNote="meanwhile")
    still.pull()

    def missing(before: datetime) -> list[str]:
        with still.warehouse.connect("test") as connection:
            return vanished_records(
                connection, LANDSCAPING, "invoice", books(still, "Invoice").keys() - {"130"}, before
            )

    assert missing(began) == []
    assert missing(began + timedelta(seconds=1)) == ["130"]
