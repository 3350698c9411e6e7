"""Months that tie to QuickBooks' own reports, counted by company."""

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.ties import Ties, ties


def test_a_month_ties_when_every_report_read_of_it_does(warehouse: Warehouse) -> None:
    with warehouse.connect("write by hand") as connection:
        assert ties(connection) == []
        connection.execute("create schema finance")
        connection.execute(
            "create table finance.reconciliation_month as from (values"
            " ('1', date '2026-01-31', 'TrialBalance', true, 0), ('1', date '2026-01-31', 'BalanceSheet', true, 0),"
            " ('1', date '2026-02-28', 'TrialBalance', true, 0), ('1', date '2026-02-28', 'BalanceSheet', false, 0),"
            " ('1', date '2026-03-31', 'TrialBalance', false, 2), ('2', date '2026-03-31', 'TrialBalance', true, 0)"
            ") as month (realm_id, as_of_date, report, is_tied, unexplained_differences)"
        )
        assert ties(connection) == [
            Ties("1", months=3, tied=1, unexplained=1),
            Ties("2", months=1, tied=1, unexplained=0),
        ]
