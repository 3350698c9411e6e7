"""Mappings and company profiles: kept as they were said, and a change wakes what waited for it."""

from datetime import date, timedelta

import pytest

from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.state.intents import Intent, IntentState
from qbo_pipeline.state.mapping_kinds import UnknownKind
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline.state.settling import Settlement
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.state.conftest import NOW, HandClock

REALM = "9341450000000001"
TRAVEL = Mapping(
    realm_id=REALM, kind="account", source_key="Travel", target="Account", qbo_id="14", qbo_name="Travel expense"
)


def _held(store: StateStore, source_id: str, reason_code: str, realm_id: str = REALM) -> str:
    intent = Intent(realm_id=realm_id, target="Invoice", operation="create", source_kind="invoice", source_id=source_id)
    store.outbox.intend(intent)
    (claimed,) = store.dispatch.claim("me", realm_id, lease=timedelta(minutes=5), limit=9)
    store.dispatch.settle(claimed, Settlement(state=IntentState.BLOCKED, reason_code=reason_code, reason="Unmapped."))
    return intent.key


def test_a_mapping_is_kept_and_replaced(any_store: StateStore, clock: HandClock) -> None:
    any_store.mappings.put(TRAVEL)
    clock.advance(minutes=1)
    any_store.mappings.put(Mapping(realm_id=REALM, kind="account", source_key="Travel", target="Account", qbo_id="15"))

    (kept,) = any_store.mappings.of(REALM)
    assert (kept.qbo_id, kept.qbo_name, kept.status) == ("15", None, "confirmed")
    assert kept.updated_at == NOW + timedelta(minutes=1)
    assert any_store.mappings.find("another", "account", "Travel") is None


def test_mappings_are_listed_by_kind_and_status(store: StateStore) -> None:
    excluded = Mapping(realm_id=REALM, kind="customer", source_key="7", target="Customer", status="excluded")
    store.mappings.put(TRAVEL, excluded)

    assert [each.source_key for each in store.mappings.of(REALM, kind="customer")] == ["7"]
    assert [each.source_key for each in store.mappings.of(REALM, status="confirmed")] == ["Travel"]
    with pytest.raises(UnknownKind):
        store.mappings.of(REALM, kind="supplier")


def test_a_mapping_of_no_known_kind_leaves_the_others_unwritten(store: StateStore) -> None:
    unknown = Mapping(realm_id=REALM, kind="supplier", source_key="1", target="Vendor")

    with pytest.raises(UnknownKind):
        store.mappings.put(TRAVEL, unknown)
    assert store.mappings.of(REALM) == []


def test_a_change_wakes_what_waited_for_its_kind_in_its_company(any_store: StateStore) -> None:
    waiting = _held(any_store, "1", "unmapped_account")
    others = [_held(any_store, "2", "unmapped_term"), _held(any_store, "3", "unmapped_account", "another")]

    assert any_store.mappings.put(TRAVEL) == 1

    assert any_store.outbox.get(waiting).state is IntentState.PENDING
    assert {any_store.outbox.get(key).state for key in others} == {IntentState.BLOCKED}


def test_a_proposal_wakes_nothing_and_a_clearing_does(store: StateStore) -> None:
    waiting = _held(store, "1", "unmapped_customer")
    proposed = Mapping(
        realm_id=REALM, kind="customer", source_key="7", target="Customer", qbo_id="5", status="proposed"
    )

    assert store.mappings.put(proposed) == 0
    assert store.outbox.get(waiting).state is IntentState.BLOCKED
    assert store.mappings.remove(REALM, "customer", "7") == 1


def test_a_name_that_was_taken_goes_on_when_names_are_decided(store: StateStore) -> None:
    waiting = _held(store, "1", "name_taken")

    assert store.mappings.wake(REALM, "vendor") == 1
    assert store.outbox.get(waiting).state is IntentState.PENDING


def test_a_profile_is_kept_whole_and_replaced(any_store: StateStore) -> None:
    profile = CompanyProfile(
        realm_id=REALM,
        country="GB",
        tax_kind="other",
        book_close_date=date(2025, 12, 31),
        custom_field_names={"1": "Order number"},
        ar_accounts={"GBP": "41"},
        home_currency="GBP",
        sales_tax_percents={"2": ["20"]},
    )
    assert any_store.company_profiles.profile_of(REALM) is None

    any_store.company_profiles.put(CompanyProfile(realm_id=REALM))
    any_store.company_profiles.put(profile)

    assert any_store.company_profiles.profile_of(REALM) == profile
    assert (profile.ar_account, profile.ap_account, profile.is_american) == ("41", None, False)
