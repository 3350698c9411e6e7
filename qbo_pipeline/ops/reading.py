"""Reading single documents and watermarks straight from the operational system, without the warehouse.

A document is named by its kind and id, as everywhere on the way out: `invoice:i1`. The period of a contract is written
`contract/first day`, and reads the contract.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from qbo_pipeline.ops.contract import lists, payments, sales, spending, work
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import UnknownSource

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SourceRow:
    """A source document as it is now: its row, its lines in order, deleted ones included, and the newest change of any."""

    kind: str
    id: str
    row: Row
    lines: tuple[Row, ...]
    updated_at: datetime

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted, its row staying as a tombstone."""
        return bool(self.row.get("is_deleted", False))


@dataclass(frozen=True)
class _Kind:
    """Where documents of one kind are: their table, and the table of their lines with what selects them."""

    table: sa.Table
    lines: sa.Table | None = None
    owner: str = "document_id"
    document_kind: str | None = None


def _with_lines(table: sa.Table, kind: str) -> _Kind:
    return _Kind(table, sales.document_lines, document_kind=kind)


KINDS: Mapping[str, _Kind] = {
    "quote": _with_lines(sales.quotes, "quote"),
    "quote_billing": _Kind(sales.quote_billings),
    "sale": _with_lines(sales.sales, "sale"),
    "invoice": _with_lines(sales.invoices, "invoice"),
    "ticket": _Kind(work.tickets),
    "timesheet": _Kind(work.timesheets, work.time_entries, owner="timesheet_id"),
    "time_entry": _Kind(work.time_entries),
    "contract": _Kind(work.contracts, work.contract_lines, owner="contract_id"),
    "contract_period": _Kind(work.contracts, work.contract_lines, owner="contract_id"),
    "purchase_order": _with_lines(spending.purchase_orders, "purchase_order"),
    "vendor_bill": _with_lines(spending.vendor_bills, "vendor_bill"),
    "expense_receipt": _Kind(spending.expense_receipts, spending.expense_lines, owner="expense_receipt_id"),
    "payment": _Kind(payments.payments),
    "application": _Kind(payments.applications),
    "customer": _Kind(lists.companies),
    "vendor": _Kind(lists.companies),
    "item": _Kind(lists.products),
    "worker": _Kind(lists.users),
}


def read_source(database: OpsDatabase, kind: str, source_id: str) -> SourceRow | None:
    """One document as it is at this moment, or `None` where there is none with that id; raises `UnknownSource`."""
    return read_sources(database, kind, [source_id]).get(source_id)


def read_sources(database: OpsDatabase, kind: str, source_ids: Iterable[str]) -> dict[str, SourceRow]:
    """Several documents of one kind by id, all as of one moment; those that are not there are left out."""
    place = _place(kind)
    wanted = {source_id: _row_id(kind, source_id) for source_id in source_ids}
    ids = sorted(set(wanted.values()))
    with database.reading() as connection:
        rows = {row["id"]: row for row in _rows(connection, sa.select(place.table).where(place.table.c.id.in_(ids)))}
        lines = _lines(connection, place, ids)
    found = {source_id: rows[row_id] for source_id, row_id in wanted.items() if row_id in rows}
    return {source_id: _source_row(kind, source_id, row, lines.get(row["id"], ())) for source_id, row in found.items()}


def watermarks(database: OpsDatabase, tables: Sequence[sa.Table]) -> dict[str, datetime | None]:
    """The newest `updated_at` of each table, in one query that its index answers; `None` where a table is empty."""
    selects = [sa.select(sa.literal(table.name), sa.func.max(table.c.updated_at)) for table in tables]
    with database.reading() as connection:
        return dict(connection.execute(sa.union_all(*selects)).tuples().all())


def _place(kind: str) -> _Kind:
    if kind not in KINDS:
        raise UnknownSource(f"There is no kind of source document called {kind!r}. The kinds are: {', '.join(KINDS)}.")
    return KINDS[kind]


def _row_id(kind: str, source_id: str) -> str:
    return source_id.partition("/")[0] if kind == "contract_period" else source_id


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _lines(connection: sa.Connection, place: _Kind, ids: Sequence[str]) -> dict[str, tuple[Row, ...]]:
    if place.lines is None:
        return {}
    owner = place.lines.c[place.owner]
    order = place.lines.c.get("position", place.lines.c.updated_at)
    query = sa.select(place.lines).where(owner.in_(ids)).order_by(order, *place.lines.primary_key)
    if place.document_kind:
        query = query.where(place.lines.c.document_kind == place.document_kind)
    found: dict[str, tuple[Row, ...]] = {}
    for row in _rows(connection, query):
        found[row[place.owner]] = (*found.get(row[place.owner], ()), row)
    return found


def _source_row(kind: str, source_id: str, row: Row, lines: tuple[Row, ...]) -> SourceRow:
    newest = max(each["updated_at"] for each in (row, *lines))
    return SourceRow(kind, source_id, row, lines, newest)
