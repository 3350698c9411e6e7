"""A post office: an outbox of each kind, and an emulated company whose clock only tests move."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import open_state
from qbo_pipeline_tests.outbound.delivery.post_office import PostOffice


@pytest.fixture
def open_office(
    tmp_path: Path, emulate: Callable[..., Emulator], clean_environment: pytest.MonkeyPatch
) -> Iterator[Callable[..., PostOffice]]:
    """Opens a post office at an emulator with other settings than its usual."""
    with ExitStack() as running:

        def open_one(state_url: SecretStr | None = None, **settings: Any) -> PostOffice:
            clock = ManualClock(datetime(2026, 8, 16, 17, 0, tzinfo=UTC))
            emulator = emulate("landscaping", clock=clock, as_of=clock.now().date(), **settings)
            place = Settings(home=tmp_path / "home", state_url=state_url)
            store = running.enter_context(open_state(place, clock=clock.now))
            return PostOffice(emulator, store)

        yield open_one


@pytest.fixture
def office(open_office: Callable[..., PostOffice]) -> PostOffice:
    """A post office at a QuickBooks that behaves."""
    return open_office()


@pytest.fixture
def any_office(open_office: Callable[..., PostOffice], any_state_url: SecretStr | None) -> PostOffice:
    """The same with its outbox in a SQLite file, then in PostgreSQL."""
    return open_office(any_state_url)
