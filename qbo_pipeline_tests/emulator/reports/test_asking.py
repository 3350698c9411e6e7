"""How a report is asked for: names, parameters, ranges, forms and limits."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from qbo_pipeline_tests.emulator.reports.reading import Reader, by_account, every_row, rows_of

ATOM = "{http://schema.intuit.com/finance/v3}"


def test_an_unknown_report_is_refused_as_forbidden(landscaping):
    assert landscaping.refusal("ProfitAndLos") == (400, "5020")


@pytest.mark.parametrize(
    ("name", "parameters", "code"),
    [
        ("ProfitAndLoss", {"start_date": "01/02/2024"}, "2060"),
        ("ProfitAndLoss", {"end_date": "2024-02-30"}, "2060"),
        ("ProfitAndLoss", {"start_date": "2024-03-01", "end_date": "2024-02-01"}, "2070"),
        ("ProfitAndLoss", {"date_macro": "Last Decade"}, "2170"),
        ("ProfitAndLoss", {"accounting_method": "Accruals"}, "2170"),
        ("BalanceSheet", {"summarize_column_by": "Fortnight"}, "2170"),
        ("GeneralLedger", {"sort_order": "upwards"}, "2170"),
        ("GeneralLedger", {"customer": "Amy"}, "2090"),
        ("AgedReceivables", {"aging_method": "Sometimes"}, "2170"),
        ("AgedReceivables", {"aging_period": "0"}, "2090"),
        ("AgedReceivables", {"report_date": "yesterday"}, "2060"),
        ("AgedPayables", {"date_macro": "Last Decade"}, "2170"),
    ],
)
def test_a_value_that_cannot_be_is_refused(landscaping, name, parameters, code):
    assert landscaping.refusal(name, **parameters) == (400, code)


def test_values_are_read_in_any_case(landscaping):
    report = landscaping.report("ProfitAndLoss", accounting_method="cash", summarize_column_by="total")
    assert report["Header"]["ReportBasis"] == "Cash"
    assert report["Header"]["SummarizeColumnsBy"] == "Total"


def test_without_a_range_it_is_the_calendar_year_so_far(landscaping):
    header = landscaping.report("ProfitAndLoss")["Header"]
    assert header["DateMacro"] == "this calendar year-to-date"
    assert (header["StartPeriod"], header["EndPeriod"]) == ("2024-01-01", "2024-05-29")
    assert header["ReportBasis"] == "Accrual"


def test_a_named_range_is_shown_beside_its_days(landscaping):
    header = landscaping.report("TrialBalance", date_macro="Last Fiscal Quarter")["Header"]
    assert header["DateMacro"] == "last fiscal quarter"
    assert (header["StartPeriod"], header["EndPeriod"]) == ("2024-01-01", "2024-03-31")


def test_dates_come_before_a_named_range(landscaping):
    header = landscaping.report("TrialBalance", date_macro="Today", end_date="2024-02-29")["Header"]
    assert "DateMacro" not in header
    assert (header["StartPeriod"], header["EndPeriod"]) == ("2024-01-01", "2024-02-29")


def test_all_dates_show_no_range(landscaping):
    report = landscaping.report("ProfitAndLoss", date_macro="all")
    assert report["Header"].keys().isdisjoint({"StartPeriod", "EndPeriod"})
    assert by_account(report)["56"] == [Decimal("349.41")]


def test_a_report_is_metered_and_a_refused_one_is_not():
    reader = Reader("landscaping")
    try:
        reader.report("TrialBalance")
        reader.refusal("Nothing")
        calls = reader.emulator.meter.snapshot()[reader.realms[0]]
    finally:
        reader.close()
    assert calls == {"calls": 2, "metered": 1, "failed": 1, "throttled": 0, "by_kind": {"report": 2}}


def test_a_caller_who_does_not_accept_json_gets_xml(landscaping):
    answer = landscaping.call("/reports/TrialBalance", accept="*/*")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}Report"
    assert root.findtext(f"{ATOM}Header/{ATOM}ReportName") == "TrialBalance"
    first = root.find(f"{ATOM}Rows/{ATOM}Row/{ATOM}ColData")
    assert first.attrib == {"value": "Checking", "id": "35"}
    assert root.findall(f"{ATOM}Rows/{ATOM}Row")[-1].attrib == {"type": "Section", "group": "GrandTotal"}


def test_a_report_of_too_many_cells_ends_early_and_says_so():
    reader = Reader("landscaping", report_cell_limit=500)
    try:
        answer = reader.call("/reports/GeneralLedger", date_macro="all")
    finally:
        reader.close()
    assert answer.status_code == 200
    *_, last = every_row(rows_of(answer.json()))
    assert last["ColData"][0]["value"] == "Unable to display more data. Please reduce the date range."
    assert "Summary" not in rows_of(answer.json())[-1]
    cells = sum(len(row.get("ColData", [])) for row in every_row(rows_of(answer.json())))
    assert 300 < cells <= 508


def test_a_report_of_too_many_cells_may_be_refused_instead():
    reader = Reader("landscaping", report_cell_limit=500, report_over_limit="error")
    try:
        answer = reader.call("/reports/GeneralLedger", date_macro="all")
        small = reader.call("/reports/TrialBalance", date_macro="all")
    finally:
        reader.close()
    assert (answer.status_code, small.status_code) == (400, 200)
    assert "Unable to display more data. Please reduce the date range." in answer.text


def test_a_report_sees_what_was_written_just_before(own_landscaping):
    def income():
        return by_account(own_landscaping.report("ProfitAndLoss"))["1"][0]

    before = income()
    line = {
        "Amount": 125.5,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "Qty": 1, "UnitPrice": 125.5},
    }
    own_landscaping.write("invoice", CustomerRef={"value": "1"}, TxnDate="2024-05-28", Line=[line])
    assert income() - before == Decimal("125.50")
