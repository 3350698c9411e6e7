"""What a POST asks for: its operation and its content, judged only by the request itself.

Refused here: bodies that are no JSON object of the entity, operations QuickBooks does not have, missing or malformed Id and
SyncToken, request ids that are too long, texts longer than their property.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec

from qbo_pipeline.emulator.books.schema import EntityRules
from qbo_pipeline.emulator.faults import (
    QboFault,
    invalid_id,
    missing_parameter,
    string_length,
    unsupported_operation,
    unsupported_property,
)
from qbo_pipeline.emulator.source import Record

Operation = Literal["create", "update", "delete", "void"]

# Of the lengths QuickBooks documents, those that a client meets in practice.
_LONGEST = {
    "DocNumber": 21,
    "PaymentRefNum": 21,
    "PrivateNote": 4000,
    "DisplayName": 500,
    "CompanyName": 100,
    "Name": 100,
}
_REQUEST_ID_LONGEST = 50
_BODY = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True)
class WriteRequest:
    """A write understood; `includes` are the words of the `include` parameter, lower case."""

    operation: Operation
    content: Record
    includes: frozenset[str]

    @property
    def is_sparse(self) -> bool:
        """Whether what the content leaves out keeps its value."""
        return self.content.get("sparse") is True


def write_request(rules: EntityRules, body: bytes, params: Mapping[str, str]) -> WriteRequest:
    """Understand a POST to an entity's path."""
    if len(params.get("requestid", "")) > _REQUEST_ID_LONGEST:
        raise QboFault(400, "2130", "Invalid Request ID", "Request ID may have at most 50 characters", "requestid")
    content = _content(rules, body)
    operation = _operation(params.get("operation", "").lower(), content)
    includes = frozenset(word.strip().lower() for word in params.get("include", "").split(","))
    if operation != "create":
        _check_identity(content)
    for name, longest in _LONGEST.items():
        text = content.get(name)
        if isinstance(text, str) and len(text) > longest:
            raise string_length(name, longest, len(text))
    return WriteRequest(operation, content, includes)


def _content(rules: EntityRules, body: bytes) -> Record:
    try:
        content: Any = _BODY.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unsupported_property("failed to parse json object") from error
    if not isinstance(content, dict):
        raise unsupported_property("failed to parse json object")
    if set(content) == {rules.name}:
        raise unsupported_property(rules.name)
    return content


def _operation(named: str, content: Record) -> Operation:
    match named:
        case "delete" | "void":
            return named
        case "update":
            return "update"
        case "" | "create":
            return "update" if content.get("Id") else "create"
        case _:
            raise unsupported_operation(f"Operation {named} is not supported.")


def _check_identity(content: Record) -> None:
    for name in ("Id", "SyncToken"):
        if content.get(name) in (None, ""):
            raise missing_parameter(name)
    if not str(content["Id"]).isdecimal():
        raise invalid_id()
    content["Id"] = str(content["Id"])
