"""What landed of each company's books: which loads brought changes that move them, and from which day on.

QuickBooks stamps an invoice as changed when a payment of it arrives, and an item when it is sold; neither moves the books on
the record's own day. So a version counts only where it differs from the one before in more than what QuickBooks derives, and
a name only where the day itself is new.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pyarrow as pa

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA, Entity, Kind
from qbo_pipeline.warehouse.raw import tables

# What QuickBooks writes into a document because of other documents, or of no consequence to the books.
_DERIVED = (
    *("Balance", "HomeBalance", "RemainingCredit", "UnappliedAmt", "LinkedTxn", "MetaData", "SyncToken"),
    *("EmailStatus", "PrintStatus", "DeliveryInfo", "EInvoiceStatus", "InvoiceLink", "sparse", "domain"),
)
_TABLE = """
create schema if not exists sync;
create table if not exists sync.book_change (
    realm_id varchar not null, loaded_at timestamptz not null, first_day date not null, last_day date not null
);
"""
_WITHOUT_DERIVED = "{" + ", ".join(f'"{name}": null' for name in _DERIVED) + "}"


@dataclass(frozen=True)
class BookChange:
    """The changes to a company's books that one load brought: the first and the last day they are dated."""

    loaded_at: datetime
    first_day: date
    last_day: date


def newest_book_loads(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """When each company's newest version of a record that can move its books was landed."""
    parts = [f'select realm_id, loaded_at from {RAW_SCHEMA}."{entity.table}"' for entity in _posting(connection)]  # noqa: S608
    if not parts:
        return {}
    statement = f"select realm_id, max(loaded_at) from ({' union all '.join(parts)}) group by realm_id"  # noqa: S608
    return dict(connection.execute(statement).fetchall())


def book_changes(
    connection: duckdb.DuckDBPyConnection, since: Mapping[str, datetime | None]
) -> dict[str, list[BookChange]]:
    """For each company of `since`, what its loads after that instant changed in its books; None means from the first on."""
    known = pa.table(
        {"realm_id": pa.array(since, pa.string()), "since": pa.array(since.values(), pa.timestamp("us", "UTC"))}
    )
    connection.register("known", known)
    found: dict[str, list[BookChange]] = defaultdict(list)
    try:
        for entity in _posting(connection):
            for realm_id, *change in connection.execute(_changes_in(entity)).fetchall():
                found[realm_id].append(BookChange(*change))
    finally:
        connection.unregister("known")
    return dict(found)


def note_book_changes(connection: duckdb.DuckDBPyConnection, changes: Mapping[str, Sequence[BookChange]]) -> None:
    """Keep in `sync.book_change` what changed in the books of these companies, in place of what is noted of them.

    A report that is older than one of them and ends on its first day or later does not show QuickBooks' books as landed.
    """
    connection.execute(_TABLE)
    connection.execute("delete from sync.book_change where realm_id in (select unnest(?))", [list(changes)])
    rows = [
        (realm_id, each.loaded_at, each.first_day, each.last_day) for realm_id, all_ in changes.items() for each in all_
    ]
    if rows:
        connection.executemany("insert into sync.book_change values (?, ?, ?, ?)", rows)


def _posting(connection: duckdb.DuckDBPyConnection) -> Iterator[Entity]:
    there = tables(connection)
    return (entity for entity in ENTITIES if entity.posting_date and entity.table in there)


def _changes_in(entity: Entity) -> str:
    day = f"try_cast(try(json_extract_string(payload, '$.{entity.posting_date}')) as date)"
    content = day if entity.kind is Kind.LIST else f"try(json_merge_patch(payload, '{_WITHOUT_DERIVED}'))::varchar"
    return f"""
        with landed as (
            select raw.*, raw.rowid as raw_row, coalesce(since, '-infinity'::timestamptz) as since
            from {RAW_SCHEMA}."{entity.table}" as raw
            inner join known using (realm_id)
        ),
        version as (
            select
                realm_id, loaded_at, operation, since,
                {day} as day,
                {content} as content,
                lag(day) over by_load as day_before,
                lag(content) over by_load as content_before
            from landed
            where (realm_id, id) in (select (realm_id, id) from landed where loaded_at > since)
            window by_load as (partition by realm_id, id order by loaded_at, raw_row)
        )
        select
            realm_id,
            loaded_at,
            min(least(day, day_before)),
            max(greatest(day, day_before))
        from version
        where loaded_at > since
            and (operation = 'delete' or content is distinct from content_before)
            and coalesce(day, day_before) is not null
        group by realm_id, loaded_at
    """  # noqa: S608 - the catalog's names
