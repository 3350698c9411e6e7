"""Connecting a company and letting it go.

A connection is stored when it has proved itself: the tokens came, and the company they open answered with its name. Until
then nothing is written, so a mistyped realm or the wrong environment leaves nothing to clean up. What Intuit did meanwhile
cannot be undone, so a failure also says whether the refresh token that was given is still good.
"""

import secrets
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import Endpoints, InvalidEndpoint, endpoints_for
from qbo_pipeline.quickbooks.errors import InvalidGrant, QuickBooksError, Refused, WrongClient, WrongRealm
from qbo_pipeline.quickbooks.oauth import OAuthClient, TokenGrant
from qbo_pipeline.settings import Environment, Settings, SettingsError
from qbo_pipeline.state.access import endpoints_of, oauth_client
from qbo_pipeline.state.callback import CALLBACK_PORT, CallbackServer
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.errors import ConnectFailed, RevocationFailed, StateError
from qbo_pipeline.state.store import StateStore


@dataclass(frozen=True)
class App:
    """An Intuit app of a connection's own."""

    client_id: str
    client_secret: str = field(repr=False)


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
    attempt = _Attempt(store, settings, name, environment, app, business_entity_id)
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
        raise _failed(details, error) from error
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
    attempt = _Attempt(store, settings, name, environment, app, business_entity_id)
    inactive = store.connections.refuse_name(name)
    if attempt.details("").environment is Environment.PRODUCTION:
        raise ConnectFailed(
            f"{name} was not connected: Intuit sends production companies back to HTTPS addresses with a host name only, "
            "never to this machine. Use `--realm-id` with `--refresh-token-file`, or the gateway's connect page."
        )
    store.tokens.require_writable()
    unknown_realm = attempt.details(inactive.realm_id if inactive else "")
    state = secrets.token_urlsafe(32)
    with CallbackServer(port, state) as server:
        url = attempt.oauth(unknown_realm).authorization_url(server.redirect_uri, state)
        announce(f"Open this address in a browser to connect {name}:\n{url}")
        open_browser(url)
        consent = server.wait(timeout_seconds)
    details = replace(unknown_realm, realm_id=consent.realm_id)
    # Before the code is redeemed: a second grant for a company that is connected already could end its first.
    store.connections.refuse_clash(details)
    try:
        grant = attempt.oauth(details).exchange(consent.code, server.redirect_uri)
    except QuickBooksError as error:
        raise _failed(details, error) from error
    return attempt.complete(details, grant, given=None)


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
            f"{_facts(failure)} To be sure, disconnect the app in QuickBooks under Apps, My apps."
        ) from failure


@dataclass(frozen=True)
class _Attempt:
    """One attempt to connect: what was asked for, over what settings and an inactive connection of the name say."""

    store: StateStore
    settings: Settings
    name: str
    environment: Environment | None
    own_app: App | None
    business_entity_id: str | None

    @property
    def app(self) -> App:
        """The app to connect with; raises `SettingsError` naming what the default one lacks."""
        if self.own_app is not None:
            return self.own_app
        self.settings.require("client_id", "client_secret")
        return App(self.settings.client_id, self.settings.client_secret.get_secret_value())

    def details(self, realm_id: str) -> ConnectionDetails:
        """The connection as it would be stored."""
        known = next((each for each in self.store.connections.all() if each.name == self.name), None)
        addresses = {
            field: getattr(self.settings, field) or getattr(known, field, None)
            for field in ("api_url", "authorize_url", "token_url", "revoke_url")
        }
        return ConnectionDetails(
            name=self.name,
            realm_id=realm_id,
            environment=self.environment or (known.environment if known else self.settings.environment),
            token_client_id=self.app.client_id,
            client_id=self.own_app.client_id if self.own_app else None,
            business_entity_id=self.business_entity_id,
            **addresses,
        )

    def oauth(self, details: ConnectionDetails) -> OAuthClient:
        """The app, at the addresses of the connection."""
        endpoints = endpoints_of(details, self.settings)
        return OAuthClient(endpoints, self.app.client_id, self.app.client_secret, clock=self.store.clock)

    def complete(self, details: ConnectionDetails, grant: TokenGrant, *, given: str | None) -> Connection:
        """Read the company's name with the new tokens, then store the connection."""
        fate = _fate_of(given, grant)
        try:
            company_name = _company_name(details, endpoints_of(details, self.settings), grant)
        except WrongRealm as error:
            raise ConnectFailed(f"{self._wrong_realm(details, grant)} {_facts(error)} {fate}") from error
        except QuickBooksError as error:
            raise _failed(details, error, fate) from error
        return self.store.connections.add(
            replace(details, company_name=company_name),
            grant,
            client_secret=self.own_app.client_secret if self.own_app else None,
        )

    def _wrong_realm(self, details: ConnectionDetails, grant: TokenGrant) -> str:
        other = next(each for each in Environment if each is not details.environment)
        if details.api_url is None:
            try:
                _company_name(details, endpoints_for(other), grant)
            except QuickBooksError:
                pass
            else:
                return (
                    f"{details.name} was not connected: realm {details.realm_id} is a {other} company, and {details.environment} "
                    f"was asked for. Use --environment {other}."
                )
        return (
            f"{details.name} was not connected: the token is good, but does not open realm {details.realm_id} in "
            f"{details.environment}. Check the realm id (the token belongs to one company), and the environment."
        )


class _OneGrant:
    """The tokens of a grant that is not stored yet: there is nothing to refresh them from."""

    def __init__(self, grant: TokenGrant) -> None:
        self._access_token = grant.access_token

    def access_token(self) -> str:
        return self._access_token

    def renewed(self, stale: str) -> str:
        return stale


class _CompanyInfo(msgspec.Struct):
    CompanyName: str


def _company_name(details: ConnectionDetails, endpoints: Endpoints, grant: TokenGrant) -> str:
    with QuickBooks(details.realm_id, endpoints, _OneGrant(grant), name=details.name) as quickbooks:
        return msgspec.json.decode(quickbooks.company_info().payload, type=_CompanyInfo).CompanyName


def _failed(details: ConnectionDetails, error: QuickBooksError, fate: str = "") -> ConnectFailed:
    if isinstance(error, WrongClient):
        app = f"Intuit does not accept the client id and secret of app {details.token_client_id}: check both."
        return ConnectFailed(f"{details.name} was not connected: {app} {_facts(error)} {fate}".rstrip())
    return ConnectFailed(f"{details.name} was not connected: {error} {fate}".rstrip())


def _facts(error: Exception) -> str:
    # What an error advises for a company that is connected is no help to one that is not.
    return str(error).removesuffix(error.advice).rstrip() if isinstance(error, QuickBooksError) else str(error)


def _fate_of(given: str | None, grant: TokenGrant) -> str:
    if given is None:
        return "Nothing was stored; start again."
    if given == grant.refresh_token:
        return "Nothing was stored; the refresh token you gave is still the current one."
    return (
        "Nothing was stored. Intuit replaced the refresh token you gave when it was tried, and the replacement was not kept: "
        "get a new one."
    )
