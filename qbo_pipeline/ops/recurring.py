"""Reading what bills itself again and again: a business entity's contracts with all that decides over their periods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from qbo_pipeline.ops.contract import lists, sales, work
from qbo_pipeline.ops.database import OpsDatabase

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RecurringRows:
    """The rows of one moment, as the contract's tables have them.

    `lines` are all of a contract's, deleted ones included, because their change counts as the contract's. `unapproved` has
    contract and day of each entry of billable time that is not approved; `billed` the period, kind and number of each
    living document of the operational system's own that bills one.
    """

    entity: Row
    contracts: tuple[Row, ...] = field(default=(), repr=False)
    lines: tuple[Row, ...] = field(default=(), repr=False)
    skips: tuple[Row, ...] = field(default=(), repr=False)
    products: tuple[Row, ...] = field(default=(), repr=False)
    companies: tuple[Row, ...] = field(default=(), repr=False)
    holidays: frozenset[date] = frozenset()
    unapproved: tuple[tuple[str, date], ...] = ()
    billed: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


def read_recurring(database: OpsDatabase, business_entity_id: str) -> RecurringRows | None:
    """A business entity's contracts, drafts and ended ones too; None where there is no such entity.

    Raises `OpsUnavailable` where the system cannot be read.
    """
    with database.reading() as connection:
        reader = _Reader(connection, business_entity_id)
        entity = reader.of(lists.business_entities.select().where(lists.business_entities.c.id == business_entity_id))
        if not entity:
            return None
        return RecurringRows(
            entity=entity[0],
            contracts=reader.of(reader.living(work.contracts).order_by(work.contracts.c.id)),
            lines=reader.of(_of_contracts(work.contract_lines, business_entity_id)),
            skips=reader.of(
                _of_contracts(work.contract_skips, business_entity_id).where(
                    work.contract_skips.c.is_deleted.is_(False)
                )
            ),
            products=reader.of(reader.entitys(lists.products)),
            companies=reader.of(reader.entitys(lists.companies)),
            holidays=frozenset(row["holiday"] for row in reader.of(reader.living(lists.holidays))),
            unapproved=reader.tuples(_unapproved(business_entity_id)),
            billed=reader.tuples(_billed(business_entity_id)),
        )


class _Reader:
    """One transaction's reads of one business entity."""

    def __init__(self, connection: sa.Connection, business_entity_id: str) -> None:
        self._connection = connection
        self._entity_id = business_entity_id

    def of(self, query: sa.Select[Any]) -> tuple[Row, ...]:
        return tuple(dict(row) for row in self._connection.execute(query).mappings())

    def tuples(self, query: sa.Executable) -> tuple[Any, ...]:
        return tuple(tuple(row) for row in self._connection.execute(query))

    def entitys(self, table: sa.Table) -> sa.Select[Any]:
        return sa.select(table).where(table.c.business_entity_id == self._entity_id)

    def living(self, table: sa.Table) -> sa.Select[Any]:
        return self.entitys(table).where(table.c.is_deleted.is_(False))


def _of_contracts(table: sa.Table, business_entity_id: str) -> sa.Select[Any]:
    contracts = work.contracts.c
    joined = table.join(work.contracts, contracts.id == table.c.contract_id)
    return sa.select(table).select_from(joined).where(contracts.business_entity_id == business_entity_id)


def _unapproved(business_entity_id: str) -> sa.Select[Any]:
    entry, ticket, sheet = work.time_entries.c, work.tickets.c, work.timesheets.c
    joined = work.time_entries.outerjoin(work.tickets, ticket.id == entry.ticket_id).outerjoin(
        work.timesheets, sheet.id == entry.timesheet_id
    )
    contract_id = sa.func.coalesce(entry.contract_id, ticket.contract_id)
    return (
        sa.select(contract_id, entry.work_date)
        .select_from(joined)
        .where(
            entry.business_entity_id == business_entity_id,
            entry.billable == "billable",
            entry.is_deleted.is_(False),
            contract_id.is_not(None),
            sa.or_(entry.status != "approved", sheet.status != "approved"),
        )
    )


def _billed(business_entity_id: str) -> sa.CompoundSelect[Any]:
    line = sales.document_lines.c
    living = {
        "invoice": (sales.invoices, sales.invoices.c.status.not_in(("draft", "void"))),
        "sale": (sales.sales, sales.sales.c.status == "closed"),
    }
    return sa.union_all(
        *(
            sa.select(line.source_id, line.document_kind, sa.func.coalesce(document.c.number, document.c.id))
            .select_from(sales.document_lines.join(document, document.c.id == line.document_id))
            .where(
                document.c.business_entity_id == business_entity_id,
                document.c.is_deleted.is_(False),
                line.is_deleted.is_(False),
                line.document_kind == kind,
                line.source_kind == "contract_period",
                line.source_id.is_not(None),
                stands,
            )
            for kind, (document, stands) in living.items()
        )
    )
