"""A batch: up to thirty writes and queries in one call, each with an outcome of its own.

Items are done in order and none sees what another did; a refused item leaves the others standing. The whole answer is
remembered under the `requestid` together with every `bId`: a repeat with other items is another batch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.faults import QboFault, missing_parameter, unsupported_operation, unsupported_property
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.refusals import batch_too_large, invalid_request_id
from qbo_pipeline.emulator.writing.write_request import WriteRequest, decoded_body, write_request

_REQUEST_ID_LONGEST = 36
_B_ID_LONGEST = 10
_encoder = msgspec.json.Encoder(decimal_format="number")
_OPERATIONS = frozenset({"create", "update", "delete"})


@dataclass(frozen=True)
class BatchOutcomes:
    """What a batch does to a company: `rules` finds an entity, `write` and `query` answer one item without its time."""

    rules: Callable[[str, str], EntityRules]
    write: Callable[[EntityRules, WriteRequest], Mapping[str, Any]]
    query: Callable[[str], Mapping[str, Any]]

    def of(self, items: list[Record]) -> list[Mapping[str, Any]]:
        """The outcome of every item, in their order."""
        return [{**self._outcome(item), **_b_id(item)} for item in items]

    def _outcome(self, item: Record) -> Mapping[str, Any]:
        try:
            if "Query" in item:
                return {"QueryResponse": self.query(str(item["Query"]))}
            entity, content = _content(item)
            operation = str(item.get("operation", "")).lower()
            if operation not in _OPERATIONS:
                raise unsupported_operation(f"Operation {item.get('operation')} is not supported.")
            rules = self.rules(entity, operation)
            return self.write(rules, write_request(rules, content, operation, str(item.get("optionsData") or "")))
        except QboFault as fault:
            return {"Fault": fault.body()}


def batch_items(body: bytes, limit: int) -> list[Record]:
    """The items of a batch's body; too many are refused (1040)."""
    items = decoded_body(body).get("BatchItemRequest")
    if items is None:
        raise missing_parameter("BatchItemRequest")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise unsupported_property("BatchItemRequest")
    if len(items) > limit:
        raise batch_too_large(limit, len(items))
    return items


def first_half(body: bytes) -> bytes:
    """A batch's body without its later items."""
    items = decoded_body(body)["BatchItemRequest"]
    return _encoder.encode({"BatchItemRequest": items[: len(items) // 2]})


def batch_request_id(request_id: str, items: list[Record]) -> str:
    """What a batch is remembered under: its request id with every item's bId; empty where it has no request id."""
    if not request_id:
        return ""
    b_ids = [str(item.get("bId", "")) for item in items]
    if len(request_id) > _REQUEST_ID_LONGEST or any(len(b_id) > _B_ID_LONGEST for b_id in b_ids):
        raise invalid_request_id(
            f"With a batch, request ID may have at most {_REQUEST_ID_LONGEST} characters and bId {_B_ID_LONGEST}"
        )
    return "\n".join([request_id, *b_ids])


def _b_id(item: Record) -> Record:
    return {"bId": item["bId"]} if "bId" in item else {}


def _content(item: Record) -> tuple[str, Record]:
    for name, value in item.items():
        if name not in ("bId", "operation", "optionsData") and isinstance(value, dict):
            return name, value
    raise unsupported_property("BatchItemRequest")
