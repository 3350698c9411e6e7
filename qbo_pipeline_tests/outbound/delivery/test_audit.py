"""The audit finds what people did in QuickBooks to what was pushed, and puts lost links right."""

import pytest

from qbo_pipeline.outbound.delivery.audit import Audit, audit
from qbo_pipeline_tests.outbound.delivery.post_office import REALM, PostOffice, content


@pytest.fixture
def pushed(office: PostOffice) -> PostOffice:
    """A post office that has pushed two invoices, a customer and a time activity."""
    for kind, source_id in (("Customer", "1"), ("Invoice", "1"), ("Invoice", "2"), ("TimeActivity", "1")):
        office.intend(kind, source_id)
    office.push()
    return office


def _audit(office: PostOffice) -> Audit:
    return audit(office.store, office.client())


def _found(office: PostOffice) -> list[tuple[str, str, str]]:
    return [(each.discrepancy.value, each.target, each.source) for each in _audit(office).findings]


def _invoice(office: PostOffice, number: str) -> dict[str, object]:
    return next(each for each in office.books("Invoice") if each["DocNumber"] == number)


def test_books_that_nobody_touched_have_no_findings(pushed: PostOffice) -> None:
    found = _audit(pushed)

    assert (found.checked, found.findings, found.lost, found.duplicated) == (4, [], 0, 0)


def test_a_payment_changes_the_balance_and_is_no_change_of_ours(pushed: PostOffice) -> None:
    invoice = _invoice(pushed, "N-1")
    line = {"Amount": 40, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    pushed.intend("Payment", content={"CustomerRef": {"value": "1"}, "TotalAmt": 40, "Line": [line]})
    pushed.push()

    assert _invoice(pushed, "N-1")["Balance"] != invoice["Balance"]
    assert _found(pushed) == []


def test_what_people_did_is_told_apart(pushed: PostOffice) -> None:
    company = pushed.emulator.companies[REALM]
    company.delete("Invoice", _invoice(pushed, "N-1")["Id"])
    company.edit(
        "Invoice", _invoice(pushed, "N-2")["Id"], {"PrivateNote": _invoice(pushed, "N-2")["PrivateNote"] + " x"}
    )

    assert _found(pushed) == [("changed", "Invoice", "invoice:2"), ("missing", "Invoice", "invoice:1")]


def test_a_document_voided_in_quickbooks_is_told_as_that(pushed: PostOffice) -> None:
    pushed.emulator.companies[REALM].void("Invoice", _invoice(pushed, "N-1")["Id"])

    assert _found(pushed) == [("voided", "Invoice", "invoice:1")]


def test_a_copy_is_told_from_a_duplicate_by_its_number(pushed: PostOffice) -> None:
    note = _invoice(pushed, "N-1")["PrivateNote"]
    copy = content("Invoice", "77") | {"PrivateNote": note}
    pushed.intend("Invoice", "77", content=copy)
    pushed.push()

    assert ("copied", "Invoice", "invoice:1") in _found(pushed)


def test_a_lost_link_is_made_again_from_marker_and_number(pushed: PostOffice) -> None:
    before = pushed.store.links.find(REALM, "Invoice", "invoice", "1")
    pushed.store.links.remove(REALM, "Invoice", "invoice", "1")

    assert _audit(pushed).links_repaired == 1

    after = pushed.store.links.find(REALM, "Invoice", "invoice", "1")
    assert (after.qbo_id, after.doc_number, after.origin) == (before.qbo_id, "N-1", "recovered")
