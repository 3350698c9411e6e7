"""What an entry costs, worked out the way a clerk does: look for the rate, raise, round, multiply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

Row = Mapping[str, Any]

CONDITIONS = ("contract_id", "company_id", "work_role", "work_type", "user_id")
"""What a rate may name, the weightiest first."""
_ROUNDINGS = {"up": ROUND_CEILING, "nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}


@dataclass(frozen=True)
class Cost:
    """What an entry is billed at."""

    minutes: int
    rate: Decimal | None


def cost(entry: Row, rates: Sequence[Row]) -> Cost:
    """What an entry is billed at under these rates."""
    held = [rate for rate in rates if _holds(rate, entry)]
    base = _weightiest([rate for rate in held if rate["rate_kind"] == "custom"])
    net = entry["minutes"] - entry.get("break_minutes", 0)
    if base is None:
        return Cost(entry.get("bill_minutes") or net, entry.get("rate"))
    changes = [rate for rate in held if rate["rate_kind"] != "custom" and not _names(rate) < _names(base)]
    change = _weightiest(changes)
    hourly = _changed(base["rate"], change)
    rounding = change if change is not None and change.get("round_minutes", 0) > 0 else base
    raising = change if change is not None and change.get("min_minutes", 0) > 0 else base
    minutes = _rounded(max(net, raising.get("min_minutes", 0)), rounding) if net > 0 else net
    return Cost(entry.get("bill_minutes") or minutes, entry.get("rate") or hourly)


def _holds(rate: Row, entry: Row) -> bool:
    end = rate.get("effective_to")
    in_force = rate["effective_from"] <= entry["work_date"] and (end is None or entry["work_date"] < end)
    return in_force and all(rate[name] == entry.get(name) for name in _names(rate))


def _names(rate: Row) -> set[str]:
    return {name for name in CONDITIONS if rate.get(name) is not None}


def _weightiest(rates: Sequence[Row]) -> Row | None:
    by_id = sorted(rates, key=lambda rate: rate["id"])
    newest_first = sorted(by_id, key=lambda rate: rate["effective_from"], reverse=True)
    return max(newest_first, key=lambda rate: [name in _names(rate) for name in CONDITIONS], default=None)


def _changed(rate: Decimal, change: Row | None) -> Decimal:
    if change is None:
        return rate
    changed = rate + change["rate"] if change["rate_kind"] == "add" else rate * change["rate"]
    return changed.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _rounded(minutes: int, rule: Row) -> int:
    step, mode = rule.get("round_minutes", 0), rule.get("round_mode", "up")
    if not step or mode == "none":
        return minutes
    return int((Decimal(minutes) / step).quantize(Decimal(1), rounding=_ROUNDINGS[mode])) * step
