"""The outbox: an intent is kept once, wakes when it can go on, and bills its work alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import LinkTaken
from qbo_pipeline.state.intents import Intent, IntentState, Need, Work
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.push_keys import (
    batch_request_id,
    intent_key,
    is_genuine,
    marker_text,
    read_markers,
    request_id,
)
from qbo_pipeline.state.settling import Settlement
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.state.conftest import NOW, HandClock

REALM = "9341450000000001"
LEASE = timedelta(minutes=10)
INVOICE = Intent(
    realm_id=REALM, target="Invoice", operation="create", source_kind="sale", source_id="7", source_hash="a"
)
CUSTOMER = Intent(realm_id=REALM, target="Customer", operation="create", source_kind="company", source_id="3")
LINK = Link(
    realm_id=REALM, target="Customer", source_kind="company", source_id="3", qbo_id="58", origin="manual", linked_at=NOW
)


def test_an_intent_taken_in_again_is_the_same_one(any_store: StateStore) -> None:
    first = any_store.outbox.intend(INVOICE)

    assert any_store.outbox.intend(INVOICE) == first
    assert any_store.outbox.intents(REALM) == [first]
    assert (first.state, first.epoch, first.attempts) == (IntentState.PENDING, 0, 0)


def test_a_changed_source_renews_what_is_not_out_and_shows_as_drift_on_what_is(any_store: StateStore) -> None:
    any_store.outbox.intend(INVOICE)
    changed = any_store.outbox.intend(replace(INVOICE, source_hash="b", document="[1]"))
    assert (changed.source_hash, changed.document, changed.has_changed_since) == ("b", "[1]", False)

    (claimed,) = any_store.dispatch.claim("me", REALM, lease=LEASE, limit=9)
    frozen = any_store.dispatch.freeze(claimed, b"{}", lease=LEASE).intent
    in_flight = any_store.outbox.intend(replace(INVOICE, source_hash="c", document="[2]"))
    assert (in_flight.state, in_flight.document, in_flight.payload) == (IntentState.IN_FLIGHT, "[1]", b"{}")

    any_store.dispatch.settle(frozen, Settlement(state=IntentState.PUSHED))
    out = any_store.outbox.intend(replace(INVOICE, source_hash="d"))
    assert (out.state, out.source_hash, out.latest_source_hash) == (IntentState.PUSHED, "b", "d")
    assert out.has_changed_since


def test_what_needs_a_customer_is_blocked_until_the_link_is_made_and_only_until_then(any_store: StateStore) -> None:
    needs = (Need("Customer", "company", "3"), Need("Item", "product", "4"))
    waiting = any_store.outbox.intend(replace(INVOICE, needs=needs))
    assert (waiting.state, waiting.reason_code) == (IntentState.BLOCKED, "dependency")
    assert any_store.dispatch.claim("me", REALM, lease=LEASE, limit=9) == []

    any_store.links.put(LINK)
    assert any_store.outbox.get(INVOICE.key).state is IntentState.BLOCKED
    any_store.links.put(replace(LINK, target="Item", source_kind="product", source_id="4"))

    assert any_store.outbox.get(INVOICE.key).state is IntentState.PENDING


def test_names_go_out_before_documents_and_a_void_after_what_it_ends(any_store: StateStore) -> None:
    for intent in (replace(INVOICE, operation="void"), INVOICE, CUSTOMER):
        any_store.outbox.intend(intent)

    order = [(each.target, each.operation) for each in any_store.outbox.intents(REALM)]

    assert order == [("Customer", "create"), ("Invoice", "create"), ("Invoice", "void")]


def test_work_is_billed_by_one_invoice_until_that_one_is_skipped(any_store: StateStore) -> None:
    first = any_store.outbox.intend(replace(INVOICE, bills=(Work("ticket", "1"),)))
    other = replace(INVOICE, source_kind="ticket", source_id="1", bills=(Work("ticket", "1"), Work("time", "2")))
    second = any_store.outbox.intend(other)

    assert (second.state, second.reason_code) == (IntentState.BLOCKED, "billed_twice")
    assert "sale:7" in second.reason
    assert any_store.claims.holder(Work("time", "2")) is None

    any_store.outbox.skip(INVOICE, "withdrawn", "The sale was reopened.")
    assert any_store.outbox.intend(other).state is IntentState.PENDING
    assert any_store.claims.of(second.intent_key) == [Work("ticket", "1"), Work("time", "2")]
    assert any_store.outbox.get(first.intent_key).state is IntentState.SKIPPED


def test_the_database_itself_holds_one_live_claim(any_store: StateStore, any_settings: Settings) -> None:
    any_store.outbox.intend(replace(INVOICE, bills=(Work("ticket", "1"),)))
    statement = (
        "INSERT INTO billed_source (source_kind, source_id, part, invoice_key) VALUES ('ticket', '1', '', 'other')"
    )

    with pytest.raises(sa.exc.IntegrityError), sa.create_engine(_url(any_settings)).begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_decision_not_to_push_is_kept_with_its_reason_and_can_be_taken_back(any_store: StateStore) -> None:
    skipped = any_store.outbox.skip(INVOICE, "draft", "The sale is a draft.")
    assert (skipped.state, skipped.reason) == (IntentState.SKIPPED, "The sale is a draft.")

    assert any_store.outbox.intend(INVOICE).state is IntentState.PENDING


def test_an_object_stands_for_one_row(any_store: StateStore) -> None:
    any_store.links.put(LINK)
    any_store.links.put(replace(LINK, sync_token="4"))
    assert any_store.links.by_qbo_id(REALM, "Customer", "58").sync_token == "4"

    with pytest.raises(LinkTaken, match=r"company:9: it stands for company:3"):
        any_store.links.put(replace(LINK, source_id="9"))


def test_a_frozen_request_keeps_its_id_until_its_bytes_change_or_its_absence_is_verified(
    any_store: StateStore, clock: HandClock
) -> None:
    any_store.outbox.intend(INVOICE)
    seen = []
    for payload, new_epoch in ((b"1", False), (b"1", False), (b"2", False), (b"2", True), (b"2", False)):
        (claimed,) = any_store.dispatch.claim("me", REALM, lease=LEASE, limit=9)
        frozen = any_store.dispatch.freeze(claimed, payload, lease=LEASE).intent
        seen.append(frozen.request_id)
        any_store.dispatch.settle(frozen, Settlement(state=IntentState.RETRY_WAIT, new_epoch=new_epoch))

    assert seen[0] == seen[1]
    assert seen[2] == seen[3]
    assert len(set(seen)) == 3
    assert [each.attempt_no for each in any_store.outbox.attempts(INVOICE.key)] == [1, 2, 3, 4, 5]


def test_a_store_of_the_first_version_is_given_an_outbox(any_settings: Settings) -> None:
    open_state(any_settings).close()
    with Database(any_settings.state_database_url).writing() as connection:
        of_intents = ("contract_period", "push_dependency", "push_batch_item", "push_batch", "push_attempt")
        for table in ("billed_source", "link", *of_intents):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("DROP TABLE push_intent")
        connection.exec_driver_sql("UPDATE state_meta SET value = '1' WHERE name = 'schema_version'")

    with open_state(any_settings) as upgraded:
        assert upgraded.outbox.intend(INVOICE).state is IntentState.PENDING


@given(st.lists(st.text(max_size=20), min_size=5, max_size=5), st.lists(st.text(max_size=20), min_size=5, max_size=5))
def test_two_different_things_never_share_a_key(one: list[str], other: list[str]) -> None:
    assert (intent_key(*one, version=0) == intent_key(*other, version=0)) == (one == other)


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=20), st.text(max_size=80))
def test_a_marker_is_read_back_whatever_the_source_is_called(source_id: str, kind: str, note: str) -> None:
    marker = marker_text(b"secret", REALM, "Invoice", kind, source_id)

    assert "\n" not in marker
    read = read_markers(f"{note}\n{marker}")[-1]
    assert (read.source_kind, read.source_id) == (kind, source_id)
    assert is_genuine(read, b"secret", REALM, "Invoice")
    assert not is_genuine(read, b"secret", "another realm", "Invoice")
    assert not is_genuine(replace(read, source_id=source_id + "x"), b"secret", REALM, "Invoice")


@given(st.lists(st.text(max_size=9), min_size=1, max_size=30), st.text(), st.integers(0, 9))
def test_request_ids_fit_both_limits(ids: list[str], key: str, epoch: int) -> None:
    assert len(request_id(key, "hash", epoch)) == len(batch_request_id(REALM, ids)) == 32


def _url(settings: Settings) -> sa.URL:
    url = sa.make_url(settings.state_database_url)
    return url if url.get_backend_name() == "sqlite" else url.set(drivername="postgresql+psycopg")
