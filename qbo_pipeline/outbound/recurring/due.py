"""When a period is due, the day its invoice is dated, and what speaks against billing it.

Days are the business entity's: at one instant it is the old year in New York and the new one in London. Weekends and holidays
move the invoice's date and nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from qbo_pipeline.outbound.recurring.contract import Contract, DateRoll
from qbo_pipeline.outbound.recurring.periods import Period

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class Objection:
    """Why a period is not billed now: `skipped` as long as it holds, `blocked` until somebody acts, `pending` until its turn."""

    state: Literal["skipped", "blocked", "pending"]
    code: str
    reason: str


def local_date(now: datetime, time_zone: str) -> date:
    """The date of an aware instant where a business entity is; raises `ValueError` for an instant without a zone."""
    if now.tzinfo is None:
        raise ValueError("The local date of an instant without a time zone cannot be told: give an aware one.")
    return now.astimezone(ZoneInfo(time_zone)).date()


def due_date(contract: Contract, period: Period) -> date:
    """The day from which on a period is billed: its first in advance, the first after it in arrears."""
    return period.start if contract.timing == "advance" else period.end


def invoice_date(due: date, roll: DateRoll, holidays: Collection[date], *, not_before: date | None = None) -> date:
    """The day an invoice is dated: the due day, or the business day next to it; no roll goes back before `not_before`."""
    if roll == "none":
        return due
    step = _DAY if roll == "next_business_day" else -_DAY
    day = due
    while day.weekday() >= _SATURDAY or day in holidays:
        day += step
    return due if not_before is not None and day < not_before <= due else day


def tracked_through(contract: Contract, today: date) -> date | None:
    """The last day on which a new period of a contract may begin; None where none may any more.

    What was cancelled or not signed gets no new ones. What ended without saying when ended on the day that was noted.
    """
    if contract.status in ("draft", "cancelled"):
        return None
    if contract.status == "ended" and contract.cadence.end_date is None:
        return min(today, contract.changed_on)
    return today


def objection(
    contract: Contract, period: Period, dated: date, *, go_live_date: date, hold_over_unapproved_time: bool = True
) -> Objection | None:
    """Why a due period is not billed, the weightiest reason first; None where nothing speaks against it."""
    if dated < go_live_date:
        return Objection(
            "skipped",
            "before_go_live",
            f"It is dated {dated}, before {go_live_date}, from which on documents are pushed.",
        )
    return (
        _billed_elsewhere(contract, period)
        or _skip(contract, period)
        or _standing(contract)
        or (_unapproved(contract, period) if hold_over_unapproved_time else None)
    )


def by_hand(contract: Contract) -> Objection | None:
    """Why a contract's periods wait to be asked for."""
    if contract.auto_invoice:
        return None
    return Objection("blocked", "by_hand", "The contract is not invoiced by itself: ask for the period to be billed.")


def _billed_elsewhere(contract: Contract, period: Period) -> Objection | None:
    by = contract.billed_elsewhere.get(period.start)
    return by and Objection("skipped", "billed_elsewhere", f"The operational system bills it with {by}.")


def _skip(contract: Contract, period: Period) -> Objection | None:
    days = sorted(day for day in contract.skips if period.start <= day < period.end or day == period.full_start)
    return Objection("skipped", "skip", contract.skips[days[0]]) if days else None


def _standing(contract: Contract) -> Objection | None:
    if contract.status == "cancelled":
        return Objection("skipped", "cancelled", "The contract was cancelled.")
    if contract.status == "draft":
        return Objection("blocked", "draft", "The contract is a draft: its periods are billed once it is active.")
    if contract.status == "on_hold":
        return Objection(
            "blocked", "on_hold", "The contract is on hold: its periods are billed once it is active again."
        )
    if contract.status == "ended" and contract.cadence.end_date is None:
        return Objection(
            "blocked",
            "no_end_date",
            "The contract has ended and does not say when: give it the first day it does not cover.",
        )
    return None


def _unapproved(contract: Contract, period: Period) -> Objection | None:
    count = sum(entries for day, entries in contract.unapproved.items() if period.start <= day < period.end)
    if not count:
        return None
    last = period.end - _DAY
    return Objection(
        "blocked",
        "unapproved_time",
        f"Billable time of the contract from {period.start} to {last} is not approved ({count} to go): approve it, mark it not "
        "billable, or switch off the push setting hold_contract_over_unapproved_time.",
    )
