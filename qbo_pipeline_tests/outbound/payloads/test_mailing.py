"""From a contract to an invoice in QuickBooks that ties, and from there to its customer: mailed once, if at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.schema import find_table
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.intending import intend_all
from qbo_pipeline.outbound.recurring.scan import scan_contracts
from qbo_pipeline.outbound.wanted import WantedInCompany
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline_tests.outbound.payloads.desk import Desk, document, line
from qbo_pipeline_tests.outbound.payloads.test_preview import connection as connected

LOST = ["reset_before", "reset_after", "truncate"]


@contextmanager
def mailing(desk: Desk) -> Iterator[None]:
    """Let QuickBooks mail what is taken in meanwhile."""
    desk.store.push_settings.choose(desk.profile.realm_id, send_email=True)
    try:
        yield
    finally:
        desk.store.push_settings.choose(desk.profile.realm_id, send_email=False)


def intend(desk: Desk, *documents: Document) -> None:
    """Take in what is wanted, as a derivation does."""
    intend_all(desk.store, connected(desk), WantedInCompany(documents=documents))


def push_until_still(desk: Desk) -> None:
    """Deliver what is due, and again whenever something is."""
    for _ in range(12):
        deliver(desk.store, [desk.client], desk.composer.compose)
        due = desk.store.dispatch.due_at(desk.profile.realm_id)
        if due is None:
            return
        desk.emulator.clock.advance(max(0.0, (due - desk.emulator.clock.now()).total_seconds()) + 1)


def lose(desk: Desk, how: str) -> None:
    """Let the answer to the next mail be lost."""
    match = {"path": "/send\\?", "method": "POST", "realm": desk.profile.realm_id}
    desk.emulator.scripted_faults.add(
        msgspec.json.encode({"match": match, "then": {"action": how}, "times": 1, "skip": 0})
    )


def intents_of(desk: Desk, wanted: Document) -> dict[str, StoredIntent]:
    """What is known of a document, by what happens to it."""
    return {each.operation: each for each in desk.store.outbox.about(wanted.source_id)}


def record_of(desk: Desk, wanted: Document) -> dict[str, Any]:
    """The record a document became."""
    link = desk.store.links.find(desk.profile.realm_id, wanted.target, wanted.source_kind, wanted.source_id)
    assert link is not None
    content = msgspec.json.Decoder(float_hook=Decimal).decode(desk.books.read(wanted.target, link.qbo_id))
    return content[wanted.target]


def test_nothing_is_mailed_unless_it_was_chosen_and_nothing_that_went_out_before(us: Desk) -> None:
    early = document("Invoice", email="ap@acme.test", number="ML-1")
    intend(us, early)
    push_until_still(us)
    with mailing(us):
        intend(us, early)
        push_until_still(us)

    assert intents_of(us, early).keys() == {"create"}
    assert record_of(us, early)["EmailStatus"] == "NotSet"


def test_what_is_to_be_mailed_is_mailed_once_however_often_it_is_looked_at(us: Desk) -> None:
    wanted = document("Invoice", email="ap@acme.test; cfo@acme.test", number="ML-2")
    with mailing(us):
        for _ in range(3):
            intend(us, wanted)
            push_until_still(us)

    mail = intents_of(us, wanted)["send"]
    record = record_of(us, wanted)
    assert (mail.state, [each.outcome for each in us.store.outbox.attempts(mail.intent_key)]) == ("pushed", ["applied"])
    assert (record["EmailStatus"], record["BillEmail"]) == ("EmailSent", {"Address": "ap@acme.test,cfo@acme.test"})


@pytest.mark.parametrize("how", LOST)
def test_a_lost_answer_to_a_mail_sends_no_second_one(us: Desk, how: str) -> None:
    wanted = document("Invoice", email="ap@acme.test", number=f"ML-{how[:12]}")
    lose(us, how)
    with mailing(us):
        intend(us, wanted)
        push_until_still(us)

    mail = intents_of(us, wanted)["send"]
    outcomes = [each.outcome for each in us.store.outbox.attempts(mail.intent_key)]
    assert mail.state is IntentState.PUSHED
    assert record_of(us, wanted)["EmailStatus"] == "EmailSent"
    assert outcomes == (["unknown", "applied"] if how == "reset_before" else ["recovered"])


def test_what_comes_to_another_total_is_mailed_to_nobody(us: Desk) -> None:
    us.put(replace(us.profile, tax_kind="us_automated"))
    wanted = document("Invoice", line(is_taxable=True), total=Decimal("109.10"), email="ap@acme.test", number="ML-9")
    with mailing(us):
        intend(us, wanted)
        push_until_still(us)

    known = intents_of(us, wanted)
    assert (known["create"].state, known["create"].reason_code) == (IntentState.PUSHED, "total_differs")
    assert (known["send"].state, known["send"].reason_code) == (IntentState.BLOCKED, "total_differs")
    assert record_of(us, wanted)["EmailStatus"] == "NotSet"


def test_a_contracts_period_becomes_an_invoice_that_ties_and_is_mailed(us: Desk, tmp_path: Path) -> None:
    now = datetime(2026, 8, 16, 17, tzinfo=UTC)
    store, realm_id = us.store, us.profile.realm_id
    before = store.push_settings.of(realm_id)
    store.push_settings.put(PushSettings(realm_id=realm_id, go_live_date=date(2026, 1, 1), armed_at=now))
    with OpsDatabase(f"sqlite:///{tmp_path / 'ops.db'}", may_create=True) as ops, mailing(us):
        _sign(ops)
        for _ in range(3):
            scan = scan_contracts(store, ops, _at(connected(us)), now)
            push_until_still(us)
            assert not scan.blocked
    store.push_settings.put(before)

    made = [each for each in store.outbox.intents(realm_id) if each.source_kind == "contract_period"]
    assert {(each.operation, each.source_id, each.state) for each in made} == {
        (operation, "k1/2026-08-01", IntentState.PUSHED) for operation in ("create", "send")
    }
    wanted = Document.model_validate_json(made[0].document)
    record = record_of(us, wanted)
    assert (record["DocNumber"], record["EmailStatus"]) == ("K-77-20260801", "EmailSent")
    # 10 at 33.33 and one at 0.01, taxed at 8 per cent.
    assert (record["TotalAmt"], record["TxnTaxDetail"]["TotalTax"]) == (Decimal("359.97"), Decimal("26.66"))
    assert sum(each.amount for each in wanted.lines) == record["TotalAmt"] - record["TxnTaxDetail"]["TotalTax"]


def _at(connection: Connection) -> Connection:
    return replace(connection, business_entity_id="be1")


def _sign(ops: OpsDatabase) -> None:
    """A contract of two lines that bills August in advance."""
    create_tables(ops)
    first = date(2026, 8, 1)
    rows: dict[str, list[dict[str, Any]]] = {
        "business_entities": [
            {"id": "be1", "name": "Craig's", "home_currency": "USD", "time_zone": "America/Los_Angeles"}
        ],
        "companies": [
            {
                "id": "acme",
                "business_entity_id": "be1",
                "number": "1",
                "name": "Acme",
                "currency": "USD",
                "is_customer": True,
                "is_vendor": False,
                "email": "ap@acme.test",
                "terms_days": 30,
            }
        ],
        "products": [
            {
                "id": "labour",
                "business_entity_id": "be1",
                "name": "Hours",
                "kind": "service",
                "taxable": True,
                "is_active": True,
            }
        ],
        "contracts": [
            {
                "id": "k1",
                "business_entity_id": "be1",
                "number": "K-77",
                "company_id": "acme",
                "name": "Care",
                "status": "active",
                "start_date": first,
                "anchor_date": first,
                "bill_unit": "month",
                "currency": "USD",
            }
        ],
        "contract_lines": [
            {
                "id": f"k1-{place}",
                "contract_id": "k1",
                "position": place,
                "product_id": "labour",
                "quantity": Decimal(quantity),
                "unit_price": Decimal(price),
                "effective_from": first,
            }
            for place, quantity, price in ((1, 10, "33.33"), (2, 1, "0.01"))
        ],
    }
    with ops.writing() as connection:
        for table, found in rows.items():
            for row in found:
                connection.execute(
                    find_table(table).insert().values({"updated_at": datetime(2026, 7, 1, tzinfo=UTC)} | row)
                )
