"""Which of a company's reports are due: those that speak of days which what landed since has changed.

A change on a day reaches every report that ends on it or later, because balances carry it on. A report is due where a load
later than its own brought such a change, or where it was never landed: no note is kept of what was done, so that a run that
broke off is taken up where it stood.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qbo_pipeline.ingest.reports.request import (
    ACCRUAL,
    AGING,
    CASH,
    GENERAL_LEDGER,
    STATEMENTS,
    TRIAL_BALANCE,
    ReportRequest,
    aging,
    general_ledger,
    month_end,
    statement,
    trial_balance,
)
from qbo_pipeline.warehouse.book_changes import BookChange
from qbo_pipeline.warehouse.reports import LandedReport

# A document dated further ahead is a slip of the pen, and asking for a century of reports would not mend it.
AHEAD_MAX = timedelta(days=366)


@dataclass(frozen=True)
class ReportPlan:
    """The reports to ask for now; `is_whole` says that no other is due."""

    requests: Sequence[ReportRequest]
    is_whole: bool


def plan_reports(
    changes: Sequence[BookChange], landed: Sequence[LandedReport], *, as_of: date, months_from: date | None = None
) -> ReportPlan:
    """The reports due on the company's day `as_of` after `changes`, given those `landed`.

    A scheduled run asks for the reports that cost a call per month only for months from `months_from` on: the older ones
    wait for a sync by hand.
    """
    if not changes:
        return ReportPlan((), is_whole=True)
    by_id = {each.id: each for each in landed}
    refused = {each.id for each in landed if each.was_too_large}
    wanted = [part for each in _periods(changes, landed, as_of) for part in _parts(each, refused)]
    due = [request for request in wanted if _is_due(request, by_id.get(request.id), changes)]
    now = [request for request in due if months_from is None or not _is_of_old_month(request, months_from)]
    return ReportPlan(now, is_whole=len(now) == len(due))


def _is_due(request: ReportRequest, landed: LandedReport | None, changes: Sequence[BookChange]) -> bool:
    if landed is None:
        return True
    return any(change.loaded_at > landed.loaded_at and change.first_day <= request.end_date for change in changes)


def _is_of_old_month(request: ReportRequest, months_from: date) -> bool:
    return request.report in (TRIAL_BALANCE, *AGING) and request.end_date < months_from


def _periods(changes: Sequence[BookChange], landed: Sequence[LandedReport], as_of: date) -> Iterator[ReportRequest]:
    """Every report from the first changed day on to the last day there is anything to say of."""
    last_posted = min(max(change.last_day for change in changes), as_of + AHEAD_MAX)
    month_ends = _landed_ends(landed, TRIAL_BALANCE)
    # Months that passed without a change are asked for with the next one.
    unasked = [max(month_ends) + timedelta(days=1)] if month_ends else []
    first = min([*(change.first_day for change in changes), *unasked])
    yield from _ledgers(first, max([as_of, last_posted, *_landed_ends(landed, GENERAL_LEDGER)]))
    for year in range(first.year, max([as_of, last_posted, *_landed_ends(landed, *STATEMENTS)]).year + 1):
        for report in STATEMENTS:
            yield from (statement(report, year, method) for method in (ACCRUAL, CASH))
    for end in _month_ends(first, max([as_of, *month_ends])):
        yield trial_balance(end)
        yield from (aging(report, end) for report in AGING)


def _landed_ends(landed: Sequence[LandedReport], *reports: str) -> list[date]:
    return [each.end_date for each in landed if each.report in reports]


def _ledgers(first: date, last: date) -> Iterator[ReportRequest]:
    day = first
    while day <= last:
        ledger = general_ledger(day)
        yield ledger
        day = ledger.end_date + timedelta(days=1)


def _month_ends(first: date, last: date) -> Iterator[date]:
    end = month_end(first)
    while end <= month_end(last):
        yield end
        end = month_end(end + timedelta(days=1))


def _parts(request: ReportRequest, refused: Collection[str]) -> Iterator[ReportRequest]:
    """The request, or in place of one that QuickBooks refused as too large its halves: asking for it again is no use."""
    halves = request.halves() if request.id in refused else None
    if halves is None:
        yield request
        return
    for half in halves:
        yield from _parts(half, refused)
