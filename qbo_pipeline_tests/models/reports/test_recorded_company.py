"""The landscaping company on its recording's own dates: what is landed of QuickBooks' reports is what was recorded of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.ingest.reports.sync import sync_reports
from qbo_pipeline_tests.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unhurried")]

RECORDED = datetime(2024, 5, 29, 15, 20, tzinfo=UTC)


@pytest.fixture
def recorded(install: Callable[..., Installation], run_dbt: Callable[..., Any]) -> Installation:
    """The company as it was recorded, its reports landed and made rows of."""
    made = install("landscaping", as_of=RECORDED.date(), clock=ManualClock(RECORDED))
    made.connect()
    made.pull()
    (outcome,) = sync_reports(made.settings, made.store, made.warehouse, made.store.connections.all())
    assert outcome.status == "synced", outcome.error
    built = run_dbt(made.settings.warehouse_path, "run", "--select", "qbo__account", "qbo_report")
    assert built.success, built.exception
    return made


def test_its_reports_are_those_of_the_recording(recorded: Installation) -> None:
    assert recorded.query("select as_of_date from sync.as_of") == [(RECORDED.date(),)]
    assert recorded.query(
        "select count(*), min(transaction_date), max(transaction_date) from qbo_report.general_ledger_row"
    ) == [(335, date(2023, 10, 6), date(2024, 3, 15))]
    ledger = recorded.query(
        "select account_id, count(*), sum(amount), sum(debit - credit) from qbo_report.general_ledger_row"
        " where account_id in ('33', '35', '84') group by 1 order by 1"
    )
    assert ledger == [
        ("33", 25, Decimal("1602.67"), Decimal("-1602.67")),
        ("35", 44, Decimal("1201.00"), Decimal("1201.00")),
        ("84", 48, Decimal("5281.52"), Decimal("5281.52")),
    ]
    assert recorded.query("select sum(debit), sum(credit) from qbo_report.general_ledger_row") == [
        recorded.query("select sum(credit), sum(debit) from qbo_report.general_ledger_row")[0]
    ]
    at_end = "where accounting_method = 'Accrual' and as_of_date = date '2024-05-31'"
    assert recorded.query(f"select sum(debit), sum(credit) from qbo_report.trial_balance_row {at_end}") == [
        (Decimal("40658.97"), Decimal("40658.97"))
    ]
    assert recorded.query(
        f"select split_part(group_path, ' > ', 1), sum(amount) from qbo_report.balance_sheet_row {at_end} group by 1 order by 1"
    ) == [("TotalAssets", Decimal("23436.29")), ("TotalLiabilitiesAndEquity", Decimal("23436.29"))]
    net = "sum(if(group_path in ('Income', 'OtherIncome'), amount, -amount))"
    assert recorded.query(
        f"select sum(amount) filter (where group_path = 'Income'), {net} from qbo_report.profit_and_loss_row"
        " where accounting_method = 'Accrual'"
    ) == [(Decimal("10200.77"), Decimal("1642.46"))]
    assert recorded.query(
        "select side, sum(amount) from qbo_report.aging_row where as_of_date = date '2024-05-31' group by 1 order by 1"
    ) == [("payable", Decimal("1602.67")), ("receivable", Decimal("5281.52"))]
