"""Where a connection's requests go, and which Intuit app makes them.

A setting in force now wins, then the address the connection recorded when it was made, then Intuit's own. So a company
connected at a stand-in for Intuit keeps talking to it when the setting is gone, and its tokens never go to another host
unasked.
"""

from qbo_pipeline.quickbooks.endpoints import Endpoints, endpoints_for
from qbo_pipeline.quickbooks.errors import WrongClient
from qbo_pipeline.quickbooks.oauth import OAuthClient
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.store import StateStore


def endpoints_of(connection: ConnectionDetails, settings: Settings) -> Endpoints:
    """The addresses a connection uses."""
    return endpoints_for(
        connection.environment,
        api_url=settings.api_url or connection.api_url,
        authorize_url=settings.authorize_url or connection.authorize_url,
        token_url=settings.token_url or connection.token_url,
        revoke_url=settings.revoke_url or connection.revoke_url,
    )


def oauth_client(store: StateStore, connection: Connection, settings: Settings) -> OAuthClient:
    """The app a connection's tokens belong to, at the addresses the connection uses.

    Raises `WrongClient` where the default app is no longer the one the tokens were issued to: Intuit would answer that the
    refresh token is dead, and a connection would be given up for a changed setting.
    """
    endpoints = endpoints_of(connection, settings)
    if connection.client_id is not None:
        client_id, secret = connection.client_id, store.tokens.read(connection.name).client_secret or ""
    else:
        settings.require("client_id", "client_secret")
        client_id, secret = settings.client_id, settings.client_secret.get_secret_value()
    if client_id != connection.token_client_id:
        raise WrongClient(
            f"Using the tokens of connection {connection.name}",
            message=f"they were issued to app {connection.token_client_id}, and QBO_CLIENT_ID is {client_id}",
            advice="Put that app back, or disconnect and connect the company again with the new one.",
        )
    return OAuthClient(endpoints, client_id, secret, clock=store.clock)
