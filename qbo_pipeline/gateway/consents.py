"""Consents under way: what was asked for when a browser was sent to Intuit, until it comes back, once, within some minutes.

A `state` that comes back is good for one answer, and for that of the browser it was given to: otherwise a page anywhere
could have somebody's browser connect its own company in our name.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qbo_pipeline.settings import Environment
from qbo_pipeline.state.connect import App

GOOD_FOR = timedelta(minutes=15)
UNDER_WAY_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person asked for; `verifier_token` is that of the connection's own app, if it has one."""

    name: str
    environment: Environment | None = None
    app: App | None = None
    business_entity_id: str | None = None
    verifier_token: str | None = field(default=None, repr=False)
    reconnects: bool = False


@dataclass(frozen=True)
class _UnderWay:
    asked: Asked
    browser: str
    began_at: datetime


class Consents:
    """The consents under way of one running gateway."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._under_way: dict[str, _UnderWay] = {}
        self._lock = threading.Lock()

    def begin(self, asked: Asked) -> tuple[str, str]:
        """A new `state`, and the signed value for a cookie of the browser that is sent away with it."""
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        now = self._clock()
        with self._lock:
            self._under_way = {each: kept for each, kept in self._under_way.items() if now - kept.began_at <= GOOD_FOR}
            while len(self._under_way) >= UNDER_WAY_MAX:
                del self._under_way[next(iter(self._under_way))]
            self._under_way[state] = _UnderWay(asked, browser, now)
        return state, self._signed(browser)

    def take(self, state: str, cookie: str | None) -> Asked | None:
        """What was asked for with `state` by the browser with this cookie; None of any other, and none a second time."""
        with self._lock:
            kept = self._under_way.pop(state, None)
        if kept is None or self._clock() - kept.began_at > GOOD_FOR:
            return None
        expected = self._signed(kept.browser)
        return kept.asked if hmac.compare_digest((cookie or "").encode(), expected.encode()) else None

    def _signed(self, browser: str) -> str:
        return f"{browser}.{hmac.new(self._key, browser.encode(), hashlib.sha256).hexdigest()}"
