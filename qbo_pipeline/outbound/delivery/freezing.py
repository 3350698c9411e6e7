"""From an object's content to the bytes that are frozen: our marker in its place, exact amounts, one order of keys."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from qbo_pipeline.outbound.delivery.targets import Target

_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_decoder = msgspec.json.Decoder(float_hook=Decimal)

# What QuickBooks adds to or changes in a record by itself, so that it says nothing about who edited it.
_IDENTITY = frozenset({"Id", "SyncToken", "sparse", "domain", "MetaData"})
# What is said once, and is QuickBooks' to move from then on: an estimate closes under its invoice, a link comes with a payment.
_SAID_ONCE = frozenset({"EmailStatus", "TxnStatus", "LinkedTxn"})
_GIVEN_BY_QUICKBOOKS = _IDENTITY | {"LineNum", "name", "LinkedTxn"}


def marked(content: Mapping[str, Any], target: Target, marker: str) -> dict[str, Any]:
    """The content with our marker as the last line of its note, which is cut at a word where both do not fit."""
    if target.marker_field is None:
        return dict(content)
    note = str(content.get(target.marker_field) or "").rstrip()
    room = target.marker_max - len(marker) - 1
    if len(note) > room:
        note = note[:room].rsplit(None, 1)[0].rstrip()
    return {**content, target.marker_field: f"{note}\n{marker}" if note else marker}


def frozen_bytes(content: Mapping[str, Any]) -> bytes:
    """The bytes of a content: equal contents give equal bytes. A float is refused, since it is no exact amount."""
    _refuse_floats(content)
    return _encoder.encode(content)


def thawed(payload: bytes) -> dict[str, Any]:
    """The content of frozen bytes or of a record, its numbers exact."""
    return _decoder.decode(payload)


def owned_fields(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The properties a content writes and that nobody else moves."""
    return tuple(sorted(content.keys() - _IDENTITY - _SAID_ONCE))


def owned_hash(record: Mapping[str, Any], fields: Iterable[str]) -> str:
    """What tells whether somebody changed those properties of a record; names that a reference carries do not count."""
    owned = {name: _plain(record.get(name)) for name in fields}
    return hashlib.sha256(_encoder.encode(owned)).hexdigest()


def holds(record: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether a record holds everything a content writes, whatever QuickBooks added to it."""
    return all(_contains(_plain(record.get(name)), _plain(content[name])) for name in owned_fields(content))


def is_voided(record: Mapping[str, Any]) -> bool:
    """Whether a document was voided: QuickBooks empties it and says so in its note, and has no other sign."""
    return Decimal(record.get("TotalAmt") or 0) == 0 and str(record.get("PrivateNote") or "").startswith("Voided")


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(_contains(whole.get(name), each) for name, each in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(_contains(other, each) for other in whole) for each in part)
    return bool(whole == part)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if name not in _GIVEN_BY_QUICKBOOKS}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(Decimal(value).normalize(), "f")
    return value


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("A float in a document for QuickBooks: amounts, quantities and rates are Decimal.")
    for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(each)
