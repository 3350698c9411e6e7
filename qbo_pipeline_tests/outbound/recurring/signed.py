"""Contracts as they were signed, for tests that need no operational system."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.recurring.contract import Cadence, Contract, ContractLine

START = date(2026, 1, 1)


def line(line_id: str = "a", **values: Any) -> ContractLine:
    """A line of 1,000 a period."""
    usual = {"position": 1, "quantity": Decimal(10), "unit_price": Decimal(100), "effective_from": date(2020, 1, 1)}
    return ContractLine(id=line_id, **usual | values)


def contract(*lines: ContractLine, start: date = START, end: date | None = None, **values: Any) -> Contract:
    """A monthly contract in calendar months."""
    cadence = Cadence(start_date=start, end_date=end, anchor_date=start, alignment="calendar")
    usual: dict[str, Any] = {
        "id": "k1",
        "number": "K-77",
        "company_id": "c1",
        "name": "Gold support",
        "cadence": cadence,
        "currency": "USD",
        "lines": lines or (line(),),
        "changed_on": START,
        "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Contract(**usual | values)
