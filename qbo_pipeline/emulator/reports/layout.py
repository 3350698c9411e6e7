"""Which columns a list of transactions shows, in which order its rows stand, and what its headings and totals look like."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.reports.document import Cell, blanks, cell, terse
from qbo_pipeline.emulator.reports.entries import COLUMNS, Entry, EntryColumn
from qbo_pipeline.emulator.reports.inquiry import Inquiry


class Layout:
    """The columns of one report: those named in `columns` that QuickBooks knows, in that order, or the default ones."""

    def __init__(self, inquiry: Inquiry, default: Sequence[str]) -> None:
        asked = [key for key in inquiry.parameters.listed("columns") if key in COLUMNS]
        self._inquiry = inquiry
        self._columns = [COLUMNS[key] for key in asked or default]

    def definitions(self) -> list[dict[str, Any]]:
        """The columns as the report defines them."""
        return [each.definition() for each in self._columns]

    def cells(self, entry: Entry) -> list[Cell]:
        """An entry's row."""
        return [each.show(self._inquiry, entry) for each in self._columns]

    def heading(self, name: str, record_id: str | None = None) -> list[Cell]:
        """A section's heading."""
        return [cell(name, record_id), *blanks(len(self._columns) - 1)]

    def line(self, name: str, **figures: Decimal | None) -> list[Cell]:
        """A total or an opening balance: a name in the first column, figures in the columns that show them."""
        return [cell(name), *(cell(terse(figures.get(each.figure))) for each in self._columns[1:])]

    def in_order(self, entries: Sequence[Entry]) -> list[Entry]:
        """Entries as `sort_by` and `sort_order` ask; they come in the order of time, which is also the default."""
        by = COLUMNS.get(self._inquiry.parameters.text("sort_by") or "")
        if by is None:
            return list(reversed(entries)) if self._inquiry.is_descending else list(entries)
        return sorted(entries, key=lambda entry: self._rank(by, entry), reverse=self._inquiry.is_descending)

    def _rank(self, by: EntryColumn, entry: Entry) -> Any:
        value = by.show(self._inquiry, entry)["value"]
        return Decimal(value or 0) if by.kind == "Money" else value.casefold()
