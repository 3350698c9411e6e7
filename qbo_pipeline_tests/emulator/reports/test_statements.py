"""What must hold of every company's statements, on both bases and cut into any columns."""

from decimal import Decimal

import pytest

from qbo_pipeline_tests.emulator.reports.reading import amounts, by_account, cells_of, every_row, rows_of, titles, total

BASES = ["Accrual", "Cash"]
COMPANIES = [0, 1, 2]
HISTORY = {"date_macro": "all"}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("company", COMPANIES)
def test_debits_equal_credits(companies, company, basis):
    report = companies.report("TrialBalance", companies.realms[company], accounting_method=basis, **HISTORY)
    debit, credit = total(report, "GrandTotal")
    assert debit == credit > 0
    rows = [amounts(cells_of(row, "ColData")) for row in rows_of(report)[:-1]]
    assert [sum(column) for column in zip(*rows, strict=True)] == [debit, credit]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("company", COMPANIES)
def test_assets_equal_liabilities_and_equity(companies, company, basis):
    report = companies.report("BalanceSheet", companies.realms[company], accounting_method=basis, **HISTORY)
    assert total(report, "TotalAssets") == total(report, "TotalLiabilitiesAndEquity")


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("company", COMPANIES)
def test_both_statements_tell_the_same_net_income_of_a_fiscal_year(companies, company, basis):
    asked = {"realm": companies.realms[company], "accounting_method": basis, "date_macro": "This Fiscal Year-to-date"}
    sheet = companies.report("BalanceSheet", **asked)
    assert total(sheet, "NetIncome") == total(companies.report("ProfitAndLoss", **asked), "NetIncome")


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize(
    "by", ["Days", "Week", "Month", "Quarter", "Year", "Customers", "Vendors", "Classes", "Departments"]
)
def test_columns_add_up_to_the_total(companies, company, by):
    asked = {"realm": companies.realms[company], "start_date": "2026-05-10", "end_date": "2026-07-20"}
    cut = companies.report("ProfitAndLoss", summarize_column_by=by, **asked)
    whole = by_account(companies.report("ProfitAndLoss", **asked))
    assert titles(cut)[-1] == "Total"
    shown = by_account(cut)
    assert shown.keys() == whole.keys() != set()
    for account, columns in shown.items():
        assert sum(columns[:-1]) == columns[-1] == whole[account][0]


@pytest.mark.parametrize("by", ["Classes", "Departments"])
def test_a_balance_sheet_by_class_or_location_adds_up_to_the_total(companies, by):
    report = companies.report("BalanceSheet", companies.realms[1], summarize_column_by=by, **HISTORY)
    assert len(titles(report)) > 3
    assert titles(report)[-2:] == ["Not Specified", "Total"]
    for columns in by_account(report).values():
        assert sum(columns[:-1]) == columns[-1]


def test_a_balance_sheet_by_month_shows_every_month_s_end(companies):
    realm = companies.realms[1]
    cut = companies.report(
        "BalanceSheet", realm, summarize_column_by="Month", start_date="2026-01-01", end_date="2026-04-30"
    )
    assert titles(cut) == ["", "Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]
    for place, end in enumerate(["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]):
        alone = companies.report("BalanceSheet", realm, start_date="2026-01-01", end_date=end)
        for group in ("TotalAssets", "Liabilities", "Equity", "NetIncome"):
            assert total(cut, group)[place] == total(alone, group)[0]


def test_a_month_s_column_says_which_days_it_covers(companies):
    report = companies.report(
        "ProfitAndLoss", summarize_column_by="Month", start_date="2026-01-10", end_date="2026-02-28"
    )
    assert report["Header"]["SummarizeColumnsBy"] == "Month"
    first, second, last = report["Columns"]["Column"][1:]
    assert (first["ColTitle"], second["ColTitle"], last["ColTitle"]) == ("Jan 10 - 31, 2026", "Feb 2026", "Total")
    assert first["MetaData"][:2] == [
        {"Name": "StartDate", "Value": "2026-01-10"},
        {"Name": "EndDate", "Value": "2026-01-31"},
    ]
    assert last["MetaData"] == [{"Name": "ColKey", "Value": "total"}]


def test_the_trial_balance_starts_the_income_statement_anew_every_fiscal_year(companies):
    """The consultancy's fiscal year begins in April."""
    realm = companies.realms[1]
    before = by_account(companies.report("TrialBalance", realm, end_date="2026-03-31"))
    after = by_account(companies.report("TrialBalance", realm, end_date="2026-04-01", start_date="2026-04-01"))
    year = companies.report("ProfitAndLoss", realm, start_date="2025-04-01", end_date="2026-03-31")
    (retained,) = {
        row["ColData"][0]["id"]
        for row in every_row(rows_of(companies.report("TrialBalance", realm, end_date="2026-04-01")))
        if "ColData" in row and row["ColData"][0]["value"] == "Retained Earnings"
    }
    earned = _credit(after[retained]) - _credit(before.get(retained, [Decimal(0)] * 2))
    assert earned == total(year, "NetIncome")[0] != 0


def test_a_filter_leaves_what_belongs_to_it(companies):
    realm = companies.realms[1]
    asked = {"realm": realm, "date_macro": "all"}
    by_class = companies.report("ProfitAndLoss", summarize_column_by="Classes", **asked)
    first = by_class["Columns"]["Column"][1]
    class_id = next(each["Value"] for each in first["MetaData"] if each["Name"] == "ColKey")
    filtered = companies.report("ProfitAndLoss", **{"class": class_id}, **asked)
    assert filtered["Header"]["Class"] == class_id
    assert total(filtered, "NetIncome")[0] == total(by_class, "NetIncome")[0]


def test_the_detail_comes_to_what_the_statement_says(companies):
    for realm in companies.realms:
        asked = {"realm": realm, "start_date": "2025-08-01", "end_date": "2026-07-31"}
        detail = rows_of(companies.report("ProfitAndLossDetail", **asked))
        net = Decimal(cells_of(detail[-1], "Summary")[6])
        assert net == total(companies.report("ProfitAndLoss", **asked), "NetIncome")[0]


def test_a_journal_s_transactions_balance(companies):
    report = companies.report("JournalReport", companies.realms[1], start_date="2026-01-01", end_date="2026-06-30")
    totals = [cells_of(row, "Summary")[-2:] for row in rows_of(report)]
    assert len(totals) > 20
    assert all(debit == credit for debit, credit in totals)


def test_a_report_of_a_time_without_transactions_says_that_it_has_no_data(landscaping):
    report = landscaping.report("TrialBalance", start_date="2001-01-01", end_date="2001-12-31")
    assert report["Rows"] == {}
    assert {"Name": "NoReportData", "Value": "true"} in report["Header"]["Option"]
    statement = landscaping.report("ProfitAndLoss", start_date="2001-01-01", end_date="2001-12-31")
    assert [row["group"] for row in rows_of(statement)] == [
        "Income",
        "GrossProfit",
        "Expenses",
        "NetOperatingIncome",
        "NetIncome",
    ]


def _credit(sides: list[Decimal]) -> Decimal:
    debit, credit = sides
    return credit - debit
