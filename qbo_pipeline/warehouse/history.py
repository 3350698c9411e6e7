"""What is compared to find history that is in the books already: our documents, and theirs, by number."""

from collections.abc import Mapping
from typing import Any

import duckdb

Row = Mapping[str, Any]

_BOOKS = {
    "Estimate": ("estimate", "customer_id"),
    "Invoice": ("invoice", "customer_id"),
    "SalesReceipt": ("sales_receipt", "customer_id"),
    "CreditMemo": ("credit_memo", "customer_id"),
    "PurchaseOrder": ("purchase_order", "vendor_id"),
}


def candidates(connection: duckdb.DuckDBPyConnection, business_entity_id: str) -> list[Row]:
    """Our documents that are complete but for the day they are pushed from; amounts in their currency."""
    if not _is_there(connection, "outbound", "candidate"):
        return []
    return _rows(
        connection,
        """
        select target, source_kind, source_id, source_number, number as full_number, party_id, total, tax_total,
            net::decimal(18, 2) as net
        from outbound.candidate
        where business_entity_id = ? and (skip is null or skip.code in ('before_go_live', 'no_go_live_date'))
        order by transaction_date, source_kind, source_id
        """,
        [business_entity_id],
    )


def numbered_books(connection: duckdb.DuckDBPyConnection, realm_id: str) -> list[Row]:
    """The living documents of a company that have a number."""
    tables = [
        f"""select '{target}' as target, id, doc_number as number, {party} as party_id, total_amount as total, total_tax
        from qbo.{table} where realm_id = $realm and not is_deleted and doc_number is not null"""  # noqa: S608
        for target, (table, party) in _BOOKS.items()
    ]
    return _rows(connection, " union all ".join(tables), {"realm": realm_id})


def _is_there(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = "select count(*) > 0 from information_schema.tables where table_schema = ? and table_name = ?"
    return connection.execute(found, [schema, table]).fetchone()[0]


def _rows(connection: duckdb.DuckDBPyConnection, statement: str, parameters: object) -> list[Row]:
    result = connection.execute(statement, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
