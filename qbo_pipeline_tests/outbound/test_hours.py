"""Hours on their way: approvals taken back and given again, what went out and what came later, and who bills them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.outbound.document import Document, TimeWorked
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import Work
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline_tests.outbound.desk import Desk
from qbo_pipeline_tests.outbound.golden_rows import BE, Books
from qbo_pipeline_tests.outbound.operations import Operations


@pytest.fixture
def books(tmp_path: Path, run_dbt: Callable[..., Any], desk: Desk) -> Books:
    """A business whose pushes go from January on."""
    desk.store.push_settings.put(PushSettings(realm_id=desk.connection.realm_id, go_live_date=date(2026, 1, 1)))
    return Books(Operations.empty(tmp_path / "hours", run_dbt))


def _derive_and_push(books: Books, desk: Desk) -> None:
    books.operations.derive_for(desk.store)
    desk.intend_all(books.operations.wanted(BE))
    desk.push()


def test_an_approval_taken_back_deletes_its_hours_and_the_next_one_pushes_them_anew(books: Books, desk: Desk) -> None:
    books.entry("e1", billable="no_charge")
    _derive_and_push(books, desk)
    assert desk.states("TimeActivity") == {("create", "e1@1"): "pushed"}

    books.operations.change("timesheets", "sheet-e1", status="changes_requested")
    _derive_and_push(books, desk)
    assert desk.states("TimeActivity") == {
        ("create", "e1@1"): "pushed",
        ("delete", "e1@1"): "pushed",
        ("create", "e1@2"): "skipped",
    }
    assert (
        desk.one("delete").document.count("The approval of its timesheet was taken back: it is changes requested.") == 1
    )

    books.operations.change("timesheets", "sheet-e1", status="approved", approval_version=2)
    _derive_and_push(books, desk)
    assert desk.states("TimeActivity")["create", "e1@2"] == "pushed"
    assert desk.intend_all(books.operations.wanted(BE)).is_nothing


def test_hours_split_by_midnight_go_both_when_the_entry_is_cut_short_and_approved_again(
    books: Books, desk: Desk
) -> None:
    night = datetime(2026, 3, 11, 5, 15, tzinfo=UTC), datetime(2026, 3, 11, 8, 45, tzinfo=UTC)
    books.entry("e1", minutes=210, billable="no_charge", started_at=night[0], ended_at=night[1])
    _derive_and_push(books, desk)
    assert set(desk.states("TimeActivity")) == {("create", "e1@1"), ("create", "e1@1.2")}

    books.operations.change("time_entries", "e1", minutes=60, ended_at=datetime(2026, 3, 11, 6, 15, tzinfo=UTC))
    books.operations.change("timesheets", "sheet-e1", approval_version=2)
    _derive_and_push(books, desk)

    ended = {source for (operation, source) in desk.states("TimeActivity") if operation == "delete"}
    assert ended == {"e1@1", "e1@1.2"}
    assert desk.states("TimeActivity")["create", "e1@2"] == "pushed"


def test_hours_that_went_out_stay_on_their_invoice_and_later_ones_make_another(books: Books, desk: Desk) -> None:
    books.entry("e1", rate=Decimal(150))
    books.operations.derive_for(desk.store)
    desk.intend_all(books.operations.wanted(BE))
    books.entry("e2", rate=Decimal(150))
    _derive_and_push(books, desk)
    invoices = desk.states("Invoice")
    assert sorted(invoices.values()) == ["pushed", "skipped"], "what had not gone out was put together anew"

    books.entry("e3", rate=Decimal(150))
    _derive_and_push(books, desk)

    documents = [each for each in books.operations.wanted(BE).documents if isinstance(each, Document)]
    assert sorted(sorted(work.source_id for line in each.lines for work in line.bills) for each in documents) == [
        ["e1", "e2"],
        ["e3"],
    ]
    assert sorted(desk.states("Invoice").values()) == ["pushed", "pushed", "skipped"]
    assert not desk.intend_all(books.operations.wanted(BE)).drift


def test_an_invoice_of_hours_that_went_out_elsewhere_is_not_made(books: Books, desk: Desk) -> None:
    books.entry("e1", rate=Decimal(150))
    _derive_and_push(books, desk)

    books.invoice("i1", "150.00", line={"source_kind": "time_entry", "source_id": "e1"})
    _derive_and_push(books, desk)

    (skipped,) = [each for each in books.operations.wanted(BE).skipped if each.source_id == "i1"]
    assert skipped.reason_code == "billed_elsewhere"
    assert skipped.reason.startswith("What it bills went to QuickBooks already, with billable_time c1-")


def test_what_is_covered_is_consumed_though_no_invoice_shows_it(books: Books, desk: Desk) -> None:
    books.entry("e1", rate=Decimal(150), billable="covered")
    _derive_and_push(books, desk)
    assert desk.states("Invoice") == {}
    assert desk.store.claims.holder(Work("time_entry", "e1")) == f"covered:{desk.connection.realm_id}"

    books.operations.change("time_entries", "e1", billable="billable")
    _derive_and_push(books, desk)
    assert desk.states("Invoice") == {}
    assert {each.source_id: each.reason_code for each in books.operations.wanted(BE).skipped} == {"e1": "covered"}

    books.operations.change("timesheets", "sheet-e1", status="changes_requested")
    _derive_and_push(books, desk)
    books.operations.change("timesheets", "sheet-e1", status="approved", approval_version=2)
    late = {"updated_at": books.operations.now}
    books.entry("e2", billable="covered", sheet=late, **late)
    _derive_and_push(books, desk)

    pushed = [source for (_, source), state in desk.states("Invoice").items() if state == "pushed"]
    (invoice,) = [each for each in books.operations.wanted(BE).documents if isinstance(each, Document)]
    assert pushed == [invoice.source_id]
    assert sorted(work.source_id for line in invoice.lines for work in line.bills) == ["e1", "e2"]
    assert desk.intend_all(books.operations.wanted(BE)).is_nothing
    assert {desk.store.claims.holder(Work("time_entry", each)) for each in ("e1", "e2")} == {
        known.intent_key for known in desk.all() if known.target == "Invoice" and known.state == "pushed"
    }


def test_where_quickbooks_bills_hours_they_go_as_billable_time_and_on_no_invoice(
    books: Books, desk: Desk, connection: Connection
) -> None:
    books.operations.change("business_entities", BE, time_billing_owner="qbo")
    books.entry("e1", rate=Decimal(150), product_id="p1")
    books.entry("e-own", company_id=None, billable="not_billable")
    books.entry("e-nobody", company_id=None)
    _derive_and_push(books, desk)

    wanted = books.operations.wanted(BE)
    worked = {each.source_id: each for each in wanted.documents if isinstance(each, TimeWorked)}
    assert len(worked) == len(wanted.documents)
    assert (worked["e1@1"].is_billable, worked["e1@1"].rate) == (True, Decimal(150))
    assert (worked["e-own@1"].is_billable, worked["e-own@1"].rate) == (False, None)
    assert {each.source_id: each.reason_code for each in wanted.skipped} == {"e-nobody@1": "no_customer"}


def test_hours_are_put_into_lines_as_the_company_wants_them(books: Books, desk: Desk) -> None:
    desk.store.push_settings.choose(desk.connection.realm_id, time_lines="day")
    for name, minutes, day in (("e1", 7, 10), ("e2", 13, 10), ("e3", 31, 11)):
        books.entry(name, minutes=minutes, rate=Decimal(150), work_date=date(2026, 3, day), notes=name)
    books.operations.derive_for(desk.store)

    (invoice,) = [each for each in books.operations.wanted(BE).documents if isinstance(each, Document)]

    assert [(line.amount, line.service_date.day) for line in invoice.lines] == [
        (Decimal("50.00"), 10),
        (Decimal("77.50"), 11),
    ]
    assert invoice.lines[0].description == "2026-03-10 Emily: e1\n2026-03-10 Emily: e2"
    assert [work.source_id for work in invoice.lines[0].bills] == ["e1", "e2"]
