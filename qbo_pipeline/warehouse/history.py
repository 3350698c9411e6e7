"""What is compared to find history that is in the books already: our documents, and theirs of the same kinds."""

from collections.abc import Mapping
from typing import Any

import duckdb

Row = Mapping[str, Any]

_BOOKS = {
    "Estimate": ("estimate", "customer_id", "doc_number", "total_tax"),
    "Invoice": ("invoice", "customer_id", "doc_number", "total_tax"),
    "SalesReceipt": ("sales_receipt", "customer_id", "doc_number", "total_tax"),
    "CreditMemo": ("credit_memo", "customer_id", "doc_number", "total_tax"),
    "PurchaseOrder": ("purchase_order", "vendor_id", "doc_number", "total_tax"),
    "Bill": ("bill", "vendor_id", "doc_number", "total_tax"),
    # A payment has no number and no tax of its own.
    "Payment": ("payment", "customer_id", "null", "null"),
}


def candidates(connection: duckdb.DuckDBPyConnection, business_entity_id: str) -> list[Row]:
    """Our documents that are complete but for the day they are pushed from; amounts in their currency."""
    if not _is_there(connection, "outbound", "candidate"):
        return []
    return _rows(
        connection,
        """
        select target, source_kind, source_id, source_number, number as full_number, party_kind, party_id, transaction_date,
            total, tax_total, net::decimal(18, 2) as net, skip is null as would_go
        from outbound.candidate
        where business_entity_id = ? and (skip is null or skip.code in ('before_go_live', 'no_go_live_date'))
        order by transaction_date, source_kind, source_id
        """,
        [business_entity_id],
    )


def known_books(connection: duckdb.DuckDBPyConnection, realm_id: str) -> list[Row]:
    """The living documents of a company, of the kinds that are looked for."""
    tables = [
        f"""select '{target}' as target, id, {number} as number, {party} as party_id, transaction_date,
            total_amount as total, {tax} as total_tax
        from qbo.{table} where realm_id = $realm and not is_deleted"""  # noqa: S608
        for target, (table, party, number, tax) in _BOOKS.items()
    ]
    return _rows(connection, " union all ".join(tables), {"realm": realm_id})


def _is_there(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = "select count(*) > 0 from information_schema.tables where table_schema = ? and table_name = ?"
    return connection.execute(found, [schema, table]).fetchone()[0]


def _rows(connection: duckdb.DuckDBPyConnection, statement: str, parameters: object) -> list[Row]:
    result = connection.execute(statement, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
