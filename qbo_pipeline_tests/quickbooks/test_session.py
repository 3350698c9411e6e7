"""How one call is authorised, repeated and judged, exchange by exchange."""

from collections.abc import Callable

import pytest
import requests
import responses

from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.session import CallCount
from qbo_pipeline_tests.quickbooks.conftest import API, REALM, ManualTime, Tokens
from qbo_pipeline_tests.quickbooks.test_faults import FORM_A, FORM_B, FORM_C

INFO = f"{API}/companyinfo/{REALM}"
GOOD = b'{"CompanyInfo":{"Id":"1","SyncToken":"4"},"time":"2026-08-16T10:00:30.500-07:00"}'
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
SYSTEM_FAULT = (
    b'{"Fault":{"Error":[{"Message":"An application error","code":"10000"}],"type":"SystemFault"},"time":"x"}'
)


def answers(*replies: tuple[int, bytes | Exception] | tuple[int, bytes, dict[str, str]], url: str = INFO) -> None:
    for status, body, *headers in replies:
        responses.get(url, status=status, body=body, headers=headers[0] if headers else None)


def write(client: QuickBooks) -> object:
    return client._session.request("POST", "invoice", doing="Creating an invoice", body=b"{}", is_write=True)


@responses.activate
def test_every_call_names_its_minor_version_its_token_and_the_json_it_wants(client: QuickBooks):
    answers((200, GOOD))
    assert client.company_info().sync_token == "4"
    request = responses.calls[0].request
    assert request.url == f"{INFO}?minorversion=75"
    assert request.headers["Authorization"] == "Bearer token-1"
    assert request.headers["Accept"] == "application/json"


@responses.activate
def test_the_clock_that_counts_is_quickbooks_own(client: QuickBooks, manual_time: ManualTime):
    answers((200, GOOD))
    client.company_info()
    assert client.server_time.isoformat() == "2026-08-16T17:00:30.500000+00:00"
    assert client.clock_skew.total_seconds() == 30.5


@responses.activate
def test_a_refused_token_is_renewed_once_and_the_call_made_again(client: QuickBooks, tokens: Tokens):
    answers((401, FORM_B), (200, GOOD))
    client.company_info()
    assert tokens.refused == ["token-1"]
    assert responses.calls[1].request.headers["Authorization"] == "Bearer token-2"
    assert client.calls == CallCount(calls=2, metered=1, retries=0, throttled=0)


@responses.activate
@pytest.mark.parametrize("form", [FORM_B, FORM_C.replace(b"3001", b"100").replace(b"SERVICE", b"AUTHENTICATION")])
def test_a_fresh_token_refused_as_well_needs_a_person(client: QuickBooks, form: bytes):
    answers((401, form, {"intuit_tid": "1-fresh"}))
    with pytest.raises(errors.AuthorisationLost, match=r"intuit_tid 1-fresh.*connect the company again"):
        client.company_info()
    assert len(responses.calls) == 2


@responses.activate
def test_a_bare_401_of_a_gateway_costs_no_connection(client: QuickBooks):
    answers((401, HTML))
    with pytest.raises(errors.RetryLater):
        client.company_info()


@responses.activate
def test_a_realm_the_token_is_not_for_is_named_as_that_once_a_refresh_did_not_help(client: QuickBooks, tokens: Tokens):
    answers((403, FORM_B.replace(b"3200", b"3100")))
    with pytest.raises(errors.WrongRealm, match="realm id and the environment"):
        client.company_info()
    assert tokens.refused == ["token-1"]
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        (500, SYSTEM_FAULT),
        (200, SYSTEM_FAULT),
        (502, HTML),
        (503, b""),
        (200, HTML),
        (200, b""),
        (200, GOOD[:-20]),
        (200, b'{"CompanyInfo":{"Id":"1"},"time":"soon"}'),
        (200, requests.ConnectionError("reset")),
        (200, requests.ReadTimeout("slow")),
        (200, requests.exceptions.ChunkedEncodingError("cut")),
    ],
)
def test_what_can_pass_is_tried_again_until_it_passes(client: QuickBooks, failure):
    answers(failure, failure, (200, GOOD))
    assert client.company_info().id == "1"
    assert client.calls == CallCount(calls=3, metered=1, retries=2, throttled=0)


@responses.activate
def test_tries_are_bounded_and_their_pauses_grow(client: QuickBooks, manual_time: ManualTime):
    answers((503, HTML, {"intuit_tid": "1-down"}))
    with pytest.raises(errors.RetryLater, match=r"CompanyInfo of 'main' failed \(HTTP 503.*intuit_tid 1-down"):
        client.company_info()
    assert len(responses.calls) == 5
    assert manual_time.slept == [2.0, 4.0, 8.0, 16.0]


@responses.activate
def test_the_pauses_are_jittered_down_to_nothing(open_client: Callable[..., QuickBooks], endpoints, manual_time):
    client = open_client(endpoints, random=lambda: 0.25)
    answers((503, HTML))
    with pytest.raises(errors.RetryLater):
        client.company_info()
    assert manual_time.slept == [0.5, 1.0, 2.0, 4.0]


@responses.activate
@pytest.mark.parametrize("status", [400, 200])
def test_a_refusal_is_not_sent_again_whatever_its_status(client: QuickBooks, status: int):
    answers((status, FORM_A))
    with pytest.raises(errors.StaleRecord):
        client.company_info()
    assert client.calls == CallCount(calls=1, metered=0, retries=0, throttled=0)


@responses.activate
def test_a_redirect_is_not_followed_with_our_token(client: QuickBooks):
    answers((302, b"", {"Location": "https://elsewhere.example.com/"}))
    with pytest.raises(errors.Refused, match="check the API address"):
        client.company_info()
    assert len(responses.calls) == 1


@responses.activate
def test_a_throttled_call_waits_briefly_at_first_where_quickbooks_names_no_time(
    client: QuickBooks, manual_time: ManualTime
):
    answers((429, FORM_C), (200, GOOD))
    client.company_info()
    assert manual_time.seconds == 2.0
    assert client.calls == CallCount(calls=2, metered=1, retries=1, throttled=1)


@responses.activate
@pytest.mark.parametrize("retry_after", ["17", "Sun, 16 Aug 2026 17:00:17 GMT"])
def test_a_throttled_call_waits_as_long_as_quickbooks_says(
    client: QuickBooks, manual_time: ManualTime, retry_after: str
):
    answers((429, FORM_C, {"Retry-After": retry_after}), (200, GOOD))
    client.company_info()
    assert manual_time.seconds == 17.0


@responses.activate
def test_a_retry_after_that_makes_no_sense_is_as_good_as_none(client: QuickBooks, manual_time: ManualTime):
    answers((429, FORM_C, {"Retry-After": "a while"}), (200, GOOD))
    client.company_info()
    assert manual_time.seconds == 2.0


@responses.activate
def test_refusals_in_a_row_are_waited_out_for_longer_each_time(client: QuickBooks, manual_time: ManualTime):
    answers((429, FORM_C), (429, FORM_C), (429, FORM_C), (200, GOOD), (429, FORM_C), (200, GOOD))
    client.company_info()
    assert manual_time.seconds == 2.0 + 10.0 + 60.0
    client.company_info()
    assert manual_time.seconds == 72.0 + 2.0


@responses.activate
def test_a_quota_spent_for_long_is_told_at_once_and_not_slept_through(client: QuickBooks, manual_time: ManualTime):
    answers((429, FORM_C, {"Retry-After": "86400"}))
    with pytest.raises(errors.Throttled) as throttled:
        client.company_info()
    assert throttled.value.retry_after_seconds == 86400
    assert (len(responses.calls), manual_time.seconds) == (1, 0.0)


@responses.activate
def test_one_throttled_call_pauses_the_companys_next_call_too(client: QuickBooks, manual_time: ManualTime):
    answers((429, FORM_C), (400, FORM_A), (200, GOOD))
    with pytest.raises(errors.StaleRecord):
        client.company_info()
    assert manual_time.seconds == 2.0


@responses.activate
@pytest.mark.parametrize(
    "loss",
    [
        (502, HTML),
        (500, SYSTEM_FAULT),
        (200, SYSTEM_FAULT),
        (200, GOOD[:-20]),
        (200, requests.ConnectionError("reset")),
        (200, requests.ReadTimeout("slow")),
    ],
)
def test_a_write_without_an_answer_is_not_sent_again(client: QuickBooks, loss):
    status, body = loss
    responses.post(f"{API}/invoice", status=status, body=body)
    with pytest.raises(errors.AnswerUnknown, match="Ask QuickBooks whether it happened"):
        write(client)
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize("unapplied", [(401, FORM_B), (429, FORM_C), (200, requests.ConnectTimeout("no route"))])
def test_a_write_that_was_surely_not_applied_is_sent_again(client: QuickBooks, unapplied):
    status, body = unapplied
    responses.post(f"{API}/invoice", status=status, body=body)
    responses.post(f"{API}/invoice", status=200, body=GOOD)
    write(client)
    assert client.calls.metered == 0
    assert len(responses.calls) == 2


def test_a_port_nobody_listens_on_is_told_as_no_connection(open_client: Callable[..., QuickBooks], endpoints):
    closed = type(endpoints)(**(endpoints.__dict__ | {"api_url": "http://127.0.0.1:1"}))
    with pytest.raises(errors.RetryLater, match="no connection"):
        write(open_client(closed))
