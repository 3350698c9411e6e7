"""The check sees every day of a contract that is billed by nobody, twice, or without saying what became of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_pipeline.outbound.recurring.candidates import candidates
from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.tiling import Untiled, untiled, untiled_contracts
from qbo_pipeline.state.contract_periods import ContractPeriod, PeriodState
from qbo_pipeline_tests.outbound.recurring.agency import REALM, Agency
from qbo_pipeline_tests.outbound.recurring.signed import contract
from qbo_pipeline_tests.outbound.recurring.test_periods import CADENCES

MARCH = date(2026, 3, 10)


def noted(start: date, end: date, **values: object) -> ContractPeriod:
    usual = {"due_date": start, "state": PeriodState.BILLED}
    return ContractPeriod(realm_id=REALM, contract_id="k1", period_start=start, period_end=end, **usual | values)


def months(*numbers: int) -> list[ContractPeriod]:
    return [noted(date(2026, number, 1), date(2026, number + 1, 1)) for number in numbers]


def told(found: list[Untiled]) -> list[tuple[str, str]]:
    return [(str(each.start), str(each.end)) for each in found]


def test_a_contract_whose_periods_were_all_billed_is_accounted_for() -> None:
    assert untiled(contract(), months(1, 2, 3), MARCH) == []


@pytest.mark.parametrize(
    ("periods", "gaps"),
    [
        ([], [("2026-01-01", "2026-04-01")]),
        ([2, 3], [("2026-01-01", "2026-02-01")]),
        ([1, 3], [("2026-02-01", "2026-03-01")]),
        ([1, 2], [("2026-03-01", "2026-04-01")]),
        ([2], [("2026-01-01", "2026-02-01"), ("2026-03-01", "2026-04-01")]),
    ],
)
def test_days_that_no_period_covers_are_told(periods: list[int], gaps: list[tuple[str, str]]) -> None:
    found = untiled(contract(), months(*periods), MARCH)
    assert told(found) == gaps
    assert {each.lines for each in found} == {("a",)}


def test_days_that_two_periods_cover_are_told() -> None:
    twice = noted(date(2026, 1, 15), date(2026, 2, 15))
    assert told(untiled(contract(), [*months(1, 2, 3), twice], MARCH)) == [
        ("2026-01-15", "2026-02-01"),
        ("2026-02-01", "2026-02-15"),
    ]


def test_what_is_left_of_dates_the_contract_has_no_more_is_no_overlap() -> None:
    left = noted(
        date(2026, 1, 15), date(2026, 2, 15), state=PeriodState.SKIPPED, reason_code="no_such_period", reason="Moved"
    )
    assert untiled(contract(), [*months(1, 2, 3), left], MARCH) == []


@pytest.mark.parametrize("state", [PeriodState.SKIPPED, PeriodState.BLOCKED, PeriodState.PENDING])
def test_a_period_that_is_not_billed_and_says_not_why_is_told(state: PeriodState) -> None:
    silent = replace(months(3)[0], state=state)
    assert told(untiled(contract(), [*months(1, 2), silent], MARCH)) == [("2026-03-01", "2026-04-01")]
    explained = replace(silent, reason="Free month")
    assert untiled(contract(), [*months(1, 2), explained], MARCH) == []


def test_in_arrears_the_period_that_runs_is_owed_by_nobody_yet() -> None:
    assert untiled(contract(timing="arrears"), months(1, 2), MARCH) == []


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_a_contract_that_is_not_in_force_owes_no_periods(status: str) -> None:
    assert untiled(contract(status=status), [], MARCH) == []


@given(cadence=CADENCES, timing=st.sampled_from(("advance", "arrears")), days=st.integers(0, 900))
@settings(max_examples=100, deadline=None)
def test_what_the_scan_takes_up_accounts_for_every_contract(cadence: object, timing: str, days: int) -> None:
    signed: Contract = contract(cadence=cadence, timing=timing)
    today = signed.cadence.start_date + timedelta(days=days)

    taken = [noted(each.period.start, each.period.end) for each in candidates(signed, [], today)]

    assert untiled(signed, taken, today) == []
    for number in range(len(taken)):
        assert untiled(signed, taken[:number] + taken[number + 1 :], today) != []


def test_a_scan_that_stands_still_for_more_than_two_hours_is_told(agency: Agency) -> None:
    agency.contract()
    agency.scan(date(2026, 1, 1))

    def at(*instant: int) -> list[Untiled]:
        return untiled_contracts(agency.store, agency.ops, agency.connection, datetime(*instant, tzinfo=UTC))

    assert at(2026, 1, 20) == []
    # Midnight in New York is five o'clock.
    assert at(2026, 2, 1, 6, 30) == []
    assert told(at(2026, 2, 1, 7, 0)) == [("2026-02-01", "2026-03-01")]
    agency.scan(date(2026, 2, 1))
    assert at(2026, 2, 1, 7, 0) == []
