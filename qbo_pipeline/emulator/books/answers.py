"""The bodies of answers: encoding, pages of a query, and records cut down to the columns asked for.

Amounts kept as Decimal are written as JSON numbers, as QuickBooks does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.json import Encoder

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.source import Record, content

_ENCODER = Encoder(decimal_format="number")


def encode(body: Mapping[str, Any]) -> bytes:
    """A JSON body."""
    return _ENCODER.encode(body)


def page(rules: EntityRules, records: Sequence[Record], start: int) -> dict[str, Any]:
    """The inside of a `QueryResponse`: empty when nothing was found, `maxResults` is the number returned."""
    if not records:
        return {}
    if rules.is_singleton:
        return {rules.name: records, "maxResults": len(records)}
    body = {rules.name: records, "startPosition": start, "maxResults": len(records)}
    return body | {"totalCount": len(records)} if rules.tells_total else body


def projected(record: Record, columns: Sequence[str]) -> Record:
    """A record with the named columns only, its Id, and `sparse` true."""
    inner = content(record)
    kept: Record = {"domain": "QBO", "sparse": True}
    for column in columns:
        _copy(inner, kept, column.split("."))
    if "Id" in inner:
        kept["Id"] = inner["Id"]
    return kept if inner is record else {next(iter(record)): kept}


def _copy(source: Record, target: Record, path: Sequence[str]) -> None:
    name = next((key for key in source if key.lower() == path[0].lower()), None)
    if name is None:
        return
    if len(path) == 1 or not isinstance(source[name], dict):
        target[name] = source[name]
    else:
        _copy(source[name], target.setdefault(name, {}), path[1:])
