"""What a request refers to is found in the state store alone, and what is not found says whose move it is."""

import pytest

from qbo_pipeline.outbound.mapping.resolution import Found, Missing, Unmapped
from qbo_pipeline.outbound.mapping.resolving import Resolver
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Need
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.outbound.mapping.books import NOW, REALM

AMERICAN = CompanyProfile(realm_id=REALM, tax_kind="us_manual", default_tax_code="2", discount_account="86")
BRITISH = CompanyProfile(realm_id=REALM, country="GB", tax_kind="other")


def resolver(store: StateStore, profile: CompanyProfile = AMERICAN, **choices: object) -> Resolver:
    """A resolver of the company."""
    return Resolver(store, REALM, profile, PushChoices(**choices))


def link(store: StateStore, target: str, kind: str, source_id: str, qbo_id: str, **rest: str) -> None:
    """Link a row."""
    link = {"realm_id": REALM, "target": target, "source_kind": kind, "source_id": source_id, "qbo_id": qbo_id}
    store.links.put(Link(**link, origin="manual", linked_at=NOW, **rest))


def put(store: StateStore, kind: str, key: str, target: str, qbo_id: str | None = None, **rest: str) -> None:
    """Map a code."""
    store.mappings.put(Mapping(realm_id=REALM, kind=kind, source_key=key, target=target, qbo_id=qbo_id, **rest))


def test_a_linked_row_is_found_and_one_that_will_be_made_is_waited_for(store: StateStore) -> None:
    link(store, "Customer", "customer", "c-1", "58")

    assert resolver(store).customer("c-1") == Found("58", "Customer")
    assert resolver(store).customer("c-2") == Missing(Need("Customer", "customer", "c-2"))
    assert resolver(store).vendor("c-1") == Missing(Need("Vendor", "vendor", "c-1"))


def test_what_no_push_makes_is_a_persons_move(store: StateStore) -> None:
    answer = resolver(store, create_customers=False).customer("c-2")

    assert isinstance(answer, Unmapped)
    assert answer.reason_code == "unmapped_customer"
    assert "qbo-pipeline map set customer c-2 QBO-ID" in answer.reason


def test_a_proposal_and_an_exclusion_hold_a_document_and_say_how_to_go_on(store: StateStore) -> None:
    put(store, "item", "p-1", "Item", "4", status="proposed", reason="An Item has nearly this name.")
    put(store, "item", "p-2", "Item", status="excluded")

    proposed, excluded = resolver(store).item("p-1"), resolver(store).item("p-2")
    assert isinstance(proposed, Unmapped)
    assert "map confirm item p-1" in proposed.reason
    assert isinstance(excluded, Unmapped)
    assert "map clear item p-2" in excluded.reason


def test_a_row_that_a_person_wants_made_is_waited_for_whatever_the_settings(store: StateStore) -> None:
    put(store, "customer", "c-1", "Customer")

    assert isinstance(resolver(store, create_customers=False).customer("c-1"), Missing)


def test_a_line_without_a_product_takes_the_chosen_item_or_the_companys(store: StateStore) -> None:
    company = CompanyProfile(realm_id=REALM, default_item="1")

    assert resolver(store, company, default_item="9").item(None) == Found("9", "Item")
    assert resolver(store, company).item(None) == Found("1", "Item")
    assert isinstance(resolver(store).item(None), Unmapped)


def test_a_worker_is_an_employee_or_a_vendor_and_two_may_share_one(store: StateStore) -> None:
    put(store, "worker", "u-1", "Employee", "54")
    put(store, "worker", "u-2", "Vendor", "51")
    put(store, "worker", "u-3", "Vendor", "51")

    answers = [resolver(store).worker(each) for each in ("u-1", "u-2", "u-3")]
    assert answers == [Found("54", "Employee"), Found("51", "Vendor"), Found("51", "Vendor")]
    assert isinstance(resolver(store).worker("u-4"), Unmapped)


def test_tax_codes_are_mapped_except_the_two_that_every_american_company_has(store: StateStore) -> None:
    put(store, "tax_code", "S", "TaxCode", "2")

    assert resolver(store, BRITISH).tax_code("S") == Found("2", "TaxCode")
    assert resolver(store).tax_code("tax") == Found("TAX", "TaxCode")
    assert resolver(store).tax_code(None) == Found("2", "TaxCode")
    assert isinstance(resolver(store, BRITISH).tax_code("TAX"), Unmapped)
    assert isinstance(resolver(store, BRITISH).tax_code(None), Unmapped)


def test_a_term_is_found_by_its_code_or_its_days(store: StateStore) -> None:
    put(store, "term", "30 days", "Term", "3")

    assert resolver(store).term("NET30", 30) == Found("3", "Term")
    assert resolver(store).term(None, 30) == Found("3", "Term")
    missing = resolver(store).term("NET60", 60)
    assert isinstance(missing, Unmapped)
    assert "map set term NET60" in missing.reason


def test_an_account_of_a_purpose_falls_back_to_the_account_of_that_name(store: StateStore) -> None:
    put(store, "account", "Visa 1881", "Account", "42")
    put(store, "expense_category", "Travel", "Account", "14")

    assert resolver(store).account("Travel", "expense_category") == Found("14", "Account")
    assert resolver(store).account("Visa 1881", "payment_account") == Found("42", "Account")
    assert isinstance(resolver(store).account("Travel"), Unmapped)
    missing = resolver(store).account("Amex 2", "payment_account")
    assert isinstance(missing, Unmapped)
    assert "map set payment_account 'Amex 2' QBO-ID" in missing.reason


def test_discounts_go_to_the_account_chosen_before_the_companys_own(store: StateStore) -> None:
    assert resolver(store, discount_account="12").discount_account() == Found("12", "Account")
    assert resolver(store).discount_account() == Found("86", "Account")
    assert isinstance(resolver(store, BRITISH).discount_account(), Unmapped)


@pytest.mark.parametrize(("kind", "target"), [("class", "Class"), ("department", "Department")])
def test_classes_and_locations_are_found_by_their_codes(store: StateStore, kind: str, target: str) -> None:
    put(store, kind, "North", target, "7")
    find = {"class": resolver(store).class_, "department": resolver(store).department}[kind]

    assert find("North") == Found("7", target)
    assert find("South").reason_code == f"unmapped_{kind}"


def test_a_document_is_found_while_it_lives(store: StateStore) -> None:
    link(store, "Estimate", "quote", "q-1", "101")
    link(store, "Estimate", "quote", "q-2", "102", status="voided")

    assert resolver(store).document("Estimate", "quote", "q-1") == Found("101", "Estimate")
    assert resolver(store).document("Estimate", "quote", "q-3") == Missing(Need("Estimate", "quote", "q-3"))
    gone = resolver(store).document("Estimate", "quote", "q-2")
    assert isinstance(gone, Unmapped)
    assert gone.reason_code == "reference_gone"
