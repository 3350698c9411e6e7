"""Updates, voids and deletes: once, on the record as it is now, and never over a person's change unasked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.delivery.composing import Ready
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, content, work


@pytest.fixture
def pushed(office: PostOffice) -> PostOffice:
    """A post office that has pushed an invoice."""
    office.intend("Invoice")
    office.push()
    return office


def _update(office: PostOffice, note: str = "Changed by us") -> StoredIntent:
    changed = content("Invoice", "1") | {"PrivateNote": note}
    return office.intend("Invoice", operation="update", logical_version=2, source_hash=note, content=changed)


def _the_invoice(office: PostOffice) -> dict[str, object]:
    (invoice,) = office.books("Invoice")
    return invoice


@pytest.mark.parametrize("how", [None, "reset_before", "reset_after", "truncate"])
def test_an_update_is_made_once_whatever_happens_to_its_answer(pushed: PostOffice, how: str | None) -> None:
    if how:
        pushed.script("/invoice\\?", action=how)
    update = _update(pushed)

    pushed.push_until_still()

    invoice = _the_invoice(pushed)
    assert pushed.state(update).state is IntentState.PUSHED
    assert invoice["PrivateNote"].startswith("Changed by us\n[psa:1|invoice|1|")
    assert invoice["SyncToken"] == "1"


def test_an_update_finds_a_payment_no_change_and_a_persons_edit_a_drift(pushed: PostOffice) -> None:
    invoice = _the_invoice(pushed)
    pushed.emulator.companies[REALM].edit("Invoice", invoice["Id"], {"CustomerMemo": {"value": "Thank you"}})
    first = _update(pushed)
    pushed.push()
    assert pushed.state(first).state is IntentState.PUSHED

    pushed.emulator.companies[REALM].edit("Invoice", invoice["Id"], {"PrivateNote": "Mine now"})
    second = pushed.intend("Invoice", operation="update", logical_version=3, content=content("Invoice", "1"))
    pushed.push()
    assert pushed.state(second).state is IntentState.DRIFT

    pushed.composed[second.intent_key] = replace(pushed.composed[second.intent_key], overwrites=True)
    pushed.store.outbox.wake(REALM, keys=[second.intent_key])
    pushed.push()
    assert pushed.state(second).state is IntentState.PUSHED
    assert _the_invoice(pushed)["PrivateNote"].startswith("Ordered by telephone")


def test_a_record_changed_between_reading_and_writing_is_read_again(pushed: PostOffice) -> None:
    pushed.script("/invoice\\?", status=400, code="5010", message="Stale Object Error", type="ValidationFault")
    update = _update(pushed)

    delivery = pushed.push()

    assert delivery.states == {"pending": 1, "pushed": 1}
    assert [each.fault_class for each in pushed.store.outbox.attempts(update.intent_key)] == ["conflict", None]


@pytest.mark.parametrize("how", [None, "reset_before", "reset_after"])
@pytest.mark.parametrize(
    ("kind", "operation", "status"),
    [("Invoice", "void", "voided"), ("Invoice", "delete", "deleted"), ("Payment", "void", "voided")],
)
def test_what_ends_a_document_ends_it_once(
    office: PostOffice, kind: str, operation: str, status: str, how: str | None
) -> None:
    office.intend(kind, bills=(work("7"),))
    office.push()
    if how:
        office.script(f"/{kind.lower()}\\?", action=how)
    end = office.intend(kind, operation=operation)
    office.composed[end.intent_key] = Ready({})

    office.push_until_still()

    assert office.state(end).state is IntentState.PUSHED
    assert office.store.links.find(REALM, kind, kind.lower(), "1").status == status
    assert office.store.claims.holder(work("7")) is None
    left = office.books(kind)
    assert left == [] if operation == "delete" else [each["TotalAmt"] for each in left] == [0]


VOIDED_BY_US = ["CreditMemo", "RefundReceipt", "Bill", "Purchase", "Estimate", "PurchaseOrder", "JournalEntry"]


def _ends(office: PostOffice, kind: str, **how: Any) -> StoredIntent:
    end = office.intend(kind, operation="void")
    office.composed[end.intent_key] = Ready({}, **how)
    office.push_until_still()
    return office.state(end)


@pytest.mark.parametrize("lost", [None, "reset_before", "reset_after"])
@pytest.mark.parametrize("kind", VOIDED_BY_US)
def test_what_no_program_can_void_comes_to_nothing_and_keeps_its_number(
    office: PostOffice, kind: str, lost: str | None
) -> None:
    office.intend(kind, bills=(work("7"),))
    office.push()
    if lost:
        office.script(f"/{kind.lower()}\\?", action=lost)

    assert _ends(office, kind, void_by="zero").state is IntentState.PUSHED

    (left,) = office.books(kind)
    assert (left["TotalAmt"], left["DocNumber"], left["SyncToken"]) == (0, "N-1", "1")
    assert left["PrivateNote"].startswith("Voided")
    assert office.store.links.find(REALM, kind, kind.lower(), "1").status == "voided"
    assert office.store.claims.holder(work("7")) is None


@pytest.mark.parametrize("lost", [None, "reset_before", "reset_after"])
@pytest.mark.parametrize("kind", ["CreditMemo", "Bill"])
def test_where_deleting_was_chosen_it_is_deleted_once(office: PostOffice, kind: str, lost: str | None) -> None:
    office.intend(kind)
    office.push()
    if lost:
        office.script(f"/{kind.lower()}\\?", action=lost)

    assert _ends(office, kind, void_by="delete").state is IntentState.PUSHED
    assert office.books(kind) == []


def test_what_money_was_applied_to_is_not_voided_until_that_is_taken_off(office: PostOffice) -> None:
    invoice = office.intend("Invoice")
    office.push()
    (made,) = office.books("Invoice")
    of = {"TxnId": made["Id"], "TxnType": "Invoice"}
    paid = content("Payment", "1") | {"Line": [{"Amount": Decimal("10.00"), "LinkedTxn": [of]}]}
    office.intend("Payment", content=paid)
    office.push()

    end = _ends(office, "Invoice")
    assert (end.state, end.reason_code) == (IntentState.BLOCKED, "applied")

    assert _ends(office, "Payment").state is IntentState.PUSHED
    office.store.outbox.wake(REALM, keys=[end.intent_key])
    office.push_until_still()
    assert office.state(end).state is IntentState.PUSHED
    assert office.store.links.find(REALM, "Invoice", "invoice", "1").status == "voided"
    assert invoice.source == end.source


def test_a_document_of_closed_books_is_not_voided(office: PostOffice) -> None:
    office.intend("Invoice")
    office.push()

    end = _ends(office, "Invoice", closed_to=date(2026, 8, 31))

    assert (end.state, end.reason_code) == (IntentState.BLOCKED, "closed_period")
    assert [each["TotalAmt"] for each in office.books("Invoice")] == [Decimal("100.00")]


@pytest.mark.parametrize("kind", ["Estimate", "PurchaseOrder"])
def test_what_moves_no_books_comes_to_nothing_in_closed_ones_too(office: PostOffice, kind: str) -> None:
    office.intend(kind)
    office.push()

    assert _ends(office, kind, void_by="zero", closed_to=date(2026, 8, 31)).state is IntentState.PUSHED
    assert [each["TotalAmt"] for each in office.books(kind)] == [0]


def test_what_no_program_can_void_is_left_to_a_person(office: PostOffice) -> None:
    office.intend("CreditMemo")
    end = office.intend("CreditMemo", operation="void")
    office.composed[end.intent_key] = Ready({})

    office.push()

    assert office.state(end).reason_code == "cannot_be_voided"
