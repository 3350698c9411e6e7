"""A state store of each kind, a clock that is set by hand, and a company to connect."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.state.token_endpoint import TokenEndpoint

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("QBO_") and name != "QBO_TEST_POSTGRES_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a new installation with a default app and a SQLite store."""
    return Settings(home=tmp_path / "home", client_id="emulator-client", client_secret=SecretStr("emulator-secret"))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(settings: Settings, clock: HandClock) -> Iterator[StateStore]:
    """A SQLite store."""
    with open_state(settings, clock=clock) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def any_settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings of a SQLite store, then of a PostgreSQL one."""
    if request.param == "sqlite":
        return settings
    return settings.model_copy(update={"state_url": request.getfixturevalue("postgres_url")})


@pytest.fixture
def any_store(any_settings: Settings, clock: HandClock) -> Iterator[StateStore]:
    """A SQLite store, then a PostgreSQL one."""
    with open_state(any_settings, clock=clock) as opened:
        yield opened


@pytest.fixture
def company() -> Callable[..., ConnectionDetails]:
    """The details of a company to connect, with any of them changed."""

    def details(name: str = "acme", realm_id: str = "9341450000000001", **changes: object) -> ConnectionDetails:
        values = {"environment": Environment.SANDBOX, "token_client_id": "emulator-client"} | changes
        return ConnectionDetails(name=name, realm_id=realm_id, **values)

    return details


@pytest.fixture
def grant() -> Callable[..., TokenGrant]:
    """A grant issued at `NOW`, for an hour and a hundred and one days, unless changed."""

    def make(number: int = 1, **changes: object) -> TokenGrant:
        values = {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "issued_at": NOW,
            "access_expires_at": NOW + timedelta(hours=1),
            "refresh_expires_at": NOW + timedelta(days=101),
            "hard_expires_at": None,
        }
        return TokenGrant(**values | changes)

    return make


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    with TokenEndpoint() as serving:
        yield serving


@pytest.fixture
def acme(
    any_store: StateStore,
    company: Callable[..., ConnectionDetails],
    grant: Callable[..., TokenGrant],
    endpoint: TokenEndpoint,
) -> Connection:
    """A connection whose access token ends at `NOW` plus an hour."""
    return any_store.connections.add(company(token_url=endpoint.url), grant(0))


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """Two companies at an Intuit that replaces refresh tokens at every refresh."""
    with Emulator(("landscaping", "consultancy"), settings=EmulatorSettings(refresh_rotation_seconds=0)) as serving:
        yield serving


@pytest.fixture
def emulated(settings: Settings, emulator: Emulator) -> Settings:
    """Settings that point at the emulator."""
    addresses = {name: getattr(emulator, name) for name in ("api_url", "authorize_url", "token_url", "revoke_url")}
    return settings.model_copy(update=addresses)


@pytest.fixture
def real_time_store(settings: Settings) -> Iterator[StateStore]:
    """A SQLite store with the real clock, since the emulator's tokens end by it."""
    with open_state(settings) as opened:
        yield opened
