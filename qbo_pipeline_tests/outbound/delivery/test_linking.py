"""A person says which document in QuickBooks it is: it is linked, and no push makes another."""

import pytest

from qbo_pipeline.outbound.linking import NotLinkable, link_document
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
