"""How far each company has been read, as data: `sync.as_of`, which models use where a book-keeper would say "today".

A model that asked the machine's clock would give another answer tomorrow from the same rows. The day is that of the company's
own zone: a sync of 04:30 UTC on New Year's Day is still of the old year in New York, and of its last month.
"""

from datetime import date

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


# The zone each company says it is in, by its newest CompanyInfo; none where nothing was landed of it.
_ZONES = f"""
    select realm_id, arg_max(payload::json ->> '$.DefaultTimeZone', (updated_at, loaded_at)) as zone
    from {RAW_SCHEMA}.{COMPANY_TABLE}
    where operation = 'upsert' and json_valid(payload)
    group by realm_id
"""  # noqa: S608 - constant names
_NO_ZONES = "select null::varchar as realm_id, null::varchar as zone where false"


def note_as_of(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Bring `sync.as_of` up to the cursors: the day, in each company's zone, of the instant to which QuickBooks was read.

    A company that says no zone, or one nobody knows, is taken for UTC.
    """
    connection.execute(CREATE_AS_OF)
    there = tables(connection)
    if CURSOR_TABLE not in there:
        return {}
    connection.execute(
        f"""
        insert or replace into sync.as_of
        select realm_id, timezone(coalesce(known.name, 'UTC'), newest)::date, newest
        from (
            select realm_id, max(read_through) as newest
            from {RAW_SCHEMA}.{CURSOR_TABLE} as cursor
            semi join (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0) using (_dlt_load_id)
            where cursor.entity <> '{REPORT_TABLE}'
            group by realm_id
        ) as read
        left join ({_ZONES if COMPANY_TABLE in there else _NO_ZONES}) as told using (realm_id)
        left join (select distinct name from pg_timezone_names()) as known on known.name = told.zone
        anti join sync.as_of as noted on noted.realm_id = read.realm_id and noted.reads_through = read.newest
        """  # noqa: S608 - constant names
    )
    return dict(connection.execute("select realm_id, as_of_date from sync.as_of").fetchall())
