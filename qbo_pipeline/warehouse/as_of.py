"""How far each company has been read, as data: `sync.as_of`, which models use where a book-keeper would say "today".

A model that asked the machine's clock would give another answer tomorrow from the same rows. The day is that of the company's
own zone: a sync of 04:30 UTC on New Year's Day is still of the old year in New York, and of its last month.
"""

from datetime import UTC, date, tzinfo
from zoneinfo import ZoneInfo

import duckdb

from qbo_pipeline.catalog import RAW_SCHEMA
from qbo_pipeline.warehouse.raw import CURSOR_TABLE, tables
from qbo_pipeline.warehouse.reports import REPORT_TABLE

COMPANY_TABLE = "company_info"

CREATE_AS_OF = """
create schema if not exists sync;
create table if not exists sync.as_of (
    realm_id varchar primary key, as_of_date date not null, reads_through timestamptz not null
);
"""


def note_as_of(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Bring `sync.as_of` up to the cursors: the day, in each company's zone, of the instant to which QuickBooks was read."""
    connection.execute(CREATE_AS_OF)
    there = tables(connection)
    if CURSOR_TABLE not in there:
        return {}
    read = connection.execute(
        f"""
        select realm_id, max(read_through)
        from {RAW_SCHEMA}.{CURSOR_TABLE} as cursor
        semi join (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0) using (_dlt_load_id)
        where cursor.entity <> '{REPORT_TABLE}'
        group by realm_id
        """  # noqa: S608 - constant names
    ).fetchall()
    noted = dict(connection.execute("select realm_id, reads_through from sync.as_of").fetchall())
    zones = _zones(connection) if COMPANY_TABLE in there else {}
    for realm_id, newest in read:
        if noted.get(realm_id) != newest:
            day = newest.astimezone(zones.get(realm_id, UTC)).date()
            connection.execute("insert or replace into sync.as_of values (?, ?, ?)", [realm_id, day, newest])
    return dict(connection.execute("select realm_id, as_of_date from sync.as_of").fetchall())


def _zones(connection: duckdb.DuckDBPyConnection) -> dict[str, tzinfo]:
    """The zone each company says it is in; one that says none, or one nobody knows, is taken for UTC."""
    told = connection.execute(
        f"""
        select realm_id, arg_max(payload::json ->> '$.DefaultTimeZone', (updated_at, loaded_at))
        from {RAW_SCHEMA}.{COMPANY_TABLE}
        where operation = 'upsert' and json_valid(payload)
        group by realm_id
        """  # noqa: S608 - constant names
    ).fetchall()
    return {realm_id: _zone(name) for realm_id, name in told}


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return UTC
