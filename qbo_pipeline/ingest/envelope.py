"""The envelope: a record as it lands, its JSON untouched beside what is needed to tell versions apart.

Python never looks inside a record on the pull path: typing happens in SQL, where it is fast and can be done again.
"""

from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.warehouse.raw import BOOKMARK, CURSOR, ENVELOPE

OPERATION_UPSERT = "upsert"
OPERATION_DELETE = "delete"


def envelopes(records: Iterable[tuple[str, Record]], loaded_at: datetime) -> pa.Table:
    """Rows of a raw table for `(realm_id, record)` pairs; of several versions of one record only the newest is kept."""
    newest: dict[tuple[str, str], Record] = {}
    for realm_id, record in records:
        key = (realm_id, record.id)
        known = newest.get(key)
        if known is None or _version(record) >= _version(known):
            newest[key] = record
    kept = newest.values()
    return pa.table(
        {
            "realm_id": [realm_id for realm_id, _ in newest],
            "id": [record_id for _, record_id in newest],
            "sync_token": [record.sync_token for record in kept],
            "updated_at": [record.updated_at for record in kept],
            "operation": [OPERATION_DELETE if record.is_deleted else OPERATION_UPSERT for record in kept],
            # Bytes become text by one look over the whole column, not record by record.
            "payload": pa.array([record.payload for record in kept], pa.binary()).cast(pa.string()),
            "loaded_at": pa.repeat(pa.scalar(loaded_at, ENVELOPE.field("loaded_at").type), len(newest)),
        },
        schema=ENVELOPE,
    )


def cursor_rows(reads: Iterable[tuple[str, str, str, datetime]], loaded_at: datetime) -> pa.Table:
    """Rows of the cursor table for `(realm_id, entity, read_kind, read_through)`."""
    columns = list(zip(*reads, strict=True)) or [[], [], [], []]
    names = ("realm_id", "entity", "read_kind", "read_through")
    values = {name: list(column) for name, column in zip(names, columns, strict=True)}
    return pa.table(values | {"loaded_at": [loaded_at] * len(values["entity"])}, schema=CURSOR)


def bookmark_rows(broken_off: Iterable[tuple[str, str, Bookmark]], loaded_at: datetime) -> pa.Table:
    """Rows of the bookmark table for `(realm_id, entity, bookmark)`."""
    rows = [
        {
            "realm_id": realm_id,
            "entity": entity,
            "as_of": bookmark.as_of,
            "position": bookmark.position,
            "ids": " ".join(sorted(bookmark.ids)),
            "loaded_at": loaded_at,
        }
        for realm_id, entity, bookmark in broken_off
    ]
    return pa.Table.from_pylist(rows, schema=BOOKMARK)


def _version(record: Record) -> tuple[float, bool, int]:
    """What orders versions; of two of the same second a deletion is the last."""
    updated = record.updated_at.timestamp() if record.updated_at else 0.0
    token = int(record.sync_token) if record.sync_token and record.sync_token.isdecimal() else -1
    return updated, record.is_deleted, token
