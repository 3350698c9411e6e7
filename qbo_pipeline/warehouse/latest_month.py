"""The measures of the companies' latest month, for people who follow the books in Dagster's plots."""

from decimal import Decimal

import duckdb

from qbo_pipeline.warehouse.tables import describe

SNAPSHOT = ("finance", "monthly_snapshot")
_MEASURES = {
    "ar_balance": "ar_balance",
    "ap_balance": "ap_balance",
    "revenue": "revenue_accrual",
    "cash_collected": "cash_collected",
}


def latest_month(connection: duckdb.DuckDBPyConnection) -> dict[str, Decimal]:
    """Each measure of the latest month, added up over the companies of one home currency; none before the first snapshot.

    Where companies keep their books in several currencies, each has measures of its own, such as `ar_balance_gbp`.
    """
    if not describe(connection, [SNAPSHOT]):
        return {}
    sums = ", ".join(f"sum({column})" for column in _MEASURES.values())
    rows = connection.execute(
        f"""
        select coalesce(home_currency_id, ''), {sums}
        from (
            select * from finance.monthly_snapshot
            qualify month = max(month) over (partition by realm_id)
        )
        left join (select realm_id, home_currency_id from finance.company) as company using (realm_id)
        group by 1
        order by 1
        """  # noqa: S608 - constant names
    ).fetchall()
    return {
        name if len(rows) == 1 else f"{name}_{currency.lower() or 'unknown'}": amount
        for currency, *amounts in rows
        for name, amount in zip(_MEASURES, amounts, strict=True)
    }
