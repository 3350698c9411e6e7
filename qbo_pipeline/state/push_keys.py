"""The names a push goes by: the intent's key, the request's id, and the marker left on the QuickBooks object.

All three are functions of what is pushed, never of the attempt, so that whoever derives them again after a crash gets the same.

A marker is one line of a fixed grammar, `[psa:1|invoice|HALO-1042|9f3c2a71]`: a version, the kind and id of the source, and the
first eight hexadecimal digits of a keyed hash. The hash covers company and target too: a marker that was typed in, or came
with a note copied from another company, does not pass for ours. A copy within the company does, so a marker alone proves
nothing: see the look-up that pairs it with a number or a time.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_GRAMMAR = re.compile(r"\[psa:1\|([^|\]\s]+)\|([^|\]\s]+)\|([0-9a-f]{8})\]")
# 32 hexadecimal digits fit both limits of QuickBooks: 50 characters on a write, 36 on a batch.
_REQUEST_ID_DIGITS = 32


@dataclass(frozen=True)
class Marker:
    """A marker as it was read; whether its hash is ours is for `is_genuine` to say."""

    source_kind: str
    source_id: str
    check: str


def intent_key(realm_id: str, target: str, operation: str, source_kind: str, source_id: str, *, version: int) -> str:
    """The key of an intent: what must happen to which object for which source row, whoever asks and how often."""
    return _digest(realm_id, target, operation, source_kind, source_id, str(version))


def payload_hash(payload: bytes) -> str:
    """What tells one frozen request from another."""
    return hashlib.sha256(payload).hexdigest()


def request_id(key: str, payload_digest: str, epoch: int) -> str:
    """The `requestid` of a frozen request: the same for the same bytes until an absence was verified (`epoch`)."""
    return _digest(key, payload_digest, str(epoch))[:_REQUEST_ID_DIGITS]


def batch_request_id(realm_id: str, request_ids: list[str]) -> str:
    """The `requestid` of a batch of these requests in this order."""
    return _digest(realm_id, *request_ids)[:_REQUEST_ID_DIGITS]


def marker_text(secret: bytes, realm_id: str, target: str, source_kind: str, source_id: str) -> str:
    """The marker of an object; whatever the source id holds, it stays on one line and inside the grammar."""
    check = _check(secret, realm_id, target, source_kind, source_id)
    return f"[psa:1|{_escaped(source_kind)}|{_escaped(source_id)}|{check}]"


def read_markers(text: str) -> list[Marker]:
    """The markers in a note, in their order; a note that was copied or merged may hold several."""
    return [Marker(unquote(kind), unquote(source_id), check) for kind, source_id, check in _GRAMMAR.findall(text)]


def is_genuine(marker: Marker, secret: bytes, realm_id: str, target: str) -> bool:
    """Whether a marker was made here, for this company and this target."""
    expected = _check(secret, realm_id, target, marker.source_kind, marker.source_id)
    return hmac.compare_digest(expected, marker.check)


def _check(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, _framed(parts), hashlib.sha256).hexdigest()[:8]


def _digest(*parts: str) -> str:
    return hashlib.sha256(_framed(parts)).hexdigest()


def _framed(parts: tuple[str, ...]) -> bytes:
    """The parts with their lengths, so that ("ab", "c") and ("a", "bc") stay two things."""
    return b"".join(f"{len(part.encode())}:".encode() + part.encode() for part in parts)


def _escaped(text: str) -> str:
    return quote(text, safe="")
