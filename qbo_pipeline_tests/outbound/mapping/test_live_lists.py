"""The lists of real companies, and that QuickBooks takes every name that is made for them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qbo_pipeline.ops.database import open_ops
from qbo_pipeline.ops.load import load_ops
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.document import Name
from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.outbound.mapping.live import read_entry, read_live
from qbo_pipeline.outbound.mapping.mirror import mirrored_company, mirrored_sources
from qbo_pipeline.outbound.mapping.naming import intend_names, settle_names
from qbo_pipeline.outbound.mapping.resolving import Resolver
from qbo_pipeline.outbound.mapping.settled import NamesSettled
from qbo_pipeline.outbound.mapping.wanted_names import WantedCode, WantedNames
from qbo_pipeline.outbound.mapping.wanting import all_names
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation
from qbo_pipeline_tests.outbound.mapping.books import asked_of, links_of, names_of

BUSINESS_ENTITIES = {LANDSCAPING: "be-landscaping", CONSULTANCY: "be-consultancy"}


@pytest.fixture
def companies(install: Callable[..., Installation], tmp_path: Path) -> Installation:
    """Two pulled companies and the sample operational system beside them."""
    made = install("landscaping", "consultancy")
    made.connect("us", LANDSCAPING)
    made.connect("uk", CONSULTANCY)
    made.pull()
    make_sample(made.settings.ops_sample_path, date(2026, 3, 1))
    with open_ops(made.settings) as database:
        load_ops(database, made.warehouse, tmp_path / "dlt", made.store.clock)
    return made


def settled_for(companies: Installation, realm_id: str) -> tuple[NamesSettled, NameLists]:
    """What settling every row of a business entity against the mirror comes to."""
    with companies.warehouse.connect("settle names") as connection:
        books, profile = mirrored_company(connection, realm_id)
        sources = mirrored_sources(connection, BUSINESS_ENTITIES[realm_id])
    companies.store.company_profiles.put(profile)
    return settle_names(companies.store, realm_id, books, all_names(sources), PushChoices()), books


def test_the_mirror_and_quickbooks_itself_give_the_same_lists_and_profile(companies: Installation) -> None:
    for name, realm_id in (("us", LANDSCAPING), ("uk", CONSULTANCY)):
        with companies.warehouse.connect("read lists") as connection:
            mirrored, mirrored_profile = mirrored_company(connection, realm_id)
        connected = companies.store.connections.get(name)
        with open_client(companies.store, connected, companies.settings) as client:
            live, live_profile = read_live(client)
            vendor = mirrored.each("Vendor")[0]
            assert read_entry(client, "Vendor", vendor.id) == vendor
            assert read_entry(client, "Vendor", "999999") is None
        in_order = [sorted(each.entries, key=lambda entry: (entry.target, entry.id)) for each in (mirrored, live)]
        assert in_order[0] == in_order[1]
        assert mirrored_profile == live_profile


def test_a_profile_says_what_documents_the_company_takes(companies: Installation) -> None:
    for realm_id in BUSINESS_ENTITIES:
        settled_for(companies, realm_id)
    us, uk = (companies.store.company_profiles.profile_of(each) for each in (LANDSCAPING, CONSULTANCY))

    assert (us.country, us.home_currency, us.tax_kind, us.tracks_classes) == ("US", "USD", "us_manual", "no")
    assert (us.custom_field_names, us.discount_account, us.sales_tax_percents["2"]) == ({"1": "Crew #"}, "86", ["8"])
    assert (uk.country, uk.home_currency, uk.tax_kind, uk.tracks_classes) == ("GB", "GBP", "other", "line")
    assert (uk.is_multicurrency, uk.tracks_departments, sorted(uk.ar_accounts)) == (True, True, ["EUR", "GBP", "USD"])


def test_each_trap_of_the_sample_is_settled_as_a_bookkeeper_would(companies: Installation) -> None:
    settled, _ = settled_for(companies, LANDSCAPING)
    links, names, asked = links_of(settled), names_of(settled), asked_of(settled)

    assert links["la-c-1002"] == "Customer 12"  # a curly quotation mark
    assert links["la-c-1004"] == "Customer 8"  # a job
    assert links["la-c-1005"] == "Customer 20"  # case and spaces
    assert names["la-c-1006"] == "Hicks Hardware (C)"  # a vendor's name
    assert names["la-c-1007"] == "Emily Platt (C)"  # an employee's name
    assert names["la-c-1010"] == "John Melton (C-1010)"  # another customer's name
    assert names["la-c-1011"] == "Sunset Gardens & Patios"  # a colon
    assert len(names["la-c-1013"]) <= 100
    assert names["la-c-2003"] == "Acme Ltd (V)"  # a customer to be made has this name
    assert {"la-c-1014", "la-c-1015", "la-u-ned", "4790"} <= set(asked)
    assert "la-c-1018" not in names  # inactive
    assert "la-c-1019" not in names  # deleted


@pytest.mark.parametrize("realm_id", [LANDSCAPING, CONSULTANCY])
def test_quickbooks_takes_every_name_and_a_lost_store_finds_them_all_again(
    companies: Installation, realm_id: str
) -> None:
    settled, books = settled_for(companies, realm_id)
    intend_names(companies.store, settled)
    income = next(each.id for each in books.each("Account") if each.type == "Income" and each.is_active)
    made = {}
    for intent in companies.store.outbox.intents(realm_id):
        if intent.state != "pending":
            continue
        name = Name.model_validate_json(intent.document)
        label = "Name" if name.target == "Item" else "DisplayName"
        note = {"Description" if name.target == "Item" else "Notes": intent.marker}
        account = {"IncomeAccountRef": {"value": income}} if name.target == "Item" else {}
        fields = {
            each: value for each, value in name.fields.items() if each not in ("Job", "BillWithParent", "CurrencyRef")
        }
        content = fields | {label: name.name} | note | account
        made[name.source_id, name.target] = companies.create(name.target, content, realm_id)["Id"]
        # As if the ledger had been lost right after.
        companies.store.outbox.skip(_create(settled, intent.intent_key), "lost", "The store was lost.")
    companies.pull()

    again, _ = settled_for(companies, realm_id)

    found = {(each.source_id, each.target): each.qbo_id for each in again.links}
    assert len(made) >= 9
    assert {source: found.get(source) for source in made} == made
    assert again.intents == ()


def _create(settled: NamesSettled, key: str):
    return next(each for each in settled.intents if each.key == key)


def test_codes_are_made_where_the_company_wants_that_and_then_found(install: Callable[..., Installation]) -> None:
    made = install("consultancy")
    connection = made.connect("uk", CONSULTANCY)
    made.store.push_settings.choose(CONSULTANCY, create_defaults=True)
    choices = made.store.push_settings.of(CONSULTANCY).choices
    codes = (
        WantedCode("term", "NET45", None, 45),
        WantedCode("class", "Field: work"),
        WantedCode("department", "Hull"),
        WantedCode("payment_method", "Giro"),
        WantedCode("account", "No such account"),
    )
    with open_client(made.store, connection, made.settings) as client:
        books, profile = read_live(client)
        made.store.company_profiles.put(profile)
        settled = settle_names(made.store, CONSULTANCY, books, WantedNames(codes=codes), choices)
        intend_names(made.store, settled)
        assert set(asked_of(settled)) == {"No such account"}
        outcome = deliver(made.store, [client], Composer(made.store).compose)
        assert all(each.state is IntentState.PUSHED for each in made.store.outbox.intents(CONSULTANCY)), outcome
        find = Resolver(made.store, CONSULTANCY, profile, choices)
        found = [find.term("NET45"), find.class_("Field: work"), find.department("Hull"), find.payment_method("Giro")]
        assert [each.target for each in found] == ["Term", "Class", "Department", "PaymentMethod"]

        lists_after, _ = read_live(client)
    again = settle_names(made.store, CONSULTANCY, lists_after, WantedNames(codes=codes), choices)
    assert {each.source_key: each.qbo_id for each in again.mappings} == dict(
        zip([each.key for each in codes[:4]], [each.qbo_id for each in found], strict=True)
    )
    assert again.intents == ()
