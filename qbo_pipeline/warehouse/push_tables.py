"""The push ledger as analysts see it: `sync.push` and `sync.push_attempt`, copied from the state store.

What changed in the outbox since the last copy replaces what is here of it; nothing is taken out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

_INSTANT = pa.timestamp("us", "UTC")
_MONEY = pa.decimal128(18, 2)
# A change may be committed after a later one was: each copy looks back so far.
_OVERLAP = timedelta(minutes=10)

PUSH = pa.schema(
    [
        *[(name, pa.string()) for name in ("realm_id", "connection", "intent_key", "target", "operation")],
        *[(name, pa.string()) for name in ("source_kind", "source_id", "number", "state", "reason_code", "reason")],
        *[(name, pa.string()) for name in ("whose_move", "what_next", "qbo_id", "doc_number")],
        ("total", _MONEY),
        *[(name, pa.string()) for name in ("origin", "link_status")],
        ("attempts", pa.int64()),
        ("has_changed_since", pa.bool_()),
        *[(name, _INSTANT) for name in ("created_at", "updated_at", "linked_at")],
    ]
)
ATTEMPT = pa.schema(
    [
        *[(name, pa.string()) for name in ("realm_id", "intent_key")],
        ("attempt_no", pa.int64()),
        *[(name, pa.string()) for name in ("request_id", "batch_id")],
        *[(name, _INSTANT) for name in ("started_at", "ended_at")],
        ("http_status", pa.int64()),
        *[(name, pa.string()) for name in ("fault_code", "fault_class", "intuit_tid", "outcome")],
    ]
)

Row = Mapping[str, object]


def copied_through(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Since when the outbox's changes are to be copied; None where nothing was yet. Makes the tables."""
    connection.execute("create schema if not exists sync")
    for table, schema in (("push", PUSH), ("push_attempt", ATTEMPT)):
        connection.register("incoming", schema.empty_table())
        connection.execute(f"create table if not exists sync.{table} as from incoming")
    return connection.execute("select max(updated_at) - ? from sync.push", [_OVERLAP]).fetchone()[0]


def copy_pushes(connection: duckdb.DuckDBPyConnection, pushes: Sequence[Row], attempts: Sequence[Row]) -> None:
    """Write these intents and all the sends of theirs, in place of what is here of them."""
    connection.register("incoming_push", _table(PUSH, pushes))
    connection.register("incoming_attempt", _table(ATTEMPT, attempts))
    connection.execute("begin")
    for table in ("push", "push_attempt"):
        connection.execute(f"delete from sync.{table} where intent_key in (select intent_key from incoming_push)")  # noqa: S608
    connection.execute("insert into sync.push by name from incoming_push")
    connection.execute("insert into sync.push_attempt by name from incoming_attempt")
    connection.execute("commit")


def _table(schema: pa.Schema, rows: Sequence[Row]) -> pa.Table:
    return pa.table({field.name: [row[field.name] for row in rows] for field in schema}, schema=schema)
