"""The three forms of fault, as recorded, and what each code asks of the caller."""

import msgspec
import pytest

from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.faults import Fault, error_of, read_fault

FORM_A = b"""{"Fault":{"Error":[{"Message":"Stale Object Error","Detail":"You and Ann were working on this","code":"5010",
"element":""}],"type":"ValidationFault"},"time":"2026-08-16T10:34:17.985-07:00"}"""
FORM_B = b"""{"warnings":null,"intuitObject":null,"fault":{"error":[{"message":"message=AuthenticationFailed;
 errorCode=003200; statusCode=401","detail":"Malformed bearer token: too short or too long","code":"3200","element":null}],
"type":"AUTHENTICATION"},"report":null,"time":1786901661634,"cdcresponse":[]}""".replace(b"\n ", b" ")
FORM_C = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<IntuitResponse time="2016-10-27T15:07:56.120-07:00" xmlns="http://schema.intuit.com/finance/v3">
  <Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=403</Message>
  <Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"""


def test_the_services_own_form_is_read():
    fault = read_fault(FORM_A)
    assert (fault.type, fault.code, fault.message) == ("ValidationFault", "5010", "Stale Object Error")
    assert (fault.detail, fault.element) == ("You and Ann were working on this", None)


def test_the_gateways_lower_case_form_is_read():
    fault = read_fault(FORM_B)
    assert (fault.type, fault.code) == ("AUTHENTICATION", "3200")
    assert fault.detail == "Malformed bearer token: too short or too long"


def test_the_xml_form_is_read():
    fault = read_fault(FORM_C)
    assert (fault.type, fault.code) == ("SERVICE", "3001")
    assert fault.says("throttleexceeded")


def test_xml_without_a_namespace_or_an_envelope_is_read():
    assert read_fault(b'<Fault type="AUTHENTICATION"><Error code="100"/></Fault>').code == "100"
    assert read_fault(b'<R><Fault type="T"/></R>') == Fault(type="T")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>502 Bad Gateway</body></html>",
        b"<html><p>502",
        b'{"QueryResponse":{},"time":"2026-08-16T10:34:17-07:00"}',
        b'{"Fault":null}',
        b'{"Fault":{"Error":[{"code"',
        b'<!DOCTYPE x [<!ENTITY a "b">]><Fault type="T"><Error code="&a;"/></Fault>',
    ],
)
def test_what_holds_no_fault_gives_none(body):
    assert read_fault(body) is None


def test_a_fault_without_errors_is_a_fault():
    assert read_fault(b'{"Fault":{"type":"SystemFault"}}') == Fault(type="SystemFault")
    assert read_fault(b'{"Fault":{"Error":[],"type":"SystemFault"}}') == Fault(type="SystemFault")


def test_a_code_given_as_a_number_is_a_code():
    assert read_fault(msgspec.json.encode({"Fault": {"Error": [{"code": 610}]}})).code == "610"


def raised_for(status: int, code: str | None, message: str = "", type_: str = "ValidationFault", *, is_write=False):
    fault = Fault(type=type_, code=code, message=message, detail="Ann Example")
    return error_of(fault, "Reading", status=status, intuit_tid="1-abc", retry_after_seconds=7.0, is_write=is_write)


@pytest.mark.parametrize(
    ("status", "code", "message", "error"),
    [
        (400, "5010", "Stale Object Error", errors.StaleRecord),
        (400, "610", "Object Not Found", errors.NotFound),
        (400, "5020", "Permission Denied", errors.NotOffered),
        (400, "5030", "Feature Not Supported", errors.NotOffered),
        (400, "500", "Unsupported Operation", errors.NotOffered),
        (400, "4001", "QueryValidationError: Invalid context declaration for Class: Budget", errors.NotOffered),
        (400, "4000", "QueryValidationError: Invalid context declaration for Class: Budget", errors.NotOffered),
        (400, "4001", "QueryValidationError: property 'Active' is not queryable", errors.InvalidQuery),
        (400, "4000", "Error parsing query", errors.InvalidQuery),
        (
            400,
            "500",
            "Operation cdc with changedSince date older than fixed days is not supported",
            errors.ChangesTooOld,
        ),
        (400, "6140", "Duplicate Document Number Error", errors.Refused),
        (400, "2010", "Property Name:x specified is unsupported or invalid", errors.Refused),
        (400, "9999", "a code nobody has seen", errors.Refused),
        (403, "3100", "message=ApplicationAuthorizationFailed", errors.WrongRealm),
        (400, "120", "Authorization Failure", errors.AuthorisationLost),
        (429, "3001", "message=ThrottleExceeded", errors.Throttled),
        (403, "3001", "message=ThrottleExceeded; errorCode=003001; statusCode=403", errors.Throttled),
        (429, None, "Too Many Requests", errors.Throttled),
        (500, "10000", "An application error has occurred", errors.RetryLater),
        (200, "10000", "An application error has occurred", errors.RetryLater),
        (503, None, "", errors.RetryLater),
    ],
)
def test_each_code_is_the_error_that_says_what_to_do_next(status, code, message, error):
    assert type(raised_for(status, code, message)) is error


def test_a_permission_an_edition_lacks_is_no_lost_authorisation():
    assert type(raised_for(400, "5020", "Permission Denied", type_="AuthorizationFault")) is errors.NotOffered


def test_a_system_failure_during_a_write_leaves_its_fate_unknown():
    assert type(raised_for(500, "10000", is_write=True)) is errors.AnswerUnknown
    assert type(raised_for(200, None, type_="SystemFault", is_write=True)) is errors.AnswerUnknown


def test_an_unsupported_operation_of_a_write_says_nothing_about_the_companys_edition():
    assert type(raised_for(400, "500", "Operation void is not supported.", is_write=True)) is errors.Refused


def test_a_throttled_write_was_not_applied():
    assert type(raised_for(429, "3001", is_write=True)) is errors.Throttled


def test_a_message_names_status_code_and_tid_but_never_intuits_detail():
    text = str(raised_for(400, "6140", "Duplicate Document Number Error"))
    assert "HTTP 400, code 6140, Duplicate Document Number Error, intuit_tid 1-abc" in text
    assert text.endswith("Sending it again cannot help.")
    assert "Ann Example" not in text + repr(raised_for(400, "6140"))
    assert raised_for(400, "6140").detail == "Ann Example"
