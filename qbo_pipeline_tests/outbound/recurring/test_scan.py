"""A scan bills what is due, once, and accounts for everything else."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qbo_pipeline.state.intents import IntentState, Need, Work
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline_tests.outbound.recurring.agency import ENTITY, REALM, Agency

MARCH = date(2026, 3, 10)


def test_a_due_period_becomes_an_invoice_with_all_it_says(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1), po_number="PO-1")

    done = agency.scan(MARCH)

    assert done.made == ["k1/2026-03-01"]
    (invoice,) = agency.waiting()
    assert (invoice.target, invoice.source_kind, invoice.source_id) == ("Invoice", "contract_period", "k1/2026-03-01")
    assert (invoice.number, invoice.party_id, invoice.po_number) == ("K-k1-20260301", "c1", "PO-1")
    assert (invoice.transaction_date, invoice.due_date) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (invoice.email, invoice.currency) == ("ap@acme.test", "USD")
    (line,) = invoice.lines
    assert (line.product_id, line.class_code, line.tax_code) == ("p2", "MSP", "TAX")
    assert (line.quantity, line.unit_price, line.amount) == (Decimal(10), Decimal(100), Decimal("1000.00"))
    assert line.description == "Managed service Gold (2026-03-01 to 2026-03-31)"
    (intent,) = agency.intents()
    assert agency.store.claims.of(intent.intent_key) == [Work("contract_period", "k1/2026-03-01")]
    assert agency.store.outbox.needs(intent.intent_key) == [
        Need("Customer", "customer", "c1"),
        Need("Item", "item", "p2"),
    ]


def test_scanning_again_changes_nothing(agency: Agency) -> None:
    agency.contract()
    agency.scan(MARCH)
    before = agency.intents(), agency.periods()

    for _ in range(5):
        again = agency.scan(MARCH)
        assert (again.made, again.renewed, again.withdrawn) == ([], [], [])

    assert (agency.intents(), agency.periods()) == before


def test_after_fourteen_months_off_each_missed_period_is_billed_once_and_the_oldest_first(agency: Agency) -> None:
    agency.contract(start_date=date(2025, 1, 31), anchor_date=date(2025, 1, 31))

    done = agency.scan(MARCH)

    months = ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30", "2025-07-31"]
    months += ["2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28"]
    assert done.made == [f"k1/{each}" for each in months]
    created = sorted(agency.intents(), key=lambda each: each.created_at)
    assert [each.source_id for each in created] == done.made
    assert [each.transaction_date.isoformat() for each in agency.waiting()] == months
    assert agency.push() == done.made
    assert agency.scan(MARCH).made == []
    assert set(agency.standing()) == {f"{each} billed" for each in months}


def test_a_scan_makes_so_many_invoices_of_a_contract_and_the_next_one_goes_on(agency: Agency) -> None:
    agency.contract(start_date=date(2025, 11, 1))
    first = agency.scan(MARCH, invoices_max=2)
    second = agency.scan(MARCH, invoices_max=2)
    third = agency.scan(MARCH, invoices_max=2)

    assert first.made == ["k1/2025-11-01", "k1/2025-12-01"]
    assert first.waiting == ["k1/2026-01-01", "k1/2026-02-01", "k1/2026-03-01"]
    assert second.made == ["k1/2026-01-01", "k1/2026-02-01"]
    assert (third.made, third.waiting) == (["k1/2026-03-01"], [])


def test_in_arrears_a_period_is_billed_on_the_day_after_its_last(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 2, 1), timing="arrears")

    assert agency.scan(date(2026, 2, 28)).made == []
    assert agency.scan(date(2026, 3, 1)).made == ["k1/2026-02-01"]
    assert agency.waiting()[0].transaction_date == date(2026, 3, 1)


def test_a_period_is_due_once_it_is_midnight_where_the_business_is(agency: Agency) -> None:
    agency.contract()

    assert agency.scan(datetime(2026, 1, 1, 4, 30, tzinfo=UTC)).made == []
    assert agency.scan(datetime(2026, 1, 1, 5, 0, tzinfo=UTC)).made == ["k1/2026-01-01"]


def test_missed_periods_that_are_merged_are_one_invoice_with_a_line_for_each(agency: Agency) -> None:
    agency.contract(catch_up="merged")

    done = agency.scan(MARCH)

    assert done.made == ["k1/2026-01-01"]
    (invoice,) = agency.waiting()
    assert invoice.transaction_date == date(2026, 3, 1)
    assert [line.service_date for line in invoice.lines] == [date(2026, month, 1) for month in (1, 2, 3)]
    assert len({line.line_id for line in invoice.lines}) == 3
    agency.push()
    agency.scan(date(2026, 4, 1))
    assert [each.source_id for each in agency.waiting()] == ["k1/2026-04-01"]
    assert agency.standing()[:3] == ["2026-01-01 billed", "2026-02-01 billed", "2026-03-01 billed"]


def test_the_first_of_merged_periods_that_is_skipped_leaves_the_others_on_one_invoice(agency: Agency) -> None:
    agency.contract(catch_up="merged")
    agency.scan(MARCH)
    agency.add("contract_skips", contract_id="k1", period_start=date(2026, 1, 1), reason="Free month")

    done = agency.scan(MARCH)

    assert (done.withdrawn, done.made) == (["k1/2026-01-01"], ["k1/2026-02-01"])
    assert [len(each.lines) for each in agency.waiting()] == [2]
    assert agency.standing()[0] == "2026-01-01 skipped skip"
    agency.push()
    agency.scan(MARCH)
    assert agency.standing()[1:] == ["2026-02-01 billed", "2026-03-01 billed"]


def test_missed_periods_that_are_let_go_are_skipped_but_the_newest_is_billed(agency: Agency) -> None:
    agency.contract(catch_up="none")

    assert agency.scan(MARCH).made == ["k1/2026-03-01"]
    assert agency.standing()[:2] == ["2026-01-01 skipped let_go", "2026-02-01 skipped let_go"]


def test_a_period_that_waited_for_something_else_is_not_let_go(agency: Agency) -> None:
    agency.contract(catch_up="none", start_date=date(2026, 3, 1))
    agency.add("tickets")
    agency.add("time_entries", ticket_id="t1", work_date=date(2026, 3, 2))
    agency.scan(MARCH)
    agency.scan(date(2026, 4, 1))
    agency.change("time_entries", "e1", status="approved")

    assert agency.scan(date(2026, 4, 1)).made == ["k1/2026-03-01"]


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({"status": "on_hold"}, "2026-03-01 blocked on_hold"),
        ({"auto_invoice": False}, "2026-03-01 blocked by_hand"),
        ({"status": "draft"}, None),
        ({"status": "cancelled"}, None),
        ({"is_deleted": True}, None),
    ],
)
def test_what_is_not_active_is_not_billed_and_says_why(
    agency: Agency, values: dict[str, object], standing: str | None
) -> None:
    agency.contract(start_date=date(2026, 3, 1), **values)

    assert agency.scan(MARCH).made == []
    assert agency.standing() == ([standing] if standing else [])


def test_a_contract_that_goes_on_after_a_hold_is_billed_for_the_periods_of_the_hold(agency: Agency) -> None:
    agency.contract(status="on_hold")
    agency.scan(MARCH)
    agency.change("contracts", "k1", status="active")

    assert len(agency.scan(MARCH).made) == 3


def test_a_contract_that_ended_is_billed_to_its_end_and_no_further(agency: Agency) -> None:
    agency.contract(status="ended", end_date=date(2026, 2, 15), timing="arrears")

    assert agency.scan(date(2026, 6, 1)).made == ["k1/2026-01-01", "k1/2026-02-01"]
    assert agency.waiting()[1].lines[0].amount == Decimal("500.00")


def test_a_contract_that_ended_without_a_day_waits_for_one(agency: Agency) -> None:
    agency.contract(status="ended", updated_at=datetime(2026, 2, 20, tzinfo=UTC))

    agency.scan(date(2026, 6, 1))

    assert agency.standing() == ["2026-01-01 blocked no_end_date", "2026-02-01 blocked no_end_date"]


def test_a_contract_that_is_cancelled_before_its_invoice_was_sent_takes_it_back(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    agency.scan(MARCH)
    agency.change("contracts", "k1", status="cancelled")

    done = agency.scan(MARCH)

    assert done.withdrawn == ["k1/2026-03-01"]
    assert agency.intents()[0].state is IntentState.SKIPPED
    assert agency.standing() == ["2026-03-01 skipped cancelled"]
    assert agency.push() == []


def test_nothing_before_the_go_live_date_is_billed(agency: Agency) -> None:
    agency.contract()
    agency.store.push_settings.put(PushSettings(realm_id=REALM, go_live_date=date(2026, 3, 1), armed_at=agency.now))

    assert agency.scan(MARCH).made == ["k1/2026-03-01"]
    assert agency.standing()[:2] == ["2026-01-01 skipped before_go_live", "2026-02-01 skipped before_go_live"]


def test_weekends_and_holidays_move_the_invoices_date_and_nothing_else(agency: Agency) -> None:
    agency.contract("k1", date_roll="next_business_day")
    agency.contract("k2", date_roll="previous_business_day")
    agency.add("holidays", business_entity_id=ENTITY, holiday=date(2026, 3, 2), name="Founders' day")

    agency.scan(date(2026, 3, 1))

    dates = {each.source_id: each.transaction_date for each in agency.waiting()}
    assert dates["k1/2026-03-01"] == date(2026, 3, 3)
    assert dates["k2/2026-03-01"] == date(2026, 2, 27)
    assert {each.period_end for each in agency.periods()} == {date(2026, month, 1) for month in (2, 3, 4)}


@pytest.mark.parametrize("by", ["ticket", "contract"])
def test_unapproved_billable_time_inside_a_period_holds_its_invoice(agency: Agency, by: str) -> None:
    agency.contract(start_date=date(2026, 1, 1), end_date=date(2026, 3, 1), timing="arrears")
    agency.add("tickets")
    agency.add("time_entries", **({"ticket_id": "t1"} if by == "ticket" else {"contract_id": "k1"}))

    assert agency.scan(MARCH).made == ["k1/2026-02-01"]
    assert agency.standing()[0] == "2026-01-01 blocked unapproved_time"
    assert "2026-01-01 to 2026-01-31 is not approved (1 to go)" in (agency.periods()[0].reason or "")
    agency.change("time_entries", "e1", status="approved")
    assert agency.scan(MARCH).made == ["k1/2026-01-01"]


def test_a_company_may_bill_in_spite_of_unapproved_time(agency: Agency) -> None:
    agency.contract(end_date=date(2026, 2, 1))
    agency.add("time_entries", contract_id="k1")
    agency.store.push_settings.choose(REALM, hold_contract_over_unapproved_time=False)

    assert agency.scan(MARCH).made == ["k1/2026-01-01"]


def test_a_period_that_the_operational_system_billed_itself_is_not_billed_again(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    invoice = {"business_entity_id": ENTITY, "kind": "invoice", "company_id": "c1", "currency": "USD"}
    agency.add("invoices", id="i1", number="10231", status="sent", invoice_date=date(2026, 3, 1), **invoice)
    line = {"line_id": "1", "position": 1, "amount": Decimal(1000), "source_kind": "contract_period"}
    agency.add("document_lines", document_kind="invoice", document_id="i1", source_id="k1/2026-03-01", **line)

    assert agency.scan(MARCH).made == []
    assert agency.standing() == ["2026-03-01 skipped billed_elsewhere"]
    assert agency.periods()[0].reason == "The operational system bills it with invoice 10231."


def test_a_period_in_which_no_line_is_in_force_is_skipped_with_that_reason(agency: Agency) -> None:
    agency.add("contracts", id="k1")

    assert agency.scan(date(2026, 1, 1)).skipped == {"nothing_to_bill": 1}


def test_a_company_that_may_not_be_invoiced_holds_its_periods(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    agency.change("companies", "c1", is_active=False)

    assert agency.scan(MARCH).blocked == {"company_inactive": 1}
    agency.change("companies", "c1", is_active=True)
    assert agency.scan(MARCH).made == ["k1/2026-03-01"]


@pytest.mark.parametrize("lack", ["armed", "go-live"])
def test_nothing_is_looked_at_before_the_company_is_armed(agency: Agency, lack: str) -> None:
    agency.contract()
    agency.execute("update business_entities set go_live_date = null")
    settings = PushSettings(
        realm_id=REALM, **({"go_live_date": MARCH} if lack == "armed" else {"armed_at": agency.now})
    )
    agency.store.push_settings.put(settings)

    refused = agency.scan(MARCH).refused

    assert refused is not None
    assert lack in refused
    assert agency.periods() == []
