"""Rows of the contract with everything that is required, so that a test names only what it is about."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.schema import find_table

CHANGED = datetime(2026, 3, 1, 12, tzinfo=UTC)

_REQUIRED: dict[str, dict[str, Any]] = {
    "invoices": {
        "business_entity_id": "be",
        "kind": "invoice",
        "company_id": "c1",
        "status": "final",
        "invoice_date": date(2026, 3, 1),
        "currency": "USD",
    },
    "document_lines": {"document_kind": "invoice", "line_id": "1", "position": 1, "amount": Decimal("10.00")},
    "contracts": {
        "business_entity_id": "be",
        "number": "K-1",
        "company_id": "c1",
        "name": "Care",
        "status": "active",
        "start_date": date(2026, 1, 31),
        "bill_unit": "month",
        "anchor_date": date(2026, 1, 31),
        "currency": "USD",
    },
    "contract_lines": {
        "contract_id": "k1",
        "position": 1,
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "effective_from": date(2026, 1, 31),
    },
}


def insert(database: OpsDatabase, table: str, **values: Any) -> None:
    """Add one row."""
    with database.writing() as connection:
        connection.execute(find_table(table).insert().values(**{"updated_at": CHANGED} | _REQUIRED[table] | values))


def change(database: OpsDatabase, table: str, row_id: str, **values: Any) -> None:
    """Change a row by id."""
    found = find_table(table)
    with database.writing() as connection:
        connection.execute(found.update().where(found.c.id == row_id).values(**values))
