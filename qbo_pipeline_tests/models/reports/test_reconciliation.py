"""What the reconciliation says: ties to the cent, differences with their cause where it is known, and nothing it did not read."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse
from qbo_pipeline_tests.models.payloads import record
from qbo_pipeline_tests.models.reports.report_rows import READ, cells, column, land_report, line

pytestmark = pytest.mark.slow

MARCH = date(2026, 3, 31)
COMPARED = "finance__reported_month finance__reconciliation finance__reconciliation_month"

# What the models compared read of the books, as the models that make them have it.
BOOKS = """
create schema finance;
create schema ledger;
create table finance.month_end (realm_id varchar, month date, as_of_date date, fiscal_year_start date);
insert into finance.month_end values
    ('{realm}', '2026-02-01', '2026-02-28', '2026-01-01'), ('{realm}', '2026-03-01', '2026-03-31', '2026-01-01');
create table finance.account (realm_id varchar, account_id varchar, statement varchar, natural_side int);
insert into finance.account values
    ('{realm}', '35', 'balance_sheet', 1),
    ('{realm}', '45', 'profit_and_loss', -1),
    ('{realm}', 'unresolved', 'balance_sheet', 1);
create table finance.trial_balance
    (realm_id varchar, accounting_method varchar, as_of_date date, account_id varchar, balance decimal(18, 2));
create table finance.balance_sheet
    (realm_id varchar, accounting_method varchar, as_of_date date, account_id varchar, amount decimal(18, 2));
create table finance.profit_and_loss as from finance.balance_sheet;
create table finance.ar_aging
    (realm_id varchar, as_of_date date, aging_basis varchar, party_id varchar, bucket bigint, amount decimal(18, 2));
create table finance.ap_aging as from finance.ar_aging;
create table ledger.posting (
    realm_id varchar, account_id varchar, transaction_date date, debit decimal(18, 2), credit decimal(18, 2), source varchar
);
"""


class Compared:
    """A company's books as far as the reconciliation reads them, written by hand."""

    def __init__(self, warehouse: TypedWarehouse) -> None:
        self.warehouse = warehouse
        warehouse.land("preferences", record("1"))
        self.execute(BOOKS.format(realm=REALM))
        warehouse.build("--select", "qbo__preferences", "qbo__account", "--exclude", "resource_type:test")

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        with duckdb.connect(self.warehouse.path) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(statement, list(values))

    def balance(self, account_id: str | None, balance: str) -> None:
        """Our own trial balance at the end of March."""
        self.execute(
            "insert into finance.trial_balance values (?, 'Accrual', ?, ?, ?)",
            [REALM, MARCH, account_id, Decimal(balance)],
        )

    def trial_balance(self, *rows: tuple[str, str, str]) -> None:
        """QuickBooks' own."""
        land_report(
            self.warehouse,
            "TrialBalance",
            "2026-03-31",
            [column("", "Account"), column("Debit"), column("Credit")],
            [{"ColData": cells(("Name", account), debit, credit)} for account, debit, credit in rows],
            start_date="2025-04-01",
        )

    def compare(self) -> list[dict[str, Any]]:
        """The differences found."""
        selected = [*COMPARED.split(), "qbo_report"]
        self.warehouse.build("--select", *selected, "--exclude", "resource_type:test")
        return self.warehouse.rows("select * from finance.reconciliation where difference <> 0 order by all")

    def ties(self) -> list[tuple[str, date, bool, int]]:
        """What each report read comes to."""
        rows = self.warehouse.rows("select * from finance.reconciliation_month order by report, as_of_date")
        return [(row["report"], row["as_of_date"], row["is_tied"], row["unexplained_differences"]) for row in rows]


@pytest.fixture
def compared(new_warehouse: Callable[[], TypedWarehouse]) -> Compared:
    return Compared(new_warehouse())


def test_books_that_agree_tie_and_months_that_were_not_read_are_not_counted(compared: Compared) -> None:
    compared.balance("35", "7.00")
    compared.balance("45", "-7.00")
    compared.trial_balance(("35", "7.00", ""), ("45", "", "7.00"))
    assert compared.compare() == []
    assert compared.ties() == [("TrialBalance", MARCH, True, 0)]


def test_one_cent_is_a_difference_nobody_explains(compared: Compared) -> None:
    compared.balance("35", "7.01")
    compared.trial_balance(("35", "7.00", ""))
    (difference,) = compared.compare()
    assert (difference["account_id"], difference["difference"], difference["explanation"]) == (
        "35",
        Decimal("0.01"),
        None,
    )
    assert compared.ties() == [("TrialBalance", MARCH, False, 1)]


def test_an_account_that_only_one_side_has_differs_by_all_of_it(compared: Compared) -> None:
    compared.balance("35", "7.00")
    compared.trial_balance(("45", "", "3.00"))
    amounts = [(row["account_id"], row["ours"], row["theirs"]) for row in compared.compare()]
    assert sorted(amounts) == [("35", Decimal("7.00"), Decimal("0.00")), ("45", Decimal("0.00"), Decimal("-3.00"))]


def test_a_change_landed_after_the_report_explains_a_difference_from_its_first_day_on(compared: Compared) -> None:
    compared.balance("35", "7.00")
    compared.trial_balance(("35", "6.00", ""))
    change = "insert into sync.book_change values (?, ?::timestamptz + interval 1 hour, ?, ?)"
    compared.execute(change, [REALM, READ, date(2026, 4, 1), date(2026, 4, 1)])
    assert [row["explanation"] for row in compared.compare()] == [None]
    compared.execute(change, [REALM, READ, date(2026, 1, 1), date(2026, 1, 1)])
    assert [row["explanation"] for row in compared.compare()] == ["changed since QuickBooks' report was read"]
    assert compared.ties() == [("TrialBalance", MARCH, False, 0)]


def test_what_no_field_gives_an_account_for_explains_the_account_it_is_missing_on(compared: Compared) -> None:
    compared.balance("35", "7.00")
    compared.balance("unresolved", "-2.50")
    compared.trial_balance(("35", "7.00", ""), ("45", "", "2.50"))
    found = {row["account_id"]: row["explanation"] for row in compared.compare()}
    assert found == {"unresolved": "unresolved account", "45": "unresolved account"}


def test_the_share_that_only_reports_show_stands_beside_each_amount(compared: Compared) -> None:
    compared.balance("35", "7.00")
    compared.trial_balance(("35", "6.00", ""))
    posted = "insert into ledger.posting values (?, '35', ?, ?, 0, ?)"
    for day, amount, source in (
        ("2025-02-03", "2.00", "report"),
        ("2026-03-04", "1.50", "report"),
        ("2026-03-05", "3.50", "entity"),
    ):
        compared.execute(posted, [REALM, day, Decimal(amount), source])
    (difference,) = compared.compare()
    assert difference["report_share"] == Decimal("3.50")


def test_an_ageing_is_compared_by_party_and_bucket_and_knows_of_lines_without_a_party(compared: Compared) -> None:
    aged = "insert into finance.ar_aging values (?, ?, ?, ?, ?, ?)"
    for basis, party, bucket, amount in (
        ("due_date", "24", 2, "5.00"),
        ("transaction_date", "24", 3, "5.00"),
        ("due_date", None, 1, "1.00"),
    ):
        compared.execute(aged, [REALM, MARCH, basis, party, bucket, Decimal(amount)])
    land_report(
        compared.warehouse,
        "AgedReceivables",
        "2026-03-31",
        [column("", "Customer"), column("Current"), column("1 - 30"), column("Total")],
        [line(("Orchard Lane", "24"), "", "5.00", "5.00")],
        method=None,
        aging_method="Report_Date",
    )
    (difference,) = compared.compare()
    assert (difference["party_id"], difference["ours"]) == (None, Decimal("1.00"))
    assert difference["explanation"] == "journal line on A/R or A/P without a customer or vendor"
