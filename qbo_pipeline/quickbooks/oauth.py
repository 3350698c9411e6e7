"""Intuit's OAuth 2: ask for consent, exchange the code, refresh, revoke.

Nothing is repeated here: a refresh may replace the token it was made with, so its owner (the token store, under its lock)
decides whether to send another. Only a plain 400 `invalid_grant` says that a token is dead; everything else may be the
network's fault or a gateway's, and must never cost a connection.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import requests
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from qbo_pipeline.quickbooks.endpoints import Endpoints
from qbo_pipeline.quickbooks.errors import (
    InvalidGrant,
    QuickBooksError,
    Refused,
    RetryLater,
    Throttled,
    TimedOut,
    UnreadableAnswer,
    WrongClient,
)
from qbo_pipeline.quickbooks.transport import plain_form, prepare_session, secure_form

SCOPE = "com.intuit.quickbooks.accounting"  # There is no read-only accounting scope.
TIMEOUT_SECONDS = 30.0
_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
    # A connection's whole life is capped at five years; Intuit tells what is left only to those who ask.
    "x-include-refresh-token-hard-expires-in": "true",
}


@dataclass(frozen=True)
class TokenGrant:
    """The tokens of one connection and when they end (UTC). Their values stay out of its repr.

    `refresh_expires_at` moves on with each new refresh token; `hard_expires_at`, None where Intuit did not say, does not:
    then a person must connect the company again.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime
    hard_expires_at: datetime | None
    issued_at: datetime


class _Answer(msgspec.Struct):
    access_token: str
    refresh_token: str
    expires_in: int
    x_refresh_token_expires_in: int
    x_refresh_token_hard_expires_in: int | None = None


class _Error(msgspec.Struct):
    error: str | None = None
    error_description: str | None = None


class OAuthClient:
    """One Intuit app's dealings with the OAuth service."""

    def __init__(
        self,
        endpoints: Endpoints,
        client_id: str,
        client_secret: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._endpoints = endpoints
        self._client_id = client_id
        self._auth = HTTPBasicAuth(client_id, client_secret)
        self._clock = clock

    def authorization_url(self, redirect_uri: str, state: str) -> str:
        """Where a person gives consent; `state` comes back with the code and must be compared."""
        session = OAuth2Session(self._client_id, scope=[SCOPE], redirect_uri=redirect_uri)
        url, _ = session.authorization_url(secure_form(self._endpoints.authorize_url), state=state)
        return plain_form(url, self._endpoints.authorize_url)

    def exchange(self, code: str, redirect_uri: str) -> TokenGrant:
        """The first tokens, for a code that is good once; after any error a person starts over."""
        doing, issued_at = "Exchanging the authorisation code", self._clock()
        with self._session(doing) as session:
            session.redirect_uri = redirect_uri
            token = session.fetch_token(
                secure_form(self._endpoints.token_url),
                code=code,
                auth=self._auth,
                headers=_HEADERS,
                timeout=TIMEOUT_SECONDS,
            )
            return _grant(token, issued_at)

    def refresh(self, refresh_token: str) -> TokenGrant:
        """New tokens; store them before using them, for the old refresh token may be dead from now on.

        `InvalidGrant` means that Intuit said so in so many words; `RetryLater` that the token may well be alive.
        """
        doing, issued_at = "Refreshing the access token", self._clock()
        with self._session(doing) as session:
            token = session.refresh_token(
                secure_form(self._endpoints.token_url),
                refresh_token=refresh_token,
                auth=self._auth,
                headers=_HEADERS,
                timeout=TIMEOUT_SECONDS,
            )
            return _grant(token, issued_at)

    def revoke(self, token: str) -> None:
        """End a connection at Intuit; either of its tokens ends both. A token already dead raises `Refused`."""
        doing = "Revoking the tokens"
        with self._session(doing) as session:
            response = session.post(
                secure_form(self._endpoints.revoke_url),
                data=msgspec.json.encode({"token": token}),
                auth=self._auth,
                headers={"Accept": "application/json", "Content-Type": "application/json"},
                timeout=TIMEOUT_SECONDS,
                withhold_token=True,
            )
            if response.status_code != 200:
                raise _refusal(doing, response)

    @contextmanager
    def _session(self, doing: str) -> Iterator[OAuth2Session]:
        """A session whose answers are judged before the library reads them, for it would call any error a missing token."""

        def refuse(response: requests.Response) -> requests.Response:
            if response.status_code != 200:
                raise _refusal(doing, response)
            return response

        session = prepare_session(OAuth2Session(self._client_id), self._endpoints)
        session.max_redirects = 0  # A form with a refresh token in it goes where it was sent, or nowhere.
        session.register_compliance_hook("access_token_response", refuse)
        session.register_compliance_hook("refresh_token_response", refuse)
        try:
            with session:
                yield session
        except requests.Timeout as error:
            raise TimedOut(doing, message="no answer in time") from error
        except requests.RequestException as error:
            raise RetryLater(doing, message="no connection, or one that broke") from error
        except (OAuth2Error, ValueError) as error:
            raise UnreadableAnswer(doing, status=200, message="no tokens in the answer") from error


def _grant(token: dict[str, object], issued_at: datetime) -> TokenGrant:
    answer = msgspec.convert(dict(token), _Answer)
    hard_seconds = answer.x_refresh_token_hard_expires_in
    return TokenGrant(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        access_expires_at=issued_at + timedelta(seconds=answer.expires_in),
        refresh_expires_at=issued_at + timedelta(seconds=answer.x_refresh_token_expires_in),
        hard_expires_at=None if hard_seconds is None else issued_at + timedelta(seconds=hard_seconds),
        issued_at=issued_at,
    )


def _refusal(doing: str, response: requests.Response) -> QuickBooksError:
    """What an answer other than 200 means. `error_description` is Intuit's free text, so it is kept as the detail."""
    status, error = response.status_code, _read_error(response.content)
    facts = {
        "status": status,
        "code": error.error,
        "detail": error.error_description,
        "intuit_tid": response.headers.get("intuit_tid"),
    }
    if status == 429:
        return Throttled(doing, **facts)
    if status == 400 and error.error == "invalid_grant":
        return InvalidGrant(doing, **facts)
    if status == 401 or error.error in ("invalid_client", "unauthorized_client"):
        return WrongClient(doing, **facts)
    if status >= 500 or error.error is None:
        return RetryLater(doing, **facts)
    return Refused(doing, **facts)


def _read_error(body: bytes) -> _Error:
    try:
        return msgspec.json.decode(body, type=_Error)
    except msgspec.DecodeError:
        return _Error()
