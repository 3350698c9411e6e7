"""Connecting a company and letting it go.

A connection is stored when it has proved itself: the tokens came, and the company they open answered with its name. Until
then nothing is written, so a mistyped realm or the wrong environment leaves nothing to clean up. What Intuit did meanwhile
cannot be undone, so a failure also says whether the refresh token that was given is still good.
"""

import secrets
import webbrowser
from collections.abc import Callable

from qbo_pipeline.quickbooks.endpoints import InvalidEndpoint
from qbo_pipeline.quickbooks.errors import InvalidGrant, QuickBooksError, Refused
from qbo_pipeline.settings import Environment, Settings, SettingsError
from qbo_pipeline.state.access import oauth_client
from qbo_pipeline.state.attempt import App, Attempt, facts, failed
from qbo_pipeline.state.callback import CALLBACK_PATH, CALLBACK_PORT, CallbackServer
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.consent import begin_consent, finish_consent
from qbo_pipeline.state.errors import ConnectFailed, RevocationFailed, StateError
from qbo_pipeline.state.store import StateStore


def connect_headless(
    store: StateStore,
    settings: Settings,
    name: str,
    realm_id: str,
    refresh_token: str,
    *,
    environment: Environment | None = None,
    app: App | None = None,
    business_entity_id: str | None = None,
) -> Connection:
    """Connect a company from a refresh token, as Intuit's OAuth playground or another program hands one out.

    Raises `ConnectionRefused` before Intuit is asked anything, and `ConnectFailed` saying whether the token, the app, the
    realm or the environment is wrong.
    """
    attempt = Attempt(store, settings, name, environment, app, business_entity_id)
    details = attempt.details(realm_id)
    store.connections.refuse_clash(details)
    store.tokens.require_writable()
    try:
        grant = attempt.oauth(details).refresh(refresh_token)
    except InvalidGrant as error:
        raise ConnectFailed(
            f"{name} was not connected: Intuit does not accept the refresh token for app {details.token_client_id}. It was "
            "used or replaced elsewhere, expired, was revoked, or was issued to another app. Get a new one and copy it whole."
        ) from error
    except QuickBooksError as error:
        raise failed(details, error) from error
    return attempt.complete(details, grant, given=refresh_token)


def connect_in_browser(
    store: StateStore,
    settings: Settings,
    name: str,
    *,
    environment: Environment | None = None,
    app: App | None = None,
    business_entity_id: str | None = None,
    open_browser: Callable[[str], object] = webbrowser.open,
    announce: Callable[[str], object] = print,
    port: int = CALLBACK_PORT,
    timeout_seconds: float = 300,
) -> Connection:
    """Connect the company a person picks on Intuit's consent page, which comes back to this machine.

    For sandbox keys only. Raises as `connect_headless` does, and `ConnectFailed` where consent was refused, did not come in
    time, or came back with another `state` than was sent.
    """
    attempt = Attempt(store, settings, name, environment, app, business_entity_id)
    state = secrets.token_urlsafe(32)
    # Refused before a port is taken: what stands in the way has nothing to do with it.
    begin_consent(attempt, f"http://localhost:{port}{CALLBACK_PATH}", state)
    with CallbackServer(port, state) as server:
        url = begin_consent(attempt, server.redirect_uri, state)
        announce(f"Open this address in a browser to connect {name}:\n{url}")
        open_browser(url)
        consent = server.wait(timeout_seconds)
    return finish_consent(attempt, consent, server.redirect_uri)


def disconnect(store: StateStore, settings: Settings, name: str) -> None:
    """Revoke a connection's tokens at Intuit, erase them here and mark it inactive; other connections stay as they are.

    The connection is inactive afterwards in any case; `RevocationFailed` says that Intuit did not confirm.
    """
    connection = store.connections.get(name)
    failure: Exception | None = None
    with store.tokens.lock(name):
        try:
            refresh_token = store.tokens.read(name).refresh_token
            if refresh_token:
                oauth_client(store, connection, settings).revoke(refresh_token)
        except (InvalidGrant, Refused) as error:
            # That the token of a connection that was lost is dead is no news.
            failure = error if connection.is_active else None
        except (QuickBooksError, StateError, SettingsError, InvalidEndpoint) as error:
            failure = error
        store.connections.deactivate(name, "disconnected by hand", erase_tokens=True)
    if failure is not None:
        raise RevocationFailed(
            f"{name} is inactive now and its tokens are erased here, but Intuit did not confirm the revocation: "
            f"{facts(failure)} To be sure, disconnect the app in QuickBooks under Apps, My apps."
        ) from failure
