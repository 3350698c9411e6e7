"""One HTTP exchange with QuickBooks: a call goes out, a reply comes back whole, or the error says what became of the call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from requests_oauthlib import OAuth2
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from qbo_pipeline.quickbooks.errors import AnswerUnknown, QuickBooksError, RetryLater, TimedOut, UnreadableAnswer
from qbo_pipeline.quickbooks.faults import Fault, read_fault

CONNECT_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Call:
    """What is sent. `doing` names it in errors; `is_write` says that sending it twice may do it twice.

    `is_report` says that the answer may refuse in words instead of a fault. `entity` is the one it is about, None where that
    is no single one. `is_batch` marks what counts against the limit of batches too.
    """

    method: str
    url: str
    doing: str
    body: bytes | None = field(default=None, repr=False)
    content_type: str | None = None
    is_write: bool = False
    is_report: bool = False
    entity: str | None = None
    is_batch: bool = False


@dataclass(frozen=True)
class Reply:
    """What came back, whatever it means; a fault may come under any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    fault: Fault | None = field(repr=False)

    @property
    def intuit_tid(self) -> str | None:
        """The number Intuit's support finds the call by."""
        return self.headers.get("intuit_tid")

    @property
    def refuses_token(self) -> bool:
        """Whether it is the access token that was refused."""
        return self.status == 401 or (self.fault is not None and self.fault.code == "3200")

    @property
    def refuses_company(self) -> bool:
        """Whether the token is good, but not for this company; a consent that was revoked is answered the same way."""
        return self.fault is not None and self.fault.code == "3100"


def send(http: requests.Session, call: Call, access_token: str, timeout_seconds: float) -> Reply:
    """Send a call once. A write that left and was not answered raises `AnswerUnknown`; what never left, `RetryLater`."""
    headers = {"Accept": "application/json"} | ({"Content-Type": call.content_type} if call.content_type else {})
    deadline = time.monotonic() + timeout_seconds
    try:
        response = http.request(
            call.method,
            call.url,
            data=call.body,
            headers=headers,
            auth=OAuth2(token={"access_token": access_token, "token_type": "bearer"}),
            timeout=(CONNECT_TIMEOUT_SECONDS, timeout_seconds),
            allow_redirects=False,
            stream=True,
        )
        with response:
            body = _read_body(response, deadline)
    except requests.RequestException as error:
        raise _transport_error(call, error) from error
    return Reply(response.status_code, response.headers, body, read_fault(body))


def _read_body(response: requests.Response, deadline: float) -> bytes:
    """The whole body. requests' own timeout bounds each silence only, so that a trickle would never end."""
    chunks = []
    for chunk in response.iter_content(1 << 16):
        chunks.append(chunk)
        if time.monotonic() > deadline:
            raise requests.ReadTimeout("the body did not end in time")
    return b"".join(chunks)


def _transport_error(call: Call, error: requests.RequestException) -> QuickBooksError:
    cause = error.args[0] if error.args else None
    never_sent = isinstance(error, requests.ConnectTimeout) or (
        isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    )
    if never_sent:
        return RetryLater(call.doing, message="no connection", advice="Check the network, then run it again.")
    if call.is_write:
        return AnswerUnknown(call.doing, message="the connection ended before an answer came")
    if isinstance(error, requests.Timeout) or isinstance(cause, ReadTimeoutError):
        return TimedOut(call.doing, message="no answer in time")
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return UnreadableAnswer(call.doing, message="the answer was cut off")
    return RetryLater(call.doing, message="the connection broke")
