"""What Dagster plots of the books: the latest month of each company, never two currencies in one sum."""

from decimal import Decimal

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.latest_month import latest_month

_SNAPSHOT = """
create schema finance;
create table finance.company (realm_id varchar, home_currency_id varchar);
create table finance.monthly_snapshot (
    realm_id varchar, month date, ar_balance decimal(18, 2), ap_balance decimal(18, 2), revenue_accrual decimal(18, 2),
    cash_collected decimal(18, 2)
);
insert into finance.company values ('1', 'USD'), ('2', 'USD');
insert into finance.monthly_snapshot values
    ('1', '2026-02-01', 900, 900, 900, 900), ('1', '2026-03-01', 10.10, 2, 3, 4), ('2', '2026-01-01', 0.05, 1, 1, 1)
"""


def test_companies_of_one_currency_are_added_up_each_in_its_latest_month(warehouse: Warehouse) -> None:
    with warehouse.connect("write by hand") as connection:
        assert latest_month(connection) == {}
        connection.execute(_SNAPSHOT)
        assert latest_month(connection) == {
            "ar_balance": Decimal("10.15"),
            "ap_balance": Decimal(3),
            "revenue": Decimal(4),
            "cash_collected": Decimal(5),
        }


def test_each_currency_has_measures_of_its_own(warehouse: Warehouse) -> None:
    with warehouse.connect("write by hand") as connection:
        connection.execute(_SNAPSHOT)
        connection.execute("update finance.company set home_currency_id = 'GBP' where realm_id = '2'")
        figures = latest_month(connection)
    assert (figures["ar_balance_gbp"], figures["ar_balance_usd"]) == (Decimal("0.05"), Decimal("10.10"))
    assert len(figures) == 8
