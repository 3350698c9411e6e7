"""A pull lands what is new in QuickBooks, untouched and once, and costs only the calls it must."""

import shutil
from collections.abc import Callable

import pytest

from qbo_pipeline.catalog import ENTITIES, UnknownEntityError
from qbo_pipeline.state.errors import UnknownConnection
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation

FEW = ("CompanyInfo", "Customer", "Invoice")


def test_a_first_pull_reads_every_entity_and_makes_every_table(installation: Installation) -> None:
    (installation.home / "warehouse.duckdb").unlink()
    shutil.rmtree(installation.home / "dlt")
    company = installation.pull_one()
    assert company.status == "synced"
    assert set(company.entities) == {entity.table for entity in ENTITIES}
    tables = "select table_name from information_schema.tables where table_schema = 'raw_qbo'"
    there = {name for (name,) in installation.query(tables)}
    assert {entity.table for entity in ENTITIES} <= there
    assert installation.query("select count(*) from raw_qbo.invoice") == [(31,)]
    assert installation.query("select count(*) from raw_qbo.budget") == [(0,)]
    assert company.rows == sum(entity.records_read for entity in company.entities.values())


def test_a_second_pull_of_an_idle_company_is_one_call_and_lands_nothing(installation: Installation) -> None:
    installation.pull_one()
    loads = installation.query("select count(*) from raw_qbo._dlt_loads")
    installation.calls()
    second = installation.pull_one(all_entities=False)
    calls = installation.calls()
    assert (second.status, second.rows) == ("synced", 0)
    assert (calls["calls"], calls["metered"], calls["by_kind"]) == (1, 1, {"cdc": 1})
    assert (second.calls, second.metered_calls) == (1, 1)
    assert installation.query("select count(*) from raw_qbo._dlt_loads") == loads


def test_a_changed_record_and_a_new_one_land_once(installation: Installation) -> None:
    installation.pull_one(entities=FEW)
    installation.edit("Customer", "1", CompanyName="Amy's New Sanctuary")
    created = installation.create("Customer", {"DisplayName": "Newcomer"})
    company = installation.pull_one(entities=FEW)
    landed = company.entities["customer"].landed
    assert (landed.created, landed.updated, landed.deleted) == (1, 1, 0)
    assert company.rows == 2
    assert installation.pull_one(entities=FEW).rows == 0
    versions = (
        "select id, count(*), count(distinct sync_token) from raw_qbo.customer group by id having id in ('1', '{}')"
    )
    assert sorted(installation.query(versions.format(created["Id"]))) == sorted([("1", 2, 2), (created["Id"], 1, 1)])


def test_reading_an_unchanged_company_in_full_lands_nothing(installation: Installation) -> None:
    first = installation.pull_one(entities=FEW)
    again = installation.pull_one(entities=FEW, full=True)
    assert again.rows == 0
    assert {table: each.records_read for table, each in again.entities.items()} == {
        table: each.records_read for table, each in first.entities.items()
    }
    assert {each.read_kind for each in again.entities.values()} == {"full"}


def test_what_lands_is_what_quickbooks_sent_byte_for_byte(installation: Installation) -> None:
    strange = 'Äpfel & Söhne 株式会社 "quoted" \\ </b> \u2028 🌱'
    installation.edit("Customer", "1", CompanyName=strange)
    installation.pull_one(entities=["Customer", "Invoice", "RecurringTransaction"])
    served = installation.emulator.companies[LANDSCAPING]
    for entity, condition in (("Customer", " where Active in (true, false)"), ("Invoice", "")):
        page = served.query(f"select * from {entity}{condition} orderby Id maxresults 1000")
        payloads = installation.query(f"select payload from raw_qbo.{entity.lower()}")
        assert payloads
        assert [payload for (payload,) in payloads if payload.encode() not in page] == []
    (payload,) = installation.query("select payload from raw_qbo.customer where id = '1'")[0]
    assert "株式会社" in payload


def test_companies_with_the_same_ids_stay_apart(install: Callable[..., Installation]) -> None:
    two = install("landscaping", "consultancy")
    two.connect("us", LANDSCAPING)
    two.connect("uk", CONSULTANCY)
    two.pull(entities=FEW)
    shared = "select count(*) from (select id from raw_qbo.customer group by id having count(distinct realm_id) = 2)"
    assert two.query(shared)[0][0] > 0
    two.edit("Customer", "1", LANDSCAPING, CompanyName="Only the American one")
    outcomes = {company.name: company for company in two.pull(entities=FEW).companies}
    assert (outcomes["us"].rows, outcomes["uk"].rows) == (1, 0)
    changed = "select realm_id from raw_qbo.customer where payload like '%Only the American one%'"
    assert two.query(changed) == [(LANDSCAPING,)]


def test_an_entity_that_is_not_offered_is_asked_for_again_only_by_a_full_read(installation: Installation) -> None:
    entities = ["CompanyCurrency", "Term"]
    first = installation.pull_one(entities=entities)
    assert first.entities["company_currency"].outcome == "not_offered"
    assert first.status == "synced"
    noted_at = installation.store.not_offered.of(LANDSCAPING)["company_currency"]
    installation.calls()
    second = installation.pull_one(entities=entities)
    assert installation.calls()["calls"] == 1
    assert second.entities["company_currency"].outcome == "not_offered"
    assert installation.store.not_offered.of(LANDSCAPING)["company_currency"] == noted_at
    installation.pull_one(entities=entities, full=True)
    assert installation.store.not_offered.of(LANDSCAPING)["company_currency"] > noted_at


def test_an_entity_that_comes_to_be_offered_is_read_from_then_on(installation: Installation) -> None:
    unsupported = {"status": 400, "code": "5020", "type": "ValidationFault", "message": "Permission Denied Error"}
    installation.script("from Term", times=1, **unsupported)
    assert installation.pull_one(entities=["Term"]).entities["term"].outcome == "not_offered"
    assert installation.pull_one(entities=["Term"], full=True).entities["term"].records_read > 0
    assert installation.store.not_offered.of(LANDSCAPING) == {}
    assert installation.pull_one(entities=["Term"]).entities["term"].read_kind == "feed"


def test_the_log_tells_each_connection_and_what_was_news(installation: Installation) -> None:
    installation.pull(entities=FEW, run_id="first", trigger="test")
    installation.pull(entities=FEW, run_id="second")
    first = {entry.entity: entry for entry in installation.store.sync_log.entries(run_id="first")}
    assert first["invoice"].created == 31
    assert (first["invoice"].status, first["invoice"].read_kind, first["invoice"].trigger) == ("synced", "full", "test")
    assert (first[None].status, first[None].calls) == ("synced", len(FEW))
    assert {name: (first[name].calls, first[name].metered_calls) for name in first if name} == {
        "company_info": (1, 1),
        "customer": (1, 1),
        "invoice": (1, 1),
    }
    (second,) = installation.store.sync_log.entries(run_id="second")
    # The feed, and CompanyInfo, which it does not cover.
    assert (second.entity, second.status, second.metered_calls) == (None, "synced", 2)
    assert installation.store.connections.get("landscaping").last_sync_at is not None


def test_unknown_names_are_refused_before_anything_is_read(installation: Installation) -> None:
    with pytest.raises(UnknownConnection, match=r"'elsewhere'.*landscaping"):
        installation.pull(connections=["elsewhere"])
    with pytest.raises(UnknownEntityError, match=r"'Invoices'.*Invoice"):
        installation.pull(entities=["Invoices"])
    assert installation.calls() == {}
    assert installation.store.sync_log.runs() == []


def test_no_secret_reaches_a_log_or_a_file(installation: Installation, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    told: list[str] = []
    installation.emulator.grants.expire_access_tokens(LANDSCAPING)
    installation.script("from Term", status=400, message="no")
    outcome = installation.pull(tell=told.append)
    tokens = installation.store.tokens.read("landscaping")
    secrets = [tokens.access_token, tokens.refresh_token, "emulator-secret"]
    texts = [record.getMessage() + (record.exc_text or "") for record in caplog.records]
    texts += [*told, str(outcome), str(installation.store.sync_log.entries())]
    assert len(caplog.records) > len(ENTITIES)
    assert [secret[:8] for secret in secrets for text in texts if secret in text] == []
    files = [path for path in installation.home.rglob("*") if path.is_file()]
    assert installation.home / "state.db" in files
    held = [(path.name, secret[:8]) for path in files for secret in secrets if secret.encode() in path.read_bytes()]
    assert held == []
