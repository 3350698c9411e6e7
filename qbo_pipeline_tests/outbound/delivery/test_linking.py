"""A person says which document in QuickBooks it is, and no push makes another; or that it is gone, and one does."""

import pytest

from qbo_pipeline.outbound.linking import NotLinkable, link_document
from qbo_pipeline.outbound.pushing_again import StillThere, push_again
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.state.errors import LinkTaken
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, work


def test_what_is_linked_by_hand_is_never_pushed_and_keeps_the_work_it_bills(office: PostOffice) -> None:
    intent = office.intend("Invoice", bills=(work("7"),))
    office.store.outbox.hold_back(intent.intent_key, "Invoice 130 has the same customer, day and total in the books.")

    link = link_document(office.store, office.client(), "invoice:1", "130")

    assert (link.qbo_id, link.doc_number, link.origin) == ("130", "1037", "manual")
    assert office.push().calls == 0
    assert office.copies("Invoice") == {}
    assert office.state(intent).state is IntentState.PUSHED
    assert office.store.claims.holder(work("7")) == intent.intent_key


def test_what_cannot_be_linked_says_why_and_stays_as_it_is(office: PostOffice) -> None:
    office.intend("Invoice", "1")
    office.push()
    waits = office.intend("Invoice", "2")
    (made,) = office.books("Invoice")

    with pytest.raises(NotLinkable, match="pushed"):
        link_document(office.store, office.client(), "invoice:1", "130")
    with pytest.raises(NotLinkable, match="nothing that goes out"):
        link_document(office.store, office.client(), "invoice:3", "130")
    with pytest.raises(LinkTaken, match="stands for invoice:1"):
        link_document(office.store, office.client(), "invoice:2", made["Id"])
    with pytest.raises(NotFound):
        link_document(office.store, office.client(), "invoice:2", "99999")

    assert office.state(waits).state is IntentState.PENDING
    assert office.store.links.find(REALM, "Invoice", "invoice", "2") is None


@pytest.mark.parametrize("kind", ["Invoice", "Payment"])
def test_what_is_in_quickbooks_still_is_not_pushed_again(office: PostOffice, kind: str) -> None:
    intent = office.intend(kind)
    office.push()

    with pytest.raises(StillThere, match="still"):
        push_again(office.store, office.state(intent), office.client)

    office.push()
    assert office.copies(kind) == {"1": 1}
    assert office.store.links.find(REALM, kind, kind.lower(), "1").origin == "pushed"


@pytest.mark.parametrize("kind", ["Invoice", "Payment"])
def test_what_is_gone_from_quickbooks_is_pushed_again_once(office: PostOffice, kind: str) -> None:
    intent = office.intend(kind, bills=(work("7"),))
    office.push()
    (made,) = office.books(kind)
    office.emulator.companies[REALM].delete(kind, made["Id"])

    push_again(office.store, office.state(intent), office.client)
    office.push_until_still()

    (again,) = office.books(kind)
    assert again["Id"] != made["Id"]
    assert office.store.links.find(REALM, kind, kind.lower(), "1").qbo_id == again["Id"]
    assert office.store.claims.holder(work("7")) == intent.intent_key


def test_what_waits_for_a_word_whether_it_is_in_the_books_goes_without_asking_quickbooks(office: PostOffice) -> None:
    intent = office.intend("Invoice")
    office.store.outbox.hold_back(intent.intent_key, "Invoice 130 has the same customer, day and total in the books.")

    push_again(office.store, office.state(intent), lambda: pytest.fail("nothing is to be asked"))
    office.push()

    assert office.copies("Invoice") == {"1": 1}
