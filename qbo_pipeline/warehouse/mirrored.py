"""What the books say of the documents, names and payments that the operational system shows, from the published copy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from qbo_pipeline.warehouse.query import read_only

Row = Mapping[str, Any]

# The tables of transactions that are pushed, with the column of their number and of what is left of them.
_DOCUMENTS = {
    "Invoice": ("invoice", "doc_number", "balance"),
    "Estimate": ("estimate", "doc_number", "null"),
    "SalesReceipt": ("sales_receipt", "doc_number", "balance"),
    "CreditMemo": ("credit_memo", "doc_number", "remaining_credit"),
    "PurchaseOrder": ("purchase_order", "doc_number", "null"),
    "Bill": ("bill", "doc_number", "balance"),
    "Payment": ("payment", "null", "unapplied_amount"),
}

_CUSTOMERS = """
select realm_id, customer_id as qbo_id, business_entity_id, source_customer_id as source_id, name,
    primary_email_addr as email, balance, is_active
from qbo_mirror.customer
"""
_PRODUCTS = """
select realm_id, product_id as qbo_id, business_entity_id, name, stock_keeping_unit as sku, type as kind, unit_price,
    true as is_active
from qbo_mirror.product
"""
_INVOICES = """
select invoice.realm_id, invoice.id as qbo_id, company.business_entity_id, invoice.customer_id as customer_qbo_id,
    invoice.doc_number as number, invoice.transaction_date as invoice_date, invoice.due_date,
    invoice.currency_id as currency, invoice.total_amount as total, invoice.balance,
    case
        when invoice.is_deleted then 'deleted'
        when invoice.total_amount = 0 and invoice.private_note ilike 'voided%' then 'voided'
        when invoice.balance = 0 then 'paid'
        when invoice.balance < invoice.total_amount then 'partly_paid'
        else 'open'
    end as status
from qbo.invoice as invoice
inner join sync.connection as company using (realm_id)
where company.business_entity_id is not null
"""
_PAYMENTS = """
select payment.realm_id, payment.id as qbo_id, company.business_entity_id, payment.customer_id as customer_qbo_id,
    payment.transaction_date as payment_date, payment.currency_id as currency, payment.total_amount as total,
    payment.unapplied_amount as unapplied, payment.is_deleted, payment.payment_reference_number as reference
from qbo.payment as payment
inner join sync.connection as company using (realm_id)
where company.business_entity_id is not null
"""
_APPLICATIONS = """
select applied.realm_id, applied.source_id as payment_qbo_id, applied.target_id as invoice_qbo_id, company.business_entity_id,
    sum(applied.amount) as amount, max(applied.applied_date) as applied_date
from ledger.application as applied
inner join sync.connection as company using (realm_id)
where applied.source_type = 'Payment' and applied.target_type = 'Invoice' and company.business_entity_id is not null
group by all
"""
_KINDS = {
    "customer": _CUSTOMERS,
    "product": _PRODUCTS,
    "invoice": _INVOICES,
    "payment": _PAYMENTS,
    "application": _APPLICATIONS,
}


def mirrored(published: Path, kind: str) -> list[Row]:
    """The rows of a kind, of every business entity; none before the first publishing."""
    if not published.exists():
        return []
    with read_only(published) as copy:
        return _rows(copy, _KINDS[kind])


def mirrored_documents(published: Path) -> dict[tuple[str, str, str], Row]:
    """What the books hold of each transaction of the kinds that are pushed, by company, kind and id.

    `total` and `balance` in its currency, `is_deleted`, `is_voided`, and `paid_date`, the day the last of an invoice was settled.
    """
    if not published.exists():
        return {}
    with read_only(published) as copy:
        return {
            (row["realm_id"], target, row["id"]): row
            for target, columns in _DOCUMENTS.items()
            for row in _rows(copy, _documents(target, *columns))
        }


def _documents(target: str, table: str, number: str, balance: str) -> str:
    return f"""
        with settled as (
            select realm_id, target_id as id, max(applied_date) as settled_on
            from ledger.application
            where target_type = '{target}'
            group by all
        )

        select document.realm_id, document.id, {number} as number, document.total_amount as total, {balance} as balance,
            document.is_deleted,
            document.total_amount = 0 and coalesce(document.private_note, '') ilike 'voided%' as is_voided,
            case when {balance} = 0 then settled.settled_on end as paid_date
        from qbo.{table} as document
        left join settled using (realm_id, id)
    """  # noqa: S608 - tables and columns named above


def _rows(copy: duckdb.DuckDBPyConnection, statement: str) -> list[Row]:
    cursor = copy.execute(statement)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
