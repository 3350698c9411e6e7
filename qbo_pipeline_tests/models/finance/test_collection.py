"""How long customers take to pay."""

from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows


def test_days_of_sales_and_of_payment_by_month(ledger: LedgerRows) -> None:
    ledger.invoice("a", "2026-01-10", "1000", "100", due="2026-02-09")
    ledger.invoice("b", "2026-03-20", "300", "30", due="2026-04-19")
    ledger.pay("a-1", "2026-02-14", "880", a="880")
    ledger.pay("a-2", "2026-02-24", "110", a="110")
    ledger.build()
    rows = ledger.rows(
        "select month, ar_balance, billed_last_90_days, days_sales_outstanding, best_possible_days_sales_outstanding,"
        " count_back_days_sales_outstanding, average_days_to_pay, average_days_late from finance.collection order by month"
    )
    assert [(month.month, *(value if value is None else str(value) for value in row)) for month, *row in rows] == [
        (1, "1100.00", "1100.00", "90.00", "90.00", "31.00", None, None),
        (2, "110.00", "1100.00", "9.00", "0.00", "31.10", "36.11", "6.11"),
        (3, "440.00", "1430.00", "27.69", "20.77", "62.10", None, None),
    ]
