"""The US sample company's reports, line by line, against those QuickBooks gave of it."""

from collections import defaultdict

import pytest

from qbo_pipeline_tests.emulator.reports import recorded
from qbo_pipeline_tests.emulator.reports.reading import Row, cells_of, every_row, outline, rows_of

RANGE = {"start_date": recorded.START, "end_date": recorded.END}


def test_the_trial_balance_is_the_recorded_one(landscaping):
    report = landscaping.report("TrialBalance", **RANGE)
    assert outline(report) == recorded.TRIAL_BALANCE
    assert all("type" not in row for row in rows_of(report)[:-1])
    assert [column["ColType"] for column in report["Columns"]["Column"]] == ["Account", "Money", "Money"]


def test_the_balance_sheet_is_the_recorded_one(landscaping):
    assert outline(landscaping.report("BalanceSheet", **RANGE)) == recorded.BALANCE_SHEET


def test_the_profit_and_loss_is_the_recorded_one(landscaping):
    assert outline(landscaping.report("ProfitAndLoss", **RANGE)) == recorded.PROFIT_AND_LOSS


def test_the_general_ledger_is_the_recorded_one_account_by_account(landscaping):
    report = landscaping.report("GeneralLedger", **RANGE)
    assert {
        account: (len(rows), total) for account, rows, total in _accounts(rows_of(report))
    } == recorded.GENERAL_LEDGER


def test_the_general_ledger_holds_the_recorded_transactions(landscaping):
    transactions = defaultdict(set)
    for row in every_row(rows_of(landscaping.report("GeneralLedger", **RANGE))):
        if "ColData" in row:
            transactions[row["ColData"][1]["value"]].add(row["ColData"][1]["id"])
    assert {kind: len(ids) for kind, ids in transactions.items()} == recorded.TRANSACTIONS


@pytest.mark.parametrize("account", ["35", "84", "33", "34", "45", "56"])
def test_the_running_balance_ends_with_the_account_s_total(landscaping, account):
    report = landscaping.report("GeneralLedger", **RANGE, account=account)
    ((_, rows, total),) = _accounts(rows_of(report))
    assert cells_of(rows[-1], "ColData")[-1] == total


def test_a_header_has_the_recorded_fields_in_the_recorded_order(landscaping):
    header = landscaping.report("ProfitAndLoss", **RANGE)["Header"]
    assert list(header.items()) == [
        ("Time", "2024-05-29T15:00:00-07:00"),
        ("ReportName", "ProfitAndLoss"),
        ("ReportBasis", "Accrual"),
        ("StartPeriod", "2023-05-30"),
        ("EndPeriod", "2024-05-29"),
        ("SummarizeColumnsBy", "Total"),
        ("Currency", "USD"),
        ("Option", [{"Name": "AccountingStandard", "Value": "GAAP"}, {"Name": "NoReportData", "Value": "false"}]),
    ]


def test_a_ledger_s_columns_and_cells_have_the_recorded_form(landscaping):
    report = landscaping.report("GeneralLedger", **RANGE)
    assert [
        (column["ColTitle"], column["ColType"], column["MetaData"][0]) for column in report["Columns"]["Column"]
    ] == [
        ("Date", "Date", {"Name": "ColKey", "Value": "tx_date"}),
        ("Transaction Type", "String", {"Name": "ColKey", "Value": "txn_type"}),
        ("Num", "String", {"Name": "ColKey", "Value": "doc_num"}),
        ("Name", "String", {"Name": "ColKey", "Value": "name"}),
        ("Memo/Description", "String", {"Name": "ColKey", "Value": "memo"}),
        ("Split", "String", {"Name": "ColKey", "Value": "split_acc"}),
        ("Amount", "Money", {"Name": "ColKey", "Value": "subt_nat_amount"}),
        ("Balance", "Money", {"Name": "ColKey", "Value": "rbal_nat_amount"}),
    ]
    receivable = rows_of(report)[2]["Rows"]["Row"]
    assert receivable[0]["ColData"] == [
        {"value": "2023-11-04"},
        {"value": "Invoice", "id": "10"},
        {"value": "1002"},
        {"value": "Bill's Windsurf Shop", "id": "2"},
        {"value": ""},
        {"value": "-Split-", "id": ""},
        {"value": "175.00"},
        {"value": "175.00"},
    ]
    assert receivable[3]["ColData"][-1] == {"value": ".00"}  # both of that day's payments leave nothing open


def test_a_parent_account_of_a_ledger_has_the_recorded_form(landscaping):
    sections = {
        cells_of(row, "Header")[0]: row
        for row in every_row(rows_of(landscaping.report("GeneralLedger", **RANGE)))
        if "Header" in row
    }
    services = sections["Landscaping Services"]
    assert services["Header"]["ColData"][0] == {"value": "Landscaping Services", "id": "45"}
    assert "Header" not in services["Rows"]["Row"][0]
    assert cells_of(services, "Summary")[0] == "Total for Landscaping Services with sub-accounts"
    assert sections["Truck"]["Header"]["ColData"][0] == {"value": "Truck"}
    assert cells_of(sections["Truck"], "Summary")[0] == "Total for Truck"


def test_an_account_that_held_something_begins_with_its_balance(landscaping):
    report = landscaping.report("GeneralLedger", start_date="2024-03-01", end_date="2024-05-29", account="35")
    ((_, rows, total),) = _accounts(rows_of(report))
    assert cells_of(rows[0], "ColData") == ["Beginning Balance", "", "", "", "", "", "", "2101.00"]
    assert total == "-900.00"


def test_the_earlier_fiscal_years_are_what_retained_earnings_begins_with(landscaping):
    report = landscaping.report("GeneralLedger", start_date="2024-01-01", end_date="2024-05-29", account="2,56")
    opening = {account: cells_of(rows[0], "ColData")[-1] for account, rows, _ in _accounts(rows_of(report))}
    assert opening["2"] == "149.62"
    assert opening["56"] == "62.01"  # no beginning balance: its first row is January's


def _accounts(rows: list[Row], account: str = ""):
    """Every section with rows of its own: the account's id (or name), its rows and its total."""
    for row in rows:
        heading = row.get("Header", {}).get("ColData", [{}])[0]
        inside = heading.get("id") or heading.get("value") or account
        below = row.get("Rows", {}).get("Row", [])
        if own := [each for each in below if "ColData" in each]:
            yield inside, own, cells_of(row, "Summary")[6]
        yield from _accounts(below, inside)
