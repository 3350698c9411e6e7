"""One company's trouble is its own: it is named with its reason, and every other company is read all the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from qbo_pipeline.catalog import ENTITIES, find_entity
from qbo_pipeline.ingest.company import Company, open_company
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.outcome import CompanyOutcome
from qbo_pipeline.ingest.pull import pull
from qbo_pipeline.state.store import utc_now
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation

FEW = ("CompanyInfo", "Customer", "Invoice", "Vendor")


@pytest.fixture
def two(install: Callable[..., Installation]) -> Installation:
    """`us`, which every test here troubles, and `uk`, which must not notice."""
    made = install("landscaping", "consultancy")
    made.connect("us", LANDSCAPING)
    made.connect("uk", CONSULTANCY)
    return made


def _pull(installation: Installation, **asked: object) -> CompanyOutcome:
    """The troubled company's outcome; the other must be complete, in the log as well."""
    outcomes = {company.name: company for company in installation.pull(entities=FEW, **asked).companies}
    assert set(outcomes) == {"us", "uk"}
    assert outcomes["uk"].status == "synced"
    assert installation.query(f"select count(*) > 0 from raw_qbo.invoice where realm_id = '{CONSULTANCY}'") == [(True,)]
    run = installation.store.sync_log.runs()[0].run_id
    entries = installation.store.sync_log.entries(run_id=run)
    by_name = {entry.connection: entry for entry in entries if entry.entity is None}
    assert (by_name["us"].status, by_name["us"].error) == (outcomes["us"].status, outcomes["us"].reason() or None)
    return outcomes["us"]


def test_a_revoked_company_is_inactive_afterwards_and_says_why(two: Installation) -> None:
    two.emulator.grants.disconnect(LANDSCAPING)
    troubled = _pull(two)
    assert troubled.status == "failed"
    assert "invalid_grant" in troubled.reason()
    assert set(troubled.entities) == {find_entity(name).table for name in FEW}
    connection = two.store.connections.get("us")
    assert connection.status == "inactive"
    assert "revoked" in connection.reason
    two.calls()
    later = _pull(two)
    assert "connects it again" in later.reason()
    assert two.calls() == {}


def test_a_revocation_in_the_middle_of_a_read_ends_only_that_company(two: Installation) -> None:
    two.script("from Invoice", times=1, action="revoke")
    troubled = _pull(two)
    assert troubled.status in ("partly", "failed")
    assert two.store.connections.get("us").status == "inactive"


def test_a_company_the_token_is_not_for_stays_connected(two: Installation) -> None:
    wrong = {"status": 403, "code": "3100", "type": "SERVICE", "form": "B", "message": "ApplicationAuthorizationFailed"}
    two.script("/query", **wrong)
    assert "realm id and the environment" in _pull(two).reason()
    assert two.store.connections.get("us").is_active


def test_a_throttled_company_does_not_hold_up_the_others(two: Installation) -> None:
    two.script("/query", status=429, code="3001", message="ThrottleExceeded", headers={"Retry-After": "3600"})
    troubled = _pull(two)
    assert troubled.status == "failed"
    assert "HTTP 429" in troubled.reason()
    assert {entity.outcome for entity in troubled.entities.values()} == {"error"}


def test_a_company_whose_answers_are_all_errors_is_given_up(two: Installation) -> None:
    two.script("/query", status=500)
    troubled = _pull(two)
    assert troubled.status == "failed"
    assert "HTTP 500, code 10000" in troubled.reason()
    assert "scripted" not in troubled.reason()
    assert troubled.calls < 20


def test_one_broken_entity_leaves_the_others_of_its_company(two: Installation) -> None:
    two.script("from Invoice", status=400, code="2020", type="ValidationFault", message="Required param missing")
    troubled = _pull(two)
    assert troubled.status == "partly"
    outcomes = {table: entity.outcome for table, entity in troubled.entities.items()}
    assert outcomes == {"company_info": "read", "customer": "read", "invoice": "error", "vendor": "read"}
    assert troubled.reason().startswith("invoice: Reading Invoice of 'us' failed (HTTP 400, code 2020")
    (line,) = two.store.sync_log.entries(connection="us", status="error")
    assert (line.entity, line.error) == ("invoice", troubled.entities["invoice"].error)
    two.emulator.scripted_faults.clear()
    assert _pull(two).entities["invoice"].read_kind == "full"


def test_entities_not_begun_in_time_are_told_and_come_with_the_next_run(two: Installation) -> None:
    two.script("/query", action="delay", seconds=0.3)
    warehouse, store = two.warehouse, two.store
    companies = [open_company(store, each, two.settings) for each in store.connections.all()]
    asked = {"cursors": {}, "not_offered": lambda _: set(), "budget_seconds": 0.5}
    outcome = pull(companies, ENTITIES, Landing(warehouse, two.home / "dlt", utc_now), **asked)
    troubled = next(company for company in outcome.companies if company.name == "us")
    assert troubled.status == "partly"
    skipped = [entity for entity in troubled.entities.values() if entity.outcome == "skipped"]
    assert len(skipped) > 20
    assert {entity.error for entity in skipped} == {"not begun within the 0.5 s one company may take"}
    # On a busy machine half a second may be too short for the other one, too.
    assert "us" in {company.name for company in outcome.unsynced}
    two.emulator.scripted_faults.clear()
    later = next(company for company in two.pull().companies if company.name == "us")
    assert {later.entities[entity.table].read_kind for entity in skipped} == {"full"}


def test_an_inactive_connection_that_is_asked_for_is_reported(two: Installation) -> None:
    two.store.connections.deactivate("us", "the consent reached its longest life")
    (outcome,) = two.pull(entities=FEW, connections=["us"]).companies
    assert outcome.status == "failed"
    assert outcome.reason() == (
        "inactive: the consent reached its longest life. `qbo-pipeline connect us` connects it again."
    )


def test_a_connection_disconnected_by_hand_is_left_out_until_it_is_asked_for(two: Installation) -> None:
    two.store.connections.deactivate("us", "disconnected by hand", erase_tokens=True)
    assert [company.name for company in two.pull(entities=FEW).companies] == ["uk"]
    (asked,) = two.pull(entities=FEW, connections=["us"]).companies
    assert asked.status == "failed"


def test_a_lost_key_is_told_of_each_company_and_changes_nothing(two: Installation) -> None:
    (two.home / "token.key").unlink()
    two.store.close()
    later = Installation(two.emulator)
    outcome = later.pull(entities=FEW)
    assert {company.status for company in outcome.companies} == {"failed"}
    assert all("key" in company.reason() for company in outcome.companies)
    assert all(set(company.entities) == {find_entity(name).table for name in FEW} for company in outcome.companies)
    assert all(connection.is_active for connection in later.store.connections.all())
    later.store.close()


class _Defective:
    """A client with a defect of ours in it."""

    def __init__(self, sound: Company) -> None:
        self.calls = sound.client.calls
        self.calls_by_entity = sound.client.calls_by_entity
        self.server_time = None

    def read_all(self, *_: object, **__: object) -> None:
        raise ZeroDivisionError("Amy's Bird Sanctuary")


def test_a_defect_of_our_own_ends_one_company_and_tells_no_data(two: Installation) -> None:
    uk, us = (open_company(two.store, each, two.settings) for each in two.store.connections.all())
    landing = Landing(two.warehouse, two.home / "dlt", utc_now)
    entities = [find_entity(name) for name in FEW]
    outcome = pull([replace(us, client=_Defective(us)), uk], entities, landing, cursors={}, not_offered=lambda _: set())
    by_name = {company.name: company for company in outcome.companies}
    assert by_name["uk"].status == "synced"
    assert by_name["us"].status == "failed"
    assert set(by_name["us"].entities) == {entity.table for entity in entities}
    assert "ZeroDivisionError" in by_name["us"].reason()
    assert "Amy" not in str(by_name["us"])
