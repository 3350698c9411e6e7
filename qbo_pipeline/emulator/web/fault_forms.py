"""The forms in which QuickBooks says no; a client must read all of them.

A is the accounting service's JSON, B the gateway's with its lower-case names and a time in epoch milliseconds, XML goes to
callers that do not accept JSON (and sometimes to those that do), HTML comes from machines in front of it, and an empty body
from those that gave up.
"""

from datetime import datetime
from enum import StrEnum
from html import escape
from http.client import responses
from typing import Any

import msgspec

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.instants import answer_time
from qbo_pipeline.emulator.web.exchange import HTML, JSON, XML, Answer
from qbo_pipeline.emulator.web.xml_form import intuit_response


class Form(StrEnum):
    """The body of an answer that refuses."""

    A = "A"
    B = "B"
    XML = "xml"
    HTML = "html"
    EMPTY = "empty"


def fault_answer(fault: QboFault, form: Form, now: datetime) -> Answer:
    """`fault` as an HTTP answer in one of the forms; `now` becomes its time."""
    body, content_type = _RENDERINGS[form](fault, now)
    return Answer(fault.status, body, content_type)


def accepted_form(wants_json: bool) -> Form:
    """The accounting service's own form for a caller that accepts JSON, or does not."""
    return Form.A if wants_json else Form.XML


def _form_a(fault: QboFault, now: datetime) -> tuple[bytes, str]:
    return msgspec.json.encode({"Fault": fault.body(), "time": answer_time(now)}), JSON


def _form_b(fault: QboFault, now: datetime) -> tuple[bytes, str]:
    error = {"message": fault.message, "detail": fault.detail, "code": fault.code, "element": fault.element}
    envelope: dict[str, Any] = {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": fault.type},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }
    return msgspec.json.encode(envelope), JSON


def _form_xml(fault: QboFault, now: datetime) -> tuple[bytes, str]:
    return intuit_response(_form_a(fault, now)[0]), XML


def _form_html(fault: QboFault, now: datetime) -> tuple[bytes, str]:
    title = f"{fault.status} {responses.get(fault.status, 'Error')}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{escape(fault.message)}</body></html>"
    return page.encode(), HTML


def _form_empty(fault: QboFault, now: datetime) -> tuple[bytes, None]:
    return b"", None


_RENDERINGS = {Form.A: _form_a, Form.B: _form_b, Form.XML: _form_xml, Form.HTML: _form_html, Form.EMPTY: _form_empty}
