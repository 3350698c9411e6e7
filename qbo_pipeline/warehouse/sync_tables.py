"""The sync log as analysts see it: `sync.run`, `sync.log` and `sync.connection`, copied from the state store.

Runs are copied whole and once; a run that had not ended, or was retried, is copied again. Nothing is taken out of these
tables, so that they keep what the state store may have lost. `sync.connection` and `sync.customer_mapping` are as things
stand now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

_INSTANT = pa.timestamp("us", "UTC")
_COUNTS = ("records_read", "created", "updated", "deleted", "calls", "metered_calls")

CONNECTION = pa.schema(
    [
        *[(name, pa.string()) for name in ("realm_id", "connection", "company_name", "environment")],
        *[(name, pa.string()) for name in ("business_entity_id", "status", "reason")],
        *[(name, _INSTANT) for name in ("created_at", "refresh_expires_at", "last_sync_at")],
    ]
)
LOG = pa.schema(
    [
        *[(name, pa.string()) for name in ("realm_id", "connection", "run_id", "trigger")],
        ("recorded_at", _INSTANT),
        *[(name, pa.string()) for name in ("entity", "status", "read_kind")],
        *[(name, pa.int64()) for name in _COUNTS],
        ("seconds", pa.decimal128(18, 3)),
        ("error", pa.string()),
    ]
)
RUN = pa.schema(
    [
        *[(name, pa.string()) for name in ("run_id", "trigger", "status")],
        ("started_at", _INSTANT),
        ("finished_at", _INSTANT),
    ]
)

CUSTOMER_MAPPING = pa.schema(
    [(name, pa.string()) for name in ("business_entity_id", "realm_id", "qbo_customer_id", "source_customer_id")]
)

# No run lasts this long; one that began earlier and never ended is over.
_RUN_AGE_MAX = timedelta(days=2)

Row = Mapping[str, object]


def copied_runs(connection: duckdb.DuckDBPyConnection) -> tuple[datetime | None, set[tuple[str, datetime | None]]]:
    """Since when to look for runs to copy, and those among them that are here: their ids and when they ended."""
    _create(connection)
    since = connection.execute("select max(started_at) - ? from sync.run", [_RUN_AGE_MAX]).fetchone()[0]
    rows = connection.execute("select run_id, finished_at from sync.run where started_at >= ?", [since]).fetchall()
    return since, set(rows)


def copy_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[Row], lines: Sequence[Row]) -> None:
    """Write `runs` and all their log `lines`, in place of what is here of them."""
    _create(connection)
    _register(connection, {"incoming_run": (RUN, runs), "incoming_log": (LOG, lines)})
    connection.execute("begin")
    for table in ("run", "log"):
        connection.execute(f"delete from sync.{table} where run_id in (select run_id from incoming_run)")  # noqa: S608
    connection.execute("insert into sync.log by name from incoming_log")
    connection.execute(f"insert into sync.run by name {_RUNS}")
    connection.execute("commit")


def replace_connections(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Write the connections as they stand now."""
    _create(connection)
    _register(connection, {"incoming_connection": (CONNECTION, rows)})
    connection.execute("create or replace table sync.connection as from incoming_connection")


def replace_customer_mappings(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Write which customer of the operational system each customer of the books stands for, as it is now."""
    _create(connection)
    _register(connection, {"incoming_customer_mapping": (CUSTOMER_MAPPING, rows)})
    connection.execute("create or replace table sync.customer_mapping as from incoming_customer_mapping")


# One row per run and connection, whose line counts all calls, those of its entities among them; a run that never came to a
# connection has one row without.
_RUNS = """
select
    log.realm_id, log.connection, run.run_id, run.trigger, run.status as run_status, run.started_at, run.finished_at,
    any_value(log.status) filter (where log.entity is null) as status,
    coalesce(any_value(log.calls) filter (where log.entity is null), 0) as calls,
    coalesce(any_value(log.metered_calls) filter (where log.entity is null), 0) as metered_calls,
    coalesce(sum(log.records_read), 0)::bigint as records_read,
    coalesce(sum(log.created + log.updated + log.deleted), 0)::bigint as rows_landed,
    any_value(log.seconds) filter (where log.entity is null) as seconds,
    any_value(log.error) filter (where log.entity is null) as error
from incoming_run as run
left join incoming_log as log using (run_id)
group by all
"""


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema if not exists sync")
    _register(connection, {"incoming_run": (RUN, []), "incoming_log": (LOG, [])})
    connection.execute("create table if not exists sync.log as from incoming_log")
    connection.execute(f"create table if not exists sync.run as {_RUNS}")


def _register(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, tuple[pa.Schema, Sequence[Row]]]) -> None:
    for name, (schema, rows) in tables.items():
        columns = {field.name: [row[field.name] for row in rows] for field in schema}
        connection.register(name, pa.table(columns, schema=schema))
