"""QuickBooks' reports as rows: every line with its own account and amount, whatever the nesting, and nothing twice."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.payloads import record
from qbo_pipeline_tests.models.reports.report_rows import cells, column, land_report, line, section

LEDGER_KEYS = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")
LEDGER = [column(key, "String", ColKey=key) for key in LEDGER_KEYS]
RANGE = {"start_date": "2026-01-01", "end_date": "2026-06-30"}
REFUSED = "Unable to display more data"


def entry(day: str, kind: tuple[str, str], amount: str) -> dict:
    return line(day, kind, "7", ("Orchard Lane", "24"), "hedge", ("Sales", "79"), amount, "1.00")


@pytest.fixture(scope="module")
def built(new_warehouse: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    warehouse = new_warehouse()
    kinds = {"35": "Bank", "45": "Income", "46": "Income", "33": "Accounts Payable"}
    warehouse.land("account", *(record(number, Name=number, AccountType=kind) for number, kind in kinds.items()))
    land_report(
        warehouse,
        "GeneralLedger",
        columns=LEDGER,
        rows=[
            section(
                [("Checking", "35")],
                [
                    line("Beginning Balance", "", "", "", "", "", "", "5.00"),
                    entry("2026-01-02", ("Deposit", "4"), "1,250.50"),
                    entry("2026-01-03", ("Check", "5"), "-20.25"),
                ],
            ),
            section(
                [("Landscaping", "45")],
                [
                    section(None, [entry("2026-01-02", ("Invoice", "9"), "10.00")]),
                    section(
                        [("Job Materials",)[0]],
                        [section([("Plants", "46")], [entry("2026-01-02", ("Invoice", "9"), "3.00")])],
                    ),
                ],
            ),
            section([("New account", "99")], [entry("2026-01-04", ("Check", "6"), "8.00")]),
            section(["Not Specified"], [entry("2026-02-02", ("Payment", "74"), ".00")]),
        ],
        **RANGE,
    )
    land_report(
        warehouse,
        "BalanceSheet",
        columns=[
            column("", "Account"),
            column("Jan 2026", StartDate="2026-01-01", EndDate="2026-01-31"),
            column("Feb 2026", StartDate="2026-02-01", EndDate="2026-02-28"),
        ],
        rows=[
            section(
                ["ASSETS", "", ""],
                [section(["Bank Accounts", "", ""], [line(("Checking", "35"), "1.00", "")], group="BankAccounts")],
                group="TotalAssets",
            ),
            section(["EQUITY", "", ""], [line("Net Income", "-4.50", "2.00", group="NetIncome")], group="Equity"),
        ],
        start_date="2026-01-01",
        end_date="2026-12-31",
    )
    land_report(
        warehouse,
        "ProfitAndLoss",
        columns=[column("", "Account"), column("Total", ColKey="total")],
        rows=[
            section(
                ["Income", ""],
                [section([("Landscaping", "45"), "10.00"], [line(("Plants", "46"), "3.00")])],
                group="Income",
            ),
            {"Summary": {"ColData": cells("Net Income", "13.00")}, "type": "Section", "group": "NetIncome"},
        ],
        **RANGE,
    )
    land_report(
        warehouse,
        "TrialBalance",
        columns=[column("", "Account"), column("Debit"), column("Credit")],
        rows=[
            {"ColData": cells(("Checking", "35"), "7.00", "")},
            {"ColData": cells(("Landscaping", "45"), "", "7.00")},
            {"Summary": {"ColData": cells("TOTAL", "7.00", "7.00")}, "type": "Section", "group": "GrandTotal"},
        ],
        start_date="2025-04-01",
        end_date="2026-03-31",
    )
    land_report(
        warehouse,
        "AgedPayables",
        "2026-03-31",
        [column("", "Vendor"), column("Current"), column("1 - 30"), column("Total", ColKey="total")],
        [
            line(("PG&E", "48"), "", "86.44", "86.44"),
            section([("Parent", "50"), "1.00", "", "1.00"], [line(("Job", "51"), "2.00", "", "2.00")]),
        ],
        method=None,
        aging_method="Report_Date",
    )  # fmt: skip
    warehouse.build("--select", "qbo__account", "qbo_report", "--exclude", "resource_type:test")
    return warehouse


def test_a_ledger_line_has_the_account_of_the_section_it_stands_in(built: TypedWarehouse) -> None:
    rows = built.rows(
        "select account_id, transaction_id, amount from qbo_report.general_ledger_row order by row_number"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("35", "4", Decimal("1250.50")),
        ("35", "5", Decimal("-20.25")),
        ("45", "9", Decimal("10.00")),
        ("46", "9", Decimal("3.00")),
        ("99", "6", Decimal("8.00")),
        (None, "74", Decimal("0.00")),
    ]


def test_an_amount_is_debited_or_credited_as_its_account_grows(built: TypedWarehouse) -> None:
    rows = built.rows("select account_id, debit, credit from qbo_report.general_ledger_row order by row_number")
    zero = Decimal("0.00")
    assert [tuple(row.values()) for row in rows] == [
        ("35", Decimal("1250.50"), zero),
        ("35", zero, Decimal("20.25")),
        ("45", zero, Decimal("10.00")),
        ("46", zero, Decimal("3.00")),
        ("99", None, None),  # An account that is not landed yet has no side.
        (None, zero, zero),
    ]


def test_a_ledger_line_carries_what_the_report_says_of_it(built: TypedWarehouse) -> None:
    row = built.row(
        "select * exclude (realm_id, report_id, fetched_at, loaded_at) from qbo_report.general_ledger_line where row_number = 1"
    )
    assert row == {
        "start_date": date(2026, 1, 1), "end_date": date(2026, 6, 30), "row_number": 1, "account_id": "35",
        "transaction_date": date(2026, 1, 2), "transaction_type": "Deposit", "transaction_id": "4", "doc_number": "7",
        "name_id": "24", "name": "Orchard Lane", "memo": "hedge", "split_account_id": "79", "amount": Decimal("1250.50"),
    }  # fmt: skip


def test_a_balance_sheet_has_a_row_per_account_and_month_with_an_amount(built: TypedWarehouse) -> None:
    rows = built.rows(
        "select as_of_date, account_id, group_path, amount from qbo_report.balance_sheet_row order by all"
    )
    assert [tuple(row.values()) for row in rows] == [
        (date(2026, 1, 31), "35", "TotalAssets > BankAccounts", Decimal("1.00")),
        (date(2026, 1, 31), None, "Equity > NetIncome", Decimal("-4.50")),
        (date(2026, 2, 28), None, "Equity > NetIncome", Decimal("2.00")),
    ]


def test_a_parent_account_has_its_own_amount_and_a_report_without_months_its_range(built: TypedWarehouse) -> None:
    rows = built.rows(
        "select start_date, end_date, account_id, group_path, amount from qbo_report.profit_and_loss_row order by 3"
    )
    assert [tuple(row.values()) for row in rows] == [
        (date(2026, 1, 1), date(2026, 6, 30), "45", "Income", Decimal("10.00")),
        (date(2026, 1, 1), date(2026, 6, 30), "46", "Income", Decimal("3.00")),
    ]


def test_a_trial_balance_has_its_accounts_and_not_its_total(built: TypedWarehouse) -> None:
    rows = built.rows(
        "select as_of_date, account_id, debit, credit from qbo_report.trial_balance_row order by account_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        (date(2026, 3, 31), "35", Decimal("7.00"), Decimal("0.00")),
        (date(2026, 3, 31), "45", Decimal("0.00"), Decimal("7.00")),
    ]


def test_an_ageing_has_a_row_per_party_and_bucket_and_no_total(built: TypedWarehouse) -> None:
    rows = built.rows(
        "select side, aging_method, party_id, bucket, bucket_name, amount from qbo_report.aging_row order by party_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("payable", "Report_Date", "48", 2, "1 - 30", Decimal("86.44")),
        ("payable", "Report_Date", "50", 1, "Current", Decimal("1.00")),
        ("payable", "Report_Date", "51", 1, "Current", Decimal("2.00")),
    ]


@pytest.mark.slow
def test_the_newest_reading_replaces_the_one_before_and_a_refusal_takes_it_away(warehouse: TypedWarehouse) -> None:
    def ledger(*amounts: str, hours: int) -> None:
        rows = [section([("Checking", "35")], [entry("2026-01-02", ("Deposit", "4"), amount) for amount in amounts])]
        land_report(warehouse, "GeneralLedger", columns=LEDGER, rows=rows, hours=hours, **RANGE)
        warehouse.build(
            "--select", "qbo_report__general_ledger_line", "qbo_report__report", "--exclude", "resource_type:test"
        )

    def amounts() -> list[Decimal]:
        return [row["amount"] for row in warehouse.rows("select amount from qbo_report.general_ledger_line order by 1")]

    ledger("1.00", "2.00", hours=0)
    assert amounts() == [Decimal("1.00"), Decimal("2.00")]
    ledger("3.00", hours=1)
    assert amounts() == [Decimal("3.00")]
    land_report(warehouse, "GeneralLedger", payload=REFUSED, hours=2, **RANGE)
    warehouse.build(
        "--select", "qbo_report__general_ledger_line", "qbo_report__report", "--exclude", "resource_type:test"
    )
    assert amounts() == []
    assert warehouse.rows("select * from qbo_report.report") == []
