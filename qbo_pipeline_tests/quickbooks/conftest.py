"""A client of one company whose clock only moves when it sleeps, and tokens that can be refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import Endpoints, endpoints_for
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.settings import Environment

REALM = "9341450000000001"
API = f"https://sandbox-quickbooks.api.intuit.com/v3/company/{REALM}"


class ManualTime:
    """Time that passes only while somebody sleeps; safe from several threads in that each sleep is added."""

    def __init__(self) -> None:
        self.start = datetime(2026, 8, 16, 17, 0, tzinfo=UTC)
        self.seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class Tokens:
    """A token source that numbers its tokens: `token-1` first, one more each time QuickBooks refused one."""

    def __init__(self) -> None:
        self.number = 1
        self.refused: list[str] = []

    def access_token(self) -> str:
        return f"token-{self.number}"

    def renewed(self, stale: str) -> str:
        self.refused.append(stale)
        if stale == self.access_token():
            self.number += 1
        return self.access_token()


@pytest.fixture
def manual_time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def endpoints() -> Endpoints:
    return endpoints_for(Environment.SANDBOX)


@pytest.fixture
def open_client(manual_time: ManualTime, tokens: Tokens) -> Callable[..., QuickBooks]:
    """Open a client of the company "main" at other endpoints or with other options than the `client` fixture's."""

    def open_one(endpoints: Endpoints, **options: object) -> QuickBooks:
        throttle = Throttle(monotonic=manual_time.monotonic, sleep=manual_time.sleep)
        usual = {
            "throttle": throttle,
            "clock": manual_time.now,
            "sleep": manual_time.sleep,
            "random": lambda: 1.0,
            "name": "main",
        }
        return QuickBooks(REALM, endpoints, tokens, **(usual | options))

    return open_one


@pytest.fixture
def client(open_client: Callable[..., QuickBooks], endpoints: Endpoints) -> QuickBooks:
    """A client of the company "main" at Intuit's sandbox address, for tests that answer in its place."""
    return open_client(endpoints)
