"""The sample's contracts: every cadence, and every way a period can be difficult."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.ops.sample.office import Office

# Each differs from a monthly contract billed in advance from the first of a month; `months_ago` is when it started.
_CONTRACTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("Monthly care", {}),
    ("At the end of each month", {"months_ago": 5, "day": 31, "anchor_is_month_end": True}),
    ("On the thirtieth", {"months_ago": 6, "day": 30}),
    (
        "Calendar months from the seventeenth",
        {"day": 17, "alignment": "calendar", "anchor_is_month_end": True, "date_roll": "next_business_day"},
    ),
    ("Quarters in arrears", {"months_ago": 7, "bill_every": 3, "timing": "arrears"}),
    ("Yearly from the last of February", {"months_ago": 13, "day": 29, "month": 2, "bill_unit": "year"}),
    ("Every second week", {"bill_every": 2, "bill_unit": "week", "date_roll": "previous_business_day"}),
    ("Missed for fourteen months", {"months_ago": 14, "day": 31}),
    ("Missed, on one invoice", {"months_ago": 4, "catch_up": "merged"}),
    ("Missed and let go", {"months_ago": 4, "catch_up": "none"}),
    ("Ends within a month", {"months_ago": 2, "day": 12, "ends_after_days": 47}),
    ("Price goes up within a period", {"months_ago": 3, "steps": True}),
    ("A month skipped", {"months_ago": 3, "skips": True}),
    ("On hold", {"status": "on_hold"}),
    ("Not signed yet", {"status": "draft"}),
    ("Cancelled", {"status": "cancelled"}),
    ("By hand only", {"auto_invoice": False}),
    ("Full price for a part", {"day": 20, "alignment": "calendar", "proration": "full"}),
    ("Starts next month", {"months_ago": -1}),
)
_EXTRAS = ("months_ago", "day", "month", "ends_after_days", "steps", "skips")


def write_contracts(office: Office, count: int) -> None:
    """Write the first `count` of the sample's contracts, each with a line and what makes it difficult."""
    for number, (name, told) in enumerate(_CONTRACTS[:count], start=1):
        _write(office, number, name, told)


def _write(office: Office, number: int, name: str, told: Mapping[str, Any]) -> None:
    start = _start(office.as_of, told)
    customer = office.customers()[number % len(office.customers())]
    signed = office.at(min(start - timedelta(days=7), office.ago(1)))
    contract_id = office.id_for("contract", number)
    end = start + timedelta(days=told["ends_after_days"]) if "ends_after_days" in told else None
    facts = {
        "id": contract_id,
        "business_entity_id": office.id,
        "number": f"K-{70 + number}",
        "company_id": customer["id"],
        "name": name,
        "status": "active",
        "start_date": start,
        "end_date": end,
        "bill_unit": "month",
        "anchor_date": start,
        "currency": customer["currency"],
        "po_number": f"FRAME-{number}" if number % 5 == 0 else None,
        "updated_at": signed,
    }
    office.rows.add("contracts", **facts | {key: value for key, value in told.items() if key not in _EXTRAS})
    _write_lines(office, contract_id, start, signed, steps=told.get("steps", False))
    if told.get("skips"):
        skipped = _first_after(start, months=1)
        facts = {"contract_id": contract_id, "period_start": skipped, "reason": "Free month agreed on the telephone"}
        office.rows.add("contract_skips", **facts, updated_at=signed)


def _write_lines(office: Office, contract_id: str, start: date, signed: Any, *, steps: bool) -> None:
    product = office.goods()[-1]
    price = Decimal("1000.00")
    changed = start + timedelta(days=45) if steps else None
    prices = [(start, changed, price)] + ([(changed, None, price * Decimal("1.05"))] if changed else [])
    for position, (first, last, unit_price) in enumerate(prices, start=1):
        office.rows.add(
            "contract_lines",
            id=f"{contract_id}-{position}",
            contract_id=contract_id,
            position=1,
            product_id=product["id"],
            description="As agreed",
            quantity=Decimal(1),
            unit_price=unit_price,
            tax_code=office.tax_code(product, None),
            effective_from=first,
            effective_to=last,
            updated_at=signed,
        )


def _start(as_of: date, told: Mapping[str, Any]) -> date:
    start = _first_after(as_of.replace(day=1), months=-told.get("months_ago", 1))
    if "month" in told:
        start = start.replace(month=told["month"])
    following = _first_after(start, months=1)
    last_day = (following - timedelta(days=1)).day
    return start.replace(day=min(told.get("day", 1), last_day))


def _first_after(day: date, *, months: int) -> date:
    """The first of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
