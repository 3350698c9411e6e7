"""What the outbound models know of the state store: each company's push settings and today, and which work is billed already.

Models read no clock and no state store; what they need of either is written here as data before they are built.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from qbo_pipeline.warehouse.query import read_only

PUSH_SETTING = pa.schema(
    [
        ("realm_id", pa.string()),
        ("business_entity_id", pa.string()),
        ("go_live_date", pa.date32()),
        ("estimate_from", pa.string()),
        ("time_lines", pa.string()),
    ]
)
BILLED_WORK = pa.schema(
    [(name, pa.string()) for name in ("realm_id", "source_kind", "source_id", "part", "billed_by_kind", "billed_by_id")]
)
Row = Mapping[str, object]

_CREATE = """
create schema if not exists sync;
create table if not exists sync.push_setting (
    realm_id varchar primary key, business_entity_id varchar not null, go_live_date date, as_of_date date not null,
    estimate_from varchar not null, time_lines varchar not null
);
create table if not exists sync.billed_work (
    realm_id varchar not null, source_kind varchar not null, source_id varchar not null, part varchar not null,
    billed_by_kind varchar not null, billed_by_id varchar not null
);
"""
# Today where the business entity is. Its own clock decides the date of what it sells, not ours and not QuickBooks'.
_SETTINGS = """
with entity as (
    select id, time_zone from raw_ops.business_entities
    qualify row_number() over (partition by id order by updated_at desc, loaded_at desc) = 1
)
select
    realm_id, business_entity_id, go_live_date, timezone(coalesce(time_zone, 'UTC'), $now)::date as as_of_date,
    estimate_from, time_lines
from incoming
left join entity on entity.id = business_entity_id
"""


def write_push_settings(
    connection: duckdb.DuckDBPyConnection, settings: Sequence[Row], billed: Sequence[Row], now: datetime
) -> dict[str, date]:
    """Replace what the models know of companies' pushes, rows as `PUSH_SETTING` and `BILLED_WORK` name them.

    `now` is an instant; returns today's date of each business entity. The operational system's tables are there.
    """
    connection.execute(_CREATE)
    connection.register("incoming", _table(PUSH_SETTING, settings))
    connection.register("incoming_work", _table(BILLED_WORK, billed))
    connection.begin()
    connection.execute("delete from sync.push_setting")
    connection.execute(f"insert into sync.push_setting by name {_SETTINGS}", {"now": now})
    connection.execute("delete from sync.billed_work")
    connection.execute("insert into sync.billed_work by name from incoming_work")
    connection.commit()
    rows = connection.execute("select business_entity_id, as_of_date from sync.push_setting").fetchall()
    return dict(rows)


def has_new_push_settings(connection: duckdb.DuckDBPyConnection, published: Path) -> bool:
    """Whether a company's settings or day are others than those `published` was made with."""
    statement = "select * from sync.push_setting"
    now = connection.execute(f"{_CREATE} {statement}").fetchall()
    try:
        with read_only(published) as copy:
            known = copy.execute(statement).fetchall()
    except duckdb.Error:
        return bool(now)
    return set(now) != set(known)


def _table(schema: pa.Schema, rows: Sequence[Row]) -> pa.Table:
    columns = {field.name: [row[field.name] for row in rows] for field in schema}
    return pa.table(columns, schema=schema)
