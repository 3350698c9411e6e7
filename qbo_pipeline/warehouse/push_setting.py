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
        ("show_covered_time", pa.bool_()),
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
    estimate_from varchar not null, time_lines varchar not null, show_covered_time boolean
);
alter table sync.push_setting add column if not exists show_covered_time boolean;
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
    estimate_from, time_lines, show_covered_time
from incoming
left join entity on entity.id = business_entity_id
"""


def write_push_settings(
    connection: duckdb.DuckDBPyConnection, settings: Sequence[Row], billed: Sequence[Row], now: datetime
) -> dict[str, date]:
    """Replace what the models know of companies' pushes, rows as `PUSH_SETTING` and `BILLED_WORK` name them.

    `now` is an instant; returns today's date of each business entity. The operational system's tables are there. What is the
    same is not written again.
    """
    connection.execute(_CREATE)
    connection.register("incoming", _table(PUSH_SETTING, settings))
    connection.register("incoming_work", _table(BILLED_WORK, billed))
    connection.execute(f"create or replace temp table new_setting as {_SETTINGS}", {"now": now})
    for table, incoming in (("push_setting", "new_setting"), ("billed_work", "incoming_work")):
        _replace(connection, f"sync.{table}", incoming)
    return dict(connection.execute("select business_entity_id, as_of_date from sync.push_setting").fetchall())


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


def _replace(connection: duckdb.DuckDBPyConnection, table: str, incoming: str) -> None:
    columns = ", ".join(name for name, *_ in connection.execute(f"describe {table}").fetchall())
    held, new = f"select {columns} from {table}", f"select {columns} from {incoming}"  # noqa: S608 - names of this module
    differs = f"select count(*) from (({held} except {new}) union all ({new} except {held}))"  # noqa: S608 - as above
    if connection.execute(differs).fetchone()[0]:
        connection.begin()
        connection.execute(f"delete from {table}")  # noqa: S608 - as above
        connection.execute(f"insert into {table} {new}")
        connection.commit()


def _table(schema: pa.Schema, rows: Sequence[Row]) -> pa.Table:
    columns = {field.name: [row.get(field.name) for row in rows] for field in schema}
    return pa.table(columns, schema=schema)
