"""The fields that many QuickBooks records share, built from one row of the data files.

Rows are written in the recording's own days (reports of 29 May 2024); `Calendar` moves them by whole days, so that the wall
clock of every instant stays and only its UTC offset follows the season.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from qbo_pipeline.emulator.source import Record

Row = Mapping[str, Any]

RECORDED_ON = date(2024, 5, 29)
_PACIFIC = ZoneInfo("America/Los_Angeles")
_CENT = Decimal("0.01")
# The user QuickBooks names on invoices and bills; any id will do.
_LAST_EDITOR = "9341450000000901"


class Calendar:
    """Moves the recording's days so that its report day becomes `as_of`."""

    def __init__(self, as_of: date) -> None:
        self._shift = as_of - RECORDED_ON
        self._as_of = as_of

    def day(self, text: str, *, plus: int = 0) -> str:
        """A recorded date, shifted, `plus` days later (a due date)."""
        return (date.fromisoformat(text) + self._shift + timedelta(days=plus)).isoformat()

    def instant(self, text: str) -> str:
        """A recorded Pacific wall-clock time, shifted, with its offset as QuickBooks prints it."""
        return (datetime.fromisoformat(text) + self._shift).replace(tzinfo=_PACIFIC).isoformat()

    def next_month(self) -> str:
        """The first of the month after `as_of`, when monthly templates fall due."""
        return (self._as_of.replace(day=1) + timedelta(days=32)).replace(day=1).isoformat()


def header(row: Row, calendar: Calendar, *, names_editor: bool = False) -> Record:
    """What every record opens with: domain, Id, SyncToken and MetaData; invoices and bills also name their editor."""
    metadata = {"CreateTime": calendar.instant(row["created"])}
    if names_editor:
        metadata |= {"LastModifiedByRef": {"value": _LAST_EDITOR}}
    metadata |= {"LastUpdatedTime": calendar.instant(row.get("updated", row["created"]))}
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": str(row["id"]),
        "SyncToken": str(row.get("revision", 0)),
        "MetaData": metadata,
    }


def dollars() -> Record:
    """The home currency as transactions and names carry it."""
    return {"value": "USD", "name": "United States Dollar"}


def without_empty(record: Record) -> Record:
    """The record without absent values: QuickBooks omits a field rather than answering null."""
    return {name: value for name, value in record.items() if value is not None}


def cents(amount: Decimal) -> Decimal:
    """An amount rounded to cents, halves away from zero as QuickBooks does."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


def line_amount(line: Row) -> Decimal:
    """A line's amount: as written in the data, else quantity times price."""
    if "amount" in line:
        return Decimal(line["amount"])
    return cents(Decimal(line["quantity"]) * Decimal(line["price"]))


def address(parts: list[str], address_id: int) -> Record:
    """A postal address; the last two parts, where known, are coordinates, for some addresses the word INVALID."""
    names = ("Line1", "City", "CountrySubDivisionCode", "PostalCode", "Lat", "Long")
    return {"Id": str(address_id)} | dict(zip(names, parts, strict=False))


def json_numbers(value: Any) -> Any:
    """The record with its exact decimals as JSON numbers (42 or 42.5), the form in which records travel and are stored."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: json_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [json_numbers(inner) for inner in value]
    return value
