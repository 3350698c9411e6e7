"""One company's calls: authorised, within the limits, and repeated where that can help.

    request -> token -> place in the throttle -> exchange -> answer
       ^-------------- RetryLater, a few times ----------------'

A read may always be sent again. A write may not: once it has left, only an answer tells its fate, and where none comes the
error is `AnswerUnknown`. So a `RetryLater` from a write says that it was not applied, and both are repeated on it.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import quote, urlencode

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from qbo_pipeline.quickbooks.answer import Answer, read_answer, refused_twice
from qbo_pipeline.quickbooks.endpoints import Endpoints
from qbo_pipeline.quickbooks.errors import NotAnswering, QuickBooksError, RetryLater, Throttled
from qbo_pipeline.quickbooks.exchange import Call, Reply, send
from qbo_pipeline.quickbooks.outage import Outage
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.quickbooks.transport import prepare_session, secure_form

MINOR_VERSION = "75"  # The newest; Intuit treats anything below as this one.
TIMEOUT_SECONDS = 130.0  # Intuit itself gives up after 120 s, and its own answer says more than our giving up.
TRIES_MAX = 5
BACKOFF_SECONDS, BACKOFF_SECONDS_MAX = 1.0, 30.0
RETRY_AFTER_SECONDS_MAX = 120.0  # A longer wait is the next run's, not a sleeping thread's.


class TokenSource(Protocol):
    """Where a company's access token comes from; safe to ask from several threads."""

    def access_token(self) -> str:
        """A token that is valid now, refreshed ahead of its end."""
        ...

    def renewed(self, stale: str) -> str:
        """A token other than `stale`, which QuickBooks has just refused."""
        ...


@dataclass(frozen=True)
class CallCount:
    """Calls sent to one company. `metered` are those Intuit bills in production: reads that succeeded."""

    calls: int = 0
    metered: int = 0
    retries: int = 0
    throttled: int = 0


class CompanySession:
    """Authorised calls to one company; all its threads share one HTTP session and one throttle."""

    def __init__(
        self,
        realm_id: str,
        endpoints: Endpoints,
        tokens: TokenSource,
        *,
        throttle: Throttle,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random.random,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._base = f"{secure_form(endpoints.api_url)}/v3/company/{quote(realm_id, safe='')}"
        self._tokens = tokens
        self._throttle = throttle
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._timeout_seconds = timeout_seconds
        self._http = prepare_session(requests.Session(), endpoints)
        self._lock = threading.Lock()
        self._outage = Outage()
        self.calls = CallCount()
        self.calls_by_entity: dict[str, CallCount] = {}
        self.server_time: datetime | None = None
        self.clock_skew: timedelta | None = None

    def close(self) -> None:
        """Close the connections kept open."""
        self._http.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        is_write: bool = False,
        is_report: bool = False,
        tries_max: int = TRIES_MAX,
        entity: str | None = None,
        is_batch: bool = False,
    ) -> Answer:
        """Send one call below `/v3/company/<realm>` and return its answer, or raise what it came to.

        `doing` names the call in errors; `entity` is what it is counted for. The query string is percent-encoded throughout:
        a raw `+` would arrive as a space. Once the company answers nothing any more, calls are refused without being sent.
        """
        query = urlencode({**(params or {}), "minorversion": MINOR_VERSION}, quote_via=quote, safe="")
        call = Call(
            method, f"{self._base}/{path}?{query}", doing, body, content_type, is_write, is_report, entity, is_batch
        )
        retrying = Retrying(
            retry=retry_if_exception(self._is_worth_repeating),
            stop=stop_after_attempt(tries_max),
            wait=self._backoff_seconds,
            sleep=self._sleep,
            before_sleep=lambda _: self._count(call, retries=1),
            reraise=True,
        )
        return retrying(self._try, call)

    def _try(self, call: Call) -> Answer:
        if self._outage.is_on:
            raise NotAnswering(call.doing, message=self._outage.in_words())
        try:
            answer = read_answer(call, self._send_authorised(call), self._clock())
        except Throttled as error:
            self._pause(call, error)
            raise
        except RetryLater as error:
            self._outage.failed(call.entity, error)
            raise
        except QuickBooksError:
            self._outage.answered()
            raise
        self._outage.answered()
        self._throttle.accepted()
        if not call.is_write:  # A write recognised by its `requestid` is answered with the time of the first.
            with self._lock:
                self.server_time = answer.time
                self.clock_skew = answer.time - self._clock()
        self._count(call, metered=0 if call.is_write else 1)
        return answer

    def _is_worth_repeating(self, error: BaseException) -> bool:
        return _may_pass_soon(error) and not self._outage.is_on

    def _send_authorised(self, call: Call) -> Reply:
        token = self._tokens.access_token()
        reply = self._send(call, token)
        if reply.refuses_token or reply.refuses_company:
            # Where consent was revoked, it is the refresh that says so.
            reply = self._send(call, self._tokens.renewed(token))
            if reply.refuses_token:
                raise refused_twice(call, reply)
        return reply

    def _send(self, call: Call, token: str) -> Reply:
        with self._throttle.place(is_batch=call.is_batch):
            self._count(call, calls=1)
            return send(self._http, call, token, self._timeout_seconds)

    def _pause(self, call: Call, error: Throttled) -> None:
        self._count(call, throttled=1)
        if _may_pass_soon(error):
            self._throttle.back_off(error.retry_after_seconds)

    def _backoff_seconds(self, state: RetryCallState) -> float:
        """Exponential with full jitter, so that threads that failed together do not come back together."""
        if state.outcome is not None and isinstance(state.outcome.exception(), Throttled):
            return 0.0  # The pause of the whole company is the wait.
        return self._random() * min(BACKOFF_SECONDS_MAX, BACKOFF_SECONDS * 2**state.attempt_number)

    def _count(self, call: Call, **added: int) -> None:
        with self._lock:
            self.calls = _with(self.calls, added)
            if call.entity is not None:
                so_far = self.calls_by_entity.get(call.entity, CallCount())
                self.calls_by_entity[call.entity] = _with(so_far, added)


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


def _with(count: CallCount, added: Mapping[str, int]) -> CallCount:
    return replace(count, **{name: getattr(count, name) + n for name, n in added.items()})


def _may_pass_soon(error: BaseException) -> bool:
    if isinstance(error, Throttled) and (error.retry_after_seconds or 0) > RETRY_AFTER_SECONDS_MAX:
        return False
    return isinstance(error, RetryLater)
