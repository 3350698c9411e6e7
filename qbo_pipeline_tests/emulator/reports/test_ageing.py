"""What is open and how old it is."""

from decimal import Decimal

import pytest

from qbo_pipeline_tests.emulator.reports.reading import (
    amounts,
    cells_of,
    every_row,
    outline,
    rows_of,
    titles,
    total,
)

COMPANIES = [0, 1, 2]
DAYS = ["2026-03-31", "2026-06-30", "2026-08-16"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize(
    ("name", "group"),
    [("AgedReceivables", "AR"), ("AgedPayables", "AP"), ("CustomerBalance", "AR"), ("VendorBalance", "AP")],
)
def test_what_is_open_on_a_day_is_what_the_balance_sheet_says(companies, name, group, company, day):
    realm = companies.realms[company]
    report = companies.report(name, realm, report_date=day, aging_method="Report_Date")
    sheet = companies.report("BalanceSheet", realm, start_date="2020-01-01", end_date=day)
    on_sheet = [row for row in every_row(rows_of(sheet)) if row.get("group") == group]
    assert (total(report, "GrandTotal")[-1] if rows_of(report) else 0) == (total(sheet, group)[0] if on_sheet else 0)


def test_the_ages_of_a_party_add_up(companies):
    for realm in companies.realms:
        for row in every_row(rows_of(companies.report("AgedReceivables", realm, aging_method="Report_Date"))):
            *ages, whole = amounts(cells_of(row, "Summary") or cells_of(row, "ColData"))
            assert sum(ages) == whole


def test_current_deducts_what_was_paid_later_and_report_date_does_not(landscaping):
    asked = {"report_date": "2024-01-31"}
    later = total(landscaping.report("AgedReceivables", aging_method="Current", **asked), "GrandTotal")[-1]
    then = total(landscaping.report("AgedReceivables", aging_method="Report_Date", **asked), "GrandTotal")[-1]
    assert then == Decimal("2174.00")  # the recorded ledger's balance of receivables that day
    assert 0 < later < then
    assert total(landscaping.report("AgedReceivables", **asked), "GrandTotal")[-1] == later


def test_jobs_stand_under_their_customer_in_the_recorded_form(landscaping):
    report = landscaping.report("AgedReceivables", report_date="2024-05-29")
    family = next(row for row in rows_of(report) if cells_of(row, "Header")[:1] == ["Freeman Sporting Goods"])
    assert family["Header"]["ColData"] == [
        {"value": "Freeman Sporting Goods", "id": "7"},
        *[{"value": ""}] * 5,
        {"value": "0.00"},
    ]
    assert [(row["ColData"][0]["id"], row["type"]) for row in family["Rows"]["Row"]] == [("8", "Data"), ("9", "Data")]
    assert cells_of(family, "Summary") == [
        "Total Freeman Sporting Goods",
        "0.00",
        "0.00",
        "0.00",
        "481.50",
        "81.00",
        "562.50",
    ]
    assert all("type" not in row for row in rows_of(report) if "ColData" in row)


def test_ages_are_cut_as_asked(landscaping):
    assert titles(landscaping.report("AgedReceivables")) == [
        "", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total",
    ]  # fmt: skip
    report = landscaping.report("AgedPayables", aging_period="45", num_periods="3")
    assert titles(report) == ["", "Current", "1 - 45", "46 - 90", "91 and over", "Total"]
    assert total(report, "GrandTotal") == [Decimal(each) for each in ("0.00", "0.00", "755.00", "847.67", "1602.67")]


def test_the_detail_lists_every_open_document_oldest_first(landscaping):
    report = landscaping.report("AgedPayableDetail", report_date="2024-05-29")
    assert (
        outline(report)
        == """\
91 or more days past due: - - - - - - -
  2024-01-05: Bill - PG&E 2024-01-05 145 86.44 86.44
  2024-02-12: Bill - Brosnahan Insurance Agency 2024-02-22 97 241.23 241.23
  2024-02-19: Bill - Robertson & Associates 2024-02-19 100 315.00 315.00
  2024-02-19: Bill - Norton Lumber and Building Materials 2024-02-19 100 205.00 205.00
Total for 91 or more days past due: - - - - - 847.67 847.67
61 - 90 days past due: - - - - - - -
  2024-02-17: Bill - Diego's Road Warrior Bodyshop 2024-03-18 72 755.00 755.00
Total for 61 - 90 days past due: - - - - - 755.00 755.00
TOTAL: - - - - - 1602.67 1602.67
"""
    )


def test_the_details_come_to_what_the_summaries_say(companies):
    pairs = [
        ("AgedReceivables", "AgedReceivableDetail"),
        ("AgedPayables", "AgedPayableDetail"),
        ("CustomerBalance", "CustomerBalanceDetail"),
        ("VendorBalance", "VendorBalanceDetail"),
    ]
    for realm in companies.realms:
        for summary, detail in pairs:
            whole = total(companies.report(summary, realm), "GrandTotal")[-1]
            listed = companies.report(detail, realm)
            place = titles(listed).index("Open Balance")
            assert Decimal(cells_of(rows_of(listed)[-1], "Summary")[place]) == whole


def test_a_party_s_balance_runs_up_to_its_total(landscaping):
    report = landscaping.report("CustomerBalanceDetail", customer="20")
    (party, _) = rows_of(report)
    assert party["Header"]["ColData"][0] == {"value": "Red Rock Diner", "id": "20"}
    assert [cells_of(row, "ColData")[-1] for row in party["Rows"]["Row"]] == ["156.00", "226.00"]
    assert report["Header"]["DateMacro"] == "all"
    assert report["Header"]["Customer"] == "20"


def test_days_and_due_dates_filter(landscaping):
    past_due = landscaping.report("AgedPayables", report_date="2024-05-29", past_due="98")
    assert total(past_due, "GrandTotal")[-1] == Decimal("606.44")
    due = landscaping.report("AgedPayables", start_duedate="2024-02-20", end_duedate="2024-03-31")
    assert total(due, "GrandTotal")[-1] == Decimal("996.23")


def test_an_ageing_says_its_day(landscaping):
    header = landscaping.report("AgedReceivables")["Header"]
    assert (header["DateMacro"], header["StartPeriod"], header["EndPeriod"]) == ("today", "2024-05-29", "2024-05-29")
    given = landscaping.report("AgedReceivables", report_date="2024-03-01")["Header"]
    assert "DateMacro" not in given
    assert given["Option"][0] == {"Name": "report_date", "Value": "2024-03-01"}


def test_a_named_range_s_last_day_is_the_day_of_an_ageing(landscaping):
    for name in ("AgedReceivables", "VendorBalanceDetail"):
        header = landscaping.report(name, date_macro="Last Calendar Year")["Header"]
        assert header["DateMacro"] == "last calendar year"
        assert (header["StartPeriod"], header["EndPeriod"]) == ("2023-01-01", "2023-12-31")
        assert header["Option"][0] == {"Name": "report_date", "Value": "2023-12-31"}
