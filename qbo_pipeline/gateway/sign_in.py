"""Signing in and out.

Each try costs one of the few that an address has in a minute, right or wrong, and secrets are compared in constant time. A
session begins with a secret of its own, whatever cookie the browser came with.
"""

import secrets
from hmac import compare_digest
from math import ceil
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qbo_pipeline.gateway.bodies import BodyRefused, read_form
from qbo_pipeline.gateway.gateway import Gateway
from qbo_pipeline.gateway.pages import render
from qbo_pipeline.gateway.sessions import LONGEST, Person, Role, cookie_name, set_cookie
from qbo_pipeline.gateway.visits import FORM_TOKEN, SESSION, Visit, person_without_sign_in

_VISITOR = "qbo_visitor"
_PURPOSE = "sign in"
_TARGET_MAX = 1_000


async def sign_in_page(request: Request) -> Response:
    """The form; where somebody else signs people in, straight on to where they wanted to go."""
    gateway: Gateway = request.app.state.gateway
    target = local_target(request.query_params.get("next", "/"))
    if not gateway.needs_sign_in:
        person = person_without_sign_in(gateway, request)
        if person is None:
            reason = "The proxy in front of the gateway did not say who you are. Sign in there, and come again."
            return render("refused.html.jinja", status=401, reason=reason)
        return await run_in_threadpool(_signed_in, gateway, request, person, target)
    return _form(gateway, request, target)


async def sign_in(request: Request) -> Response:
    """Let somebody in who knows a secret, and begin a session."""
    gateway: Gateway = request.app.state.gateway
    try:
        form = await read_form(request)
    except BodyRefused as error:
        return render("refused.html.jinja", status=error.status, reason=str(error))
    target = local_target(form.get("next", "/"))
    if not gateway.needs_sign_in:
        return RedirectResponse("/sign-in", 303)
    visitor = request.cookies.get(cookie_name(request, _VISITOR), "")
    if not visitor or not gateway.sessions.is_form_token(form.get(FORM_TOKEN, ""), visitor, _PURPOSE):
        return _form(gateway, request, target, problem="This page was open for too long. Try again.", status=403)
    address = request.client.host if request.client else "unknown"
    if wait := gateway.sign_ins.take(address):
        answer = _form(gateway, request, target, problem="Too many tries. Wait a minute.", status=429)
        answer.headers["Retry-After"] = str(ceil(wait))
        return answer
    person = _person(gateway, form.get("secret", ""), form.get("name", ""))
    if person is None:
        gateway.store.audit_log.note(person="somebody", address=address, action="sign in", outcome="wrong secret")
        return _form(gateway, request, target, problem="That is not the secret.", status=403)
    return await run_in_threadpool(_signed_in, gateway, request, person, target)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.note("sign out")
    visit.gateway.sessions.end(visit.request.cookies.get(cookie_name(visit.request, SESSION)))
    answer = RedirectResponse("/sign-in", 303)
    set_cookie(visit.request, answer, SESSION, "", seconds=0)
    return answer


def local_target(given: str) -> str:
    """A page of ours to go to after signing in: `given` if it is one, the first otherwise."""
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    is_path = given.startswith("/") and not given.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    is_plain = given.isascii() and given.isprintable() and "\\" not in given and len(given) <= _TARGET_MAX
    return given if is_path and is_plain and not parts.path.startswith("/sign-") else "/"


def _form(
    gateway: Gateway, request: Request, target: str, *, problem: str | None = None, status: int = 200
) -> Response:
    visitor = request.cookies.get(cookie_name(request, _VISITOR)) or secrets.token_urlsafe(32)
    token = gateway.sessions.form_token(visitor, _PURPOSE)
    answer = render("sign_in.html.jinja", status=status, form_token=token, target=target, problem=problem)
    set_cookie(request, answer, _VISITOR, visitor, seconds=3600)
    return answer


def _person(gateway: Gateway, secret: str, name: str) -> Person | None:
    called = name if name.isprintable() and 0 < len(name) <= 60 else "somebody"
    settings = gateway.settings
    # Both are compared whatever the first comparison says, so that the time taken tells nothing.
    may = {role: _is(secret, kept) for role, kept in _secrets(settings.gateway_secret, settings.gateway_view_secret)}
    role = next((role for role, is_right in may.items() if is_right), None)
    return None if role is None else Person(called, role)


def _secrets(acting: SecretStr | None, looking: SecretStr | None) -> list[tuple[Role, str]]:
    kept = ((Role.ACT, acting), (Role.LOOK, looking))
    return [(role, secret.get_secret_value()) for role, secret in kept if secret is not None]


def _is(given: str, kept: str) -> bool:
    return compare_digest(given.encode(), kept.encode())


def _signed_in(gateway: Gateway, request: Request, person: Person, target: str) -> Response:
    address = request.client.host if request.client else None
    gateway.store.audit_log.note(
        person=person.name, address=address, action="sign in", subject=person.role.name.lower()
    )
    gateway.sessions.end(request.cookies.get(cookie_name(request, SESSION)))
    answer = RedirectResponse(target, 303)
    set_cookie(request, answer, SESSION, gateway.sessions.begin(person), seconds=int(LONGEST.total_seconds()))
    set_cookie(request, answer, _VISITOR, "", seconds=0)
    return answer
