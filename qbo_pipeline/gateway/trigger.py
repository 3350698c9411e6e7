"""The trigger: other programs start a sync or a push with a token, and ask how it goes.

POST /trigger/sync {"connections": ["main"]}  ->  202 {"run_id": ...}        GET /runs/<run id>  ->  {"status": ...}
"""

from collections.abc import Callable
from dataclasses import asdict
from hmac import compare_digest
from math import ceil

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qbo_pipeline.gateway.bodies import BodyRefused, read_body
from qbo_pipeline.gateway.child_runs import LOST, WHAT_TO_DO_ABOUT_A_LOST_RUN, Verb
from qbo_pipeline.gateway.gateway import Gateway
from qbo_pipeline.gateway.sent import sent_while
from qbo_pipeline.state.errors import UnknownConnection

BODY_BYTES_MAX = 64 * 1024
_DOCUMENTS_TOLD = 1_000
_PROGRAM = "a program with the trigger token"


class _Order(msgspec.Struct, forbid_unknown_fields=True):
    """What to run it for; none means all."""

    connections: list[str] = []


def trigger(verb: Verb) -> Callable[[Request], object]:
    """The endpoint that starts `verb`."""

    async def start(request: Request) -> Response:
        gateway: Gateway = request.app.state.gateway
        if refusal := _refusal(gateway, request):
            return refusal
        try:
            body = await read_body(request, BODY_BYTES_MAX)
            order = msgspec.json.decode(body, type=_Order) if body.strip() else _Order()
        except BodyRefused as error:
            return _error(error.status, str(error))
        except (msgspec.DecodeError, RecursionError):
            return _error(400, 'The body is JSON such as {"connections": ["main"]}, or empty for all.')
        return await run_in_threadpool(_start, gateway, request, verb, order)

    return start


async def run_status(request: Request) -> Response:
    """How a run goes, and each connection that has ended in it."""
    gateway: Gateway = request.app.state.gateway
    if refusal := _refusal(gateway, request):
        return refusal
    return await run_in_threadpool(_status, gateway, str(request.path_params["run_id"]))


def _start(gateway: Gateway, request: Request, verb: Verb, order: _Order) -> Response:
    address = request.client.host if request.client else None
    try:
        run_id = gateway.runs.start(verb, order.connections, asked_by=_PROGRAM)
    except UnknownConnection as error:
        return _error(404, str(error))
    gateway.store.audit_log.note(
        person=_PROGRAM, address=address, action=f"trigger {verb}", subject=", ".join(order.connections) or "all"
    )
    return JSONResponse({"run_id": run_id, "status": f"{gateway.address}/runs/{run_id}"}, 202)


def _status(gateway: Gateway, run_id: str) -> Response:
    run = gateway.runs.find(run_id)
    if run is None:
        return _error(404, "There is no such run.")
    entries = gateway.store.sync_log.entries(run_id=run_id)
    ended = [
        {name: getattr(entry, name) for name in ("connection", "status", "calls", "metered_calls", "seconds", "error")}
        for entry in entries
        if entry.entity is None
    ]
    told = asdict(run) | {"connections": ended, "progress": gateway.runs.progress(run_id)}
    told["documents"] = [asdict(each) for each in sent_while(gateway.store, run, _DOCUMENTS_TOLD)]
    if run.status == LOST:
        told["hint"] = WHAT_TO_DO_ABOUT_A_LOST_RUN
    return Response(msgspec.json.encode(told), media_type="application/json")


def _refusal(gateway: Gateway, request: Request) -> Response | None:
    """Why the request is not heard: too many, or without the token. Where no token is set, nobody has it."""
    address = request.client.host if request.client else "unknown"
    if wait := gateway.triggers.take(address):
        answer = _error(429, "Too many requests. Wait, and ask again.")
        answer.headers["Retry-After"] = str(ceil(wait))
        return answer
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    token = gateway.settings.trigger_token
    expected = token.get_secret_value() if token else ""
    if kind.lower() != "bearer" or not compare_digest(given.strip().encode(), expected.encode()) or not expected:
        answer = _error(401, "Send the trigger token: Authorization: Bearer <QBO_TRIGGER_TOKEN>.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    return None


def _error(status: int, reason: str) -> Response:
    return JSONResponse({"error": reason}, status)
