"""The JSON shape all reports share: a header, columns, and rows that are sections or data, every value a text.

A report of too many cells is not refused: it ends early with a sentence where the next row would be, the sections then open
never reach their totals, and the answer is an ordinary 200. So several public clients of QuickBooks describe it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Cell = dict[str, str]
Row = dict[str, Any]

CUT_SHORT = "Unable to display more data. Please reduce the date range."


@dataclass(frozen=True)
class Report:
    """A report before it is encoded. `header` holds what this report's header says beside time, name and currency."""

    header: Mapping[str, str]
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Row]
    has_data: bool
    options: Sequence[tuple[str, str]] = field(default=())


def cell(value: str, record_id: str | None = None) -> Cell:
    """One value, with the id of the record it names where it names one."""
    return {"value": value} if record_id is None else {"value": value, "id": record_id}


def blanks(count: int) -> list[Cell]:
    """Empty cells."""
    return [cell("") for _ in range(count)]


def column(title: str, kind: str, key: str | None = None, period: tuple[date, date] | None = None) -> dict[str, Any]:
    """A column's definition; `period` is what a column of a summary covers."""
    metadata = [] if period is None else [("StartDate", period[0].isoformat()), ("EndDate", period[1].isoformat())]
    metadata += [] if key is None else [("ColKey", key)]
    described = {"MetaData": [{"Name": name, "Value": value} for name, value in metadata]} if metadata else {}
    return {"ColTitle": title, "ColType": kind, **described}


def data(cells: Sequence[Cell], group: str | None = None) -> Row:
    """A row of values."""
    return {"ColData": list(cells), "type": "Data"} | ({} if group is None else {"group": group})


def untyped(cells: Sequence[Cell]) -> Row:
    """A row of values as trial balances and ageing summaries have it: without a type."""
    return {"ColData": list(cells)}


def section(
    header: Sequence[Cell] | None,
    rows: Sequence[Row] | None,
    summary: Sequence[Cell] | None,
    group: str | None = None,
) -> Row:
    """A section: heading, rows and total, of which any may be missing."""
    row: Row = {}
    if header is not None:
        row["Header"] = {"ColData": list(header)}
    if rows:
        row["Rows"] = {"Row": list(rows)}
    if summary is not None:
        row["Summary"] = {"ColData": list(summary)}
    row["type"] = "Section"
    return row if group is None else row | {"group": group}


def grand_total(cells: Sequence[Cell]) -> Row:
    """The last row of a list of balances."""
    return section(None, None, [cell("TOTAL"), *cells], "GrandTotal")


def plain(amount: Decimal | None) -> str:
    """An amount in a summary: "-89.50", "0.00", and nothing for none."""
    return "" if amount is None else f"{amount + 0:.2f}"  # adding zero makes minus zero plain zero


def terse(amount: Decimal | None) -> str:
    """An amount in a list of transactions, where QuickBooks leaves out a leading zero: ".00", "-.56"."""
    text = plain(amount)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def count_cells(rows: Sequence[Row]) -> int:
    """How many cells rows hold, headings and totals included."""
    return sum(len(cells) for cells in _cells(rows))


def cut_short(rows: Sequence[Row], most_cells: int) -> list[Row]:
    """The rows that fit, then the sentence that says there were more."""
    kept, _ = _fitting(rows, most_cells)
    return kept


def _cells(rows: Sequence[Row]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        if "ColData" in row:
            yield row["ColData"]
        yield row.get("Header", {}).get("ColData", [])
        yield from _cells(row.get("Rows", {}).get("Row", []))
        yield row.get("Summary", {}).get("ColData", [])


def _fitting(rows: Sequence[Row], room: int) -> tuple[list[Row], int]:
    """The rows that fit into `room` cells and the room left, negative once a row did not fit."""
    kept: list[Row] = []
    for row in rows:
        size = count_cells([row])
        if size <= room:
            kept.append(row)
            room -= size
            continue
        heading = len(row.get("Header", {}).get("ColData", []))
        if "Rows" in row and heading < room:
            inner, room = _fitting(row["Rows"]["Row"], room - heading)
            kept.append({name: value for name, value in row.items() if name != "Summary"} | {"Rows": {"Row": inner}})
            if room >= 0:
                kept.append(_notice(row))
        else:
            kept.append(_notice(row))
        return kept, -1
    return kept, room


def _notice(row: Row) -> Row:
    width = max((len(cells) for cells in _cells([row])), default=1)
    return data([cell(CUT_SHORT), *blanks(width - 1)])
