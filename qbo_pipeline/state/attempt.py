"""One attempt to connect a company: what was asked for, the app it is made with, and the proof that the tokens open it."""

from dataclasses import dataclass, field, replace

import msgspec

from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import Endpoints, endpoints_for
from qbo_pipeline.quickbooks.errors import QuickBooksError, WrongClient, WrongRealm
from qbo_pipeline.quickbooks.oauth import OAuthClient, TokenGrant
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.errors import ConnectFailed
from qbo_pipeline.state.store import StateStore


@dataclass(frozen=True)
class App:
    """An Intuit app of a connection's own."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Attempt:
    """One attempt to connect: what was asked for, over what settings and a connection of that name say.

    One that `reconnects` may replace the tokens of a connection that is active, by those of a new consent.
    """

    store: StateStore
    settings: Settings
    name: str
    environment: Environment | None
    own_app: App | None
    business_entity_id: str | None
    reconnects: bool = False

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
            raise ConnectFailed(f"{self._wrong_realm(details, grant)} {facts(error)} {fate}") from error
        except QuickBooksError as error:
            raise failed(details, error, fate) from error
        return self.store.connections.add(
            replace(details, company_name=company_name),
            grant,
            client_secret=self.own_app.client_secret if self.own_app else None,
            reconnects=self.reconnects,
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


def failed(details: ConnectionDetails, error: QuickBooksError, fate: str = "") -> ConnectFailed:
    if isinstance(error, WrongClient):
        app = f"Intuit does not accept the client id and secret of app {details.token_client_id}: check both."
        return ConnectFailed(f"{details.name} was not connected: {app} {facts(error)} {fate}".rstrip())
    return ConnectFailed(f"{details.name} was not connected: {error} {fate}".rstrip())


def facts(error: Exception) -> str:
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
