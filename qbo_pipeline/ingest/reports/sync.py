"""Sync of reports: ask QuickBooks for the reports that what landed has outdated, and keep what happened in the sync log.

An idle company costs a look at what is landed and no call. Reports are metered and slow, so that a scheduled run asks a
company for them at most once in so many hours; a sync by hand, and the first of a company, always does.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from qbo_pipeline.ingest.company import Company, open_company
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.reports.fetch import Ended, Fetched, ReportReaders
from qbo_pipeline.ingest.reports.landing import land_reports
from qbo_pipeline.ingest.reports.outcome import ReportsOutcome, outcome_of
from qbo_pipeline.ingest.reports.plan import ReportPlan, plan_reports
from qbo_pipeline.quickbooks.answer import TOO_LARGE
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.as_of import note_as_of
from qbo_pipeline.warehouse.book_changes import BookChange, book_changes, newest_book_loads, note_book_changes
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.query import Connection as Warehoused
from qbo_pipeline.warehouse.raw import cursors
from qbo_pipeline.warehouse.reports import REPORT_TABLE, LandedReport, landed_reports, newest_report_loads

BATCH_BYTES = 48 * 1024 * 1024

Tell = Callable[[str], None]


@dataclass(frozen=True)
class _Due:
    """What is known of a company whose books changed since its reports: the change, and the reports there are."""

    newest_load: datetime
    changes: Sequence[BookChange]
    landed: Sequence[LandedReport]


def sync_reports(
    settings: Settings,
    store: StateStore,
    warehouse: Warehouse,
    connections: Sequence[Connection],
    *,
    routine: bool = False,
    full: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    tell: Tell = lambda _: None,
) -> list[ReportsOutcome]:
    """Fetch and land the reports due of `connections`; the outcome of each company that had any due.

    `routine` is a scheduled run: no company is asked again within `QBO_REPORT_HOURS`, and reports that cost a call per month
    only for the last `QBO_SNAPSHOT_DAYS`. `full` asks for every report again.
    """
    readable = {each.realm_id: each for each in connections if each.is_active}
    not_before = clock() - timedelta(hours=settings.report_hours) if routine else None
    with warehouse.connect("look up which reports are due", tell=tell) as connection:
        as_of = note_as_of(connection)
        due = _due(connection, as_of.keys() & readable.keys(), not_before=not_before, full=full)
    with ExitStack() as opened:
        plans: list[tuple[Company, ReportPlan]] = []
        for realm_id, each in due.items():
            window = timedelta(days=settings.snapshot_days)
            months_from = as_of[realm_id] - window if routine and each.landed else None
            company = open_company(store, readable[realm_id], settings)
            opened.callback(company.client.close)
            plans.append(
                (company, plan_reports(each.changes, each.landed, as_of=as_of[realm_id], months_from=months_from))
            )
        newest = {realm_id: each.newest_load for realm_id, each in due.items()}
        landing = Landing(warehouse, settings.home / "dlt", clock)
        return _read_and_land(plans, newest, landing, settings.sync_budget_seconds, tell)


def _due(
    connection: Warehoused, realm_ids: Collection[str], *, not_before: datetime | None, full: bool
) -> dict[str, _Due]:
    """The companies whose books changed since their reports, by realm."""
    changed, fetched = newest_book_loads(connection), newest_report_loads(connection)
    through = {} if full else {realm: at for (realm, table), at in cursors(connection).items() if table == REPORT_TABLE}
    since = {
        realm_id: through.get(realm_id)
        for realm_id in realm_ids
        if realm_id in changed and (realm_id not in through or through[realm_id] < changed[realm_id])
    }
    if not since:
        return {}
    changes = book_changes(connection, since)
    note_book_changes(connection, {realm_id: changes.get(realm_id, []) for realm_id in since})
    now = [each for each in since if not_before is None or each not in fetched or fetched[each] <= not_before]
    landed = landed_reports(connection, now, refusal=TOO_LARGE.decode())
    if full:
        landed = {realm_id: [_outdated(each) for each in reports] for realm_id, reports in landed.items()}
    return {each: _Due(changed[each], changes.get(each, []), landed[each]) for each in now}


def _outdated(landed: LandedReport) -> LandedReport:
    return replace(landed, loaded_at=datetime.min.replace(tzinfo=UTC))


def _read_and_land(
    plans: Sequence[tuple[Company, ReportPlan]],
    newest: Mapping[str, datetime],
    landing: Landing,
    budget_seconds: float,
    tell: Tell,
) -> list[ReportsOutcome]:
    whole = {company.realm_id: plan.is_whole for company, plan in plans}
    asked = {company.realm_id: len(plan.requests) for company, plan in plans}
    outcomes: list[ReportsOutcome] = []
    fetched: list[Fetched] = []
    read_through: dict[str, datetime] = {}
    with ReportReaders(plans, budget_seconds) as readers:
        for message in readers.messages():
            realm_id = message.company.realm_id
            if isinstance(message, Fetched):
                fetched.append(message)
            elif asked[realm_id]:
                outcomes.append(outcome_of(message))
                tell(outcomes[-1].summary())
            if isinstance(message, Ended) and whole[realm_id] and not message.errors and message.error is None:
                read_through[realm_id] = newest[realm_id]
            if sum(len(each.payload) for each in fetched) >= BATCH_BYTES:
                land_reports(landing, fetched, read_through, tell=tell)
                fetched, read_through = [], {}
        if fetched or read_through:
            land_reports(landing, fetched, read_through, tell=tell)
    return outcomes
