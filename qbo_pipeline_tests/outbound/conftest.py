"""What outbound tests start from: the sample system derived once, and a state store with a company connected."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connections import Connection, ConnectionDetails
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.models.conftest import run_dbt  # noqa: F401 - the models' own fixture
from qbo_pipeline_tests.outbound.desk import Desk
from qbo_pipeline_tests.outbound.operations import NOW, REALMS, Operations

ENTITY = "be-landscaping"


@pytest.fixture(scope="session")
def derived_sample(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> Operations:  # noqa: F811
    """The sample system, loaded and derived once; to be copied and not touched."""
    made = Operations.sample(tmp_path_factory.mktemp("operations") / "sample", run_dbt)
    made.derive()
    return made


@pytest.fixture
def operations(derived_sample: Operations, tmp_path: Path) -> Operations:
    """The test's own copy of the derived sample."""
    return derived_sample.copy(tmp_path / "operations")


class SecondHand:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 4, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.instant += timedelta(seconds=1)
        return self.instant


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    """An empty state store."""
    with open_state(Settings(home=tmp_path / "state"), clock=SecondHand()) as opened:
        yield opened


@pytest.fixture
def connection(store: StateStore) -> Connection:
    """The landscaping company's connection."""
    details = ConnectionDetails(
        name="landscaping",
        realm_id=REALMS[ENTITY],
        environment=Environment.SANDBOX,
        token_client_id="client",
        business_entity_id=ENTITY,
    )
    later = NOW + timedelta(days=100)
    grant = TokenGrant(
        access_token="a",
        refresh_token="r",
        access_expires_at=NOW + timedelta(hours=1),
        refresh_expires_at=later,
        hard_expires_at=later,
        issued_at=NOW,
    )
    return store.connections.add(details, grant)


@pytest.fixture
def desk(store: StateStore, connection: Connection) -> Desk:
    """A desk at the landscaping company's outbox."""
    return Desk(store, connection)
