"""Whatever is edited after billing, a period is billed once; what is left over is told and waits for somebody."""

from datetime import date
from decimal import Decimal

from qbo_pipeline.outbound.recurring.invoicing import taken_back
from qbo_pipeline.outbound.wanted import Source
from qbo_pipeline_tests.outbound.recurring.agency import REALM, Agency

MARCH = date(2026, 3, 10)


def billed(agency: Agency, **contract: object) -> None:
    """A contract whose periods to `MARCH` are in QuickBooks."""
    agency.contract(**contract)
    agency.scan(MARCH)
    agency.push()
    agency.scan(MARCH)


def creates(agency: Agency) -> list[Source]:
    return [(each.target, each.source_kind, each.source_id) for each in agency.intents()]


def test_no_edit_of_a_billed_contract_makes_a_second_invoice(agency: Agency) -> None:
    billed(agency)
    before = creates(agency), agency.periods()
    edits = [
        ("contract_lines", "k1a", {"unit_price": Decimal(120)}),
        ("contracts", "k1", {"po_number": "PO-2"}),
        ("contracts", "k1", {"catch_up": "merged"}),
        ("contracts", "k1", {"number": "K-78", "name": "Platinum"}),
        ("contracts", "k1", {"proration": "full"}),
        ("contract_lines", "k1a", {"effective_from": date(2026, 2, 10)}),
        ("contracts", "k1", {"end_date": date(2026, 3, 5), "status": "ended"}),
    ]
    for table, row_id, values in edits:
        agency.change(table, row_id, **values)
        assert agency.scan(MARCH).made == []
        assert (creates(agency), agency.periods()) == before


def test_an_edit_before_the_invoice_was_sent_changes_what_is_sent(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    agency.scan(MARCH)
    agency.change("contract_lines", "k1a", unit_price=Decimal(120))

    assert agency.scan(MARCH).renewed == ["k1/2026-03-01"]
    assert [each.lines[0].amount for each in agency.waiting()] == [Decimal("1200.00")]


def test_another_anchor_bills_no_day_twice_and_tells_what_is_left_over(agency: Agency) -> None:
    billed(agency)
    agency.change("contracts", "k1", anchor_date=date(2026, 1, 15))

    done = agency.scan(date(2026, 5, 1))

    assert done.made == ["k1/2026-04-15"]
    assert agency.standing() == [
        "2026-01-01 billed",
        "2026-02-01 billed",
        "2026-03-01 billed",
        "2026-04-01 blocked remainder",
        "2026-04-15 pending",
    ]
    agency.store.contract_periods.request(REALM, "k1", date(2026, 4, 1))
    assert agency.scan(date(2026, 5, 1)).made == ["k1/2026-04-01"]
    (rest, _) = agency.waiting()
    # 14 of the 31 days from the 15th of March.
    assert rest.lines[0].amount == Decimal("451.61")


def test_a_start_that_is_moved_back_leaves_the_days_before_to_be_asked_for(agency: Agency) -> None:
    billed(agency, start_date=date(2026, 1, 17), alignment="calendar")
    agency.change("contracts", "k1", start_date=date(2026, 1, 15))

    agency.scan(MARCH)

    assert agency.standing()[0] == "2026-01-15 blocked remainder"
    assert [each for each in agency.standing() if "billed" in each] == [
        "2026-01-17 billed",
        "2026-02-01 billed",
        "2026-03-01 billed",
    ]


def test_an_end_that_is_taken_away_again_leaves_the_rest_of_its_period_to_be_asked_for(agency: Agency) -> None:
    billed(agency, end_date=date(2026, 3, 5))
    agency.change("contracts", "k1", end_date=None)

    assert agency.scan(date(2026, 4, 1)).made == ["k1/2026-04-01"]
    assert "2026-03-05 blocked remainder" in agency.standing()


def test_periods_not_sent_yet_follow_another_anchor(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 2, 1))
    agency.scan(MARCH)
    agency.change("contracts", "k1", anchor_date=date(2026, 2, 10))

    done = agency.scan(MARCH)

    assert (done.withdrawn, done.made) == (["k1/2026-03-01"], ["k1/2026-02-10", "k1/2026-03-10"])
    assert [each.source_id for each in agency.waiting()] == ["k1/2026-02-01", "k1/2026-02-10", "k1/2026-03-10"]
    assert "2026-03-01 skipped no_such_period" in agency.standing()


def test_a_voided_invoice_is_made_again_only_on_request(agency: Agency) -> None:
    billed(agency, start_date=date(2026, 3, 1))
    agency.void("k1/2026-03-01")

    assert agency.scan(MARCH).made == []
    assert agency.standing() == ["2026-03-01 void voided"]
    agency.change("contract_lines", "k1a", unit_price=Decimal(90))
    agency.store.contract_periods.request(REALM, "k1", date(2026, 3, 1))
    assert agency.scan(MARCH).made == ["k1/2026-03-01"]

    (invoice,) = agency.waiting()
    assert invoice.lines[0].amount == Decimal("900.00")
    (intent,) = agency.intents()
    assert (intent.epoch, intent.request_id) == (1, None)
    assert len(agency.store.claims.of(intent.intent_key)) == 1
    assert agency.push() == ["k1/2026-03-01"]
    agency.scan(MARCH)
    assert agency.standing() == ["2026-03-01 billed"]


def test_a_contract_by_hand_is_billed_for_the_period_asked_for_and_no_other(agency: Agency) -> None:
    agency.contract(auto_invoice=False)
    agency.scan(MARCH)
    agency.store.contract_periods.request(REALM, "k1", date(2026, 2, 1))

    assert agency.scan(MARCH).made == ["k1/2026-02-01"]
    agency.push()
    agency.scan(MARCH)
    assert agency.standing() == ["2026-01-01 blocked by_hand", "2026-02-01 billed", "2026-03-01 blocked by_hand"]


def test_an_invoice_that_a_person_set_aside_stays_aside(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    agency.scan(MARCH)
    (intent,) = agency.intents()
    agency.store.outbox.skip(taken_back(intent), "by_hand", "Agreed with the customer")

    assert agency.scan(MARCH).made == []
    assert agency.scan(MARCH).made == []
    assert agency.standing() == ["2026-03-01 skipped by_hand"]
