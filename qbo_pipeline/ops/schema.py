"""The contract: every table an operational system offers, as a table or a view of that name, in the order of reference.

`metadata` holds them as SQLAlchemy knows them, with the meaning of each column as its comment; the rooms below `contract`
write them down by subject.
"""

import sqlalchemy as sa

from qbo_pipeline.ops.contract import lists, payments, sales, spending, work
from qbo_pipeline.ops.contract.columns import metadata

SCHEMA = "raw_ops"
"""The warehouse's schema of these tables."""

TABLES: tuple[sa.Table, ...] = (
    lists.business_entities,
    lists.companies,
    lists.users,
    lists.tax_codes,
    lists.products,
    lists.rates,
    lists.holidays,
    sales.quotes,
    sales.quote_billings,
    sales.sales,
    sales.invoices,
    sales.document_lines,
    work.tickets,
    work.timesheets,
    work.time_entries,
    work.contracts,
    work.contract_lines,
    work.contract_skips,
    spending.purchase_orders,
    spending.vendor_bills,
    spending.expense_receipts,
    spending.expense_lines,
    payments.payments,
    payments.applications,
)


def find_table(name: str) -> sa.Table:
    """The contract's table called `name`; raises `KeyError` for any other name."""
    return metadata.tables[name]


def key_of(table: sa.Table) -> list[str]:
    """The names of a table's key columns."""
    return [column.name for column in table.primary_key]
