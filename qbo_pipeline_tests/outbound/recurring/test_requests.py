"""A period that a person names is billed though it is not billed by itself; the names its invoice needs are seen to."""

from datetime import UTC, date, datetime

import pytest

from qbo_pipeline.outbound.recurring.requesting import request_period
from qbo_pipeline.outbound.recurring.waiting import waiting_invoices
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.contract_periods import ContractPeriod
from qbo_pipeline.state.errors import UnknownPeriod
from qbo_pipeline_tests.outbound.recurring.agency import REALM, Agency

NOON = datetime(2026, 3, 10, 17, tzinfo=UTC)


def request(agency: Agency, source: str, *, again: bool = False) -> list[ContractPeriod]:
    settings = Settings(home=agency.folder / "home", ops_url=f"sqlite:///{agency.folder / 'ops.db'}")
    return request_period(agency.store, settings, [agency.connection], source, NOON, again=again)


def test_a_period_of_a_contract_that_is_billed_by_hand_is_billed_when_it_is_named(agency: Agency) -> None:
    agency.contract(auto_invoice=False)

    (found,) = request(agency, "contract_period:k1/2026-02-01")

    assert (found.state, found.invoice_key) == ("blocked", agency.intents()[0].intent_key)
    assert [each.source_id for each in agency.intents()] == ["k1/2026-02-01"]
    request(agency, "contract_period:k1/2026-02-01")
    assert len(agency.intents()) == 1


def test_what_was_voided_is_billed_anew_only_where_that_is_said(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    agency.scan(date(2026, 3, 10))
    agency.push()
    agency.void("k1/2026-03-01")

    assert [each.state for each in request(agency, "contract_period:k1/2026-03-01")] == ["void"]
    assert [each.state for each in request(agency, "contract_period:k1/2026-03-01", again=True)] == ["pending"]
    assert agency.push() == ["k1/2026-03-01"]


def test_a_request_that_cannot_be_met_keeps_its_reason(agency: Agency) -> None:
    agency.contract(status="on_hold")

    (found,) = request(agency, "contract_period:k1/2026-02-01")

    assert (found.state, found.reason_code) == ("blocked", "on_hold")
    agency.change("contracts", "k1", status="active", auto_invoice=False)
    assert agency.scan(date(2026, 3, 10)).made == ["k1/2026-02-01"]


@pytest.mark.parametrize("source", ["k1/2026-02-15", "k9/2026-02-01", "k1", "k1/February"])
def test_a_period_that_there_is_none_of_is_named_in_the_refusal(agency: Agency, source: str) -> None:
    agency.contract()
    with pytest.raises(UnknownPeriod, match="contract"):
        request(agency, f"contract_period:{source}")


def test_any_other_source_is_left_to_others(agency: Agency) -> None:
    agency.contract()
    assert request(agency, "invoice:i1") == []
    assert agency.periods() == []


def test_the_names_an_invoice_waits_for_are_wanted_until_it_is_in_quickbooks(agency: Agency) -> None:
    agency.contract(start_date=date(2026, 3, 1))
    agency.scan(date(2026, 3, 10))

    (waiting,) = waiting_invoices(agency.store, REALM)

    assert (waiting.party_id, waiting.lines[0].product_id) == ("c1", "p2")
    agency.push()
    assert waiting_invoices(agency.store, REALM) == []
