"""The outbox follows what should exist, and doing it again changes nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qbo_pipeline.outbound.document import Billed, Document, DocumentLine, Ending, Reference, SourceVersion
from qbo_pipeline.outbound.intending import intend_all
from qbo_pipeline.outbound.wanted import Skipped, source_hash, source_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import SKIPPED_BY_HAND, Intent, IntentState, Need, Work
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline.state.store import StateStore
from qbo_pipeline_tests.outbound.desk import Desk
from qbo_pipeline_tests.outbound.operations import Operations

SEEN = SourceVersion(kind="invoice", id="i1", updated_at=datetime(2026, 3, 1, tzinfo=UTC))


def invoice(**changed: object) -> Document:
    """An invoice of one line, or what is changed of it."""
    line = DocumentLine(
        line_id="1",
        product_id="p1",
        description="Work",
        amount=Decimal("10.00"),
        bills=(Billed(source_kind="ticket", source_id="t1"),),
    )
    facts = {
        "target": "Invoice",
        "business_entity_id": "be-landscaping",
        "source_kind": "invoice",
        "source_id": "i1",
        "number": "LS-1",
        "party_id": "c1",
        "transaction_date": date(2026, 3, 1),
        "currency": "USD",
        "lines": (line,),
        "seen": (SEEN,),
    }
    return Document(**facts | changed)


def skipped(code: str = "draft", reason: str = "It is a draft.") -> Skipped:
    return Skipped(
        target="Invoice", source_kind="invoice", source_id="i1", number="LS-1", reason_code=code, reason=reason
    )


def ending() -> Ending:
    return Ending(
        target="Invoice",
        business_entity_id="be-landscaping",
        source_kind="invoice",
        source_id="i1",
        reason="The invoice was voided.",
        seen=(SEEN,),
    )


def test_a_document_goes_in_with_what_it_needs_and_bills(desk: Desk) -> None:
    estimate = Reference(target="Estimate", source_kind="quote", source_id="q1")

    done = desk.intend(invoice(linked_to=(estimate,)))

    known = desk.one()
    assert done.new == {"Invoice": 1}
    assert (known.natural_key, known.state) == ("LS-1", IntentState.BLOCKED)
    assert desk.store.outbox.needs(known.intent_key) == [
        Need("Customer", "customer", "c1"),
        Need("Estimate", "quote", "q1"),
        Need("Item", "item", "p1"),
    ]
    assert desk.store.claims.of(known.intent_key) == [Work("ticket", "t1")]
    assert Document.model_validate_json(known.document) == invoice(linked_to=(estimate,))


def test_intending_again_changes_nothing(desk: Desk) -> None:
    desk.intend(invoice(), skipped=())
    before = desk.all()
    for _ in range(10):
        assert desk.intend(invoice()).is_nothing
    assert desk.all() == before


def test_a_source_that_changes_before_it_was_sent_changes_what_is_sent(desk: Desk) -> None:
    desk.intend(invoice())

    done = desk.intend(invoice(po_number="PO-9"))

    assert done.changed == {"Invoice": 1}
    assert '"po_number":"PO-9"' in desk.one().document


def test_a_source_that_was_only_touched_is_no_drift(desk: Desk) -> None:
    later = SEEN.model_copy(update={"updated_at": datetime(2026, 3, 2, tzinfo=UTC)})
    desk.intend(invoice())
    desk.push()

    done = desk.intend(invoice(seen=(later,)))

    assert source_hash(invoice(seen=(later,))) == source_hash(invoice())
    assert not done.drift
    assert not desk.one().has_changed_since


def test_a_pushed_document_whose_source_changes_is_drift_and_nothing_goes_out(desk: Desk) -> None:
    desk.intend(invoice())
    desk.push()

    done = desk.intend(invoice(po_number="PO-9"))

    assert done.drift == {"Invoice": 1}
    assert desk.one().has_changed_since
    assert done.is_nothing


@pytest.mark.parametrize("by", ["the setting", "a person"])
def test_drift_becomes_an_update_where_it_is_asked_for(desk: Desk, by: str) -> None:
    desk.intend(invoice())
    desk.push()
    if by == "the setting":
        desk.store.push_settings.choose(desk.connection.realm_id, update_targets=("Invoice",))
    keys = [desk.one().intent_key] if by == "a person" else []

    first = desk.intend(invoice(po_number="PO-9"), update_keys=keys)
    again = desk.intend(invoice(po_number="PO-9"), update_keys=keys)

    assert (first.updated, again.updated) == ({"Invoice": 1}, {})
    assert (desk.one("update").logical_version, desk.one("update").state) == (1, IntentState.PENDING)


def test_an_update_that_went_out_ends_the_drift_and_the_next_change_is_another_update(desk: Desk) -> None:
    desk.store.push_settings.choose(desk.connection.realm_id, update_targets=("Invoice",))
    desk.intend(invoice())
    desk.push()
    desk.intend(invoice(po_number="PO-9"))
    desk.push()
    assert not desk.intend(invoice(po_number="PO-9")).drift

    done = desk.intend(invoice(po_number="PO-10"))

    assert done.updated == {"Invoice": 1}
    assert sorted(each.logical_version for each in desk.all() if each.operation == "update") == [1, 2]


def test_a_change_that_is_taken_back_takes_its_update_back(desk: Desk) -> None:
    desk.store.push_settings.choose(desk.connection.realm_id, update_targets=("Invoice",))
    desk.intend(invoice())
    desk.push()
    desk.intend(invoice(po_number="PO-9"))

    done = desk.intend(invoice())

    assert not done.drift
    assert done.withdrawn == {"Invoice": 1}
    assert desk.one("update").state is IntentState.SKIPPED


def test_a_source_that_is_not_pushed_is_skipped_with_its_reason_until_it_is(desk: Desk) -> None:
    first = desk.intend(skipped=(skipped(),))
    assert first.skipped == {"Invoice": 1}
    assert (desk.one().state, desk.one().reason_code, desk.one().reason) == ("skipped", "draft", "It is a draft.")
    before = desk.all()
    desk.intend(skipped=(skipped(),))
    assert desk.all() == before

    desk.intend(skipped=(skipped("no_lines", "It has no lines."),))
    assert desk.one().reason == "It has no lines."

    desk.intend(invoice())
    assert desk.one().reason_code == "dependency"


def test_history_is_counted_and_not_noted_one_by_one(desk: Desk) -> None:
    done = desk.intend(skipped=(skipped("before_go_live"),))

    assert done.skipped == {"Invoice": 1}
    assert desk.all() == []


def test_what_is_asked_for_no_more_is_withdrawn_and_gives_its_work_back(desk: Desk) -> None:
    desk.intend(invoice())

    done = desk.intend(invoice(source_id="i2"), skipped=(skipped(),))

    one, two = sorted(desk.all(), key=lambda each: each.source_id)
    assert done.withdrawn == {"Invoice": 1}
    assert (one.state, one.reason_code) == (IntentState.SKIPPED, "draft")
    assert desk.store.claims.holder(Work("ticket", "t1")) == two.intent_key


def test_what_may_have_been_sent_is_left_alone(desk: Desk) -> None:
    desk.intend(invoice())
    desk.push(arrives=False)

    done = desk.intend(skipped=(skipped(),))

    assert not done.withdrawn
    assert desk.one().state is IntentState.IN_FLIGHT


def test_intents_of_other_rooms_are_nobodys_to_withdraw(desk: Desk) -> None:
    name = Intent(
        realm_id=desk.connection.realm_id, target="Customer", operation="create", source_kind="customer", source_id="c1"
    )
    desk.store.outbox.intend(name)

    assert desk.intend().is_nothing
    assert desk.one().state is IntentState.PENDING


def test_a_voided_source_ends_what_was_pushed_once(desk: Desk) -> None:
    desk.intend(invoice())
    desk.push()

    first = desk.intend(endings=(ending(),), skipped=(skipped("ended"),))
    again = desk.intend(endings=(ending(),), skipped=(skipped("ended"),))
    desk.push()
    after = desk.intend(endings=(ending(),), skipped=(skipped("ended"),))

    assert first.ended == {"Invoice": 1}
    assert again.is_nothing
    assert after.is_nothing
    assert desk.one("void").state is IntentState.PUSHED
    assert desk.store.claims.holder(Work("ticket", "t1")) is None


def test_a_voided_source_that_was_never_pushed_ends_nothing(desk: Desk) -> None:
    desk.intend(invoice())

    done = desk.intend(endings=(ending(),), skipped=(skipped("ended", "The invoice was voided."),))

    assert not done.ended
    assert (desk.one().state, desk.one().reason) == (IntentState.SKIPPED, "The invoice was voided.")


def test_a_void_that_is_taken_back_before_it_went_out_is_withdrawn(desk: Desk) -> None:
    desk.intend(invoice())
    desk.push()
    desk.intend(endings=(ending(),))

    done = desk.intend(invoice())

    assert done.withdrawn == {"Invoice": 1}
    assert desk.one("void").state is IntentState.SKIPPED


@pytest.mark.parametrize("is_out", [False, True])
def test_what_takes_a_document_back_is_withdrawn_with_its_void_unless_it_went_out(desk: Desk, is_out: bool) -> None:
    desk.intend(invoice())
    desk.push()
    desk.intend(endings=(ending(),))
    realm_id, void = desk.connection.realm_id, desk.one("void")
    own = {"realm_id": realm_id, "source_id": "i1", "operation": "create"}
    reversal = desk.store.outbox.intend(Intent(target="CreditMemo", source_kind="invoice_reversal", **own))
    desk.store.outbox.hold(
        Intent(target="Invoice", source_kind="invoice", **own | {"operation": "void"}), "waits", "It waits."
    )
    if is_out:
        desk.push()

    desk.intend(invoice())

    state = IntentState.PUSHED if is_out else IntentState.SKIPPED
    assert desk.store.outbox.get(reversal.intent_key).state is state
    assert desk.store.outbox.get(void.intent_key).state is (IntentState.BLOCKED if is_out else IntentState.SKIPPED)


def test_nothing_before_the_companys_day_goes_whatever_the_models_said(desk: Desk) -> None:
    desk.store.push_settings.put(PushSettings(realm_id=desk.connection.realm_id, go_live_date=date(2026, 3, 2)))

    done = desk.intend(invoice())

    assert done.skipped == {"Invoice": 1}
    assert desk.all() == []


def test_a_kind_of_document_that_a_company_does_not_push_is_skipped(desk: Desk) -> None:
    desk.store.push_settings.choose(desk.connection.realm_id, targets=("Estimate",))

    desk.intend(invoice())

    assert (desk.one().state, desk.one().reason_code) == (IntentState.SKIPPED, "target_off")


def test_a_number_that_is_in_quickbooks_already_is_not_used_again(desk: Desk) -> None:
    desk.intend(invoice())
    desk.push()

    for _ in range(2):
        done = desk.intend(invoice(source_id="i2", lines=()))
        (other,) = [each for each in desk.all() if each.source_id == "i2"]
        assert (done.new, done.skipped) == ({}, {"Invoice": 1})
        assert (other.state, other.reason_code) == (IntentState.SKIPPED, "number_used")
        assert other.reason == "Its number LS-1 is that of invoice:i1, which went out: give this one another."


def test_what_a_person_skipped_is_not_taken_up_again(desk: Desk) -> None:
    desk.intend(invoice())
    by_hand = Intent(
        **{name: getattr(desk.one(), name) for name in ("realm_id", "target", "operation", "source_kind", "source_id")}
    )
    desk.store.outbox.skip(by_hand, SKIPPED_BY_HAND, "Paid in cash.")

    done = desk.intend(invoice(po_number="PO-9"), skipped=())

    assert done.is_nothing
    assert desk.one().reason == "Paid in cash."


def test_the_whole_sample_is_taken_in_once(
    store: StateStore, connection: Connection, derived_sample: Operations
) -> None:
    wanted = derived_sample.wanted()
    first = intend_all(store, connection, wanted)
    before = store.outbox.intents(connection.realm_id)

    asked = {(each.target, each.source_kind, each.source_id) for each in before}
    assert asked >= {source_of(each) for each in wanted.documents}
    assert sum(first.new.values()) == sum(each.state is not IntentState.SKIPPED for each in before)
    for _ in range(10):
        assert intend_all(store, connection, derived_sample.wanted()).is_nothing
    assert store.outbox.intents(connection.realm_id) == before
