"""Which reports there are, and a report as the body of an answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from qbo_pipeline.emulator.faults import business_rule, permission_denied
from qbo_pipeline.emulator.instants import stamp
from qbo_pipeline.emulator.reports.account_list import account_list
from qbo_pipeline.emulator.reports.aged_balances import aged_payables, aged_receivables
from qbo_pipeline.emulator.reports.aged_detail import aged_payable_detail, aged_receivable_detail
from qbo_pipeline.emulator.reports.balance_sheet import balance_sheet
from qbo_pipeline.emulator.reports.document import CUT_SHORT, Report, count_cells, cut_short
from qbo_pipeline.emulator.reports.general_ledger import general_ledger
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.journal_report import journal_report
from qbo_pipeline.emulator.reports.party_balances import (
    customer_balance,
    customer_balance_detail,
    vendor_balance,
    vendor_balance_detail,
)
from qbo_pipeline.emulator.reports.profit_and_loss import profit_and_loss
from qbo_pipeline.emulator.reports.profit_and_loss_detail import profit_and_loss_detail
from qbo_pipeline.emulator.reports.transaction_list import transaction_list
from qbo_pipeline.emulator.reports.trial_balance import trial_balance
from qbo_pipeline.emulator.settings import EmulatorSettings

_REPORTS: dict[str, Callable[[Inquiry], Report]] = {
    "AccountList": account_list,
    "AgedPayableDetail": aged_payable_detail,
    "AgedPayables": aged_payables,
    "AgedReceivableDetail": aged_receivable_detail,
    "AgedReceivables": aged_receivables,
    "BalanceSheet": balance_sheet,
    "CustomerBalance": customer_balance,
    "CustomerBalanceDetail": customer_balance_detail,
    "GeneralLedger": general_ledger,
    "JournalReport": journal_report,
    "ProfitAndLoss": profit_and_loss,
    "ProfitAndLossDetail": profit_and_loss_detail,
    "TransactionList": transaction_list,
    "TrialBalance": trial_balance,
    "VendorBalance": vendor_balance,
    "VendorBalanceDetail": vendor_balance_detail,
}


def report(inquiry: Inquiry, settings: EmulatorSettings, now: datetime) -> dict[str, Any]:
    """The body of a report's answer; a name or a parameter QuickBooks would refuse raises QboFault."""
    build = _REPORTS.get(inquiry.name)
    if build is None:
        raise permission_denied()
    made = build(inquiry)
    rows = made.rows
    if count_cells(rows) > settings.report_cell_limit:
        if settings.report_over_limit == "error":
            raise business_rule(CUT_SHORT)
        rows = cut_short(rows, settings.report_cell_limit)
    options = [*made.options, ("NoReportData", "false" if made.has_data else "true")]
    header = {
        "Time": stamp(now),
        "ReportName": inquiry.name,
        **made.header,
        "Currency": inquiry.books.home_currency,
        "Option": [{"Name": option, "Value": value} for option, value in options],
    }
    return {
        "Header": header,
        "Columns": {"Column": list(made.columns)},
        "Rows": {"Row": list(rows)} if rows else {},
    }
