"""Each intent becomes one object, whatever is lost on the way."""

from collections.abc import Callable

import pytest

from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, need

KINDS = [
    *("Customer", "Vendor", "Item", "Term", "Class", "Department", "PaymentMethod"),
    *("Estimate", "Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment"),
    *("PurchaseOrder", "Bill", "BillPayment", "Purchase", "JournalEntry", "TimeActivity"),
]
LOST = ["reset_before", "reset_after", "truncate"]
# Every kind loses the answer to what was done; those that are found again in a way of their own lose it in each way.
LOST_BY_KIND = [(kind, "reset_after") for kind in KINDS] + [
    (kind, how)
    for kind in ("Customer", "Invoice", "Payment", "TimeActivity", "Class")
    for how in LOST
    if how != "reset_after"
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_pushed_once_however_often_it_is_derived_and_pushed(office: PostOffice, kind: str) -> None:
    for _ in range(3):
        intent = office.intend(kind)
        office.push()

    assert office.copies(kind) == {"1": 1}
    link = office.store.links.find(REALM, kind, kind.lower(), "1")
    assert (office.state(intent).state, link.origin, link.status) == (IntentState.PUSHED, "pushed", "live")
    assert [each.outcome for each in office.store.outbox.attempts(intent.intent_key)] == ["applied"]


@pytest.mark.parametrize(("kind", "how"), LOST_BY_KIND)
def test_an_answer_lost_on_any_kind_of_post_costs_nothing_and_doubles_nothing(
    office: PostOffice, kind: str, how: str
) -> None:
    office.script(f"/{kind.lower()}\\?", action=how)
    intent = office.intend(kind)

    first, *later = office.push_until_still()

    assert first.states == {"unknown": 1}
    assert office.copies(kind) == {"1": 1}
    assert office.state(intent).state is IntentState.PUSHED
    assert sum(each.recovered for each in later) == (how != "reset_before")


@pytest.mark.parametrize("how", LOST)
def test_an_answer_lost_on_a_batch_costs_nothing_and_doubles_nothing(any_office: PostOffice, how: str) -> None:
    office = any_office
    office.script("/batch\\?", action=how)
    for number in range(7):
        office.intend("Invoice", str(number))
        office.intend("Estimate", str(number))

    office.push_until_still()

    assert set(office.copies("Invoice").values()) == set(office.copies("Estimate").values()) == {1}
    assert len(office.copies("Invoice")) == len(office.copies("Estimate")) == 7


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("lag", [0, 100])
@pytest.mark.parametrize("memory", [0, None])
@pytest.mark.parametrize("kind", ["Invoice", "TimeActivity", "Customer"])
def test_a_forgotten_requestid_and_queries_that_lag_double_nothing(
    open_office: Callable[..., PostOffice], kind: str, memory: int | None, lag: int, how: str
) -> None:
    office = open_office(requestid_memory_seconds=memory, query_lag_seconds=lag)
    office.script(f"/(batch|{kind.lower()})\\?", action=how)
    for number in range(3):
        office.intend(kind, str(number))

    office.push_until_still()
    office.clock.advance(200)

    assert office.copies(kind) == dict.fromkeys("012", 1)


def test_what_is_lost_for_longer_than_a_requestid_is_remembered_goes_out_under_another_one(office: PostOffice) -> None:
    office.script("/invoice\\?", action="reset_before")
    intent = office.intend("Invoice")
    office.push()
    first = office.state(intent).request_id
    office.clock.advance(86_500)

    office.push_until_still()

    assert office.copies("Invoice") == {"1": 1}
    attempts = office.store.outbox.attempts(intent.intent_key)
    assert [each.request_id == first for each in attempts] == [True, False]
    assert office.state(intent).epoch == 1


def test_a_record_deleted_since_it_was_made_is_not_recorded_by_a_replayed_answer(office: PostOffice) -> None:
    office.script("/invoice\\?", action="reset_after")
    intent = office.intend("Invoice")
    office.push()
    (made,) = office.books("Invoice")
    office.emulator.companies[REALM].delete("Invoice", made["Id"])

    office.push_until_still()

    stands = office.state(intent)
    assert (stands.state, stands.reason_code) == (IntentState.BLOCKED, "deleted_since")
    assert office.store.links.find(REALM, "Invoice", "invoice", "1") is None
    assert office.copies("Invoice") == {}

    office.store.outbox.push_again(intent.intent_key)
    office.push()
    assert office.copies("Invoice") == {"1": 1}


def test_a_bad_item_of_a_batch_fails_alone_and_only_for_that_content(office: PostOffice) -> None:
    for number in range(4):
        office.intend("Invoice", str(number))
    bad = office.intend("Invoice", "9", content={"CustomerRef": {"value": "1"}, "DocNumber": "X" * 30, "Line": []})

    assert office.push().states == {"pushed": 4, "failed": 1}

    assert "HTTP 200, code 2" in office.state(bad).reason
    assert office.push().calls == 0
    office.intend("Invoice", "9", source_hash="corrected")
    office.push()
    assert office.state(bad).state is IntentState.PUSHED


def test_what_waits_for_a_customer_goes_out_once_it_is_there_and_one_that_fails_blocks_its_own_only(
    office: PostOffice,
) -> None:
    waits = office.intend("Invoice", "1", needs=(need("Customer", "1"),))
    stuck = office.intend("Invoice", "2", needs=(need("Customer", "2"),))
    office.intend("Customer", "1")
    office.intend("Customer", "2", content={"DisplayName": "Cool Cars"})
    assert office.state(waits).state is IntentState.BLOCKED

    delivery = office.push()

    assert office.state(waits).state is IntentState.PUSHED
    assert office.state(stuck).state is IntentState.BLOCKED
    assert "Customer for customer:2" in office.state(stuck).reason
    assert delivery.states == {"pushed": 2, "blocked": 1}
