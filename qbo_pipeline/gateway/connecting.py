"""Connecting a company in the browser: off to Intuit's consent page, and back."""

from starlette.responses import RedirectResponse, Response

from qbo_pipeline.gateway.consents import Asked
from qbo_pipeline.gateway.sessions import cookie_name, set_cookie
from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.quickbooks.endpoints import InvalidEndpoint
from qbo_pipeline.settings import Environment, SettingsError
from qbo_pipeline.state.attempt import App, Attempt
from qbo_pipeline.state.callback import read_answer
from qbo_pipeline.state.connect import disconnect
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.consent import begin_consent, finish_consent
from qbo_pipeline.state.errors import RevocationFailed, StateError

_CONSENT = "qbo_consent"
_CONSENT_SECONDS = 15 * 60


def connect(visit: Visit) -> Response:
    """Send the browser away to connect a new company, as the form asks."""
    form = visit.form
    environment = form.get("environment") or None
    if environment not in (None, *Environment):
        raise Refused(400, "The environment is sandbox or production.")
    own_app = (form.get("client_id", ""), form.get("client_secret", ""))
    if any(own_app) and not all(own_app):
        raise Refused(400, "An app of its own needs both its client id and its client secret.")
    asked = Asked(
        name=form.get("name", ""),
        environment=Environment(environment) if environment else None,
        app=App(*own_app) if all(own_app) else None,
        business_entity_id=form.get("business_entity") or None,
        verifier_token=form.get("verifier_token") or None,
    )
    return _send_away(visit, asked)


def reconnect(visit: Visit) -> Response:
    """Send the browser away to give a connection new tokens, whatever became of the old ones."""
    connection = visit.gateway.store.connections.get(visit.form.get("name", ""))
    return _send_away(visit, Asked(name=connection.name, app=_own_app(visit, connection), reconnects=True))


def come_back(visit: Visit) -> Response:
    """What the consent page sent the browser back with: a connection, or the reason why there is none."""
    query = visit.request.query_params
    cookie = visit.request.cookies.get(cookie_name(visit.request, _CONSENT))
    state = query.get("state", "")
    asked = visit.gateway.consents.take(state, cookie)
    if asked is None:
        visit.note("connect", outcome="an answer from a consent page that this browser was not sent to")
        raise Refused(
            400,
            "This answer is not to a question that was asked from this browser, or was given already. Nothing was stored. "
            "Start again from the connections.",
        )
    try:
        connection = _finish(visit, asked, {name: [value] for name, value in query.items()}, state)
    except (StateError, SettingsError, InvalidEndpoint) as error:
        visit.note("connect", asked.name, str(error))
        raise Refused(400, str(error)) from error
    visit.note("reconnect" if asked.reconnects else "connect", f"{connection.name} (realm {connection.realm_id})")
    answer = visit.go("/connections", f"{connection.company_name} is connected as {connection.name}.")
    set_cookie(visit.request, answer, _CONSENT, "", seconds=0)
    return answer


def let_go(visit: Visit) -> Response:
    """Disconnect a company."""
    name = visit.gateway.store.connections.get(visit.form.get("name", "")).name
    try:
        disconnect(visit.gateway.store, visit.gateway.settings, name)
    except RevocationFailed as error:
        visit.note("disconnect", name, str(error))
        return visit.go("/connections", str(error))
    visit.note("disconnect", name)
    return visit.go("/connections", f"{name} is disconnected. Its data stays.")


def set_verifier(visit: Visit) -> Response:
    """Keep another verifier token for a connection's own app."""
    connection = visit.gateway.store.connections.get(visit.form.get("name", ""))
    token = visit.form.get("verifier_token", "")
    if connection.client_id is None or not token:
        raise Refused(400, "A verifier token is kept here for a connection with an app of its own, and is not empty.")
    visit.gateway.store.webhook_verifiers.put(connection.name, connection.realm_id, token)
    visit.note("set verifier token", connection.name)
    return visit.go("/connections", f"The webhooks of {connection.name}'s app are checked with the new verifier token.")


def _send_away(visit: Visit, asked: Asked) -> Response:
    state, cookie = visit.gateway.consents.begin(asked)
    try:
        address = begin_consent(_attempt(visit, asked), visit.gateway.callback_url, state)
    except (StateError, SettingsError, InvalidEndpoint) as error:
        visit.note("connect", asked.name, str(error))
        raise Refused(400, str(error)) from error
    answer = RedirectResponse(address, 303)
    set_cookie(visit.request, answer, _CONSENT, cookie, seconds=_CONSENT_SECONDS)
    return answer


def _finish(visit: Visit, asked: Asked, query: dict[str, list[str]], state: str) -> Connection:
    consent = read_answer(query, state)
    if isinstance(consent, StateError):
        raise consent
    connection = finish_consent(_attempt(visit, asked), consent, visit.gateway.callback_url)
    if asked.verifier_token and connection.client_id:
        visit.gateway.store.webhook_verifiers.put(connection.name, connection.realm_id, asked.verifier_token)
    return connection


def _attempt(visit: Visit, asked: Asked) -> Attempt:
    return Attempt(
        visit.gateway.store,
        visit.gateway.settings,
        asked.name,
        asked.environment,
        asked.app,
        asked.business_entity_id,
        asked.reconnects,
    )


def _own_app(visit: Visit, connection: Connection) -> App | None:
    """The app the connection was made with, if it is not the default one."""
    if connection.client_id is None:
        return None
    secret = visit.gateway.store.tokens.read(connection.name).client_secret
    if not secret:
        raise Refused(409, f"The secret of {connection.name}'s own app is not in the store any more. Connect it again.")
    return App(connection.client_id, secret)
