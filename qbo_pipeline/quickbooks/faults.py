"""Read Intuit's three forms of fault, and sort them into the errors a caller can act on.

The service answers `{"Fault": {"Error": [...]}}`, the gateway in front of it the same in lower case, and both may answer in
XML whatever was asked for. A fault also comes under HTTP 200, so that the status alone proves nothing.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from qbo_pipeline.quickbooks.errors import (
    AnswerUnknown,
    AuthorisationLost,
    ChangesTooOld,
    InvalidQuery,
    NotFound,
    NotOffered,
    QuickBooksError,
    Refused,
    RetryLater,
    StaleRecord,
    Throttled,
    WrongRealm,
)

_NO_XML_TREE = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True)
class Fault:
    """The first error of a fault; `detail` may hold customers' names."""

    type: str | None = None
    code: str | None = None
    message: str | None = None
    detail: str | None = None
    element: str | None = None

    def says(self, *phrases: str) -> bool:
        """Whether any of `phrases` (lower case) stands in the message or the detail."""
        text = f"{self.message or ''} {self.detail or ''}".lower()
        return any(phrase in text for phrase in phrases)


class _Error(msgspec.Struct):
    code: str | int | None = None
    Message: str | None = None
    Detail: str | None = None
    message: str | None = None
    detail: str | None = None
    element: str | None = None


class _Fault(msgspec.Struct):
    type: str | None = None
    Error: list[_Error] | None = None
    error: list[_Error] | None = None


class _Envelope(msgspec.Struct):
    Fault: _Fault | None = None
    fault: _Fault | None = None


_envelope = msgspec.json.Decoder(_Envelope)


def read_fault(body: bytes | msgspec.Raw) -> Fault | None:
    """The fault in an answer's body, whichever of the three forms it has; None where there is none or it is unreadable."""
    text = bytes(memoryview(body)[:200]).lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return _read_xml_fault(bytes(body))
    try:
        envelope = _envelope.decode(body)
    except msgspec.DecodeError:
        return None
    fault = envelope.Fault or envelope.fault
    if fault is None:
        return None
    errors = fault.Error or fault.error or [_Error()]
    first = errors[0]
    return Fault(
        type=fault.type,
        code=None if first.code is None else str(first.code),
        message=first.Message or first.message,
        detail=first.Detail or first.detail,
        element=first.element or None,
    )


def _read_xml_fault(body: bytes) -> Fault | None:
    if any(mark in body for mark in _NO_XML_TREE):
        return None
    try:
        root = ET.fromstring(body)  # noqa: S314 - a document type, the way to an expanding entity, was refused above
    except ET.ParseError:
        return None
    fault = root if root.tag.rpartition("}")[2] == "Fault" else root.find(".//{*}Fault")
    if fault is None:
        return None
    error = fault.find("{*}Error")
    if error is None:
        return Fault(type=fault.get("type"))
    return Fault(
        type=fault.get("type"),
        code=error.get("code"),
        message=error.findtext("{*}Message"),
        detail=error.findtext("{*}Detail"),
        element=error.get("element") or None,
    )


def error_of(
    fault: Fault, doing: str, *, status: int, intuit_tid: str | None, retry_after_seconds: float | None, is_write: bool
) -> QuickBooksError:
    """The error a fault is to the caller; one that nobody has seen yet counts as refused, never as passing."""
    facts: Mapping[str, object] = {
        "status": status,
        "code": fault.code,
        "message": fault.message,
        "detail": fault.detail,
        "intuit_tid": intuit_tid,
    }
    # Older deployments answer 403 where newer ones answer 429.
    if status == 429 or fault.code == "3001" or fault.says("throttleexceeded"):
        return Throttled(doing, retry_after_seconds=retry_after_seconds, **facts)
    if status >= 500 or fault.code == "10000" or (fault.type or "").lower() == "systemfault":
        return AnswerUnknown(doing, **facts) if is_write else RetryLater(doing, **facts)
    return _refusal_class(fault, status, is_write)(doing, **facts)


def _refusal_class(fault: Fault, status: int, is_write: bool) -> type[QuickBooksError]:
    if fault.code == "3100":
        return WrongRealm
    if fault.code == "500" and fault.says("changedsince"):
        return ChangesTooOld
    if _is_not_offered(fault, is_write):
        return NotOffered
    if (
        status == 401
        or fault.code in ("120", "3200")
        or (fault.type or "").lower().startswith(("authentic", "authoriz"))
    ):
        return AuthorisationLost
    return {"5010": StaleRecord, "610": NotFound, "4000": InvalidQuery, "4001": InvalidQuery}.get(
        fault.code or "", Refused
    )


def _is_not_offered(fault: Fault, is_write: bool) -> bool:
    """Whether a fault says that the company has no such thing.

    Code 500 also answers a write with a wrong verb or wrong bytes, which is the writer's mistake and not the company's edition.
    """
    if fault.code in ("5020", "5030"):
        return True
    if fault.code in ("4000", "4001"):
        return fault.says("invalid context declaration", "not supported", "unsupported")
    return fault.code == "500" and not is_write and fault.says("not supported", "unsupported")
