"""What a POST asks for: its operation and its content, judged only by the request itself.

Refused here: bodies that are no JSON object of the entity, operations QuickBooks does not have, missing or malformed Id and
SyncToken, request ids that are too long, values that do not look like their property's (`field_checks`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.faults import (
    invalid_id,
    missing_parameter,
    unsupported_operation,
    unsupported_property,
)
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.field_checks import check_fields
from qbo_pipeline.emulator.writing.refusals import invalid_request_id

Operation = Literal["create", "update", "delete", "void"]

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


def decoded_body(body: bytes) -> Record:
    """The JSON object of a body, its decimals kept as written; anything else is refused (2010)."""
    try:
        content: Any = _BODY.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unsupported_property("failed to parse json object") from error
    if not isinstance(content, dict):
        raise unsupported_property("failed to parse json object")
    return content


def request_id(params: Mapping[str, str]) -> str:
    """The `requestid` of a call, empty where it has none."""
    given = params.get("requestid", "")
    if len(given) > _REQUEST_ID_LONGEST:
        raise invalid_request_id(f"Request ID may have at most {_REQUEST_ID_LONGEST} characters")
    return given


def write_request(rules: EntityRules, content: Record, operation: str, includes: str) -> WriteRequest:
    """Understand a write of an entity; `operation` and `includes` as the caller wrote them."""
    if set(content) == {rules.name}:
        raise unsupported_property(rules.name)
    understood = _operation(operation.lower(), content)
    if understood != "create" and rules.has_id:
        _check_identity(content)
    check_fields(rules.name, content)
    words = frozenset(word.strip().lower() for word in includes.split(","))
    return WriteRequest(understood, content, words)


def require(names: tuple[str, ...], content: Record) -> None:
    """Refuse a content that lacks a property the entity cannot be without (2020)."""
    for name in names:
        if content.get(name) in (None, ""):
            raise missing_parameter(name)


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
