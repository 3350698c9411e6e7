"""Whose move it is: with a document that waits for others, it is that of whoever holds those up."""

from datetime import timedelta

from qbo_pipeline.state.intents import WAITS_FOR_LINK, Intent, Need
from qbo_pipeline.state.moves import Move, mover
from qbo_pipeline.state.push_ledger import push_ledger
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.state.conftest import NOW, HandClock

REALM = "9341450000000001"
CUSTOMER = Intent(
    realm_id=REALM, target="Customer", operation="create", source_kind="customer", source_id="3", natural_key="Ann"
)
ITEM = Intent(realm_id=REALM, target="Item", operation="create", source_kind="item", source_id="5")
QUOTE = Intent(
    realm_id=REALM,
    target="Estimate",
    operation="create",
    source_kind="quote",
    source_id="7",
    needs=(Need("Customer", "customer", "3"), Need("Item", "item", "5")),
)
INVOICE = Intent(
    realm_id=REALM,
    target="Invoice",
    operation="create",
    source_kind="quote",
    source_id="7",
    needs=(Need("Estimate", "quote", "7"),),
)


def _moves(store: StateStore) -> dict[str, Move]:
    move = mover(store.outbox.ways_blocked())
    return {each.target: move(each) for each in store.outbox.intents()}


def test_what_waits_for_something_on_its_way_is_the_pipelines(any_store: StateStore) -> None:
    for intent in (CUSTOMER, ITEM, QUOTE, INVOICE):
        any_store.outbox.intend(intent)

    assert {each.who for each in _moves(any_store).values()} == {"pipeline"}


def test_what_waits_for_something_a_person_holds_up_is_that_persons_however_far_behind(any_store: StateStore) -> None:
    for intent in (CUSTOMER, QUOTE, INVOICE):
        any_store.outbox.intend(intent)
    any_store.outbox.hold(ITEM, "unmapped_account", "No account for it.")

    moves = _moves(any_store)

    assert moves["Estimate"].who == moves["Invoice"].who == moves["Item"].who == "bookkeeper"
    assert moves["Invoice"].what == f"It waits for Item (item:5), which is blocked. {moves['Item'].what}"
    assert moves["Customer"].who == "pipeline"


def test_needs_that_go_in_a_circle_end(any_store: StateStore) -> None:
    any_store.outbox.intend(QUOTE)
    estimate_back = Intent(
        **vars(ITEM) | {"needs": (Need("Estimate", "quote", "7"),)},
    )
    any_store.outbox.intend(estimate_back)

    assert _moves(any_store)["Estimate"].who == "pipeline"


def test_a_waiting_documents_row_is_copied_again_when_what_it_waits_for_changed(
    any_store: StateStore, clock: HandClock
) -> None:
    for intent in (CUSTOMER, ITEM, QUOTE):
        any_store.outbox.intend(intent)
    clock.advance(days=1)
    any_store.outbox.hold(ITEM, "unmapped_account", "No account for it.")

    pushes, _ = push_ledger(any_store, since=NOW + timedelta(hours=1))

    rows = {row["target"]: (row["reason_code"], row["whose_move"]) for row in pushes}
    assert rows == {"Item": ("unmapped_account", "bookkeeper"), "Estimate": (WAITS_FOR_LINK, "bookkeeper")}
