"""The accounting API: who may call, how often, and which of a company's books answers.

The order of the doors is the gateway's: the bearer token, the company it is for, the limits, then the endpoint. Every call
that names a company is counted, whatever became of it.
"""

import time
from collections.abc import Callable, Mapping

from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.faults import QboFault, not_found, unsupported_operation
from qbo_pipeline.emulator.oauth.apps import App
from qbo_pipeline.emulator.oauth.grants import BearerStatus, Grants
from qbo_pipeline.emulator.settings import EmulatorSettings
from qbo_pipeline.emulator.web.attachments import link_to_file
from qbo_pipeline.emulator.web.exchange import TEXT, XML, Answer, Request
from qbo_pipeline.emulator.web.fault_forms import Form, accepted_form, fault_answer
from qbo_pipeline.emulator.web.limits import RequestLimits
from qbo_pipeline.emulator.web.metering import CallMeter, Kind
from qbo_pipeline.emulator.web.printed import PDF, is_printing, printed
from qbo_pipeline.emulator.web.text import utf8
from qbo_pipeline.emulator.web.writes import batch, is_write, write
from qbo_pipeline.emulator.web.xml_form import intuit_response, report_response

_RETRY_AFTER_SECONDS = 60
_ACCESS_TOKEN_LENGTHS = range(64, 4097)  # Intuit documents 4096 as the longest; the shortest is a guess.

_NAMED = {
    ("GET", "query"): Kind.QUERY,
    ("POST", "query"): Kind.QUERY,
    ("GET", "cdc"): Kind.CDC,
    ("POST", "batch"): Kind.BATCH,
    ("GET", "preferences"): Kind.READ,
    ("GET", "exchangerate"): Kind.READ,
}


class Accounting:
    """Answers requests under /v3/company/{realm}."""

    def __init__(
        self,
        *,
        companies: Mapping[str, Company],
        apps: Mapping[str, App],
        grants: Grants,
        limits: RequestLimits,
        meter: CallMeter,
        settings: EmulatorSettings,
        clock: Clock,
    ) -> None:
        self._companies = companies
        self._apps = apps
        self._grants = grants
        self._limits = limits
        self._meter = meter
        self._settings = settings
        self._clock = clock

    def answer(self, request: Request, *, stale: bool = False) -> Answer:
        """Answer one call; `stale` reads a record as it was before its last change."""
        form = accepted_form(request.wants_json)
        try:
            client_id = self._authorised_client(request)
        except QboFault as fault:
            return self._refusal(request, fault, Form.B if request.wants_json else Form.XML)
        try:
            body = self._within_limits(request, client_id, stale)
        except QboFault as fault:
            return self._refusal(request, fault, form)
        self.count(request, has_failed=False)
        if request.segments[3] == "download":
            return Answer(200, body, TEXT)
        if is_printing(request.segments[3:]):
            return Answer(200, body, PDF)
        if request.wants_json:
            return Answer(200, body)
        as_xml = report_response if kind_of(request) is Kind.REPORT else intuit_response
        return Answer(200, as_xml(body), XML)

    def count(self, request: Request, *, has_failed: bool, status: int = 200) -> None:
        """Meter a call, also one that was answered elsewhere by a scripted fault."""
        if request.realm_id is not None:
            kind = kind_of(request)
            self._meter.record(request.realm_id, kind, has_failed=has_failed, is_throttled=status == 429)

    def _refusal(self, request: Request, fault: QboFault, form: Form) -> Answer:
        self.count(request, has_failed=True, status=fault.status)
        answer = fault_answer(fault, form, self._clock.now())
        if fault.status == 429 and self._settings.retry_after_header:
            return Answer(answer.status, answer.body, answer.content_type, {"Retry-After": str(_RETRY_AFTER_SECONDS)})
        return answer

    def _authorised_client(self, request: Request) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or len(token) not in _ACCESS_TOKEN_LENGTHS:
            raise _unauthenticated("Malformed bearer token: too short or too long")
        bearer = self._grants.bearer(token)
        if bearer.status is BearerStatus.EXPIRED:
            raise _unauthenticated("Token expired: *****")
        app = self._apps.get(bearer.client_id)
        is_sandbox_app = app is not None and app.environment == "sandbox"
        is_granted = request.realm_id in self._companies and request.realm_id == bearer.realm_id
        if bearer.status is BearerStatus.REVOKED or not (is_sandbox_app and is_granted):
            raise QboFault(
                403,
                "3100",
                "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
                None,
                type="SERVICE",
            )
        return bearer.client_id

    def _within_limits(self, request: Request, client_id: str, stale: bool) -> bytes:
        realm_id = request.realm_id or ""
        self._limits.enter(realm_id, client_id, is_batch=kind_of(request) is Kind.BATCH)
        try:
            time.sleep(self._settings.latency_ms / 1000)
            return _ENDPOINTS[kind_of(request)](self._companies[realm_id], request, stale)
        finally:
            self._limits.leave(realm_id, client_id)


def kind_of(request: Request) -> Kind:
    """What a call under /v3/company/{realm} asks for, by method and path alone."""
    place = request.segments[3:]
    named = _NAMED.get((request.method, *place))
    if named is not None:
        return named
    if request.method == "GET" and is_printing(place):
        return Kind.READ
    if request.method == "GET" and len(place) == 2:
        return Kind.REPORT if place[0] == "reports" else Kind.READ
    return Kind.WRITE if request.method == "POST" and is_write(request) else Kind.UNKNOWN


def _query(company: Company, request: Request, stale: bool) -> bytes:
    if request.method == "GET":
        return company.query(request.params.get("query", ""))
    if request.content_type != "application/text":
        raise unsupported_operation(f"Content type {request.content_type or 'none'} of a query is not supported.")
    return company.query(utf8(request.body))


def _read(company: Company, request: Request, stale: bool) -> bytes:
    segment, *rest = request.segments[3:]
    if segment == "preferences" and not rest:
        return company.preferences()
    if segment == "companyinfo":
        if rest[0] != company.realm_id:
            raise not_found(element="CompanyInfo")
        return company.company_info()
    if segment == "exchangerate" and not rest:
        return company.exchange_rate(request.params.get("sourcecurrencycode", ""), request.params.get("asofdate", ""))
    if segment == "download":
        return link_to_file(company, request, rest[0]).encode()
    if is_printing([segment, *rest]):
        return printed(company, segment, rest[0])
    return company.read(segment, rest[0], stale=stale)


def _changes(company: Company, request: Request, stale: bool) -> bytes:
    return company.changes(request.params.get("entities", ""), request.params.get("changedSince", ""))


def _write(company: Company, request: Request, stale: bool) -> bytes:
    return write(company, request)


def _batch(company: Company, request: Request, stale: bool) -> bytes:
    return batch(company, request)


def _report(company: Company, request: Request, stale: bool) -> bytes:
    return company.report(request.segments[4], request.params)


def _refuse(company: Company, request: Request, stale: bool) -> bytes:
    raise unsupported_operation(f"Operation {request.method} {'/'.join(request.segments[3:])} is not supported.")


_ENDPOINTS: dict[Kind, Callable[[Company, Request, bool], bytes]] = {
    Kind.QUERY: _query,
    Kind.READ: _read,
    Kind.CDC: _changes,
    Kind.WRITE: _write,
    Kind.BATCH: _batch,
    Kind.REPORT: _report,
    Kind.UNKNOWN: _refuse,
}


def _unauthenticated(detail: str) -> QboFault:
    return QboFault(
        401,
        "3200",
        "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        detail,
        type="AUTHENTICATION",
    )
