"""Monthly snapshots: what each month came to, every version of it, and what people enter beside it."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline.warehouse.snapshot_adjustments import MEASURES, load_adjustments
from qbo_pipeline_tests.models.conftest import REALM
from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows


@pytest.fixture(scope="module")
def books(new_ledger: Callable[[], LedgerRows], tmp_path_factory: pytest.TempPathFactory) -> LedgerRows:
    """Invoices in months long past, in a recent one and in the running one; six builds, each after a change told here."""
    ledger = new_ledger()
    ledger.invoice("old", "2025-06-10", "100", "10")
    ledger.pay("old-paid", "2025-07-10", "110", old="110")
    ledger.invoice("kept", "2025-09-10", "100", "10")
    ledger.pay("edited", "2025-10-10", "110", kept="110")
    ledger.invoice("recent", "2026-02-10", "200")
    ledger.invoice("new", "2026-03-10", "300")
    ledger.build(tests=False)
    ledger.build(tests=False)
    _adjust(ledger, tmp_path_factory.mktemp("home"))
    ledger.remove("Invoice", "old")
    ledger.invoice("moved", "2025-07-01", "40")
    ledger.remove("Payment", "edited")
    ledger.pay("edited", "2025-11-10", "55", kept="55")
    ledger.build(tests=False)
    ledger.company(book_close_date="2026-02-28", token=1)
    ledger.build(tests=False)
    ledger.invoice("late", "2026-02-28", "5")
    ledger.build(tests=False)
    ledger.as_of("2026-04-15")
    ledger.build()
    return ledger


def _adjust(ledger: LedgerRows, home: Path) -> None:
    path = home / "snapshot_adjustments.csv"
    row = f"{REALM},2025-06,revenue_accrual,7.50,sold before QuickBooks"
    path.write_text(f"realm_id,month,measure,amount,explanation\n{row}\n")
    with duckdb.connect(ledger.warehouse.path) as connection:
        assert load_adjustments(connection, path) == 1


def _versions(books: LedgerRows, month: str, measure: str = "revenue_accrual") -> list[tuple]:
    """Each version's status, the measure and its change, and the documents behind it."""
    rows = books.rows(
        f"select status, {measure}, {measure}_delta, because from finance.monthly_snapshot_version"
        f" where month = '{month}' order by version"
    )
    return [
        (status, str(amount), None if delta is None else str(delta), because) for status, amount, delta, because in rows
    ]


def test_a_month_that_lost_all_its_documents_is_restated_with_its_delta_and_the_document(books: LedgerRows) -> None:
    assert _versions(books, "2025-06-01") == [
        ("closed", "100.00", None, None),
        ("restated", "0.00", "-100.00", ["Invoice old"]),
    ]


def test_a_closed_month_that_changes_names_all_documents_behind_it(books: LedgerRows) -> None:
    assert _versions(books, "2025-07-01") == [
        ("closed", "0.00", None, None),
        ("restated", "40.00", "40.00", ["Invoice old", "Invoice moved", "Payment old-paid"]),
    ]


def test_money_whose_invoice_is_gone_is_unapplied_again(books: LedgerRows) -> None:
    [row] = books.rows(
        "select revenue_paid_portion, unapplied_payments, open_invoices, ar_balance from finance.monthly_snapshot"
        " where month = '2025-07-01'"
    )
    assert [str(value) for value in row] == ["0.00", "110.00", "40.00", "-70.00"]


def test_an_edited_payment_restates_its_old_month_and_its_new(books: LedgerRows) -> None:
    assert [version[:3] for version in _versions(books, "2025-10-01", "revenue_paid_portion")] == [
        ("closed", "100.00", None),
        ("restated", "0.00", "-100.00"),
    ]
    assert [version[:3] for version in _versions(books, "2025-11-01", "revenue_paid_portion")] == [
        ("closed", "0.00", None),
        ("restated", "50.00", "50.00"),
    ]


def test_books_closed_in_quickbooks_close_a_recent_month_and_a_later_change_restates_it(books: LedgerRows) -> None:
    assert [version[:3] for version in _versions(books, "2026-02-01")] == [
        ("provisional", "200.00", None),
        ("provisional", "200.00", "0.00"),
        ("closed", "200.00", "0.00"),
        ("restated", "205.00", "5.00"),
    ]


def test_a_month_is_open_until_it_has_ended(books: LedgerRows) -> None:
    statuses = [version[0] for version in _versions(books, "2026-03-01")]
    assert statuses[0] == "open"
    assert statuses[-1] == "provisional"


def test_a_build_that_finds_nothing_new_writes_nothing(books: LedgerRows) -> None:
    # Six builds: one that found nothing new, and one each that changed the balances of March, or only its status.
    assert books.rows("select max(version) from finance.monthly_snapshot_version where month = '2026-03-01'") == [(4,)]


def test_adjustments_stand_beside_the_figures_and_outlive_a_restatement(books: LedgerRows) -> None:
    [row] = books.rows(
        "select revenue_accrual, revenue_accrual_adjustment, revenue_accrual_adjusted, explanation, ar_balance_adjustment"
        " from finance.monthly_snapshot where month = '2025-06-01'"
    )
    assert [str(value) for value in row] == ["0.00", "7.50", "7.50", "sold before QuickBooks", "0.00"]


def test_what_can_be_adjusted_is_what_is_measured(books: LedgerRows) -> None:
    columns = {name for (name,) in books.rows("select column_name from (describe finance.monthly_measure)")}
    assert columns == {"realm_id", "month", "as_of_date", *MEASURES}
