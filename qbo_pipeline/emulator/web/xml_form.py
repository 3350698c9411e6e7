"""The XML form of an answer, which QuickBooks gives to every caller that does not accept JSON.

One rule turns a JSON document into QuickBooks' XML: `domain`, `sparse`, `status` and the paging figures are attributes, a
reference `{"value": "3", "name": "Net 30"}` is an element whose text is the value, an array repeats its element.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

_NAMESPACE = "http://schema.intuit.com/finance/v3"
_ATTRIBUTES = frozenset(
    {
        "domain",
        "sparse",
        "status",
        "startPosition",
        "maxResults",
        "totalCount",
        "time",
        "type",
        "code",
        "element",
        "bId",
    }
)
_REPORT_ATTRIBUTES = frozenset({"xmlns", "type", "group", "value", "id"})
# Control characters and lone surrogates, which no XML document may hold, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Numbers keep their digits: 42.00 must not become 42.0 on its way from JSON to XML.
_DECODER = msgspec.json.Decoder(float_hook=str)


def intuit_response(body: bytes) -> bytes:
    """Turn a JSON body (`{"Invoice": {...}, "time": "..."}`) into the `IntuitResponse` document that says the same."""
    document = _DECODER.decode(body)
    text = "".join(_element("IntuitResponse", {"xmlns": _NAMESPACE} | document, extra_attributes=("xmlns",)))
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'.encode()


def report_response(body: bytes) -> bytes:
    """Turn a report's JSON body into the `Report` document that says the same: what a cell shows is an attribute there."""
    text = "".join(_report_element("Report", {"xmlns": _NAMESPACE} | msgspec.json.decode(body)))
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'.encode()


def _report_element(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _report_element(name, item)
    elif isinstance(value, Mapping):
        attributes = {key: text for key, text in value.items() if key in _REPORT_ATTRIBUTES}
        opening = name + "".join(f" {key}={quoteattr(_text(text))}" for key, text in attributes.items())
        children = "".join(
            part for key, each in value.items() if key not in attributes for part in _report_element(key, each)
        )
        yield f"<{opening}>{children}</{name}>" if children else f"<{opening}/>"
    else:
        yield f"<{name}>{_escaped(value)}</{name}>"


def _element(name: str, value: Any, extra_attributes: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _element(name, item)
    elif isinstance(value, Mapping):
        yield from _object(name, value, extra_attributes)
    elif value is not None:
        yield f"<{name}>{_escaped(value)}</{name}>"


def _object(name: str, fields: Mapping[str, Any], extra_attributes: tuple[str, ...]) -> Iterator[str]:
    is_reference = "value" in fields and fields.keys() <= {"value", "name", "type"}
    attribute_names = {"name", "type"} if is_reference else _ATTRIBUTES.union(extra_attributes)
    attributes = {
        key: value for key, value in fields.items() if key in attribute_names and not isinstance(value, dict | list)
    }
    opening = name + "".join(f" {key}={quoteattr(_text(value))}" for key, value in attributes.items())
    if is_reference:
        yield f"<{opening}>{_escaped(fields['value'])}</{name}>"
        return
    children = "".join(part for key, value in fields.items() if key not in attributes for part in _element(key, value))
    yield f"<{opening}>{children}</{name}>" if children else f"<{opening}/>"


def _escaped(value: object) -> str:
    return escape(_text(value), {"\r": "&#13;"})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else _NOT_XML.sub("", str(value))
