"""Which reports are due: all at first, none without a change, and after one those of its days and later."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qbo_pipeline.ingest.reports.plan import plan_reports
from qbo_pipeline.ingest.reports.request import ReportRequest, general_ledger, month_end, statement, trial_balance
from qbo_pipeline.warehouse.book_changes import BookChange
from qbo_pipeline.warehouse.reports import LandedReport

START = datetime(2026, 5, 29, 12, tzinfo=UTC)
TODAY = START.date()
DAYS = st.dates(date(2023, 1, 1), date(2026, 5, 29))


def change(first_day: date, last_day: date | None = None, *, hour: int = 0) -> BookChange:
    return BookChange(START + timedelta(hours=hour), first_day, last_day or first_day)


def landed(request: ReportRequest, *, hour: int = 0, was_too_large: bool = False) -> LandedReport:
    loaded_at = START + timedelta(hours=hour, minutes=30)
    return LandedReport(request.id, request.report, request.end_date, loaded_at, was_too_large)


def due(*changes: BookChange, reports: Sequence[LandedReport] = (), as_of: date = TODAY) -> list[ReportRequest]:
    return list(plan_reports(changes, reports, as_of=as_of).requests)


def test_a_first_read_asks_for_every_month_year_and_half_year() -> None:
    requests = due(change(date(2025, 11, 3), date(2026, 5, 20)))
    by_report: dict[str, list[ReportRequest]] = {}
    for request in requests:
        by_report.setdefault(request.report, []).append(request)
    assert {report: len(asked) for report, asked in by_report.items()} == {
        "GeneralLedger": 2,
        "ProfitAndLoss": 4,
        "BalanceSheet": 4,
        "TrialBalance": 7,
        "AgedReceivables": 7,
        "AgedPayables": 7,
    }
    assert [ledger.params for ledger in by_report["GeneralLedger"]] == [
        {"start_date": "2025-07-01", "end_date": "2025-12-31", "accounting_method": "Accrual"},
        {"start_date": "2026-01-01", "end_date": "2026-06-30", "accounting_method": "Accrual"},
    ]
    assert by_report["TrialBalance"][1].params == {
        "start_date": "2025-01-01",
        "end_date": "2025-12-31",
        "accounting_method": "Accrual",
    }
    assert by_report["AgedPayables"][0].params == {
        "report_date": "2025-11-30",
        "aging_method": "Report_Date",
        "aging_period": "30",
        "num_periods": "4",
    }
    assert by_report["BalanceSheet"][0].params["summarize_column_by"] == "Month"


def test_without_a_change_nothing_is_due() -> None:
    assert due() == []


def test_a_trial_balance_reaches_back_over_the_start_of_any_fiscal_year() -> None:
    for month in range(1, 13):
        request = trial_balance(date(2026, month, 10))
        assert request.end_date == month_end(date(2026, month, 1))
        assert (request.start_date.year, request.start_date.month) == ((2026, 1) if month == 12 else (2025, month + 1))


def test_a_ledger_refused_as_too_large_is_asked_for_in_parts_from_then_on() -> None:
    whole = general_ledger(TODAY)
    first, second = whole.halves()
    reports = [landed(whole, was_too_large=True), landed(first), landed(second)]
    asked = due(change(date(2026, 2, 3), hour=1), reports=reports)
    assert [each.id for each in asked if each.report == "GeneralLedger"] == [first.id, second.id]
    asked = due(change(date(2026, 4, 3), hour=1), reports=reports)
    assert [each.id for each in asked if each.report == "GeneralLedger"] == [second.id]


def test_months_that_passed_without_a_change_are_asked_for_with_the_next() -> None:
    reports = [landed(request) for request in due(change(date(2026, 1, 5)), as_of=date(2026, 1, 31))]
    asked = due(change(date(2026, 5, 4), hour=1), reports=reports)
    assert [each.end_date.month for each in asked if each.report == "TrialBalance"] == [2, 3, 4, 5]


def test_a_document_dated_ahead_is_covered_and_a_slip_of_the_pen_is_not() -> None:
    asked = due(change(date(2026, 5, 4), date(2027, 2, 1)))
    assert max(each.end_date for each in asked if each.report == "GeneralLedger") == date(2027, 6, 30)
    assert max(each.end_date for each in asked if each.report == "TrialBalance") == date(2026, 5, 31)
    asked = due(change(date(2026, 5, 4), date(2206, 5, 4)))
    assert max(each.end_date for each in asked) == date(2027, 12, 31)


def test_a_scheduled_run_leaves_the_older_months_to_a_sync_by_hand() -> None:
    plan = plan_reports([change(date(2025, 2, 3))], [], as_of=TODAY, months_from=date(2026, 3, 1))
    assert not plan.is_whole
    assert min(each.end_date for each in plan.requests if each.report == "TrialBalance") == date(2026, 3, 31)
    assert statement("BalanceSheet", 2025, "Accrual") in plan.requests
    reports = [landed(request) for request in plan.requests]
    rest = plan_reports([change(date(2025, 2, 3))], reports, as_of=TODAY)
    assert rest.is_whole
    assert {each.report for each in rest.requests} == {"TrialBalance", "AgedReceivables", "AgedPayables"}
    assert max(each.end_date for each in rest.requests) == date(2026, 2, 28)


@given(days=st.lists(DAYS, min_size=1, max_size=4), later=DAYS)
def test_what_was_read_after_a_change_is_not_due_and_what_a_later_one_reaches_is(days: list[date], later: date) -> None:
    first = due(*(change(day) for day in days))
    reports = [landed(request) for request in first]
    assert due(*(change(day) for day in days), reports=reports) == []
    second = due(change(later, hour=1), reports=reports)
    assert all(request.end_date >= later or request not in first for request in second)
    assert {request.id for request in first if request.end_date >= later} <= {request.id for request in second}


@given(day=DAYS)
def test_halves_cover_their_whole_day_by_day_and_only_once(day: date) -> None:
    def parts(request: ReportRequest) -> list[ReportRequest]:
        halves = request.halves()
        return [request] if halves is None else [part for half in halves for part in parts(half)]

    whole = general_ledger(day)
    days = parts(whole)
    assert [each.start_date for each in days] == [each.end_date for each in days]
    assert [each.end_date for each in days] == [
        whole.start_date + timedelta(days=n) for n in range((whole.end_date - whole.start_date).days + 1)
    ]
    assert len({each.id for each in days}) == len(days)
