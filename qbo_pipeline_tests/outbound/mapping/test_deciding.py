"""A person's decisions are checked, kept, and set going what waited for them."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from qbo_pipeline.outbound.mapping.checking import check_mappings
from qbo_pipeline.outbound.mapping.choosing import choose
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions, MappingRefused
from qbo_pipeline.outbound.mapping.lists import Listed
from qbo_pipeline.outbound.mapping.naming import intend_names
from qbo_pipeline.state.errors import LinkTaken
from qbo_pipeline.state.intents import Intent, IntentState, Need, StoredIntent
from qbo_pipeline.state.links import Link
from qbo_pipeline.state.mapping_kinds import KINDS, UnknownKind
from qbo_pipeline.state.settling import Settlement
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.outbound.mapping.books import NOW, REALM, company, links_of, listed, lists, names_of, settle

LEASE = timedelta(hours=1)
ACME = company("1", "Acme Ltd")
BOOKS = lists(
    listed("Customer", "58", "Acme"),
    listed("Customer", "59", "Beta"),
    listed("Customer", "60", "Gone", is_active=False),
    listed("Account", "82", "Design income", number="4000"),
    listed("Account", "45", "Labor", full_name="Services:Labor"),
    listed("Account", "46", "Labor", full_name="Products:Labor"),
    listed("Item", "7", "Bundle", type="Group"),
    listed("Vendor", "51", "Tim"),
    listed("Employee", "54", "John"),
)


@pytest.fixture
def decisions(store: StateStore) -> Decisions:
    """Decisions made by hand."""
    return Decisions(store=store, realm_id=REALM)


def held(store: StateStore, source_id: str, reason_code: str, needs: Sequence[Need] = ()) -> StoredIntent:
    """An invoice that waits."""
    intent = Intent(
        realm_id=REALM,
        target="Invoice",
        operation="create",
        source_kind="invoice",
        source_id=source_id,
        needs=tuple(needs),
    )
    kept = store.outbox.intend(intent)
    if needs:
        return kept
    claimed = store.dispatch.claim("me", REALM, lease=LEASE, limit=9)
    (mine,) = [each for each in claimed if each.intent_key == kept.intent_key]
    store.dispatch.settle(mine, Settlement(state=IntentState.BLOCKED, reason_code=reason_code, reason="It waits."))
    return kept


def test_setting_a_customer_links_it_and_sets_going_whatever_waited_for_it(
    store: StateStore, decisions: Decisions
) -> None:
    asked = held(store, "i-1", "unmapped_customer")
    waiting = held(store, "i-2", "dependency", [Need("Customer", "customer", "c-1")])
    other = held(store, "i-3", "unmapped_item")

    woken = decisions.assign(Decided(KINDS["customer"], "c-1", choose("customer", "58", BOOKS)))

    assert {each.intent_key for each in woken} == {asked.intent_key, waiting.intent_key}
    assert store.outbox.get(other.intent_key).state is IntentState.BLOCKED
    assert store.links.find(REALM, "Customer", "customer", "c-1").qbo_id == "58"


def test_mapping_a_code_wakes_what_waited_for_that_kind_of_code(store: StateStore, decisions: Decisions) -> None:
    waiting, other = held(store, "i-1", "unmapped_account"), held(store, "i-2", "unmapped_tax_code")

    woken = decisions.assign(Decided(KINDS["account"], "4000", choose("account", "4000", BOOKS)))

    assert [each.intent_key for each in woken] == [waiting.intent_key]
    assert store.outbox.get(other.intent_key).state is IntentState.BLOCKED


def test_a_proposal_accepted_is_a_link_and_no_proposal_any_more(store: StateStore, decisions: Decisions) -> None:
    intend_names(store, settle(store, BOOKS, ACME))
    proposed = decisions.proposal("customer", "c-1")

    decisions.assign(Decided(KINDS["customer"], "c-1", choose("customer", f"Customer:{proposed.qbo_id}", BOOKS)))

    again = settle(store, BOOKS, ACME)
    assert (again.links, again.blocked, again.intents) == ((), (), ())
    assert store.mappings.of(REALM) == []


def test_one_entry_never_stands_for_two_rows(store: StateStore, decisions: Decisions) -> None:
    entry = choose("customer", "58", BOOKS)
    decisions.assign(Decided(KINDS["customer"], "c-1", entry))

    with pytest.raises(LinkTaken, match="customer:c-1"):
        decisions.assign(Decided(KINDS["customer"], "c-2", entry))
    assert store.links.find(REALM, "Customer", "customer", "c-2") is None


def test_two_rows_may_change_their_entries_for_one_another(store: StateStore, decisions: Decisions) -> None:
    one, other = choose("customer", "58", BOOKS), choose("customer", "59", BOOKS)
    kind = KINDS["customer"]
    decisions.assign(Decided(kind, "c-1", one), Decided(kind, "c-2", other))

    decisions.assign(Decided(kind, "c-1", other), Decided(kind, "c-2", one))

    assert store.links.find(REALM, "Customer", "customer", "c-1").qbo_id == "59"
    assert store.links.find(REALM, "Customer", "customer", "c-2").qbo_id == "58"


def test_a_cleared_row_is_matched_anew(store: StateStore, decisions: Decisions) -> None:
    decisions.assign(Decided(KINDS["customer"], "c-9", choose("customer", "59", BOOKS)))
    decisions.clear("customer", "c-9")

    assert links_of(settle(store, BOOKS, company("9", "Beta"))) == {"c-9": "Customer 59"}
    with pytest.raises(MappingRefused, match="nothing to clear"):
        decisions.clear("customer", "c-1")


def test_an_excluded_row_has_no_link_and_no_create(store: StateStore, decisions: Decisions) -> None:
    intend_names(store, settle(store, lists(), ACME))

    decisions.exclude("customer", "c-1", "A duplicate.")

    assert [each.state for each in store.outbox.intents(REALM)] == [IntentState.SKIPPED]
    assert [each.reason for each in settle(store, BOOKS, ACME).blocked] == ["A duplicate."]


def test_a_new_one_can_be_asked_for_unless_there_is_one(store: StateStore, decisions: Decisions) -> None:
    decisions.make_new("customer", "c-1")
    assert names_of(settle(store, BOOKS, ACME)) == {"c-1": "Acme Ltd"}

    decisions.assign(Decided(KINDS["customer"], "c-1", choose("customer", "58", BOOKS)))
    with pytest.raises(MappingRefused, match="is Customer 58 already"):
        decisions.make_new("customer", "c-1")
    with pytest.raises(MappingRefused, match="not made by a push"):
        decisions.make_new("account", "4000")


def test_what_was_deleted_in_quickbooks_can_be_made_again(store: StateStore, decisions: Decisions) -> None:
    intend_names(store, settle(store, lists(), ACME))
    (create,) = store.outbox.intents(REALM)
    (claimed,) = store.dispatch.claim("me", REALM, lease=LEASE, limit=1)
    link = {"realm_id": REALM, "target": "Customer", "source_kind": "customer", "source_id": "c-1", "qbo_id": "90"}
    made = Link(**link, origin="pushed", linked_at=NOW)
    store.dispatch.settle(claimed, Settlement(state=IntentState.PUSHED, link=made))
    store.links.put(Link(**link, origin="pushed", linked_at=NOW, status="deleted"))

    decisions.make_new("customer", "c-1")
    intend_names(store, settle(store, lists(), ACME))

    again = store.outbox.get(create.intent_key)
    assert (again.state, again.epoch) == (IntentState.PENDING, create.epoch + 1)


@pytest.mark.parametrize(
    ("kind", "meant", "found"),
    [
        ("account", "45", "Account 45"),
        ("account", "4000", "Account 82"),
        ("account", "products:labor", "Account 46"),
        ("worker", "Vendor:51", "Vendor 51"),
        ("worker", "54", "Employee 54"),
    ],
)
def test_an_entry_is_meant_by_its_id_its_number_or_its_name(kind: str, meant: str, found: str) -> None:
    entry = choose(kind, meant, BOOKS)

    assert f"{entry.target} {entry.id}" == found


@pytest.mark.parametrize(
    ("kind", "meant", "why"),
    [
        ("account", "Labor", "Account 45, Account 46"),
        ("customer", "60", "inactive"),
        ("item", "7", "Group"),
        ("customer", "999", "has no Customer '999'"),
        ("customer", "Betta", "Did you mean Customer 59"),
    ],
)
def test_an_entry_that_is_unclear_gone_or_of_no_use_is_refused(kind: str, meant: str, why: str) -> None:
    with pytest.raises(MappingRefused, match=why):
        choose(kind, meant, BOOKS)


def test_a_kind_there_is_none_of_is_refused_with_those_there_are(decisions: Decisions) -> None:
    with pytest.raises(UnknownKind, match="customer, vendor, item"):
        decisions.clear("supplier", "c-1")


def test_what_the_mirror_does_not_know_yet_is_asked_of_quickbooks() -> None:
    asked: list[tuple[str, str]] = []

    def read(target: str, entry_id: str) -> Listed | None:
        asked.append((target, entry_id))
        return listed(target, entry_id, "Just made") if target == "Customer" else None

    assert choose("customer", "77", BOOKS, read).name == "Just made"
    assert choose("customer", "60", BOOKS, read).is_active
    assert asked == [("Customer", "77"), ("Customer", "60")]


def test_a_check_names_what_is_gone_or_inactive_and_leaves_what_is_newer_than_the_lists(
    store: StateStore, decisions: Decisions
) -> None:
    decisions.assign(
        Decided(KINDS["customer"], "c-1", listed("Customer", "58", "Acme")),
        Decided(KINDS["customer"], "c-2", listed("Customer", "60", "Gone")),
        Decided(KINDS["account"], "4000", listed("Account", "1", "Closed")),
    )

    broken = check_mappings(store, REALM, BOOKS)

    assert [(each.kind, each.source_key, each.problem) for each in broken] == [
        ("customer", "c-2", "Customer 60 is inactive in QuickBooks."),
        ("account", "4000", "Account 1 is gone from QuickBooks."),
    ]
    assert check_mappings(store, REALM, lists(read_through=NOW.replace(hour=1))) == []
