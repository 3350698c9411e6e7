"""The audit finds what people did in QuickBooks to what was pushed, and puts lost links right."""

from pathlib import Path
from sqlite3 import connect

import pytest

from qbo_pipeline.outbound.delivery.audit import Audit, audit
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.state.store import open_state
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


def test_marked_documents_that_no_intent_explains_are_foreign(pushed: PostOffice, tmp_path: Path) -> None:
    """As after the state store was lost or restored from before they were pushed."""
    lost = PostOffice(pushed.emulator, open_state(Settings(home=tmp_path / "another"), clock=pushed.clock.now))
    lost.intend("Invoice", "7")
    lost.push()

    assert _found(lost) == [("foreign", "Invoice", "invoice:1"), ("foreign", "Invoice", "invoice:2")]
    assert _found(pushed) == [("foreign", "Invoice", "invoice:7")]


def test_a_document_whose_answer_is_still_out_is_not_foreign(office: PostOffice) -> None:
    office.script("/invoice\\?", action="reset_after")
    office.intend("Invoice")
    office.push()

    assert office.copies("Invoice") == {"1": 1}
    assert _found(office) == []


@pytest.mark.parametrize("kind", ["Invoice", "Payment"])
def test_what_a_store_restored_from_a_backup_never_sent_is_foreign_and_is_found_again(
    office: PostOffice, tmp_path: Path, kind: str
) -> None:
    intent = office.intend(kind)
    (tmp_path / "restored").mkdir()
    with connect(tmp_path / "home" / "state.db") as running, connect(tmp_path / "restored" / "state.db") as backup:
        running.backup(backup)
    office.push()
    restored = PostOffice(
        office.emulator, open_state(Settings(home=tmp_path / "restored"), clock=office.clock.now), office.composed
    )

    assert _found(restored) == [("foreign", kind, f"{kind.lower()}:1")]
    restored.push_until_still()

    assert restored.copies(kind) == {"1": 1}
    assert restored.state(intent).state is IntentState.PUSHED
    assert _found(restored) == []


def test_an_estimate_that_is_closed_by_its_invoice_was_changed_by_nobody(office: PostOffice) -> None:
    office.intend("Estimate", content=content("Estimate", "1") | {"TxnStatus": "Accepted"})
    office.push()
    (estimate,) = office.books("Estimate")
    linked = {"LinkedTxn": [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]}
    office.intend("Invoice", content=content("Invoice", "1") | linked)
    office.push()

    assert office.books("Estimate")[0]["TxnStatus"] == "Closed"
    assert _found(office) == []
