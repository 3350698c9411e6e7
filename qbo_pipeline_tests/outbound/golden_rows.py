"""A small business whose documents are known to the cent: rows of its operational system, naming only what they are about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qbo_pipeline_tests.outbound.operations import Operations

BE = "be-landscaping"
DAY = date(2026, 3, 10)
SAID = datetime(2026, 3, 10, 18, tzinfo=UTC)

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "companies": {"number": "1", "name": "Amy", "is_customer": True, "is_vendor": False, "currency": "USD"},
    "products": {"name": "Design", "kind": "service", "taxable": False, "is_active": True},
    "quotes": {
        "number": "Q-1",
        "company_id": "c1",
        "status": "accepted",
        "quote_date": DAY,
        "accepted_at": SAID,
        "currency": "USD",
    },
    "quote_billings": {"position": 1, "kind": "full", "ready": True, "due_date": DAY},
    "sales": {"number": "S-1", "company_id": "c1", "status": "closed", "sale_date": DAY, "currency": "USD"},
    "invoices": {
        "number": "1",
        "kind": "invoice",
        "company_id": "c1",
        "status": "final",
        "invoice_date": DAY,
        "currency": "USD",
    },
    "tickets": {
        "number": "T-1",
        "company_id": "c1",
        "status": "closed",
        "billing_mode": "fixed",
        "closed_at": SAID,
        "ready_to_bill": True,
    },
    "timesheets": {
        "user_id": "u1",
        "period_start": date(2026, 3, 9),
        "period_end": date(2026, 3, 16),
        "status": "approved",
        "approval_version": 1,
    },
    "time_entries": {
        "user_id": "u1",
        "company_id": "c1",
        "work_date": DAY,
        "time_zone": "America/Los_Angeles",
        "minutes": 60,
        "billable": "billable",
        "status": "approved",
    },
    "users": {"display_name": "Emily", "worker_kind": "employee", "is_active": True},
    "purchase_orders": {
        "number": "P-1",
        "vendor_company_id": "v1",
        "status": "approved",
        "order_date": DAY,
        "currency": "USD",
    },
    "payments": {
        "company_id": "c1",
        "direction": "in",
        "kind": "payment",
        "payment_date": DAY,
        "amount": Decimal("100.00"),
        "currency": "USD",
        "method": "card",
        "deposit_account": "undeposited",
        "status": "cleared",
    },
    "applications": {
        "from_kind": "payment",
        "to_kind": "invoice",
        "amount": Decimal("100.00"),
        "applied_date": DAY,
    },
    "vendor_bills": {
        "vendor_company_id": "v1",
        "bill_date": DAY,
        "currency": "USD",
        "status": "approved",
    },
    "expense_receipts": {
        "user_id": "u1",
        "receipt_date": DAY,
        "currency": "USD",
        "paid_with": "company_card",
        "payment_account": "Visa",
        "status": "approved",
    },
    "contracts": {
        "number": "K-1",
        "company_id": "c1",
        "name": "Care",
        "status": "active",
        "start_date": DAY,
        "bill_unit": "month",
        "anchor_date": DAY,
        "currency": "USD",
    },
}
_WITHOUT_ENTITY = ("quote_billings", "document_lines", "business_entities", "applications")


class Books:
    """Writes rows, naming only what they are about."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.row("business_entities", BE, name="Craig's", home_currency="USD", time_zone="America/Los_Angeles")
        self.row("companies", "c1", email=" amy@example.com ", terms_code="NET30", terms_days=30)
        self.row("companies", "v1", number="2", name="Tania", is_customer=False, is_vendor=True)
        self.row("products", "p1", description="Plans drawn")
        self.row("products", "p-deposit", name="Deposit", kind="deposit")
        self.row("users", "u1")

    def row(self, table: str, row_id: str, **values: Any) -> None:
        """One row with what is required of its table."""
        entity = {} if table in _WITHOUT_ENTITY else {"business_entity_id": BE}
        self.operations.add(table, {**entity, **_DEFAULTS.get(table, {}), "id": row_id, **values})

    def lines(self, kind: str, document_id: str, *amounts: str, **values: Any) -> None:
        """Lines of a document with these amounts, one piece of each."""
        for position, amount in enumerate(amounts, start=1):
            line = {
                "document_kind": kind,
                "document_id": document_id,
                "line_id": str(position),
                "position": position,
                "product_id": "p1",
                "quantity": Decimal(1),
                "unit_price": Decimal(amount),
                "amount": Decimal(amount),
            }
            self.operations.add("document_lines", line | values)

    def quote(self, name: str, *amounts: str, **values: Any) -> None:
        """An accepted quote with lines of these amounts."""
        self.row("quotes", name, number=name.upper(), **values)
        self.lines("quote", name, *amounts)

    def invoice(self, name: str, *amounts: str, line: Mapping[str, Any] | None = None, **values: Any) -> None:
        """A final invoice with lines of these amounts."""
        self.row("invoices", name, **{"number": name} | values)
        self.lines("invoice", name, *amounts, **line or {})

    def entry(self, name: str, **values: Any) -> None:
        """An hour of billable work on a sheet of its own that is approved."""
        sheet = values.pop("sheet", {})
        if sheet is not None:
            self.row("timesheets", f"sheet-{name}", **sheet)
            values = {"timesheet_id": f"sheet-{name}"} | values
        self.row("time_entries", name, **values)

    def receipt(self, name: str, *amounts: str, line: Mapping[str, Any] | None = None, **values: Any) -> None:
        """An approved receipt of meals of these amounts."""
        self.row("expense_receipts", name, **{"total": sum(map(Decimal, amounts))} | values)
        for position, amount in enumerate(amounts, start=1):
            facts = {
                "expense_receipt_id": name,
                "line_id": str(position),
                "category": "Meals",
                "amount": Decimal(amount),
            }
            self.operations.add("expense_lines", facts | dict(line or {}))

    def apply(self, name: str, source: str, to: str, amount: str, **values: Any) -> None:
        """Apply so much of a payment to an invoice."""
        self.row("applications", name, **{"from_id": source, "to_id": to, "amount": Decimal(amount)} | values)
