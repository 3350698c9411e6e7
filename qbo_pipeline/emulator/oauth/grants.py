"""Which app may reach which company, and the tokens that prove it.

A grant is one consent. Its refresh token keeps its value for about a day; the first refresh after that brings a new value
and kills the old one, so that of two refreshers who hold the old value one is left with `invalid_grant`.
"""

import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from math import ceil

from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.settings import EmulatorSettings

_FORGET_ACCESS_TOKEN_SECONDS = 86_400


class InvalidGrantError(Exception):
    """A code or refresh token that is wrong, used, expired, revoked, or another app's."""


@dataclass
class Grant:
    """One consent and its tokens. Instants are epoch seconds; `realm_id` is None where no accounting scope was asked."""

    client_id: str
    realm_id: str | None
    begun_at: float
    refresh_token: str = field(repr=False)
    issued_at: float
    replaced_at: dict[str, float] = field(default_factory=dict, repr=False)
    access_expires_at: dict[str, float] = field(default_factory=dict, repr=False)
    is_revoked: bool = False


@dataclass(frozen=True)
class Tokens:
    """What a token request brings; the numbers are seconds from now."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_seconds: int
    refresh_seconds: int
    hard_limit_seconds: int


class BearerStatus(Enum):
    """What a bearer token is worth."""

    VALID = "valid"
    EXPIRED = "expired"  # or never issued: QuickBooks does not tell the two apart
    REVOKED = "revoked"


@dataclass(frozen=True)
class Bearer:
    """Whom an access token speaks for."""

    status: BearerStatus
    client_id: str = ""
    realm_id: str | None = None


@dataclass
class _Code:
    client_id: str
    realm_id: str | None
    redirect_uri: str
    expires_at: float
    grant: Grant | None = None


class Grants:
    """All grants. Every change is handed to `keep` before it is answered, so that it outlives the process."""

    def __init__(
        self,
        settings: EmulatorSettings,
        clock: Clock,
        saved: Iterable[Grant] = (),
        keep: Callable[[list[Grant]], None] = lambda grants: None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._grants = list(saved)
        self._keep = keep
        self._codes: dict[str, _Code] = {}
        self._by_refresh_token = {t: grant for grant in self._grants for t in (grant.refresh_token, *grant.replaced_at)}
        self._by_access_token = {token: grant for grant in self._grants for token in grant.access_expires_at}
        self._lock = threading.Lock()

    def issue(self, client_id: str, realm_id: str | None) -> Tokens:
        """Grant an app a company without a consent page, as Intuit's OAuth playground does."""
        with self._lock:
            return self._fresh_tokens(self._begin(client_id, realm_id))

    def issue_code(self, client_id: str, realm_id: str | None, redirect_uri: str) -> str:
        """The authorization code a consent leads back with."""
        with self._lock:
            code = f"AB11{int(self._now())}{secrets.token_urlsafe(24)}"
            expires_at = self._now() + self._settings.authorization_code_seconds
            self._codes[code] = _Code(client_id, realm_id, redirect_uri, expires_at)
            return code

    def redeem(self, client_id: str, code_value: str, redirect_uri: str) -> Tokens:
        """Turn a code into tokens, once; a second time ends what the first began."""
        with self._lock:
            code = self._codes.get(code_value)
            if code is None or code.client_id != client_id:
                raise InvalidGrantError
            if code.grant is not None:
                self._end(code.grant)
                raise InvalidGrantError
            if self._now() >= code.expires_at or redirect_uri != code.redirect_uri:
                raise InvalidGrantError
            code.grant = self._begin(client_id, code.realm_id)
            return self._fresh_tokens(code.grant)

    def refresh(self, client_id: str, refresh_token: str) -> Tokens:
        """A new access token, and a new refresh token when the value is old enough."""
        with self._lock:
            grant = self._by_refresh_token.get(refresh_token)
            if grant is None or grant.client_id != client_id or grant.is_revoked:
                raise InvalidGrantError
            if refresh_token != grant.refresh_token:
                self._require_grace(grant, refresh_token)
            now = self._now()
            if now >= min(self._refresh_expires_at(grant), self._hard_limit_at(grant)):
                raise InvalidGrantError
            if now >= grant.issued_at + self._settings.refresh_rotation_seconds:
                grant.replaced_at[grant.refresh_token] = now
                self._set_refresh_token(grant)
            return self._fresh_tokens(grant)

    def revoke(self, client_id: str, token: str) -> None:
        """End the grant a refresh or access token belongs to; `InvalidGrantError` for a token the app never had."""
        with self._lock:
            grant = self._by_refresh_token.get(token) or self._by_access_token.get(token)
            if grant is None or grant.client_id != client_id or grant.is_revoked:
                raise InvalidGrantError
            self._end(grant)

    def disconnect(self, realm_id: str) -> int:
        """End every grant of a company, as its owner does from QuickBooks' list of apps; how many there were."""
        with self._lock:
            alive = [grant for grant in self._grants if grant.realm_id == realm_id and not grant.is_revoked]
            for grant in alive:
                self._end(grant)
            return len(alive)

    def expire_access_tokens(self, realm_id: str) -> int:
        """Let every access token of a company expire now; how many there were."""
        with self._lock:
            now = self._now()
            expired = 0
            for grant in self._grants:
                if grant.realm_id == realm_id:
                    alive = [token for token, expires_at in grant.access_expires_at.items() if expires_at > now]
                    grant.access_expires_at.update(dict.fromkeys(alive, now))
                    expired += len(alive)
            self._keep(self._grants)
            return expired

    def bearer(self, access_token: str) -> Bearer:
        """What an access token is worth now, and to whom."""
        with self._lock:
            grant = self._by_access_token.get(access_token)
            if grant is None or self._now() >= grant.access_expires_at[access_token]:
                return Bearer(BearerStatus.EXPIRED)
            status = BearerStatus.REVOKED if grant.is_revoked else BearerStatus.VALID
            return Bearer(status, grant.client_id, grant.realm_id)

    def realm_of(self, token_or_code: str) -> str | None:
        """The company a refresh token or code is for, whatever it is worth."""
        with self._lock:
            owner = self._by_refresh_token.get(token_or_code) or self._codes.get(token_or_code)
            return owner.realm_id if owner else None

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _begin(self, client_id: str, realm_id: str | None) -> Grant:
        grant = Grant(client_id, realm_id, begun_at=self._now(), refresh_token="", issued_at=self._now())
        self._set_refresh_token(grant)
        self._grants.append(grant)
        return grant

    def _end(self, grant: Grant) -> None:
        grant.is_revoked = True
        self._keep(self._grants)

    def _set_refresh_token(self, grant: Grant) -> None:
        grant.issued_at = self._now()
        grant.refresh_token = f"AB11{int(grant.issued_at)}{secrets.token_urlsafe(27)}"
        self._by_refresh_token[grant.refresh_token] = grant

    def _require_grace(self, grant: Grant, refresh_token: str) -> None:
        if self._now() < grant.replaced_at[refresh_token] + self._settings.refresh_grace_seconds:
            return
        if self._settings.refresh_reuse_revokes:
            self._end(grant)
        raise InvalidGrantError

    def _fresh_tokens(self, grant: Grant) -> Tokens:
        now = self._now()
        # As long as Intuit's, so that whoever stores or encrypts one meets its real size.
        access_token = f"eyJ{secrets.token_urlsafe(700)}"
        for token, expires_at in list(grant.access_expires_at.items()):
            if expires_at + _FORGET_ACCESS_TOKEN_SECONDS < now:
                del grant.access_expires_at[token], self._by_access_token[token]
        grant.access_expires_at[access_token] = now + self._settings.access_token_seconds
        self._by_access_token[access_token] = grant
        self._keep(self._grants)
        return Tokens(
            access_token,
            grant.refresh_token,
            access_seconds=self._settings.access_token_seconds,
            refresh_seconds=ceil(self._refresh_expires_at(grant) - now),
            hard_limit_seconds=ceil(self._hard_limit_at(grant) - now),
        )

    def _refresh_expires_at(self, grant: Grant) -> float:
        return grant.issued_at + self._settings.refresh_token_seconds

    def _hard_limit_at(self, grant: Grant) -> float:
        return grant.begun_at + self._settings.connection_seconds
