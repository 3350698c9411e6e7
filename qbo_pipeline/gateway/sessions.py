"""Who is signed in: sessions kept in this process only, behind a cookie that says nothing.

A visitor who has not signed in has a cookie too, which binds the sign-in form to the browser; signing in never takes it over,
so that a cookie somebody planted beforehand is worth nothing afterwards.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from starlette.requests import HTTPConnection
from starlette.responses import Response

LONGEST = timedelta(hours=12)
IDLE_MAX = timedelta(hours=2)
SESSIONS_MAX = 1_000


class Role(IntEnum):
    """What a person may do; who may act may look."""

    LOOK = 1
    ACT = 2


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the audit log names them."""

    name: str
    role: Role


@dataclass
class Session:
    """A signed-in browser; `notice` is what the next page tells once."""

    person: Person
    began_at: datetime
    seen_at: datetime
    notice: str | None = field(default=None)


class Sessions:
    """The sessions of one running gateway: a restart signs everybody out."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._sessions: dict[bytes, Session] = {}
        self._lock = threading.Lock()

    def begin(self, person: Person) -> str:
        """A new session's secret, for its cookie."""
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._forget_ended(now)
            while len(self._sessions) >= SESSIONS_MAX:
                self._sessions.pop(min(self._sessions, key=lambda each: self._sessions[each].seen_at))
            self._sessions[_digest(secret)] = Session(person, now, now)
        return secret

    def find(self, secret: str | None) -> Session | None:
        """The session of a cookie, if it lives; it has been seen then."""
        if not secret:
            return None
        now = self._clock()
        with self._lock:
            session = self._sessions.get(_digest(secret))
            if session is None or _has_ended(session, now):
                return None
            session.seen_at = now
            return session

    def end(self, secret: str | None) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(_digest(secret or ""), None)

    def form_token(self, secret: str, purpose: str) -> str:
        """What a form of the browser with this cookie must bring along, and no other site can know."""
        return hmac.new(self._key, f"{purpose}\n{secret}".encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, given: str, secret: str, purpose: str) -> bool:
        """Whether a form brought along what it was given."""
        return hmac.compare_digest(given.encode(), self.form_token(secret, purpose).encode())

    def _forget_ended(self, now: datetime) -> None:
        self._sessions = {each: session for each, session in self._sessions.items() if not _has_ended(session, now)}


def cookie_name(request: HTTPConnection, name: str) -> str:
    """The name of a cookie of ours; over HTTPS one that a browser takes from this very host only."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def set_cookie(
    request: HTTPConnection, response: Response, name: str, value: str, *, seconds: int | None = None
) -> None:
    """Give the browser a cookie that scripts cannot read and other sites' forms do not send."""
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _has_ended(session: Session, now: datetime) -> bool:
    return now - session.began_at > LONGEST or now - session.seen_at > IDLE_MAX
