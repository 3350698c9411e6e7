"""Pulls here never wait, and start from homes made once: dlt takes seconds to make the raw tables and to fill them."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.ingest.landing import Batch, Landing, ReadThrough
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline_tests.conftest import UNLIMITED
from qbo_pipeline_tests.installation import Installation


@pytest.fixture(autouse=True)
def _without_waiting(unhurried: None) -> None:
    """Every pull of this room goes at once."""


@pytest.fixture(scope="session")
def home_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a first load that brought no record, to be copied and not touched."""
    home = tmp_path_factory.mktemp("tables") / "home"
    home.mkdir()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    read = ReadThrough("0", "nothing", "full", long_ago)
    Landing(Warehouse(home / "warehouse.duckdb"), home / "dlt", lambda: long_ago).land(Batch(reads=[read]))
    return home


@pytest.fixture(autouse=True)
def _with_tables(home_with_tables: Path, tmp_path: Path) -> None:
    """Every test of this room has its own copy of that home."""
    shutil.copytree(home_with_tables, tmp_path / "home")


@pytest.fixture(scope="session")
def home_read_in_full(home_with_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after the first read of the landscaping company, to be copied and not touched."""
    home = tmp_path_factory.mktemp("read") / "home"
    shutil.copytree(home_with_tables, home)
    settings = EmulatorSettings(**UNLIMITED)
    with (
        pytest.MonkeyPatch.context() as environment,
        Emulator(("landscaping",), settings=settings, state_file=home / "emulator.json") as emulator,
    ):
        environment.setenv("QBO_HOME", str(home))
        environment.chdir(home)
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        first = Installation(emulator)
        first.connect()
        assert first.pull_one().status == "synced"
        first.store.close()
    return home


@pytest.fixture
def read_in_full(
    home_read_in_full: Path, install: Callable[..., Installation], tmp_path: Path
) -> Callable[..., Installation]:
    """Makes the test's own copy of that installation, with the emulator's settings and clock as the test wants them."""

    def make(**differences: Any) -> Installation:
        home = tmp_path / "home"
        shutil.rmtree(home)
        shutil.copytree(home_read_in_full, home)
        made = install("landscaping", state_file=home / "emulator.json", **differences)
        made.calls()
        return made

    return make
