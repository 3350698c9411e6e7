"""How a query compares: what type a property has, and what it means for a record's value to meet a condition.

Texts compare without regard to case, references by their id, moments by whole seconds, amounts as decimals. An absent text
equals `' '`, as QuickBooks writes an empty value; an absent `Active` is true; any other absent value meets no condition.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from qbo_pipeline.emulator.books.query import Condition, Value
from qbo_pipeline.emulator.faults import query_fault
from qbo_pipeline.emulator.instants import parse_moment
from qbo_pipeline.emulator.source import Record

PropertyType = Literal["id", "instant", "date", "boolean", "amount", "reference", "text"]
Test = Callable[[Any], bool]

_AMOUNTS = {"balance", "balancewithjobs", "totalamt", "unitprice", "purchasecost", "currentbalance"}
_BOOLEANS = {"active", "subitem", "taxable"}
# Properties that hold an object whose one member is what is compared.
_INNER = {"PrimaryEmailAddr": ("PrimaryEmailAddr", "Address")}


def property_type(name: str) -> PropertyType:
    """What values of a property are."""
    lowered = name.lower()
    if lowered == "id":
        return "id"
    if lowered.startswith("metadata."):
        return "instant"
    if lowered.endswith("date"):
        return "date"
    if lowered.endswith("ref"):
        return "reference"
    if lowered in _BOOLEANS:
        return "boolean"
    return "amount" if lowered in _AMOUNTS else "text"


def value_of(record: Record, name: str) -> Any:
    """A record's value of a property, ready to compare and to sort by; None where it has none."""
    kind = property_type(name)
    path = _INNER.get(name, tuple(name.split(".")))
    found: Any = record
    for part in (*path, "value") if kind == "reference" else path:
        if isinstance(found, list):
            found = found[0] if found else None
        found = found.get(part) if isinstance(found, dict) else None
    if kind == "boolean":
        return found if isinstance(found, bool) else name == "Active"
    if kind == "text":
        return ("" if found is None else str(found)).strip().casefold()
    if found is None:
        return None
    return Decimal(str(found)) if kind == "amount" else str(found)


def id_value(record_id: str) -> int | str:
    """An id as it compares: by number, or as text where QuickBooks uses one ("TAX")."""
    return int(record_id) if record_id.isdecimal() else record_id


def condition_test(condition: Condition, today: date) -> Test:
    """A test of comparable values; raises fault 4001 for a literal that the property's type cannot be compared with."""
    kind = property_type(condition.property)
    if condition.operator == "LIKE":
        return _like(condition, kind)
    literals = condition_values(condition, today)
    if condition.operator in ("=", "IN"):
        wanted = frozenset(literals)
        return lambda value: value in wanted
    if kind in ("boolean", "reference"):
        raise query_fault(f"Operator {condition.operator} is not supported for property '{condition.property}'")
    ordered = _ordered(condition.operator, literals[0])
    return ordered if kind != "id" else lambda value: type(value) is type(literals[0]) and ordered(value)


def condition_values(condition: Condition, today: date) -> list[Any]:
    """What a condition compares with, as values of its property's type; fault 4001 where they are not."""
    kind = property_type(condition.property)
    return [_literal(value, kind, condition.property, today) for value in condition.values]


def _ordered(operator: str, literal: Any) -> Test:
    comparisons: dict[str, Test] = {
        "<": lambda value: value is not None and value < literal,
        ">": lambda value: value is not None and value > literal,
        "<=": lambda value: value is not None and value <= literal,
        ">=": lambda value: value is not None and value >= literal,
    }
    return comparisons[operator]


def _like(condition: Condition, kind: PropertyType) -> Test:
    if kind not in ("text", "date"):
        raise query_fault(f"Operator LIKE is not supported for property '{condition.property}'")
    parts = condition.values[0].text.strip().casefold().split("%")
    pattern = re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)
    return lambda value: value is not None and pattern.fullmatch(value) is not None


def _literal(value: Value, kind: PropertyType, name: str, today: date) -> Any:
    try:
        return _typed(value, kind, today)
    except (ValueError, InvalidOperation) as error:
        raise query_fault(f"Invalid value '{value.text}' for property '{name}'") from error


def _typed(value: Value, kind: PropertyType, today: date) -> Any:
    text = (today.isoformat() if value.kind == "current_date" else value.text).strip()
    return _READINGS[kind](text)


def _date(text: str) -> str:
    parse_moment(text)
    return text[: len("2026-08-01")]


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("neither true nor false")
    return text.lower() == "true"


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError("not a number")
    return amount


_READINGS: dict[PropertyType, Callable[[str], Any]] = {
    "id": id_value,
    "instant": lambda text: int(parse_moment(text).timestamp()),
    "date": _date,
    "boolean": _boolean,
    "amount": _amount,
    "reference": str,
    "text": str.casefold,
}
