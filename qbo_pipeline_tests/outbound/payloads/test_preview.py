"""A dry run: what would be sent, what it would do to the books, and that nothing is sent."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.document import Ending, Reference, Wanted
from qbo_pipeline.outbound.preview import Preview, preview, revenue_by_month, rows, summary, undone
from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Environment
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.intents import IntentState
from qbo_pipeline.warehouse.preview import PREVIEW
from qbo_pipeline_tests.outbound.payloads.desk import NOW, Desk, document, line

SUMS = ("total", "receivables", "payables", "revenue")


def connection(desk: Desk) -> Connection:
    """The company's connection, made the first time it is asked for."""
    for known in desk.store.connections.all():
        if known.realm_id == desk.profile.realm_id:
            return known
    grant = TokenGrant("access", "refresh", NOW + timedelta(hours=1), NOW + timedelta(days=100), None, NOW)
    details = ConnectionDetails(
        name=f"company-{desk.profile.country}",
        realm_id=desk.profile.realm_id,
        environment=Environment.SANDBOX,
        token_client_id="emulator-client",
    )
    return desk.store.connections.add(details, grant)


def look(desk: Desk, *wanted: Wanted, operation: Any = "create") -> list[Preview]:
    """The previews of these, taken into the outbox."""
    intents = [desk.intent(each, operation) for each in wanted]
    return preview(desk.store, connection(desk), intents, desk.composer.compose, desk.composer.sketch)


def test_a_document_that_goes_is_shown_with_its_exact_payload_and_nothing_is_sent(us: Desk) -> None:
    calls = us.emulator.meter.snapshot()
    wanted = document("Invoice", line(is_taxable=True), number="NW-77")

    (shown,) = look(us, wanted)

    assert us.emulator.meter.snapshot() == calls
    assert (shown.status, shown.number, shown.month) == ("goes", "NW-77", date(2026, 8, 1))
    assert (shown.net, shown.tax, shown.total, shown.home_total) == (
        Decimal("100.00"),
        Decimal("8.00"),
        Decimal("108.00"),
        Decimal("108.00"),
    )
    assert (shown.receivable_effect, shown.payable_effect, shown.revenue_effect) == (
        Decimal("108.00"),
        Decimal("0.00"),
        Decimal("100.00"),
    )
    us.push(wanted)
    intent = us.store.outbox.about(wanted.source_id)[0]
    assert intent.state is IntentState.PUSHED
    assert intent.payload is not None
    assert shown.payload == intent.payload.decode()


def test_amounts_in_another_currency_count_at_the_documents_rate(uk: Desk) -> None:
    euros = {"currency": "EUR", "party_id": "nantes"}

    known, unknown = look(
        uk,
        document("Invoice", line(tax_code="STD"), exchange_rate=Decimal("0.85"), **euros),
        document("Invoice", line(tax_code="STD"), **euros),
    )

    assert (known.total, known.receivable_effect, known.revenue_effect) == (
        Decimal("120.00"),
        Decimal("102.00"),
        Decimal("85.00"),
    )
    assert (unknown.total, unknown.home_total, unknown.receivable_effect) == (Decimal("120.00"), None, None)


def test_what_automated_tax_will_come_to_is_not_guessed(us: Desk) -> None:
    us.put(replace(us.profile, tax_kind="us_automated"))

    (shown,) = look(us, document("Invoice", line(is_taxable=True)))

    assert (shown.status, shown.net, shown.total, shown.receivable_effect) == ("goes", Decimal("100.00"), None, None)
    assert shown.revenue_effect == Decimal("100.00")


@pytest.mark.parametrize(
    ("target", "receivable", "payable", "revenue"),
    [
        ("Estimate", "0.00", "0.00", "0.00"),
        ("SalesReceipt", "0.00", "0.00", "100.00"),
        ("CreditMemo", "-100.00", "0.00", "-100.00"),
        ("PurchaseOrder", "0.00", "0.00", "0.00"),
        ("Bill", "0.00", "100.00", "0.00"),
        ("VendorCredit", "0.00", "-100.00", "0.00"),
        ("Payment", "-100.00", "0.00", "0.00"),
    ],
)
def test_each_kind_does_its_own_to_the_books(
    us: Desk, target: str, receivable: str, payable: str, revenue: str
) -> None:
    (shown,) = look(us, document(target))

    effects = (shown.receivable_effect, shown.payable_effect, shown.revenue_effect)
    assert effects == (Decimal(receivable), Decimal(payable), Decimal(revenue))


def test_a_payment_names_the_documents_it_settles(us: Desk) -> None:
    invoice = document("Invoice", number="NW-78")
    us.push(invoice)
    of = Reference(target="Invoice", source_kind=invoice.source_kind, source_id=invoice.source_id)

    (shown,) = look(us, document("Payment", line(product_id=None, linked_to=of)))

    assert shown.applies_to == "Invoice NW-78"


def test_what_waits_for_a_name_is_shown_with_words_for_its_id(us: Desk) -> None:
    (shown,) = look(us, document("Invoice", party_id="unheard-of"))

    assert (shown.status, shown.reason_code, shown.total) == ("waits", "dependency", Decimal("100.00"))
    assert shown.reason is not None
    assert "customer:unheard-of" in shown.reason
    assert json.loads(shown.payload or "")["CustomerRef"]["value"] == "<Customer of customer:unheard-of>"


def test_what_a_person_must_do_first_is_told_and_has_no_payload(us: Desk) -> None:
    (shown,) = look(us, document("Invoice", terms_code="NET45"))

    assert (shown.status, shown.reason_code, shown.payload) == ("held", "unmapped_term", None)


def test_a_void_takes_back_what_is_owed(us: Desk) -> None:
    invoice = document("Invoice", number="NW-79")
    us.push(invoice)
    ending = Ending(
        target="Invoice",
        business_entity_id="be1",
        source_kind=invoice.source_kind,
        source_id=invoice.source_id,
        reason="It was voided.",
    )

    (shown,) = look(us, ending, operation="void")

    assert (shown.status, shown.applies_to, shown.receivable_effect) == ("goes", "Invoice NW-79", Decimal("-100.00"))


def test_an_update_changes_what_is_owed_by_the_difference(us: Desk) -> None:
    invoice = document("Invoice", number="NW-80")
    us.push(invoice)
    dearer = invoice.model_copy(update={"lines": (line("130.00"),)})

    (shown,) = look(us, dearer, operation="update")

    assert (shown.applies_to, shown.receivable_effect, shown.revenue_effect) == (
        "Invoice NW-80",
        Decimal("30.00"),
        None,
    )


def test_only_what_is_not_done_is_looked_at(us: Desk) -> None:
    done, held = document("Invoice"), document("Invoice", terms_code="NET45")
    us.push(done)
    us.intent(held)

    sources = {each.source_id for each in undone(us.store, us.profile.realm_id, ["Invoice"])}

    assert held.source_id in sources
    assert done.source_id not in sources


def test_sums_are_by_kind_and_revenue_by_month(us: Desk) -> None:
    july = document("Invoice", line("50.00"), transaction_date=date(2026, 7, 2))
    shown = look(
        us, july, document("Invoice"), document("Invoice", terms_code="NET45"), document("Bill", line("20.00"))
    )

    assert revenue_by_month(shown) == {date(2026, 7, 1): Decimal("50.00"), date(2026, 8, 1): Decimal("100.00")}
    invoices, bills = summary(shown)
    assert (invoices["connection"], invoices["kind"], invoices["operation"]) == ("company-US", "Invoice", "create")
    assert [invoices[name] for name in ("goes", "waits", "held", "withdrawn", "total unknown")] == [2, 0, 1, 0, 0]
    assert [str(invoices[name]) for name in SUMS] == ["150.00", "150.00", "0.00", "150.00"]
    assert [str(bills[name]) for name in SUMS] == ["20.00", "0.00", "20.00", "0.00"]


def test_rows_have_the_columns_of_the_warehouses_table(us: Desk) -> None:
    (row,) = rows(look(us, document("Invoice")), datetime(2026, 8, 16, tzinfo=UTC))

    assert set(row) == set(PREVIEW.names)
