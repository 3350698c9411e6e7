"""A contract of the operational system as billing reads it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Unit = Literal["week", "month", "quarter", "year"]
Alignment = Literal["anniversary", "calendar"]
Proration = Literal["actual_days", "none", "full"]
DateRoll = Literal["none", "next_business_day", "previous_business_day"]
CatchUp = Literal["each", "merged", "none"]
Status = Literal["draft", "active", "on_hold", "ended", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """Which periods a contract has: those of its grid, cut to `[start_date, end_date)`; no end date means no end.

    The grid counts from the anchor in steps of `bill_every` units, or is the calendar's own.
    """

    start_date: date
    end_date: date | None = None
    bill_every: int = 1
    bill_unit: Unit = "month"
    anchor_date: date
    anchor_is_month_end: bool = False
    alignment: Alignment = "anniversary"

    def __post_init__(self) -> None:
        if self.bill_every < 1:
            raise ValueError(
                f"A contract cannot be billed every {self.bill_every} {self.bill_unit}s: give it a whole number from 1 on."
            )


@dataclass(frozen=True, kw_only=True)
class ContractLine:
    """What a contract bills of one thing over `[effective_from, effective_to)`; prices are per full period, before tax.

    Lines of one `position` that follow each other are one line whose price or quantity changes.
    """

    id: str
    position: int
    product_id: str | None = None
    description: str | None = field(default=None, repr=False)
    quantity: Decimal
    unit_price: Decimal
    tax_code: str | None = None
    is_taxable: bool | None = None
    class_code: str | None = None
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A contract with its lines, skips and what keeps its periods from being billed.

    `skips` has the reason of each day whose period is not billed; `unapproved` counts, by local day, the entries of billable
    time of its tickets that nobody approved yet; `billed_elsewhere` names, by first day, the operational system's own document
    that bills a period. `changed_on` is the local day, `changed_at` the instant it or a line last changed.
    """

    id: str
    number: str
    company_id: str
    name: str = field(repr=False)
    status: Status = "active"
    cadence: Cadence
    timing: Literal["advance", "arrears"] = "advance"
    proration: Proration = "actual_days"
    date_roll: DateRoll = "none"
    catch_up: CatchUp = "each"
    currency: str
    po_number: str | None = None
    auto_invoice: bool = True
    lines: tuple[ContractLine, ...] = ()
    skips: dict[date, str] = field(default_factory=dict)
    unapproved: dict[date, int] = field(default_factory=dict)
    billed_elsewhere: dict[date, str] = field(default_factory=dict)
    changed_on: date
    changed_at: datetime
