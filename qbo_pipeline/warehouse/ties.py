"""Whether the books tie to QuickBooks' own reports, month by month, as `finance.reconciliation_month` has it."""

from dataclasses import dataclass

import duckdb

from qbo_pipeline.warehouse.tables import describe


@dataclass(frozen=True)
class Ties:
    """One company's months for which reports were read: how many tie in all of them, and how many differ for no known cause."""

    realm_id: str
    months: int
    tied: int
    unexplained: int


def ties(connection: duckdb.DuckDBPyConnection) -> list[Ties]:
    """The ties of each company, by realm; none before the first reconciliation."""
    if not describe(connection, [("finance", "reconciliation_month")]):
        return []
    rows = connection.execute(
        """
        select realm_id, count(*), count(*) filter (where is_tied), count(*) filter (where is_unexplained)
        from (
            select
                realm_id, as_of_date, bool_and(is_tied) as is_tied, bool_or(unexplained_differences > 0) as is_unexplained
            from finance.reconciliation_month
            group by realm_id, as_of_date
        ) as month
        group by realm_id
        order by realm_id
        """
    ).fetchall()
    return [Ties(*row) for row in rows]
