"""Desks of the American and the British company, at one emulator for all tests of a module."""

from collections.abc import Iterator

import pytest

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.conftest import UNLIMITED
from qbo_pipeline_tests.outbound.payloads.desk import NOW, UK, US, Desk


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    clock = ManualClock(NOW)
    settings = EmulatorSettings(**UNLIMITED)
    with Emulator(("landscaping", "consultancy"), settings=settings, clock=clock, as_of=NOW.date()) as running:
        yield running


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Iterator[StateStore]:
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("QBO_STATE_URL", raising=False)
        with open_state(Settings(home=tmp_path_factory.mktemp("home")), clock=emulator.clock.now) as opened:
            yield opened


@pytest.fixture(scope="module")
def desks(store: StateStore, emulator: Emulator) -> tuple[Desk, Desk]:
    return Desk(store, US, emulator), Desk(store, UK, emulator)


@pytest.fixture
def us(desks: tuple[Desk, Desk]) -> Desk:
    desks[0].put(US)
    return desks[0]


@pytest.fixture
def uk(desks: tuple[Desk, Desk]) -> Desk:
    desks[1].put(UK)
    return desks[1]
