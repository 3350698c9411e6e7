"""Companies whose pull has landed, and the fetching of their reports as the report assets do it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.ingest.reports.keeping import connections_to_report, keep_reports
from qbo_pipeline.ingest.reports.outcome import ReportsOutcome
from qbo_pipeline.ingest.reports.sync import sync_reports
from qbo_pipeline_tests.conftest import UNLIMITED
from qbo_pipeline_tests.installation import Installation

Fetch = Callable[..., list[ReportsOutcome]]


@pytest.fixture(scope="session")
def fetch() -> Fetch:
    """Fetches what is due for an installation behind its last pull, `hours` later, and logs it; the outcomes."""

    def run(installation: Installation, *, hours: float = 0, **asked: Any) -> list[ReportsOutcome]:
        store = installation.store
        run_id = store.sync_log.runs(limit=1)[0].run_id
        outcomes = sync_reports(
            installation.settings,
            store,
            installation.warehouse,
            connections_to_report(store, run_id),
            clock=lambda: datetime.now(UTC) + timedelta(hours=hours),
            **asked,
        )
        keep_reports(store, run_id, "manual", outcomes)
        return outcomes

    return run


@pytest.fixture(scope="session")
def home_reported(home_read_in_full: Path, tmp_path_factory: pytest.TempPathFactory, fetch: Fetch) -> Path:
    """A home with the landscaping company's entities and reports, to be copied and not touched."""
    home = tmp_path_factory.mktemp("reported") / "home"
    shutil.copytree(home_read_in_full, home)
    with (
        pytest.MonkeyPatch.context() as environment,
        Emulator(
            ("landscaping",), settings=EmulatorSettings(**UNLIMITED), state_file=home / "emulator.json"
        ) as emulator,
    ):
        environment.setenv("QBO_HOME", str(home))
        environment.chdir(home)
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        first = Installation(emulator)
        (outcome,) = fetch(first)
        assert outcome.status == "synced", outcome.error
        first.store.close()
    return home


@pytest.fixture
def reported(home_reported: Path, install: Callable[..., Installation], tmp_path: Path) -> Installation:
    """The test's own copy of that installation."""
    shutil.rmtree(tmp_path / "home")
    shutil.copytree(home_reported, tmp_path / "home")
    made = install("landscaping", state_file=tmp_path / "home" / "emulator.json")
    made.calls()
    return made
