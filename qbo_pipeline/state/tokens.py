"""A valid access token for one connection, whoever else is asking for one at the same moment.

Intuit replaces the refresh token about once a day and kills the old one at once, so two refreshers at one time lose the
connection, and so does a new token that was received and not kept. Hence, under the connection's lock (see `database`):
read the store again, since another process may just have refreshed; mark that Intuit is being asked; ask; store what came
until it is on disk; only then use it. The mark is a write of its own, so that a full disk or an absent server shows before
Intuit is asked rather than after.

A crash between Intuit's answer and our write leaves the old token and the mark. Mostly nothing is lost, for the value stays
the same within a day, and a stored token that was just replaced is still tried. Where it is dead indeed, the reason names
the refresh that was never answered. Only a confirmed `invalid_grant`, for every token the store then holds, makes a
connection inactive; no answer, a 5xx, a refused client or a changed setting never does.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from qbo_pipeline.quickbooks.errors import AuthorisationLost, InvalidGrant, Refused, WrongClient
from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.access import oauth_client
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.errors import StateDamaged
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.token_store import StoredTokens

REFRESH_AHEAD = timedelta(minutes=5)


def token_source(store: StateStore, connection: Connection, settings: Settings) -> "ConnectionTokens":
    """The tokens of a connection, for the QuickBooks client."""
    return ConnectionTokens(store, connection, settings)


class ConnectionTokens:
    """A connection's access token, refreshed ahead of its end and after QuickBooks refused it; safe to share by threads."""

    def __init__(self, store: StateStore, connection: Connection, settings: Settings) -> None:
        self._store = store
        self._connection = connection
        self._settings = settings
        self._one_thread = threading.Lock()
        self._access_token = ""
        self._expires_at: datetime | None = None

    def access_token(self) -> str:
        """An access token good for the next minutes.

        Raises `AuthorisationLost` where only a person can help, and what the token endpoint raised otherwise.
        """
        with self._one_thread:
            if not self._is_fresh(self._expires_at):
                self._obtain(lambda stored: self._is_fresh(stored.access_expires_at))
            return self._access_token

    def renewed(self, stale: str) -> str:
        """Another access token than `stale`, which QuickBooks refused: a newer one of the store's, or a fresh one."""
        with self._one_thread:
            if self._access_token == stale or not self._is_fresh(self._expires_at):
                self._obtain(lambda stored: stored.access_token != stale and self._is_fresh(stored.access_expires_at))
            return self._access_token

    def _is_fresh(self, expires_at: datetime | None) -> bool:
        return expires_at is not None and self._store.clock() < expires_at - REFRESH_AHEAD

    def _obtain(self, is_usable: Callable[[StoredTokens], bool]) -> None:
        stored = self._read()
        if not is_usable(stored):
            with self._store.tokens.lock(self._connection.name):
                stored = self._read()
                if not is_usable(stored):
                    grant = self._refresh(stored)
                    self._access_token, self._expires_at = grant.access_token, grant.access_expires_at
                    return
        self._access_token, self._expires_at = stored.access_token, stored.access_expires_at

    def _read(self) -> StoredTokens:
        stored = self._store.tokens.read(self._connection.name)
        if stored.status != "active":
            raise AuthorisationLost(
                f"Using connection {self._connection.name}",
                message=f"it is inactive: {stored.reason}",
                advice=f"Connect the company again with `qbo-pipeline connect {self._connection.name}`.",
            )
        if not stored.refresh_token:
            raise StateDamaged(
                f"Connection {self._connection.name} is active, but its tokens are gone from the state store. Disconnect it "
                "and connect it again."
            )
        return stored

    def _refresh(self, stored: StoredTokens) -> TokenGrant:
        name, tokens = self._connection.name, self._store.tokens
        unanswered_since = stored.refresh_unanswered_since
        client = oauth_client(self._store, self._connection, self._settings)
        tokens.note_refresh(name, self._store.clock())
        tried: list[str] = []
        while refresh_token := _next_token(stored, tried):
            tried.append(refresh_token)
            try:
                grant = client.refresh(refresh_token)
            except InvalidGrant as error:
                rejection = error
                # A process that lost its lock may have stored a newer token while Intuit refused this one.
                stored = self._read()
            except (WrongClient, Refused):
                tokens.note_answer(name)
                raise
            else:
                tokens.save(name, self._connection.realm_id, grant, refreshed_with=refresh_token)
                return grant
        self._store.connections.deactivate(name, _why_dead(stored, unanswered_since, self._store.clock()))
        raise rejection


def _next_token(stored: StoredTokens, tried: list[str]) -> str | None:
    known = (stored.refresh_token, stored.former_refresh_token)
    return next((token for token in known if token and token not in tried), None)


def _why_dead(stored: StoredTokens, unanswered_since: datetime | None, now: datetime) -> str:
    confirmed = "Intuit answered that the refresh token is not valid (invalid_grant)"
    if stored.hard_expires_at is not None and stored.hard_expires_at <= now:
        return f"{confirmed}: the consent reached its longest life on {stored.hard_expires_at:%Y-%m-%d}"
    if stored.refresh_expires_at is not None and stored.refresh_expires_at <= now:
        return f"{confirmed}: it was not used before it expired on {stored.refresh_expires_at:%Y-%m-%d}"
    if unanswered_since is not None:
        return (
            f"{confirmed}: a refresh begun at {unanswered_since:%Y-%m-%d %H:%M:%S} UTC never reached the store (a crash, or an "
            "answer that was lost), so that Intuit may have replaced the token then"
        )
    return f"{confirmed}: access was revoked in QuickBooks, or the token was used elsewhere"
