"""How far each company has been read, as data: `sync.as_of`, which models use where a book-keeper would say "today".

A model that asked the machine's clock would give another answer tomorrow from the same rows.
"""

from datetime import date

import duckdb

from qbo_pipeline.catalog import RAW_SCHEMA
from qbo_pipeline.warehouse.raw import CURSOR_TABLE, tables
from qbo_pipeline.warehouse.reports import REPORT_TABLE

CREATE_AS_OF = """
create schema if not exists sync;
create table if not exists sync.as_of (
    realm_id varchar primary key, as_of_date date not null, reads_through timestamptz not null
);
"""


def note_as_of(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """Bring `sync.as_of` up to the cursors; the day (UTC) of the instant, QuickBooks' own, to which each company was read."""
    connection.execute(CREATE_AS_OF)
    if CURSOR_TABLE not in tables(connection):
        return {}
    connection.execute(
        f"""
        insert or replace into sync.as_of
        select realm_id, newest::date, newest
        from (
            select realm_id, max(read_through) as newest
            from {RAW_SCHEMA}.{CURSOR_TABLE} as cursor
            semi join (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0) using (_dlt_load_id)
            where cursor.entity <> '{REPORT_TABLE}'
            group by realm_id
        ) as read
        anti join sync.as_of as noted on noted.realm_id = read.realm_id and noted.reads_through = read.newest
        """  # noqa: S608 - constant names
    )
    return dict(connection.execute("select realm_id, as_of_date from sync.as_of").fetchall())
