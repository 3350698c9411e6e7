"""Writing to one company: single objects, batches of transactions, files, and documents sent by e-mail.

A body is sent as it is given, byte for byte, with a `requestid`: QuickBooks answers a repeat of both with its first answer and
writes nothing. So a caller that keeps both can send again after any failure. What is raised tells the write's fate:
`AnswerUnknown` that it may have been done, `Refused` and `AuthorisationLost` that it was not, `RetryLater` that it never left
or was turned away, so that it may be sent again at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

import msgspec

from qbo_pipeline.catalog import Entity
from qbo_pipeline.quickbooks.answer import Answer
from qbo_pipeline.quickbooks.errors import AnswerUnknown, QuickBooksError
from qbo_pipeline.quickbooks.faults import error_of, read_fault
from qbo_pipeline.quickbooks.record import Record, cut_record, decode_array, decode_members
from qbo_pipeline.quickbooks.session import CompanySession
from qbo_pipeline.quickbooks.uploading import UploadedFile, upload_body

Operation = Literal["create", "update", "void", "delete"]

BATCH_ITEMS_MAX = 30
REQUEST_ID_MAX, BATCH_REQUEST_ID_MAX, ITEM_ID_MAX = 50, 36, 10
# A write is repeated only where it was turned away, and then not for long: its caller holds a lease meanwhile.
WRITE_TRIES_MAX = 3

# How each entity that can be voided is; the others are voided in QuickBooks' own pages only, and some answer 200 doing nothing.
_VOIDS: Mapping[str, Mapping[str, str]] = {
    "Invoice": {"operation": "void"},
    **{name: {"operation": "update", "include": "void"} for name in ("Payment", "SalesReceipt", "BillPayment")},
}


@dataclass(frozen=True)
class Written:
    """A write that was done: the record as it then stood, and QuickBooks' clock. An earlier clock than that of the call tells
    an answer given before, to the same `requestid`: the record may have changed or be gone since."""

    record: Record
    time: datetime
    intuit_tid: str | None


def can_be_voided(entity: Entity) -> bool:
    """Whether QuickBooks lets a program void records of an entity."""
    return entity.name in _VOIDS


def batch_body(items: Sequence[tuple[str, Entity, bytes]]) -> bytes:
    """The body of a batch that creates these objects, given with an id each and as JSON texts, which stay byte for byte."""
    parts = [
        b'{"bId":%s,"operation":"create","%s":%s}' % (msgspec.json.encode(item_id), entity.name.encode(), content)
        for item_id, entity, content in items
    ]
    return b'{"BatchItemRequest":[%s]}' % b",".join(parts)


class Writing:
    """The writes to one company; `name` is what errors call it."""

    def __init__(self, session: CompanySession, name: str) -> None:
        self._session = session
        self._name = name

    def write(self, entity: Entity, operation: Operation, body: bytes, request_id: str) -> Written:
        """Create, update, void or delete one object; all but a create name `Id` and `SyncToken` in the body."""
        doing = f"{_PARTICIPLES[operation]} {entity.name} of {self._name!r}"
        params = {"requestid": _checked(request_id, REQUEST_ID_MAX)} | _operation_params(entity, operation)
        answer = self._post(entity.name.lower(), doing, params, body, entity=entity.name)
        with _readable(doing, answer):
            return Written(cut_record(answer.members[entity.name], entity), answer.time, answer.intuit_tid)

    def send(self, entity: Entity, record_id: str, address: str | None, request_id: str) -> Written:
        """Let QuickBooks e-mail a document to `address`, or to its own; repeated without its `requestid` it is mailed again."""
        doing = f"Sending {entity.name} {record_id} of {self._name!r}"
        params = {"requestid": _checked(request_id, REQUEST_ID_MAX)} | ({"sendTo": address} if address else {})
        path = f"{entity.name.lower()}/{quote(record_id, safe='')}/send"
        answer = self._session.request(
            "POST",
            path,
            doing=doing,
            params=params,
            content_type="application/octet-stream",
            is_write=True,
            tries_max=WRITE_TRIES_MAX,
            entity=entity.name,
        )
        with _readable(doing, answer):
            return Written(cut_record(answer.members[entity.name], entity), answer.time, answer.intuit_tid)

    def batch(self, items: Mapping[str, Entity], body: bytes, request_id: str) -> dict[str, Written | QuickBooksError]:
        """Send a body of `batch_body`; what became of each item, by its id. A refused item leaves the others standing."""
        doing = f"Writing a batch of {len(items)} to {self._name!r}"
        params = {"requestid": _checked(request_id, BATCH_REQUEST_ID_MAX)}
        answer = self._post("batch", doing, params, body)
        with _readable(doing, answer):
            members = [decode_members(part) for part in decode_array(answer.members["BatchItemResponse"])]
            by_id = {msgspec.json.decode(each["bId"], type=str): each for each in members if "bId" in each}
        return {
            item_id: _outcome(
                by_id.get(item_id), entity, answer, f"Creating {entity.name} of {self._name!r} in a batch"
            )
            for item_id, entity in items.items()
        }

    def upload(self, entity: Entity, metadata: bytes, file: UploadedFile, request_id: str) -> Written:
        """Upload a file with the attachable that `metadata` describes.

        That QuickBooks recognises a repeated upload by its `requestid` is written nowhere: look for the file before repeating.
        """
        doing = f"Uploading a file to {self._name!r}"
        params = {"requestid": _checked(request_id, REQUEST_ID_MAX)}
        body, content_type = upload_body(metadata, file, request_id)
        answer = self._post("upload", doing, params, body, entity=entity.name, content_type=content_type)
        with _readable(doing, answer):
            (part,) = decode_array(answer.members["AttachableResponse"])
            members = decode_members(part)
        came = _outcome(members, entity, answer, doing)
        if isinstance(came, QuickBooksError):
            raise came
        return came

    def _post(
        self,
        path: str,
        doing: str,
        params: Mapping[str, str],
        body: bytes,
        *,
        entity: str | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        return self._session.request(
            "POST",
            path,
            doing=doing,
            params=params,
            body=body,
            content_type=content_type,
            is_write=True,
            tries_max=WRITE_TRIES_MAX,
            entity=entity,
            is_batch=path == "batch",
        )


_PARTICIPLES = {"create": "Creating", "update": "Updating", "void": "Voiding", "delete": "Deleting"}


def _operation_params(entity: Entity, operation: Operation) -> Mapping[str, str]:
    if operation == "delete":
        return {"operation": "delete"}
    if operation == "void":
        if not can_be_voided(entity):
            raise ValueError(f"QuickBooks lets no program void {entity.name}.")
        return _VOIDS[entity.name]
    return {}


def _outcome(
    members: Mapping[str, msgspec.Raw] | None, entity: Entity, answer: Answer, doing: str
) -> Written | QuickBooksError:
    if members is not None and "Fault" in members:
        fault = read_fault(msgspec.json.encode({"Fault": members["Fault"]}))
        if fault is not None:
            tid = answer.intuit_tid
            return error_of(fault, doing, status=200, intuit_tid=tid, retry_after_seconds=None, is_write=True)
    try:
        if members is None:
            raise KeyError("no answer to the item")
        return Written(cut_record(members[entity.name], entity), answer.time, answer.intuit_tid)
    except (ValueError, KeyError):
        message = "the answer says nothing readable of it"
        return AnswerUnknown(doing, status=200, message=message, intuit_tid=answer.intuit_tid)


def _checked(request_id: str, longest: int) -> str:
    if not 0 < len(request_id) <= longest:
        raise ValueError(f"A requestid has 1 to {longest} characters here, not {len(request_id)}.")
    return request_id


@contextmanager
def _readable(doing: str, answer: Answer) -> Iterator[None]:
    """An answer that cannot be read leaves a write's fate unknown."""
    try:
        yield
    except (ValueError, KeyError) as error:
        message = "the answer does not have QuickBooks' form"
        raise AnswerUnknown(doing, message=message, intuit_tid=answer.intuit_tid) from error
