"""A visit: one request of a person to a page, let in and checked before the page's own code sees it.

    @looks                          anybody who is signed in
    @acts                           those who may act; the form's token is checked, and what was done is noted

Pages are plain functions of a visit and run in a thread, because they ask the state store.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qbo_pipeline.gateway.bodies import BodyRefused, read_form
from qbo_pipeline.gateway.gateway import Gateway
from qbo_pipeline.gateway.pages import render
from qbo_pipeline.gateway.proxies import FROM_PROXY
from qbo_pipeline.gateway.sessions import Person, Role, Session, cookie_name
from qbo_pipeline.state.errors import StateError

SESSION = "qbo_session"
FORM_TOKEN = "form_token"  # noqa: S105 - a field's name
_NAME_MAX = 200
# Who works on a machine of their own, where nobody else is let in.
_OWNER = Person("this machine", Role.ACT)


class Refused(Exception):  # noqa: N818 - named for what happened
    """What a page answers instead of doing what was asked, with the HTTP status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Visit:
    """One request, by whom, with the fields of its form."""

    gateway: Gateway
    request: Request
    person: Person
    session: Session
    form_token: str = field(repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str | None:
        """Where the request came from."""
        return self.request.client.host if self.request.client else None

    def query(self, name: str, default: str = "") -> str:
        """A part of the address's query."""
        return self.request.query_params.get(name, default)

    def page(self, template: str, status: int = 200, **shown: object) -> Response:
        """A page, with the notice that waits for this browser."""
        notice, self.session.notice = self.session.notice, None
        shown |= {"person": self.person, "form_token": self.form_token, "notice": notice, "gateway": self.gateway}
        return render(template, status=status, path=self.request.url.path, **shown)

    def go(self, path: str, notice: str | None = None) -> Response:
        """Send the browser to another of our pages, which tells the notice."""
        self.session.notice = notice
        return RedirectResponse(path, 303)

    def note(self, action: str, subject: str | None = None, outcome: str = "done") -> None:
        """Note in the audit log what this person did."""
        self.gateway.store.audit_log.note(
            person=self.person.name, address=self.address, action=action, subject=subject, outcome=outcome
        )


Page = Callable[[Visit], Response]


def looks(page: Page) -> Callable[[Request], object]:
    """An endpoint for those who are signed in."""
    return _endpoint(page, Role.LOOK)


def acts(page: Page) -> Callable[[Request], object]:
    """An endpoint for those who may act."""
    return _endpoint(page, Role.ACT)


def person_without_sign_in(gateway: Gateway, request: Request) -> Person | None:
    """Who is there without signing in here: whom a trusted proxy names, or the owner of the machine."""
    header = gateway.settings.gateway_user_header
    return _OWNER if header is None else _named_by_proxy(gateway, request, request.headers.get(header, ""))


def _endpoint(page: Page, role: Role) -> Callable[[Request], object]:
    @wraps(page)
    async def endpoint(request: Request) -> Response:
        gateway: Gateway = request.app.state.gateway
        try:
            form = await read_form(request) if request.method == "POST" else {}
        except BodyRefused as error:
            return render("refused.html.jinja", status=error.status, reason=str(error), person=None)
        return await run_in_threadpool(_answer, page, gateway, request, role, form)

    return endpoint


def _answer(page: Page, gateway: Gateway, request: Request, role: Role, form: dict[str, str]) -> Response:
    secret = request.cookies.get(cookie_name(request, SESSION), "")
    session = _session(gateway, request, secret)
    if session is None:
        return _to_sign_in(request)
    token = gateway.sessions.form_token(secret, session.person.name)
    visit = Visit(gateway, request, session.person, session, token, form)
    try:
        if request.method == "POST" and not gateway.sessions.is_form_token(
            form.get(FORM_TOKEN, ""), secret, session.person.name
        ):
            raise Refused(403, "The form was not sent from a page of this gateway, or that page is old. Open it again.")
        if session.person.role < role:
            raise Refused(403, f"{session.person.name} may look here, and not act.")
        return page(visit)
    except Refused as error:
        return visit.page("refused.html.jinja", status=error.status, reason=str(error))
    except StateError as error:
        return visit.page("refused.html.jinja", status=409, reason=str(error))


def _session(gateway: Gateway, request: Request, secret: str) -> Session | None:
    found = gateway.sessions.find(secret)
    if found is None or gateway.needs_sign_in:
        return found
    # Whoever the proxy names now is who is there, whatever the cookie remembers.
    return found if found.person == person_without_sign_in(gateway, request) else None


def _named_by_proxy(gateway: Gateway, request: Request, name: str) -> Person | None:
    """Whom a trusted proxy signed in; a header that came another way is anybody's."""
    if not request.scope.get(FROM_PROXY) or not name.isprintable() or not 0 < len(name) <= _NAME_MAX:
        return None
    actors = gateway.settings.gateway_actors
    return Person(name, Role.ACT if "*" in actors or name in actors else Role.LOOK)


def _to_sign_in(request: Request) -> Response:
    if request.method != "GET":
        return render("refused.html.jinja", status=401, reason="Sign in first, and send the form again.", person=None)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(target, safe='')}", 303)
