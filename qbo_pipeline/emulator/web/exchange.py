"""One request and one answer, as the emulator's rooms hand them to each other; sockets stay in `server`.

An answer carries how it is to be delivered, because a client must also live through answers that never arrive whole.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

JSON = "application/json;charset=UTF-8"
XML = "application/xml;charset=UTF-8"
HTML = "text/html;charset=UTF-8"
TEXT = "text/plain;charset=UTF-8"


class UnusableBodyError(ValueError):
    """A request body that is not what its endpoint reads."""


@dataclass(frozen=True)
class Request:
    """An HTTP request, read whole. Header names are looked up in any case; `target` is the path with its query string."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @cached_property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @cached_property
    def params(self) -> dict[str, str]:
        """The query string decoded: as in Intuit's, a raw `+` means a space."""
        return _first_of_each(urlsplit(self.target).query)

    @cached_property
    def segments(self) -> list[str]:
        return [segment for segment in self.path.split("/") if segment]

    @property
    def realm_id(self) -> str | None:
        """The company an accounting request addresses; None elsewhere."""
        return self.segments[2] if self.segments[:2] == ["v3", "company"] and len(self.segments) > 2 else None

    @property
    def wants_json(self) -> bool:
        """Whether the caller accepts JSON in so many words; to anyone else QuickBooks answers XML."""
        return "application/json" in self.headers.get("Accept", "").lower()

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def form(self) -> dict[str, str]:
        """The fields of a form body, or `UnusableBodyError`."""
        if self.content_type != "application/x-www-form-urlencoded":
            raise UnusableBodyError("the body must be application/x-www-form-urlencoded")
        try:
            return _first_of_each(self.body.decode())
        except UnicodeDecodeError:
            raise UnusableBodyError("the form is not UTF-8") from None

    def json(self) -> dict[str, Any]:
        """The object of a JSON body, an empty one for no body, or `UnusableBodyError`."""
        try:
            return msgspec.json.decode(self.body, type=dict[str, Any]) if self.body else {}
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnusableBodyError(f"the body is not a JSON object: {error}") from None

    def basic_credentials(self) -> tuple[str, str] | None:
        """User and password of Basic authentication; None when there is none that can be read."""
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, separator, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (Base64Error, UnicodeDecodeError):
            return None
        return (user, password) if separator else None


class Arrival(Enum):
    """How an answer reaches the caller."""

    WHOLE = "whole"
    RESET = "reset"  # the connection is reset and nothing arrives
    TRUNCATED = "truncated"  # Content-Length promises more than is sent before the connection closes
    SLOW = "slow"  # in chunks, with a pause before each


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `pause_seconds` is the pause before each chunk of a slow one."""

    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    arrival: Arrival = Arrival.WHOLE
    pause_seconds: float = 0.0


def json_answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with `document` as its JSON body."""
    return Answer(status, msgspec.json.encode(document), JSON, headers or {})


def _first_of_each(encoded: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        fields.setdefault(name, value)
    return fields
