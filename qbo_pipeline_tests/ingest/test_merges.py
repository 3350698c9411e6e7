"""A merge moves documents to the winner, whether or not QuickBooks says that they changed."""

from collections.abc import Callable

import pytest

from qbo_pipeline_tests.ingest.mirror import books, differences, landed
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

CUSTOMER, VENDOR = ("1", "2"), ("30", "31")


@pytest.fixture(params=[True, False], ids=["documents marked", "documents not marked"])
def merged(request: pytest.FixtureRequest, read_in_full: Callable[..., Installation]) -> Installation:
    """The landscaping company, read in full, whose merges may leave no trace in the documents."""
    made = read_in_full(merge_touches_documents=request.param)
    made.emulator.clock.advance(600)
    return made


@pytest.mark.parametrize(("entity", "pair"), [("Customer", CUSTOMER), ("Vendor", VENDOR)])
def test_documents_follow_a_merged_name(merged: Installation, entity: str, pair: tuple[str, str]) -> None:
    loser, winner = pair
    merged.emulator.companies[LANDSCAPING].merge(entity, loser, winner)
    outcome = merged.pull_one(all_entities=False)
    assert outcome.status == "synced"
    assert landed(merged, entity)[loser]["Active"] is False
    differing = differences(merged)
    differing.pop("TimeActivity", None)  # Outside the feed, and of no document that was landed before.
    assert differing == {}
    for _ in range(2):  # What changed within the last minutes is read once more.
        merged.calls()
        merged.emulator.clock.advance(900)
        assert merged.pull_one(all_entities=False).rows == 0
    assert merged.calls()["by_kind"] == {"cdc": 1}


def test_the_documents_land_before_the_name_so_that_a_run_that_breaks_off_is_taken_up(merged: Installation) -> None:
    merged.emulator.companies[LANDSCAPING].merge("Customer", *CUSTOMER)
    merged.script("Id IN", status=500)
    assert merged.pull_one(all_entities=False).entities["customer"].outcome == "error"
    assert landed(merged, "Customer")["1"]["Active"] is True
    merged.emulator.scripted_faults.clear()
    assert merged.pull_one(all_entities=False).status == "synced"
    assert differences(merged) == {}


def test_a_deactivated_name_costs_a_read_of_its_documents_once(merged: Installation) -> None:
    merged.edit("Customer", "1", Active=False)
    merged.pull_one(all_entities=False)
    assert merged.calls()["by_kind"].keys() == {"cdc", "query"}
    merged.pull_one(all_entities=False)
    assert merged.calls()["by_kind"] == {"cdc": 1}
    assert {each["CustomerRef"]["value"] for each in books(merged, "Invoice").values()} >= {"1"}
    assert differences(merged) == {}
