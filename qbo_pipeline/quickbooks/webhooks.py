"""Webhooks as Intuit sends them: who signed a post, and what changes it tells of.

A post names records and holds nothing of them, so an event is a hint to read a record again, whatever it says: two of them,
or a replayed one, change nothing. Both forms are read, the classic one and CloudEvents, which Intuit sends since 2026.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.quickbooks.instants import parse_instant

SIGNATURE_HEADER = "intuit-signature"

_ENTITY_NAMES = {entity.name.lower(): entity.name for entity in ENTITIES}
_OPERATIONS = {
    "created": "create",
    "updated": "update",
    "deleted": "delete",
    "merged": "merge",
    "voided": "void",
}
_TYPE = re.compile(r"qbo\.(?P<entity>[A-Za-z]{1,64})\.(?P<operation>[A-Za-z]{1,32})\.v[0-9]{1,3}")
_REALM_ID = re.compile(r"[0-9]{1,32}")
_WORD = re.compile(r"[A-Za-z]{1,64}")
# QuickBooks' ids are numbers, or short words such as TAX.
_RECORD_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_EVENT_ID = re.compile(r"[\x21-\x7e]{1,128}")


class UnreadableWebhook(ValueError):  # noqa: N818 - named for what happened
    """A post that is neither form of webhook; nothing of it is in the message."""


@dataclass(frozen=True, order=True)
class ChangeEvent:
    """One record of one company changed.

    `event_id` is the same whenever the same event is told again. `entity` is QuickBooks' name where we know it, and what
    was said otherwise. `operation` is create, update, delete, merge, void or emailed. After a merge `deleted_id` is the name
    that was merged into `record_id`.
    """

    event_id: str
    realm_id: str
    entity: str
    record_id: str
    operation: str
    happened_at: datetime
    deleted_id: str | None = None


@dataclass(frozen=True)
class Post:
    """What one post tells; `unreadable` counts events that had not the form of one."""

    events: Sequence[ChangeEvent]
    unreadable: int = 0


def is_signed(body: bytes, signature: str | None, verifier_tokens: Sequence[str]) -> bool:
    """Whether Intuit signed these very bytes with one of the tokens; takes the same time whichever it is, or none."""
    try:
        given = base64.b64decode((signature or "").encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        given = b""
    digests = [hmac.digest(token.encode(), body, hashlib.sha256) for token in verifier_tokens if token]
    return any([hmac.compare_digest(digest, given) for digest in digests])  # noqa: C419 - all are compared


def sign(body: bytes, verifier_token: str) -> str:
    """The signature Intuit sends with these bytes."""
    return base64.b64encode(hmac.digest(verifier_token.encode(), body, hashlib.sha256)).decode()


def read_post(body: bytes) -> Post:
    """The events of a post that was found to be signed; raises `UnreadableWebhook` where it is no webhook at all."""
    try:
        if body.lstrip()[:1] == b"[":
            return _each(_array.decode(body), _cloud_event)
        notifications = _classic.decode(body).eventNotifications
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnreadableWebhook("Reading a webhook: its body is neither of the forms that Intuit sends.") from None
    posts = [_of_company(notification) for notification in notifications]
    return Post([event for post in posts for event in post.events], sum(post.unreadable for post in posts))


class _ClassicPost(msgspec.Struct):
    eventNotifications: list[msgspec.Raw]  # noqa: N815 - Intuit's names


class _DataChange(msgspec.Struct):
    entities: list[msgspec.Raw]


class _Notification(msgspec.Struct):
    realmId: str  # noqa: N815
    dataChangeEvent: _DataChange  # noqa: N815


class _ClassicEvent(msgspec.Struct):
    name: str
    id: str
    operation: str
    lastUpdated: str  # noqa: N815
    deletedId: str | None = None  # noqa: N815


class _CloudEvent(msgspec.Struct):
    id: str
    type: str
    time: str
    intuitentityid: str
    intuitaccountid: str
    data: Any = None


_array = msgspec.json.Decoder(list[msgspec.Raw])
_classic = msgspec.json.Decoder(_ClassicPost)
_notification = msgspec.json.Decoder(_Notification)
_classic_event = msgspec.json.Decoder(_ClassicEvent)
_cloud = msgspec.json.Decoder(_CloudEvent)


def _each(raws: Sequence[msgspec.Raw], read: Callable[[msgspec.Raw], ChangeEvent]) -> Post:
    """The readable events: one that is not must not keep the others out, for Intuit would send them together again."""
    events, unreadable = [], 0
    for raw in raws:
        try:
            events.append(read(raw))
        except (msgspec.DecodeError, ValueError, OverflowError, RecursionError):
            unreadable += 1
    return Post(events, unreadable)


def _of_company(raw: msgspec.Raw) -> Post:
    try:
        notification = _notification.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return Post([], 1)
    return _each(notification.dataChangeEvent.entities, lambda each: _classic_of(each, notification.realmId))


def _classic_of(raw: msgspec.Raw, realm_id: str) -> ChangeEvent:
    event = _classic_event.decode(raw)
    identity = "|".join((realm_id, event.name, event.id, event.operation, event.lastUpdated))
    return _checked(
        # The classic form gives events no id of their own; what tells two of them apart stands in for one.
        event_id="classic:" + hashlib.sha256(identity.encode()).hexdigest(),
        realm_id=realm_id,
        entity=event.name,
        record_id=event.id,
        operation=event.operation.lower(),
        happened_at=parse_instant(event.lastUpdated),
        deleted_id=event.deletedId,
    )


def _cloud_event(raw: msgspec.Raw) -> ChangeEvent:
    event = _cloud.decode(raw)
    kind = _TYPE.fullmatch(event.type)
    if kind is None:
        raise ValueError("an event of another type")
    data = event.data if isinstance(event.data, dict) else {}
    operation = kind["operation"].lower()
    return _checked(
        event_id=event.id,
        realm_id=event.intuitaccountid,
        entity=kind["entity"],
        record_id=event.intuitentityid,
        operation=_OPERATIONS.get(operation, operation),
        happened_at=parse_instant(event.time),
        # Which key names the loser of a merge is not documented; the classic form called it so.
        deleted_id=next((str(value) for key, value in data.items() if key.lower() == "deletedid"), None),
    )


def _checked(*, entity: str, happened_at: datetime, deleted_id: str | None, **texts: str) -> ChangeEvent:
    """An event whose every field has its shape; `ValueError` otherwise."""
    shapes = {"event_id": _EVENT_ID, "realm_id": _REALM_ID, "record_id": _RECORD_ID, "operation": _WORD}
    is_well_formed = all(shape.fullmatch(texts[name]) for name, shape in shapes.items())
    if not (is_well_formed and _WORD.fullmatch(entity) and _RECORD_ID.fullmatch(deleted_id or "0")):
        raise ValueError("a field that has not its shape")
    name = _ENTITY_NAMES.get(entity.lower(), entity)
    return ChangeEvent(entity=name, happened_at=happened_at, deleted_id=deleted_id, **texts)
