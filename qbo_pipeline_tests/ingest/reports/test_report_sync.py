"""Reports of emulated companies over HTTP: what is fetched when, what it costs, and whose trouble is whose."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from qbo_pipeline.quickbooks.answer import TOO_LARGE
from qbo_pipeline_tests.ingest.reports.conftest import Fetch
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation

LANDED = "select id from raw_qbo.report where loaded_at = (select max(loaded_at) from raw_qbo.report)"
COUNT = "select count(*) from raw_qbo.report"
REFUSAL = {"status": 400, "code": "2020", "type": "ValidationFault", "message": "Required"}


def _newest_invoice(installation: Installation) -> tuple[str, date]:
    statement = "select id, (payload ->> 'TxnDate')::date from raw_qbo.invoice order by 2 desc, 1 limit 1"
    return installation.query(statement)[0]


def test_a_first_read_lands_every_report_once_and_is_logged_with_its_calls(
    read_in_full: Callable[..., Installation], fetch: Fetch
) -> None:
    installation = read_in_full()
    pulled = installation.pull_one()
    installation.calls()
    (outcome,) = fetch(installation)
    counted = installation.calls()
    assert (outcome.fetched, outcome.calls, outcome.metered_calls) == (counted["calls"],) * 2 + (counted["metered"],)
    landed = installation.query("select report, count(*), count(distinct id) from raw_qbo.report group by 1 order by 1")
    assert {report for report, _, _ in landed} == {
        *("AgedPayables", "AgedReceivables", "BalanceSheet", "GeneralLedger", "ProfitAndLoss", "TrialBalance")
    }
    assert all(rows == different for _, rows, different in landed)
    assert sum(rows for _, rows, _ in landed) == outcome.fetched
    (run,) = installation.store.sync_log.runs(limit=1)
    entries = {entry.entity: entry for entry in installation.store.sync_log.entries(run_id=run.run_id)}
    assert run.status == "synced"
    assert (entries["report"].status, entries["report"].records_read) == ("synced", outcome.fetched)
    assert entries[None].calls == pulled.calls + outcome.calls


def test_what_landed_is_what_quickbooks_sent(reported: Installation) -> None:
    (row,) = reported.query(
        "select realm_id, accounting_method, start_date, options, payload ->> '$.Header.ReportName',"
        " fetched_at between loaded_at - interval 1 hour and loaded_at from raw_qbo.report"
        " where report = 'TrialBalance' order by end_date desc limit 1"
    )
    start = reported.query("select max(end_date) from raw_qbo.report where report = 'TrialBalance'")[0][0]
    first = (start.replace(day=1) - timedelta(days=330)).replace(day=1)
    assert row == (LANDSCAPING, "Accrual", first, "{}", "TrialBalance", True)


def test_an_idle_company_is_not_asked(reported: Installation, fetch: Fetch) -> None:
    reported.pull()
    reported.calls()
    assert fetch(reported) == []
    assert reported.calls() == {}


def test_a_change_that_moves_no_books_asks_for_nothing(reported: Installation, fetch: Fetch) -> None:
    reported.edit("Customer", "1", CompanyName="Changed")
    reported.pull()
    assert fetch(reported) == []


def test_a_changed_document_fetches_its_month_and_those_after_it_again(reported: Installation, fetch: Fetch) -> None:
    invoice, day = _newest_invoice(reported)
    reported.edit("Invoice", invoice, PrivateNote="changed")
    reported.pull()
    (outcome,) = fetch(reported)
    assert outcome.status == "synced"
    ids = [name for (name,) in reported.query(LANDED)]
    assert len(ids) == outcome.fetched == len(set(ids))
    ends = reported.query(f"select report, min(end_date) from raw_qbo.report where id in ({LANDED}) group by all")
    first_of_month = day.replace(day=1)
    assert all(end >= first_of_month for _, end in ends)
    month_ends = {end for report, end in ends if report in ("TrialBalance", "AgedReceivables", "AgedPayables")}
    assert {(end.year, end.month) for end in month_ends} == {(day.year, day.month)}
    assert fetch(reported) == []


def test_the_schedule_asks_at_most_once_in_so_many_hours(reported: Installation, fetch: Fetch) -> None:
    invoice, day = _newest_invoice(reported)
    reported.edit("Invoice", invoice, PrivateNote="changed")
    reported.pull()
    assert fetch(reported, routine=True, hours=23) == []
    # Until then the reconciliation knows why the reports may differ.
    assert reported.query("select first_day from sync.book_change") == [(day,)]
    (outcome,) = fetch(reported, routine=True, hours=25)
    assert outcome.fetched > 0


def test_a_full_sync_fetches_every_report_again(reported: Installation, fetch: Fetch) -> None:
    ((before,),) = reported.query(COUNT)
    (outcome,) = fetch(reported, full=True)
    assert outcome.fetched == before
    assert reported.query("select count(distinct id), count(*) from raw_qbo.report") == [(before, 2 * before)]


def test_one_report_that_is_refused_stays_due_and_stops_no_other(
    read_in_full: Callable[..., Installation], fetch: Fetch
) -> None:
    installation = read_in_full()
    installation.pull()
    installation.script("/reports/AgedPayables", times=1, **REFUSAL)
    (outcome,) = fetch(installation)
    assert outcome.status == "partly"
    assert "AgedPayables" in outcome.error
    (run,) = installation.store.sync_log.runs(limit=1)
    assert run.status == "partly"
    entries = {entry.entity: entry for entry in installation.store.sync_log.entries(run_id=run.run_id)}
    assert entries["report"].status == "error"
    assert entries[None].status == "partly"
    installation.pull()
    (again,) = fetch(installation)
    assert (again.status, again.fetched) == ("synced", 1)


def test_one_company_that_is_revoked_stops_no_other(install: Callable[..., Installation], fetch: Fetch) -> None:
    installation = install("landscaping", "consultancy")
    installation.connect("us", LANDSCAPING)
    installation.connect("uk", CONSULTANCY)
    installation.pull(entities=["Invoice", "CompanyInfo"])
    installation.emulator.grants.disconnect(LANDSCAPING)
    outcomes = {outcome.name: outcome for outcome in fetch(installation)}
    assert (outcomes["us"].status, outcomes["us"].fetched) == ("failed", 0)
    assert "invalid_grant" in outcomes["us"].error
    assert outcomes["uk"].status == "synced"
    assert installation.query("select distinct realm_id from raw_qbo.report") == [(CONSULTANCY,)]


def test_a_company_that_was_read_in_part_waits_with_its_reports(
    read_in_full: Callable[..., Installation], fetch: Fetch
) -> None:
    installation = read_in_full()
    installation.edit("Customer", "1", CompanyName="Changed")
    installation.script("from TimeActivity", **REFUSAL)
    assert installation.pull_one().status == "partly"
    assert fetch(installation) == []


def test_a_ledger_too_large_comes_in_parts_that_hold_the_same_lines(
    read_in_full: Callable[..., Installation], fetch: Fetch
) -> None:
    whole = read_in_full()
    whole.pull()
    fetch(whole)
    expected = _ledger_lines(whole)
    whole.store.close()
    cut = read_in_full(report_cell_limit=2000)
    cut.pull()
    (outcome,) = fetch(cut)
    assert outcome.status == "synced", outcome.error
    refused = cut.query(f"select id from raw_qbo.report where payload = '{TOO_LARGE.decode()}'")
    assert len(refused) > 0
    assert _ledger_lines(cut) == expected
    cut.calls()
    fetch(cut, full=True)
    assert cut.query(f"select count(*) from raw_qbo.report where payload = '{TOO_LARGE.decode()}'") == [(len(refused),)]


def _ledger_lines(installation: Installation) -> Counter[tuple[str, ...]]:
    """The dated lines of all ledgers landed, with all but the running balance."""
    payloads = installation.query("select payload from raw_qbo.report where report = 'GeneralLedger'")
    return Counter(
        line for (payload,) in payloads if payload.startswith("{") for line in _lines(json.loads(payload)["Rows"])
    )


def _lines(rows: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in rows.get("Row", []):
        cells = [cell["value"] for cell in row.get("ColData", [])]
        if cells and cells[0][:2] == "20":
            yield tuple(cells[:-1])
        yield from _lines(row.get("Rows", {}))
