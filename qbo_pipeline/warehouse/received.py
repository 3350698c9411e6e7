"""The payments in a company's books that may be ones the operational system has too, with the invoices they settle."""

from collections.abc import Mapping
from typing import Any

import duckdb

Row = Mapping[str, Any]

_RECEIVED = """
with applied as (
    select
        line.realm_id, line.payment_id,
        list(struct_pack(invoice_id := link.linked_transaction_id, amount := line.amount)) as invoices
    from qbo.payment_line as line
    inner join qbo.payment_linked_txn as link
        on link.realm_id = line.realm_id and link.payment_id = line.payment_id and link.line_number = line.line_number
    where line.realm_id = $realm and link.linked_transaction_type = 'Invoice'
    group by all
)
select payment.id, payment.customer_id, payment.transaction_date, payment.currency_id as currency, payment.total_amount as total,
    payment.payment_reference_number as reference, payment.private_note as note, coalesce(applied.invoices, []) as invoices
from qbo.payment as payment
left join applied on applied.realm_id = payment.realm_id and applied.payment_id = payment.id
where payment.realm_id = $realm and not payment.is_deleted and payment.total_amount > 0
    and payment.transaction_date = any ($days)
"""


def received_payments(connection: duckdb.DuckDBPyConnection, realm_id: str, days: list[Any]) -> list[Row]:
    """The living payments of a company on these days; none before its tables are built."""
    there = "select count(*) = 3 from duckdb_tables() where schema_name = 'qbo' and table_name in (?, ?, ?)"
    (is_built,) = connection.execute(there, ["payment", "payment_line", "payment_linked_txn"]).fetchone() or (False,)
    if not is_built or not days:
        return []
    result = connection.execute(_RECEIVED, {"realm": realm_id, "days": days})
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
