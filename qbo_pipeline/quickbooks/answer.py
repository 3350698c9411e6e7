"""What a reply of QuickBooks means: an answer with its members and the time on QuickBooks' clock, or an error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from qbo_pipeline.quickbooks.errors import (
    AnswerUnknown,
    AuthorisationLost,
    QuickBooksError,
    Refused,
    ReportTooLarge,
    RetryLater,
    TimedOut,
    UnreadableAnswer,
)
from qbo_pipeline.quickbooks.exchange import Call, Reply
from qbo_pipeline.quickbooks.faults import Fault, error_of
from qbo_pipeline.quickbooks.instants import parse_instant
from qbo_pipeline.quickbooks.record import decode_members

# How QuickBooks says that a report has too many cells.
TOO_LARGE = b"Unable to display more data"
# A report cut short says so in a cell of its own; a short answer that says so anywhere is nothing but the refusal.
_CELL_TOO_LARGE = b'"' + TOO_LARGE
_REFUSAL_BYTES_MAX = 20_000


@dataclass(frozen=True)
class Answer:
    """A successful answer: its top members as JSON text, QuickBooks' clock when it was given (UTC), and the text as a whole."""

    members: Mapping[str, msgspec.Raw] = field(repr=False)
    time: datetime
    intuit_tid: str | None
    body: bytes = field(repr=False)


def read_answer(call: Call, reply: Reply, now: datetime) -> Answer:
    """The answer in a reply, or the error it stands for; `now` turns a Retry-After date into seconds."""
    if call.is_report and says_too_large(reply.body):
        facts = {"status": reply.status, "message": TOO_LARGE.decode(), "intuit_tid": reply.intuit_tid}
        raise ReportTooLarge(call.doing, **facts)
    if reply.fault is not None or not 200 <= reply.status < 300:
        raise _refusal(call, reply, now)
    try:
        members = decode_members(reply.body)
        instant = _server_time(members, reply.headers)
    except ValueError as error:  # msgspec's own errors are ValueErrors too
        kind = AnswerUnknown if call.is_write else UnreadableAnswer
        facts = {"status": reply.status, "intuit_tid": reply.intuit_tid}
        raise kind(call.doing, message="the answer is not QuickBooks' JSON", **facts) from error
    return Answer(members, instant, reply.intuit_tid, reply.body)


def says_too_large(body: bytes) -> bool:
    """Whether an answer to a report says that it is too large; see `reports` on why the words are looked for."""
    return _CELL_TOO_LARGE in body or (len(body) <= _REFUSAL_BYTES_MAX and TOO_LARGE in body)


def refused_twice(call: Call, reply: Reply) -> QuickBooksError:
    """What it means that a token just renewed was refused like the one before it."""
    facts = {"status": reply.status, "intuit_tid": reply.intuit_tid}
    if reply.fault is None:
        # QuickBooks says why it refuses; a bare 401 comes from something in front of it, and passes.
        return UnreadableAnswer(call.doing, message="no fault in the answer", **facts)
    return AuthorisationLost(
        call.doing,
        code=reply.fault.code,
        message=reply.fault.message,
        detail=reply.fault.detail,
        advice="QuickBooks refused a token Intuit had just issued: check that the environment and the API address belong "
        "together, then connect the company again with `qbo-pipeline connect`.",
        **facts,
    )


def _refusal(call: Call, reply: Reply, now: datetime) -> QuickBooksError:
    if reply.fault is not None or reply.status == 429:
        return error_of(
            reply.fault or Fault(),
            call.doing,
            status=reply.status,
            intuit_tid=reply.intuit_tid,
            retry_after_seconds=_retry_after_seconds(reply.headers.get("Retry-After"), now),
            is_write=call.is_write,
        )
    facts = {"status": reply.status, "message": "no fault in the answer", "intuit_tid": reply.intuit_tid}
    if reply.status >= 500 or reply.status == 408:
        passing = TimedOut if reply.status == 408 else RetryLater
        return (AnswerUnknown if call.is_write else passing)(call.doing, **facts)
    advice = "This is no answer of QuickBooks: check the API address and any proxy before it."
    return Refused(call.doing, advice=advice, **facts)


def _server_time(members: Mapping[str, msgspec.Raw], headers: Mapping[str, str]) -> datetime:
    if "time" in members:
        return parse_instant(msgspec.json.decode(members["time"], type=str))
    return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)


def _retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header, which holds a number or a date; None where it says nothing usable."""
    if header is None:
        return None
    try:
        seconds = float(header) if header.strip().isdigit() else (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(0.0, seconds)
