"""The push queue and the mappings: what waits is shown by cause, and people move it on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qbo_pipeline.state.intents import MAYBE_IN_BOOKS, SKIPPED_BY_HAND, IntentState
from qbo_pipeline.state.mappings import Mapping
from qbo_pipeline_tests.gateway.conftest import Running, invoice_intent
from qbo_pipeline_tests.installation import LANDSCAPING


def _state(running: Running, number: int) -> tuple[str, str | None]:
    found = running.gateway.store.outbox.get(invoice_intent(number).key)
    return str(found.state), found.reason_code


def test_the_queue_is_grouped_by_cause_with_whose_move_it_is_and_people_first(waiting: Running) -> None:
    page = waiting.signed_in().get("/queue").text
    by_people = page.index("landscaping: A customer is not mapped")
    by_itself = page.index("landscaping: Waits for something else")
    assert by_people < by_itself
    assert "The move of: bookkeeper" in page[by_people:by_itself]
    assert "Customer C-1 is not in QuickBooks." in page
    assert "/mappings?connection=landscaping" in page[by_people:by_itself]
    assert "Retry all of this cause" not in page[by_itself:]


def test_the_queue_says_where_nothing_is_pushed_because_nobody_allowed_it(waiting: Running) -> None:
    browser, store = waiting.signed_in(), waiting.gateway.store
    assert "Nothing is pushed to" not in browser.get("/queue").text
    store.connections.assign("landscaping", "be-landscaping")
    assert "Nothing is pushed to landscaping yet" in browser.get("/queue").text
    store.push_settings.set_go_live(LANDSCAPING, date(2026, 1, 1))
    store.push_settings.arm(LANDSCAPING)
    assert "Nothing is pushed to" not in browser.get("/queue").text


def test_what_may_be_in_the_books_is_linked_to_what_quickbooks_has_or_pushed(waiting: Running) -> None:
    outbox, browser = waiting.gateway.store.outbox, waiting.signed_in()
    for number in (5, 6):
        outbox.hold(invoice_intent(number), MAYBE_IN_BOOKS, "It may be Invoice 130. Link it with `qbo-pipeline push`.")
    page = browser.get("/queue").text
    assert "May be in QuickBooks already" in page
    assert "It may be Invoice 130." in page

    missing = browser.submit("/queue", "Link it", {"key": invoice_intent(5).key}, qbo_id="987654")
    assert missing.status_code == 409
    assert browser.submit("/queue", "Link it", {"key": invoice_intent(5).key}, qbo_id="1 or 1").status_code == 400
    assert browser.submit("/queue", "Link it", {"key": invoice_intent(5).key}, qbo_id="130").status_code == 200
    assert waiting.gateway.store.links.find(LANDSCAPING, "Invoice", "invoice", "INV-5").qbo_id == "130"
    assert _state(waiting, 5)[0] == "pushed"
    browser.submit("/queue", "It is none of them: push it", {"key": invoice_intent(6).key})
    assert _state(waiting, 6)[0] == "pending"


def test_one_document_is_retried_and_the_others_stay(waiting: Running) -> None:
    page = waiting.signed_in().submit("/queue", "Retry", {"key": invoice_intent(1).key})
    assert "1 goes on with the next push." in page.text
    assert _state(waiting, 1) == ("pending", None)
    assert _state(waiting, 2) == ("blocked", "unmapped_customer")


def test_all_of_one_cause_are_retried_together(waiting: Running) -> None:
    page = waiting.signed_in().submit("/queue", "Retry all of this cause")
    assert "2 go on with the next push." in page.text
    assert [_state(waiting, number)[0] for number in (1, 2, 3)] == ["pending", "pending", "blocked"]


def test_a_document_is_skipped_with_a_reason_and_stays_skipped_when_it_is_derived_again(waiting: Running) -> None:
    browser = waiting.signed_in()
    browser.submit("/queue", "Skip it", {"key": invoice_intent(1).key}, reason="Billed by hand in May.")
    outbox = waiting.gateway.store.outbox

    outbox.intend(invoice_intent(1, source_hash="changed since"))
    outbox.hold(invoice_intent(1), "unmapped_customer", "Customer C-1 is not in QuickBooks.")

    assert _state(waiting, 1) == ("skipped", SKIPPED_BY_HAND)
    assert "Pat: Billed by hand in May." in browser.get("/why?source=invoice:INV-1").text
    (noted, _) = waiting.gateway.store.audit_log.entries()
    assert (noted.action, noted.outcome) == ("skip", "Billed by hand in May.")


def test_what_was_skipped_can_be_taken_back(waiting: Running) -> None:
    browser = waiting.signed_in()
    browser.submit("/queue", "Skip it", {"key": invoice_intent(4).key}, reason="Not yet.")
    browser.submit("/why?source=INV-4", "Retry", {"key": invoice_intent(4).key})
    waiting.gateway.store.outbox.intend(invoice_intent(4))
    assert _state(waiting, 4) == ("pending", None)


def test_nothing_is_skipped_without_a_reason(waiting: Running) -> None:
    answer = waiting.signed_in().submit("/queue", "Skip it", {"key": invoice_intent(1).key}, reason="  ")
    assert answer.status_code == 400
    assert _state(waiting, 1)[0] == "blocked"


def test_what_is_being_sent_is_neither_skipped_nor_retried(waiting: Running) -> None:
    browser = waiting.signed_in()
    form = next(form for form in browser.forms("/queue") if form.fields.get("key") == invoice_intent(4).key)
    dispatch, lease = waiting.gateway.store.dispatch, timedelta(minutes=5)
    (claimed,) = dispatch.claim("a pusher", LANDSCAPING, lease=lease, limit=10, keys=[invoice_intent(4).key])
    dispatch.freeze(claimed, b"{}", lease=lease)

    answer = browser.post("/queue/skip", form.fields | {"reason": "Too late."})

    assert (answer.status_code, "It is in_flight now" in answer.text) == (409, True)
    browser.post("/queue/retry", {name: form.fields[name] for name in ("form_token", "connection", "key")})
    assert _state(waiting, 4)[0] == "in_flight"


def test_another_companys_document_is_not_reached_through_this_ones(waiting: Running) -> None:
    browser = waiting.signed_in()
    other = replace(invoice_intent(7), realm_id="77")
    waiting.gateway.store.outbox.hold(other, "unmapped_customer", "Not here.")
    fields = {"form_token": browser.form_token(), "connection": "landscaping", "key": other.key, "reason": "x"}
    assert browser.post("/queue/skip", fields).status_code == 404
    browser.post("/queue/retry", fields)
    assert waiting.gateway.store.outbox.get(other.key).state is IntentState.BLOCKED


def test_why_tells_the_story_of_a_document_by_its_id_or_number(waiting: Running) -> None:
    browser = waiting.signed_in()
    for source in ("INV-3", "invoice:INV-3", "P-3"):
        page = browser.get("/why", params={"source": source}).text
        assert "landscaping: create invoice P-3" in page
        assert "customer:C-9" in page
    assert "Nothing was ever derived from" in browser.get("/why?source=INV-99").text
    assert "Nothing was ever derived from" in browser.get("/why?source=bill:INV-3").text


def test_a_proposal_is_confirmed_against_quickbooks_and_lets_documents_go_on(waiting: Running) -> None:
    store = waiting.gateway.store
    store.mappings.put(
        Mapping(
            realm_id=LANDSCAPING,
            kind="customer",
            source_key="C-1",
            target="Customer",
            qbo_id="1",
            status="proposed",
            origin="matched",
            reason="The same e-mail address.",
        )
    )
    browser = waiting.signed_in()
    assert "The same e-mail address." in browser.get("/mappings").text
    page = browser.submit("/mappings", "It is that one", {"source": "C-1"})
    assert page.status_code == 200
    assert "2 documents go on because of it." in page.text
    link = store.links.find(LANDSCAPING, "Customer", "customer", "C-1")
    assert (link.qbo_id, link.origin) == ("1", "manual")
    assert store.audit_log.entries()[0].action == "mapping: confirm"


def test_a_row_is_mapped_by_hand_to_what_quickbooks_has_and_to_nothing_else(waiting: Running) -> None:
    browser = waiting.signed_in()
    mapped = {"kind": "customer", "source": "C-2"}
    refused = browser.submit("/mappings", "Map it", **mapped, qbo_id="999999")
    assert (refused.status_code, "QuickBooks has no Customer" in refused.text) == (409, True)
    assert browser.submit("/mappings", "Map it", **mapped, qbo_id="2").status_code == 200
    assert waiting.gateway.store.links.find(LANDSCAPING, "Customer", "customer", "C-2").qbo_id == "2"


def test_an_excluded_row_and_its_clearing_are_decisions_too(waiting: Running) -> None:
    browser = waiting.signed_in()
    token = browser.form_token()
    about = {"form_token": token, "connection": "landscaping", "kind": "customer", "source": "C-5"}
    assert browser.post("/mappings", about | {"decision": "exclude"}).status_code == 200
    assert waiting.gateway.store.mappings.find(LANDSCAPING, "customer", "C-5").status == "excluded"
    assert browser.post("/mappings", about | {"decision": "clear"}).status_code == 200
    assert waiting.gateway.store.mappings.find(LANDSCAPING, "customer", "C-5") is None


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "conquer"},
        {"decision": "set", "qbo_id": ""},
        {"decision": "exclude", "kind": "planet"},
        {"decision": "exclude", "source": ""},
        {"decision": "confirm"},
        {"decision": "clear"},
        {"decision": "exclude", "connection": "nobody"},
    ],
)
def test_a_decision_that_is_none_changes_nothing(waiting: Running, fields: dict[str, str]) -> None:
    browser = waiting.signed_in()
    about = {"form_token": browser.form_token(), "connection": "landscaping", "kind": "customer", "source": "C-5"}
    assert browser.post("/mappings", about | fields).status_code in (400, 409)
    assert waiting.gateway.store.mappings.of(LANDSCAPING) == []


def test_connections_that_end_soon_are_told_on_the_overview(running: Running) -> None:
    assert "Nothing: every connection works" in running.signed_in().get("/").text
    running.gateway.store.connections.deactivate("landscaping", "access was revoked")
    assert "inactive: access was revoked" in running.signed_in().get("/").text
