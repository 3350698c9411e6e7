"""The operational system's documents and names as people find them on the pages, from the copy a sync published."""

import json
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from qbo_pipeline_tests.gateway.conftest import LOOKING_SECRET, Running, invoice_intent
from qbo_pipeline_tests.installation import LANDSCAPING

ENTITY = "be-landscaping"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_TABLES = {
    "raw_qbo.customer": "realm_id text, id text, sync_token text, updated_at timestamptz, operation text, payload text, "
    "loaded_at timestamptz",
    "raw_ops.companies": "id text, business_entity_id text, name text, number text, is_customer boolean, is_vendor boolean, "
    "is_active boolean, is_deleted boolean, updated_at timestamptz, loaded_at timestamptz, tax_exempt boolean",
    "outbound.document": "realm_id text, target text, source_kind text, source_id text, number text, transaction_date date, "
    "party_id text, total decimal(18, 2), currency text",
    "outbound.skipped": "realm_id text, target text, source_kind text, source_id text, source_number text, "
    "transaction_date date, reason_code text, reason text",
}


@pytest.fixture
def published(running: Running) -> Running:
    """A published copy with one customer on each side, an invoice that is wanted and a sale that is left out."""
    store = running.gateway.store
    store.connections.assign("landscaping", ENTITY)
    customer = json.dumps({"Id": "5", "DisplayName": "Rosewood Café", "Active": True, "SyncToken": "0"})
    row = {"realm_id": LANDSCAPING, "id": "5", "sync_token": "0", "operation": "upsert", "payload": customer}
    company = {
        "id": "c-1",
        "business_entity_id": ENTITY,
        "name": "Rosewood Cafe",
        "number": "1007",
        "is_customer": True,
    }
    common = {"realm_id": LANDSCAPING, "target": "Invoice", "transaction_date": date(2026, 2, 1)}
    wanted = {"source_kind": "invoice", "source_id": "INV-1", "number": "P-1", "party_id": "c-1", "currency": "USD"}
    left_out = {"source_kind": "sale", "source_id": "S-7", "source_number": "S-7", "reason": "The sale is open yet."}
    running.installation.settings.analytics_path.parent.mkdir(exist_ok=True)
    with duckdb.connect(running.installation.settings.analytics_path) as copy:
        for name, columns in _TABLES.items():
            copy.execute(f"create schema if not exists {name.partition('.')[0]}")
            copy.execute(f"create table {name} ({columns})")
        _insert(copy, "raw_qbo.customer", row | {"updated_at": NOW, "loaded_at": NOW})
        _insert(copy, "raw_ops.companies", company | {"updated_at": NOW, "loaded_at": NOW})
        _insert(copy, "outbound.document", common | wanted | {"total": "120.50"})
        _insert(copy, "outbound.skipped", common | left_out)
    return running


def _insert(copy: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    copy.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def test_documents_are_found_by_number_id_or_party_with_what_became_of_them(published: Running) -> None:
    store = published.gateway.store
    store.push_settings.set_go_live(LANDSCAPING, date(2026, 1, 1))
    store.push_settings.arm(LANDSCAPING)
    browser = published.signed_in()
    page = browser.get("/documents").text
    for shown in ("invoice P-1", "Rosewood Cafe", "120.50 USD", "Not yet", "Left out. The sale is open yet."):
        assert shown in page
    for text in ("p-1", "inv-1", "rosewood"):
        found = browser.get("/documents", params={"text": text}).text
        assert "invoice P-1" in found
        assert "sale S-7" not in found
    pushing = [form for form in browser.forms("/documents") if form.action == "/push"]
    assert [(form.buttons, form.fields["source"]) for form in pushing] == [
        (["Push as QuickBooks invoice"], "invoice:INV-1")
    ]
    told = "It may be Customer 5. Decide with `qbo-pipeline map set customer c-1 X`."
    store.outbox.hold(invoice_intent(1), "unmapped_customer", told)
    assert "It may be Customer 5." in browser.get("/documents").text


def test_who_only_looks_and_a_company_that_is_not_armed_are_offered_no_push(published: Running) -> None:
    assert "Nothing is pushed to landscaping yet" in published.signed_in().get("/documents").text
    assert not [form for form in published.signed_in().forms("/documents") if form.action == "/push"]
    published.gateway.store.push_settings.set_go_live(LANDSCAPING, date(2026, 1, 1))
    published.gateway.store.push_settings.arm(LANDSCAPING)
    assert not [form for form in published.signed_in(LOOKING_SECRET).forms("/documents") if form.action == "/push"]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "invoice:INV-1"},
        {"source": "INV-1", "connection": "landscaping"},
        {"source": "--all", "connection": "landscaping"},
        {"source": "invoice:a b", "connection": "landscaping"},
        {"source": "invoice:INV-1", "connection": "nobody"},
    ],
)
def test_a_push_of_what_is_no_document_starts_nothing(published: Running, fields: dict[str, str]) -> None:
    browser = published.signed_in()
    answer = browser.post("/push", fields | {"form_token": browser.form_token()})
    assert answer.status_code in (400, 409)
    assert published.gateway.runs.running() == []


def test_why_tells_of_what_the_models_left_out(published: Running) -> None:
    browser = published.signed_in()
    for source in ("S-7", "sale:S-7"):
        page = browser.get("/why", params={"source": source}).text
        assert "Sale S-7 is left out" in page
        assert "The sale is open yet." in page
    assert "Nothing was ever derived from" in browser.get("/why?source=invoice:S-7").text


def test_names_of_both_sides_stand_on_the_mappings_and_what_waits_leads_to_its_form(published: Running) -> None:
    outbox = published.gateway.store.outbox
    told = "It may be Customer 5. Decide with `qbo-pipeline map set customer c-1 QBO-ID`."
    outbox.hold(
        invoice_intent(1, target="Customer", source_kind="customer", source_id="c-1"), "unmapped_customer", told
    )
    browser = published.signed_in()
    queue = browser.get("/queue").text
    assert "`qbo-pipeline" not in queue
    assert 'href="/mappings?connection=landscaping&amp;kind=customer&amp;source=c-1">Map this customer' in queue

    page = browser.get("/mappings?connection=landscaping&kind=customer&source=c-1").text
    assert "1 waits for customer Rosewood Cafe (c-1)" in page
    assert '<option value="Customer:5">Rosewood Café</option>' in page
    mapped = browser.submit("/mappings?kind=customer&source=c-1", "Map it", qbo_id="Customer:5")
    assert mapped.status_code == 200, mapped.text
    assert "Rosewood Cafe <small>c-1" in mapped.text
    assert published.gateway.store.links.find(LANDSCAPING, "Customer", "customer", "c-1").qbo_id == "5"


def test_proposals_are_looked_for_where_both_sides_were_read(published: Running) -> None:
    page = published.signed_in().submit("/mappings", "Look for proposals")
    assert "linked because they are the same" in page.text
    assert published.gateway.store.audit_log.entries()[0].action == "mapping: propose"
