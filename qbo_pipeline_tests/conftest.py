"""What every room's tests may start from: emulated companies, and installations that are connected to them."""

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from dagster import Definitions
from filelock import FileLock
from pydantic import SecretStr

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.ingest import company
from qbo_pipeline.orchestration.dbt_project import manifest_path
from qbo_pipeline.orchestration.run import run_sync
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.settings import read_settings
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation
from qbo_pipeline_tests.postgres import schema_of_its_own

# Read before any test empties the environment.
NO_SKIPS = bool(os.environ.get("QBO_TEST_NO_SKIPS"))
UNLIMITED = {"limit_per_minute": 0, "limit_per_second": 0, "limit_concurrent": 0, "limit_batches_per_minute": 0}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where every program is installed, a skipped test is a proof that was not given."""
    report = yield
    if report.skipped and NO_SKIPS and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and QBO_TEST_NO_SKIPS is set: {report.longrepr}"
    return report


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No setting from outside, and a home of the test's own."""
    for name in [name for name in os.environ if re.match(r"(QBO_(?!TEST_)|DAGSTER_|DBT_)", name)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QBO_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture
def emulate() -> Iterator[Callable[..., Emulator]]:
    """Starts emulators of sample companies, without limits unless a setting says otherwise."""
    running: list[Emulator] = []

    def start(*companies: Any, **settings: Any) -> Emulator:
        kept = {name: settings.pop(name) for name in ("state_file", "as_of", "clock") if name in settings}
        emulator = Emulator(companies or ("landscaping",), settings=EmulatorSettings(**UNLIMITED | settings), **kept)
        running.append(emulator)
        return emulator

    yield start
    for emulator in running:
        emulator.close()


@pytest.fixture
def install(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path, emulate: Callable[..., Emulator]
) -> Iterator[Callable[..., Installation]]:
    """Makes the test's installation, at an emulator of the companies named; none is connected yet."""
    made: list[Installation] = []

    def make(*companies: Any, **settings: Any) -> Installation:
        emulator = emulate(*companies, **settings)
        for name, value in emulator.environment().items():
            clean_environment.setenv(name, value)
        (tmp_path / "home").mkdir(exist_ok=True)
        made.append(Installation(emulator))
        return made[-1]

    yield make
    for installation in made:
        installation.store.close()


@pytest.fixture
def installation(install: Callable[..., Installation]) -> Installation:
    """An installation with the landscaping company connected."""
    made = install("landscaping")
    made.connect()
    made.calls()
    return made


@pytest.fixture
def postgres_url() -> Iterator[SecretStr]:
    """The address of a state store in a PostgreSQL server, in a schema of the test's own."""
    with schema_of_its_own("state") as url:
        yield SecretStr(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_state_url(request: pytest.FixtureRequest) -> SecretStr | None:
    """The address of a state store: the default one, then one in a PostgreSQL server."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits for nothing: neither for its own limits nor before it tries again."""
    monkeypatch.setattr(company, "QuickBooks", partial(QuickBooks, sleep=lambda _: None))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Makes a folder once for all of pytest's workers, who then only read it: the first makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder = shared / name
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                unfinished = tmp_path_factory.mktemp(name)
                make(unfinished)
                unfinished.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def dbt_folder(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """What `QBO_HOME/dbt` holds once the models were parsed, which takes too long to do for every installation."""

    def parse(home: Path) -> None:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("QBO_HOME", str(home))
            environment.chdir(home)
            manifest_path(read_settings())

    return made_once("parsed", parse) / "dbt"


@pytest.fixture(scope="session")
def definitions(dbt_folder: Path) -> Definitions:
    """The code location, loaded once; each run opens the installation that the environment names then."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("QBO_HOME", str(dbt_folder.parent))
        environment.chdir(dbt_folder.parent)
        from qbo_pipeline.definitions import defs
    return defs


@pytest.fixture(scope="session")
def synced_home(made_once: Callable[[str, Callable[[Path], None]], Path], definitions: Definitions) -> Path:
    """A home after its first sync of two companies, `us` and `uk`, to be copied and not touched."""
    return made_once("synced", _first_sync)


def _first_sync(home: Path) -> None:
    with pytest.MonkeyPatch.context() as environment, _emulator_of(home) as emulator:
        environment.setenv("QBO_HOME", str(home))
        environment.chdir(home)
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        first = Installation(emulator)
        first.connect("us", LANDSCAPING)
        first.connect("uk", CONSULTANCY)
        run = run_sync(first.settings)
        first.store.close()
    assert run.succeeded, run.failures


@pytest.fixture
def synced(synced_home: Path, clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Installation]:
    """The test's own copy of an installation after its first sync, its companies served as they were then."""
    home = tmp_path / "home"
    shutil.copytree(synced_home, home)
    with _emulator_of(home) as emulator:
        for name, value in emulator.environment().items():
            clean_environment.setenv(name, value)
        copy = Installation(emulator)
        yield copy
        copy.store.close()


def _emulator_of(home: Path) -> Emulator:
    companies = ("landscaping", "consultancy")
    return Emulator(companies, settings=EmulatorSettings(**UNLIMITED), state_file=home / "emulator.json")
