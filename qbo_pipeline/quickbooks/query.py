"""Query statements in QuickBooks' own grammar. Names come from the catalog, conditions from here: never from outside."""

from collections.abc import Sequence
from datetime import datetime

from qbo_pipeline.catalog import Entity, Kind
from qbo_pipeline.quickbooks.instants import literal_instant

PAGE_SIZE_MAX = 1000  # QuickBooks returns no more records per query, whatever it is asked for.

# A plain query leaves out deactivated names, and transactions would then point to customers nobody has.
WITH_INACTIVE = "Active IN (true,false)"


def changed_since_condition(instant: datetime) -> str:
    """The condition that keeps records changed at or after an instant."""
    return f"MetaData.LastUpdatedTime >= '{literal_instant(instant)}'"


def created_since_condition(instant: datetime) -> str:
    """The condition that keeps the records made at or after an instant."""
    return f"MetaData.CreateTime >= '{literal_instant(instant)}'"


def equals_condition(name: str, value: str) -> str:
    """The condition that keeps the records whose property `name`, one of QuickBooks' own, is `value`."""
    return f"{name} = {_literal(value)}"


def id_condition(ids: Sequence[str]) -> str:
    """The condition that keeps the records of these ids; an id is QuickBooks' own, a quote in one is escaped all the same."""
    return f"Id IN ({','.join(_literal(record_id) for record_id in ids)})"


def count_statement(entity: Entity, where: Sequence[str]) -> str:
    """How many records meet all the conditions."""
    return f"select count(*) from {entity.name}{_where(where)}"  # noqa: S608 - a name from the catalog


def page_statement(entity: Entity, where: Sequence[str], start: int, size: int) -> str:
    """`size` records from position `start` (the first is 1), in the entity's stable order.

    The order is always spelled out: without it QuickBooks puts the newest change first, so that a record edited while the
    pages are read moves to page 1 and pushes another one past the reader.
    """
    order = f" orderby {entity.order_by}" if entity.order_by else ""
    return f"select * from {entity.name}{_where(where)}{order} startposition {start} maxresults {size}"  # noqa: S608


def singleton_statement(entity: Entity) -> str:
    """The one object of a company that there is only one of."""
    if entity.kind is not Kind.SINGLETON:
        raise ValueError(f"A company has many of {entity.name}: they are read in pages.")
    return f"select * from {entity.name}"  # noqa: S608


def _literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _where(conditions: Sequence[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""
