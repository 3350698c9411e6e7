"""Settling names: every row of the collision table, and that nothing is found twice."""

import dataclasses
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.delivery.composing import Held, Withdrawn
from qbo_pipeline.outbound.document import Name
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions
from qbo_pipeline.outbound.mapping.naming import intend_names, settle_names
from qbo_pipeline.outbound.mapping.wanted_names import WantedCode, WantedNames, WantedWorker
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import IntentState, Need
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mapping_kinds import KINDS
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.outbound.mapping.books import (
    NOW,
    REALM,
    asked_of,
    company,
    links_of,
    listed,
    lists,
    names_of,
    product,
    settle,
)

ACME = company("1", "Acme Ltd")


def test_an_equal_name_that_stands_for_nobody_is_linked(store: StateStore) -> None:
    settled = settle(store, lists(listed("Customer", "58", "ACME  ltd")), ACME)

    assert links_of(settled) == {"c-1": "Customer 58"}
    assert (settled.intents, settled.blocked) == ((), ())


def test_an_equal_name_is_only_proposed_where_the_company_wants_to_be_asked(store: StateStore) -> None:
    settled = settle(store, lists(listed("Customer", "58", "Acme Ltd")), ACME, link_exact_names=False)

    assert settled.links == ()
    assert [(each.status, each.qbo_id) for each in settled.mappings] == [("proposed", "58")]
    assert "map confirm customer c-1" in asked_of(settled)["c-1"]


def test_a_name_whose_customer_stands_for_another_row_gets_the_number(store: StateStore) -> None:
    books = lists(listed("Customer", "58", "John Melton", email="john@example.com"))
    first, second = company("9", "John Melton", email="john@example.com"), company("10", "John Melton")

    settled = settle(store, books, second, first)

    assert links_of(settled) == {"c-9": "Customer 58"}
    assert names_of(settled) == {"c-10": "John Melton (C-10)"}


def test_two_rows_of_one_name_are_not_guessed_between(store: StateStore) -> None:
    books = lists(listed("Customer", "58", "John Melton"))

    settled = settle(store, books, company("9", "John Melton"), company("10", "John Melton"))

    assert settled.links == ()
    assert set(asked_of(settled)) == {"c-9", "c-10"}


def test_a_name_a_vendor_or_employee_has_gets_the_kind_and_then_the_number(store: StateStore) -> None:
    books = lists(listed("Vendor", "41", "Acme Ltd"), listed("Employee", "55", "Acme Ltd (C)"))
    assert names_of(settle(store, books, ACME)) == {"c-1": "Acme Ltd (C-1)"}

    books = lists(listed("Employee", "55", "Emily Platt"))
    assert names_of(settle(store, books, company("7", "Emily Platt"))) == {"c-7": "Emily Platt (C)"}


def test_an_inactive_namesake_is_never_reactivated_but_asked_about(store: StateStore) -> None:
    books = lists(listed("Customer", "19", "Acme Ltd", is_active=False))

    settled = settle(store, books, ACME)

    assert (settled.links, settled.intents) == ((), ())
    assert "Reactivate it" in asked_of(settled)["c-1"]


def test_a_person_may_have_a_new_one_made_although_there_is_a_namesake(store: StateStore) -> None:
    store.mappings.put(Mapping(realm_id=REALM, kind="customer", source_key="c-1", target="Customer"))

    settled = settle(store, lists(listed("Customer", "58", "Acme Ltd")), ACME)

    assert names_of(settled) == {"c-1": "Acme Ltd (C-1)"}


def test_a_customer_and_a_vendor_of_one_name_are_told_apart_in_one_run(store: StateStore) -> None:
    settled = settle(store, lists(), company("2003", "Acme Ltd", "vendor"), company("1008", "Acme Ltd"))

    assert names_of(settled) == {"c-1008": "Acme Ltd", "c-2003": "Acme Ltd (V)"}


def test_a_name_being_made_is_taken_before_the_lists_show_it(store: StateStore) -> None:
    intend_names(store, settle(store, lists(), company("5", "Acme Ltd")))

    later = settle(store, lists(), company("1", "Acme Ltd"))

    assert names_of(later) == {"c-1": "Acme Ltd (C-1)"}


def test_always_suffix_puts_the_number_behind_every_name(store: StateStore) -> None:
    assert names_of(settle(store, lists(), ACME, always_suffix=True)) == {"c-1": "Acme Ltd (C-1)"}


def test_a_like_email_or_name_is_a_proposal_and_not_a_link(store: StateStore) -> None:
    books = lists(
        listed("Customer", "16", "Kookies by Kathy", email="kookies@example.com"),
        listed("Customer", "29", "Weiskopf Consulting"),
        listed("Customer", "30", "Windmill Court Homeowners"),
    )
    rows = (
        company("14", "Cathy's Bakery", email="orders@x.example; KOOKIES@example.com"),
        company("15", "Weiskopf Consulting LLC"),
        company("16", "Windmil Court Homeowners"),
        company("17", "Cookies", email="kookies@example.com; other@x.example"),
    )

    settled = settle(store, books, *rows)

    assert settled.links == ()
    assert {each.source_key: each.qbo_id for each in settled.mappings} == {"c-15": "29", "c-16": "30", "c-17": "16"}
    assert names_of(settled) == {"c-14": "Cathy's Bakery"}


def test_a_job_that_shares_its_customers_address_is_not_taken_for_it(store: StateStore) -> None:
    books = lists(listed("Customer", "7", "Freeman", email="f@example.com"))
    job = company("4", "0969 Ocean View Road", parent_id="c-3", email="f@example.com", bill_to_id="c-3")

    settled = settle(store, books, job, company("3", "Freeman", email="f@example.com"))

    assert links_of(settled) == {"c-3": "Customer 7"}
    assert [each.needs for each in settled.intents] == [(Need("Customer", "customer", "c-3"),)]
    made = Name.model_validate_json(settled.intents[0].document)
    assert (made.parent_id, made.fields["Job"], made.fields["BillWithParent"]) == ("c-3", True, True)


def test_a_job_of_another_customer_is_not_this_customers_job_of_that_name(store: StateStore) -> None:
    books = lists(
        listed("Customer", "1", "North"),
        listed("Customer", "2", "South"),
        listed("Customer", "3", "Office", parent_id="2"),
    )

    settled = settle(store, books, company("1", "North"), company("2", "Office", parent_id="c-1"))

    assert links_of(settled) == {"c-1": "Customer 1"}
    assert names_of(settled) == {"c-2": "Office (C-2)"}


def test_a_customer_kept_in_another_currency_is_not_linked_unasked(store: StateStore) -> None:
    store.company_profiles.put(CompanyProfile(realm_id=REALM, is_multicurrency=True, home_currency="GBP"))
    books = lists(listed("Customer", "58", "Acme Ltd", currency="GBP"))

    settled = settle(store, books, company("1", "Acme Ltd", currency="EUR"))

    assert settled.links == ()
    assert "kept in GBP" in asked_of(settled)["c-1"]


def test_our_marker_finds_a_row_again_whatever_it_is_called_now(store: StateStore) -> None:
    (create,) = settle(store, lists(), ACME).intents
    intent = store.outbox.skip(create, "lost", "Its link was lost.")

    settled = settle(store, lists(listed("Customer", "90", "Renamed", notes=f"VIP\n{intent.marker}")), ACME)

    assert [(each.qbo_id, each.origin) for each in settled.links] == [("90", "recovered")]


def test_a_marker_of_another_company_or_a_forged_one_finds_nothing(store: StateStore) -> None:
    books = lists(listed("Customer", "90", "Renamed", notes="[psa:1|customer|c-1|00000000]"))

    assert links_of(settle(store, books, ACME)) == {}


def test_a_create_that_waits_is_taken_back_when_its_customer_turns_up(store: StateStore) -> None:
    intend_names(store, settle(store, lists(), ACME))

    settle(store, lists(listed("Customer", "58", "Acme Ltd")), ACME)

    (intent,) = store.outbox.intents(REALM)
    assert (intent.state, intent.reason_code) == (IntentState.SKIPPED, "linked")


def test_a_create_that_has_left_is_not_found_to_be_something_else(store: StateStore) -> None:
    intend_names(store, settle(store, lists(), ACME))
    (claimed,) = store.dispatch.claim("me", REALM, lease=timedelta(minutes=5), limit=1)
    store.dispatch.freeze(claimed, b"{}", lease=timedelta(minutes=5))

    settled = settle(store, lists(listed("Customer", "58", "Acme Ltd")), ACME)

    assert (settled.links, settled.intents, settled.blocked) == ((), (), ())


def test_what_is_not_to_be_made_says_so_and_waits_in_the_outbox(store: StateStore) -> None:
    settled = settle(store, lists(), ACME, product("p-1", "Pump", "inventory"), create_customers=False)
    intend_names(store, settled)

    assert settled.intents == ()
    assert "by the push settings none is made" in asked_of(settled)["c-1"]
    assert "stock items are never made" in asked_of(settled)["p-1"]
    assert {(each.source_id, each.state, each.reason_code) for each in store.outbox.intents(REALM)} == {
        ("c-1", IntentState.BLOCKED, "unmapped_customer"),
        ("p-1", IntentState.BLOCKED, "unmapped_item"),
    }


def test_a_proposal_goes_when_nothing_speaks_for_it_any_more(store: StateStore) -> None:
    settle(store, lists(listed("Customer", "29", "Acme")), ACME)
    assert store.mappings.of(REALM, status="proposed")

    assert names_of(settle(store, lists(), ACME)) == {"c-1": "Acme Ltd"}
    assert store.mappings.of(REALM) == []


def test_a_decision_about_one_name_does_not_let_another_be_made_that_is_still_asked_about(store: StateStore) -> None:
    store.company_profiles.put(CompanyProfile(realm_id=REALM))
    books = lists(listed("Customer", "29", "Acme"), listed("Customer", "30", "Beta"))
    intend_names(store, settle(store, books, ACME, company("2", "Beta Ltd")))

    Decisions(store=store, realm_id=REALM).assign(Decided(KINDS["customer"], "c-1", books.get("Customer", "29")))

    composed = {each.source_id: Composer(store).compose(each) for each in store.outbox.intents(REALM)}
    assert isinstance(composed["c-1"], Withdrawn)
    assert isinstance(composed["c-2"], Held)
    assert composed["c-2"].reason_code == "unmapped_customer"


def test_an_excluded_row_is_left_out(store: StateStore) -> None:
    excluded = Mapping(realm_id=REALM, kind="customer", source_key="c-1", target="Customer", status="excluded")
    store.mappings.put(excluded)

    settled = settle(store, lists(listed("Customer", "58", "Acme Ltd")), ACME)

    assert [(each.source_key, each.reason_code) for each in settled.blocked] == [("c-1", "excluded")]


def test_a_link_whose_object_was_deleted_is_a_persons_move(store: StateStore) -> None:
    link = Link(
        realm_id=REALM,
        target="Customer",
        source_kind="customer",
        source_id="c-1",
        qbo_id="58",
        origin="pushed",
        linked_at=NOW,
        status="deleted",
    )
    store.links.put(link)

    assert "was deleted" in asked_of(settle(store, lists(), ACME))["c-1"]


def test_items_are_found_by_sku_then_name_and_never_among_headings_and_bundles(store: StateStore) -> None:
    books = lists(
        listed("Item", "4", "Something else", sku="des", type="Service"),
        listed("Item", "5", "Design", type="Service"),
        listed("Item", "6", "Hours", full_name="Advisory:Hours", type="Service"),
        listed("Item", "7", "Workshop", type="Group"),
        listed("Item", "8", "Advice", type="Category"),
        listed("Item", "9", "Old", type="Service", is_active=False),
    )
    rows = (
        product("p-1", "Design", sku="DES"),
        product("p-2", "Advisory:Hours"),
        product("p-3", "Workshop", sku="WS"),
        product("p-4", "Old"),
        product("p-5", "Design"),
    )

    settled = settle(store, books, *rows)

    assert links_of(settled) == {"p-1": "Item 4", "p-2": "Item 6", "p-5": "Item 5"}
    assert names_of(settled) == {"p-3": "Workshop (I-WS)"}
    assert "inactive" in asked_of(settled)["p-4"]


def test_an_item_to_be_made_holds_what_its_product_says(store: StateStore) -> None:
    row = product(
        "p-1", "Drone Survey: aerial", sku="DRN", income_account="4790", is_taxable=True, description="By the hour"
    )
    (intent,) = settle(store, lists(), dataclasses.replace(row, kind="noninventory")).intents

    made = Name.model_validate_json(intent.document)
    assert (made.name, made.income_account) == ("Drone Survey aerial", "4790")
    assert made.fields == {"Type": "NonInventory", "Sku": "DRN", "Description": "By the hour", "Taxable": True}


def test_a_customer_to_be_made_keeps_its_full_name_and_only_addresses_quickbooks_takes(store: StateStore) -> None:
    row = company("1", "Cool: Cars", legal_name="Cool Cars Holding, Inc.", email="not one; a@b.example;c@d.example")
    (intent,) = settle(store, lists(), row).intents

    fields = Name.model_validate_json(intent.document).fields
    assert fields["CompanyName"] == "Cool Cars Holding, Inc."
    assert fields["PrimaryEmailAddr"] == {"Address": "a@b.example, c@d.example"}


def test_codes_are_mapped_by_number_name_what_people_call_them_and_days(store: StateStore) -> None:
    books = lists(
        listed("Account", "82", "Design income", number="4000"),
        listed("Account", "45", "Labor", full_name="Services:Labor"),
        listed("TaxCode", "2", "20.0% S"),
        listed("Term", "3", "Net 30", due_days=30),
        listed("Term", "4", "Three weeks", due_days=21),
        listed("Class", "9", "Pilot", is_active=False),
        listed("Department", "1", "London"),
    )
    codes = (
        WantedCode("account", "4000"),
        WantedCode("account", "Services:Labor"),
        WantedCode("account", "82"),
        WantedCode("tax_code", "S", "20.0% S"),
        WantedCode("term", "NET30", None, 30),
        WantedCode("term", "21 days", None, 21),
        WantedCode("class", "Pilot"),
        WantedCode("department", "LONDON"),
    )

    settled = settle_names(store, REALM, books, WantedNames(codes=codes), PushChoices())

    confirmed = {(each.kind, each.source_key): each.qbo_id for each in settled.mappings if each.status == "confirmed"}
    assert confirmed == {
        ("account", "4000"): "82",
        ("account", "Services:Labor"): "45",
        ("tax_code", "S"): "2",
        ("term", "NET30"): "3",
        ("term", "21 days"): "4",
        ("department", "LONDON"): "1",
    }
    # A number that happens to be the id of an account says nothing about that account.
    assert set(asked_of(settled)) == {"82", "Pilot"}


def test_workers_are_matched_by_vendor_and_email_only_and_never_made(store: StateStore) -> None:
    books = lists(
        listed("Employee", "54", "John Johnson", email="john@x.example"),
        listed("Employee", "55", "Emily Platt"),
        listed("Vendor", "51", "Tim Philip Masonry"),
    )
    workers = (
        WantedWorker(source_id="u-john", name="Johnny", email="JOHN@x.example"),
        WantedWorker(source_id="u-emily", name="Emily Platt", email="emily@x.example"),
        WantedWorker(source_id="u-tim", name="Tim", vendor_id="c-51", is_contractor=True),
        WantedWorker(source_id="u-tom", name="Tom", vendor_id="c-51", is_contractor=True),
        WantedWorker(source_id="u-ned", name="Ned Summers"),
    )
    wanted = WantedNames(companies=(company("51", "Tim Philip Masonry", "vendor"),), workers=workers)

    settled = settle_names(store, REALM, books, wanted, PushChoices())

    found = {each.source_key: (each.status, each.target, each.qbo_id) for each in settled.mappings}
    assert found == {
        "u-john": ("confirmed", "Employee", "54"),
        "u-emily": ("proposed", "Employee", "55"),
        "u-tim": ("confirmed", "Vendor", "51"),
        "u-tom": ("confirmed", "Vendor", "51"),
    }
    assert set(asked_of(settled)) == {"u-emily", "u-ned"}
    assert settled.intents == ()


NAMES = st.sampled_from(["Acme Ltd", "ACME ltd", "Acme", "Beta", "Beta: One", "Beta One", "Gamma GmbH"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    there=st.lists(st.tuples(st.sampled_from(["Customer", "Vendor", "Employee"]), NAMES, st.booleans()), max_size=5),
    rows=st.lists(st.tuples(st.sampled_from(["customer", "vendor"]), NAMES), max_size=6),
    realm=st.uuids(),
)
def test_settling_again_finds_nothing_new(store: StateStore, there: list, rows: list, realm: object) -> None:
    books = lists(
        *(listed(target, str(number), name, is_active=active) for number, (target, name, active) in enumerate(there))
    )
    books.realm_id = str(realm)
    companies = tuple(company(str(number), name, kind) for number, (kind, name) in enumerate(rows))
    wanted = WantedNames(companies=companies)

    first = settle_names(store, books.realm_id, books, wanted, PushChoices())
    intend_names(store, first)
    before = store.outbox.intents(books.realm_id)
    shuffled = WantedNames(companies=companies[::-1])
    again = settle_names(store, books.realm_id, books, shuffled, PushChoices())
    intend_names(store, again)

    assert (again.links, again.mappings) == ((), ())
    assert {(each.key, each.document) for each in again.intents} == {
        (each.key, each.document) for each in first.intents
    }
    assert {each.source_key: each.reason for each in again.blocked} == {
        each.source_key: each.reason for each in first.blocked
    }
    assert store.outbox.intents(books.realm_id) == before
