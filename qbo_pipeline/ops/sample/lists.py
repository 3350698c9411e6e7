"""The sample's lists, read from `lists.json`: business entities, companies, users, products, rates, holidays."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from qbo_pipeline.ops.sample.rows import Row, Rows

Entry = Mapping[str, Any]

_FILE = Path(__file__).with_name("lists.json")
_HOLIDAYS = (((1, 1), "New Year's Day"), ((12, 25), "Christmas Day"))


def read_lists() -> dict[str, Any]:
    """What `lists.json` tells, by business entity."""
    return json.loads(_FILE.read_text(encoding="utf-8"))


def write_lists(rows: Rows, as_of: date) -> list[Row]:
    """Write every list into `rows`, as set up 200 days before `as_of`; returns the business entities."""
    told = read_lists()
    since = datetime.combine(as_of - timedelta(days=200), time(9), UTC)
    return [_write_entity(rows, entity_id, told[entity_id], as_of, since) for entity_id in told]


def _write_entity(rows: Rows, entity_id: str, told: Entry, as_of: date, since: datetime) -> Row:
    code = entity_id.removeprefix("be-")[:2]
    facts = dict(told["entity"])
    go_live = facts.pop("go_live_days_ago")
    go_live_date = as_of - timedelta(days=go_live) if go_live is not None else None
    entity = rows.add("business_entities", id=entity_id, go_live_date=go_live_date, updated_at=since, **facts)
    for tax_code, name, rate, where in told["tax_codes"]:
        named = {"code": tax_code, "business_entity_id": entity_id, "name": name, "jurisdiction": where}
        rows.add("tax_codes", **named, rate_pct=Decimal(rate), updated_at=since)
    for each in told["companies"]:
        rows.add("companies", **_company(each, code, told, entity), business_entity_id=entity_id, updated_at=since)
    for each in told["users"]:
        rows.add("users", **_user(each, code), business_entity_id=entity_id, updated_at=since)
    for each in told["products"]:
        rows.add("products", **_product(each, code), business_entity_id=entity_id, updated_at=since)
    for each in told["rates"]:
        rows.add("rates", **_rate(each, code, as_of), business_entity_id=entity_id, updated_at=since)
    for year in range(as_of.year - 1, as_of.year + 2):
        for (month, day), name in _HOLIDAYS:
            rows.add(
                "holidays", business_entity_id=entity_id, holiday=date(year, month, day), name=name, updated_at=since
            )
    return entity


def _company(told: Entry, code: str, of_entity: Entry, entity: Row) -> Row:
    is_vendor = told.get("vendor", False)
    terms_code, terms_days = told.get("terms", ("NET30", 30))
    return {
        "id": f"{code}-c-{told['number']}",
        "number": told["number"],
        "name": told["name"],
        "legal_name": told.get("legal_name"),
        "is_customer": not is_vendor or told.get("both", False),
        "is_vendor": is_vendor,
        "parent_company_id": f"{code}-c-{told['parent']}" if "parent" in told else None,
        "bill_to_company_id": f"{code}-c-{told['bill_to']}" if "bill_to" in told else None,
        "email": told.get("email"),
        "addr_line1": f"{int(told['number']) % 97 + 1} Station Road",
        "country": told.get("country", of_entity["country"]),
        "currency": told.get("currency", entity["home_currency"]),
        "terms_code": terms_code,
        "terms_days": terms_days,
        "tax_exempt": told.get("tax_exempt", False),
        "tax_code": told.get("tax"),
        "discount_pct": _decimal(told.get("discount_pct")),
        "is_active": told.get("is_active", True),
        "is_deleted": told.get("is_deleted", False),
    }


def _user(told: Entry, code: str) -> Row:
    return {
        "id": f"{code}-{told['id']}",
        "display_name": told["name"],
        "email": told.get("email"),
        "worker_kind": told["kind"],
        "vendor_company_id": f"{code}-c-{told['vendor']}" if "vendor" in told else None,
        "work_role": told["role"],
        "cost_rate": _decimal(told.get("cost")),
        "is_active": told.get("active", True),
    }


def _product(told: Entry, code: str) -> Row:
    return {
        "id": f"{code}-{told['id']}",
        "sku": told.get("sku"),
        "name": told["name"],
        "kind": told.get("kind", "service"),
        "unit_price": _decimal(told.get("price")),
        "unit_cost": _decimal(told.get("cost")),
        "taxable": told.get("taxable", False) or "tax" in told,
        "tax_code": told.get("tax"),
        "income_account": told.get("income"),
        "expense_account": told.get("expense"),
        "class_code": told.get("class"),
        "is_active": True,
    }


def _rate(told: Entry, code: str, as_of: date) -> Row:
    first, last = told.get("from_days_ago", 400), told.get("until_days_ago")
    return {
        "id": f"{code}-{told['id']}",
        "company_id": f"{code}-c-{told['company']}" if "company" in told else None,
        "work_role": told.get("role"),
        "work_type": told.get("type"),
        "rate_kind": told.get("kind", "custom"),
        "rate": Decimal(told["rate"]),
        "min_minutes": told.get("min", 0),
        "round_minutes": told.get("round", 0),
        "round_mode": told.get("mode", "up"),
        "product_id": f"{code}-{told['product']}" if "product" in told else None,
        "effective_from": as_of - timedelta(days=first),
        "effective_to": as_of - timedelta(days=last) if last is not None else None,
    }


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
