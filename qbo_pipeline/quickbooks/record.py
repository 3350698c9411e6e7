"""Cut answers into records without decoding them.

A record's JSON text is kept byte for byte: what QuickBooks said is what lands, no amount passes through a float, and only
the few fields that identify a version of a record are decoded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from qbo_pipeline.catalog import Entity
from qbo_pipeline.quickbooks.instants import parse_instant


@dataclass(frozen=True, slots=True)
class Record:
    """One version of one QuickBooks object; `payload` is its JSON text, instants are UTC.

    A deleted record carries its id and, mostly, `updated_at`; its `sync_token` is None and its `payload` the tombstone.
    A name that was deactivated, or merged into another, is not `is_active`.
    """

    id: str
    sync_token: str | None
    created_at: datetime | None
    updated_at: datetime | None
    is_deleted: bool
    payload: bytes = field(repr=False)
    is_active: bool = True


class _MetaData(msgspec.Struct):
    CreateTime: str | None = None
    LastUpdatedTime: str | None = None


class _Head(msgspec.Struct):
    """The fields that identify a version of a record; msgspec skips all others unread."""

    Id: str | int | None = None
    SyncToken: str | int | None = None
    MetaData: _MetaData | None = None
    status: str | None = None
    Active: bool | None = None


_head = msgspec.json.Decoder(_Head)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_array = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)


def cut_record(raw: msgspec.Raw, entity: Entity) -> Record:
    """The record behind a piece of JSON; `ValueError` where it has no id or is no record."""
    payload = bytes(raw)
    head = _head.decode(payload)
    if entity.is_wrapped and head.Id is None:
        head = _wrapped_head(payload)
    record_id = _composed_id(payload, entity) if entity.composed_id else head.Id
    if record_id is None:
        raise ValueError(f"a record of {entity.name} has no Id")
    meta = head.MetaData or _MetaData()
    return Record(
        id=str(record_id),
        sync_token=None if head.SyncToken is None else str(head.SyncToken),
        created_at=_instant(meta.CreateTime),
        updated_at=_instant(meta.LastUpdatedTime),
        is_deleted=(head.status or "").lower() == "deleted",
        payload=payload,
        is_active=head.Active is not False,
    )


def tombstone(record_id: str, deleted_at: datetime) -> Record:
    """The record of a deletion found by other means than the change feed, in the feed's form."""
    meta = {"LastUpdatedTime": deleted_at.isoformat(timespec="seconds")}
    payload = msgspec.json.encode({"domain": "QBO", "status": "Deleted", "Id": record_id, "MetaData": meta})
    return Record(record_id, None, None, deleted_at, is_deleted=True, payload=payload)


def decode_members(raw: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The members of a JSON object, each left as text."""
    return _members.decode(raw)


def decode_array(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """The elements of a JSON array, each left as text."""
    return _array.decode(raw)


def find_array(members: Mapping[str, msgspec.Raw]) -> tuple[str, list[msgspec.Raw]] | None:
    """The one array among an answer's members with its key, None where there is none: an answer without records has no key.

    The key is found, not assumed: CreditCardPayment may answer as CreditCardPaymentTxn.
    """
    for key, value in members.items():
        if bytes(memoryview(value)[:1]) == b"[":
            return key, decode_array(value)
    if find_object(members) is not None:
        raise ValueError("an object where QuickBooks answers with an array")
    return None


def find_object(members: Mapping[str, msgspec.Raw]) -> msgspec.Raw | None:
    """The one object among an answer's members: the record a read answers with."""
    return next((value for value in members.values() if bytes(memoryview(value)[:1]) == b"{"), None)


def _wrapped_head(payload: bytes) -> _Head:
    inner = find_object(decode_members(payload))
    return _Head() if inner is None else _head.decode(inner)


def _composed_id(payload: bytes, entity: Entity) -> str | None:
    members = decode_members(payload)
    parts = [_text.decode(members[name]) if name in members else "" for name in entity.composed_id]
    return "-".join(parts) if any(parts) else None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)
