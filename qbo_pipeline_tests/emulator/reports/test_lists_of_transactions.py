"""Columns, order, filters and groups of the reports that list transactions."""

from decimal import Decimal

from qbo_pipeline_tests.emulator.reports.reading import cells_of, every_row, outline, rows_of, titles

ALL = {"date_macro": "all"}


def _listed(report):
    return [cells_of(row, "ColData") for row in every_row(rows_of(report)) if "ColData" in row]


def test_columns_are_those_asked_for_in_that_order(landscaping):
    report = landscaping.report("GeneralLedger", columns="account_name,subt_nat_amount,nonsense", account="82", **ALL)
    assert titles(report) == ["Account", "Amount"]
    assert _listed(report)[0] == ["Design income", "750.00"]
    assert outline(report).splitlines()[-1] == "Total for Design income: 2250.00"


def test_rows_are_sorted_as_asked(landscaping):
    asked = {"account": "56", "columns": "tx_date,subt_nat_amount", **ALL}
    by_date = [row[0] for row in _listed(landscaping.report("GeneralLedger", **asked))]
    assert by_date == sorted(by_date)
    newest = [row[0] for row in _listed(landscaping.report("GeneralLedger", sort_order="descend", **asked))]
    assert newest == by_date[::-1]
    by_amount = _listed(landscaping.report("GeneralLedger", sort_by="subt_nat_amount", sort_order="descend", **asked))
    assert [Decimal(row[1]) for row in by_amount] == sorted((Decimal(row[1]) for row in by_amount), reverse=True)


def test_a_ledger_is_filtered_by_account_type_and_party(landscaping):
    banks = landscaping.report("GeneralLedger", account_type="Bank", **ALL)
    assert [cells_of(row, "Header")[0] for row in rows_of(banks)] == ["Checking", "Savings"]
    one = landscaping.report("GeneralLedger", customer="3", columns="tx_date,name", **ALL)
    assert {row[1] for row in _listed(one)} == {"Cool Cars"}


def test_every_transaction_is_listed_once(landscaping):
    report = landscaping.report("TransactionList", **ALL)
    posted = [row["ColData"][1]["id"] for row in rows_of(report) if row["ColData"][3]["value"] == "Yes"]
    assert len(posted) == len(set(posted)) == 127  # as many as the recorded ledger has
    assert titles(report) == [
        "Date", "Transaction Type", "Num", "Posting", "Name", "Memo/Description", "Account", "Split", "Amount",
    ]  # fmt: skip


def test_what_does_not_post_is_listed_and_marked(landscaping):
    report = landscaping.report("TransactionList", transaction_type="Estimate,PurchaseOrder", **ALL)
    assert {(row[1], row[3]) for row in _listed(report)} == {("Estimate", "No"), ("Purchase Order", "No")}


def test_a_transaction_is_listed_under_the_account_it_was_entered_in(landscaping):
    report = landscaping.report("TransactionList", **ALL)
    shown = {row["ColData"][1]["id"]: [cell["value"] for cell in row["ColData"][6:]] for row in rows_of(report)}
    assert shown["10"] == ["Accounts Receivable (A/R)", "-Split-", "175.00"]
    assert shown["76"] == ["Checking", "Accounts Receivable (A/R)", "175.00"]
    assert shown["90"] == ["Accounts Payable (A/P)", "Legal & Professional Fees:Lawyer", "300.00"]
    assert shown["107"] == ["Checking", "Legal & Professional Fees:Accounting", "-250.00"]
    assert shown["66"] == ["Checking", "Pest Control Services", "-87.50"]


def test_transactions_are_grouped_as_asked(landscaping):
    report = landscaping.report("TransactionList", group_by="Customer", customer="13", **ALL)
    (group,) = rows_of(report)
    assert group["Header"]["ColData"][0] == {"value": "John Melton", "id": "13"}
    assert cells_of(group, "Summary")[0] == "Total for John Melton"
    months = landscaping.report("TransactionList", group_by="Month", **ALL)
    assert [cells_of(row, "Header")[0] for row in rows_of(months)][1:4] == ["Nov 2023", "Dec 2023", "Jan 2024"]


def test_a_company_with_locations_shows_them(companies):
    assert "Department" in titles(companies.report("TransactionList", companies.realms[1]))


def test_the_chart_of_accounts_is_listed_with_balances(landscaping):
    report = landscaping.report("AccountList", columns="account_name,account_type,account_bal", account_type="Bank")
    assert _listed(report) == [["Checking", "Bank", "1201.00"], ["Savings", "Bank", "800.00"]]
