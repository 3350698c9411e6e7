"""`kill -9` at each step of a sync: the next one completes it, equal to a sync nobody killed, and nothing is there twice."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.store import open_state
from qbo_pipeline.warehouse.query import read_only
from qbo_pipeline_tests.conftest import UNLIMITED
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING
from qbo_pipeline_tests.proofs import dying_sync

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PROGRAM = str(Path(sys.executable).with_name("qbo-pipeline"))
COMPANIES = {"us": LANDSCAPING, "uk": CONSULTANCY}
Tables = dict[str, list[tuple[object, ...]]]

_PULL = "qbo_pipeline.ingest.sync:keep"
_FEED = "qbo_pipeline.quickbooks.client:QuickBooks.changes"
_PAGE = "qbo_pipeline.quickbooks.client:QuickBooks.query_page"
_EXTRACT, _NORMALIZE = "dlt:Pipeline.extract", "dlt:Pipeline.normalize"
_TABLE = "dlt.destinations.impl.duckdb.duck:DuckDbCopyJob.run"
_LOAD_ENDS = "dlt.destinations.job_client_impl:SqlJobClientBase.complete_load"
_MODEL = "dagster_dbt.core.dbt_cli_event:DbtCliEventMessage.to_default_asset_events"
_COPY = "qbo_pipeline.warehouse.publish:flush"

FIRST_SYNC = {
    "fetch: some pages have come": (_PAGE, "after", 30, "process"),
    "load: some tables are in": (_TABLE, "after", 10, "process"),
    "models: some are built, and dbt goes on by itself": (_MODEL, "after", 150, "process"),
    "models: some are built, and dbt dies as well": (_MODEL, "after", 150, "group"),
}
NEXT_SYNC = {
    "fetch: the feed has answered": (_FEED, "after", 1, "process"),
    "extract: the records are in files": (_EXTRACT, "after", 1, "process"),
    "normalize: the package is ready": (_NORMALIZE, "after", 1, "process"),
    "load: some tables are in": (_TABLE, "after", 2, "process"),
    "cursor: all tables are in, the load is not recorded": (_LOAD_ENDS, "before", 1, "process"),
    "cursor: the load is recorded": (_LOAD_ENDS, "after", 1, "process"),
    "log: what was pulled is not in it": (_PULL, "before", 1, "process"),
    "models: some are built, and dbt goes on by itself": (_MODEL, "after", 20, "process"),
    "models: some are built, and dbt dies as well": (_MODEL, "after", 20, "group"),
    "publish: copied and not renamed": (_COPY, "before", 1, "process"),
    "publish: renamed": (_COPY, "before", 2, "process"),
}


@dataclass(frozen=True)
class World:
    """Two companies, and the home of an installation that synced them before people changed things in both."""

    emulator: Emulator
    home: Path

    def environment(self, home: Path) -> dict[str, str]:
        """What a process needs to sync these companies into `home`."""
        kept = {name: value for name, value in os.environ.items() if not re.match(r"(QBO|DAGSTER|DBT)_", name)}
        return kept | self.emulator.environment() | {"QBO_HOME": str(home)}

    def sync(self, home: Path, *arguments: str) -> None:
        """A whole sync into `home`."""
        done = subprocess.run(
            [PROGRAM, "sync", *arguments],
            env=self.environment(home),
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def die(self, home: Path, place: str, moment: str, time: int, victim: str) -> None:
        """A sync into `home` that is killed."""
        order = [sys.executable, dying_sync.__file__, place, moment, str(time), victim]
        environment = self.environment(home)
        done = subprocess.run(
            order, env=environment, cwd=home, start_new_session=True, capture_output=True, check=False
        )
        assert done.returncode == -9, f"the sync ended before it could be killed:\n{done.stdout}{done.stderr}"

    def new_home(self, home: Path, dbt_folder: Path) -> Path:
        """An installation with both companies connected that has not synced."""
        shutil.copytree(dbt_folder, home / "dbt")
        settings = Settings(home=home, **_endpoints(self.emulator))
        with open_state(settings) as store:
            for name, realm_id in COMPANIES.items():
                connect_headless(store, settings, name, realm_id, self.emulator.grant(realm_id))
        return home

    def change(self) -> None:
        """What people do: none of it moves a balance QuickBooks derives, which no change feed tells of."""
        us, uk = (self.emulator.companies[realm_id] for realm_id in COMPANIES.values())
        for record_id in ("130", "129", "96"):
            us.edit("Invoice", record_id, {"PrivateNote": "changed"})
        us.edit("Customer", "1", {"CompanyName": "Amy's New Sanctuary"})
        us.edit("Vendor", "30", {"Active": False})
        us.delete("Estimate", "100")
        for company, estimate in ((us, _ESTIMATE % b"TAX"), (uk, _ESTIMATE % b"2")):
            company.write("customer", b'{"DisplayName": "Newcomer"}', {})
            company.write("estimate", estimate, {})
            company.edit("Employee", "54" if company is us else _first(company, "Employee"), {"Title": "Dr"})


_ESTIMATE = (
    b'{"CustomerRef": {"value": "1"}, "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 100,'
    b' "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "%s"}}}]}'
)


def _endpoints(emulator: Emulator) -> dict[str, str]:
    return {name.removeprefix("QBO_").lower(): value for name, value in emulator.environment().items()}


def _first(company: object, entity: str) -> str:
    import msgspec

    answer = msgspec.json.decode(company.query(f"select Id from {entity} maxresults 1"))
    return answer["QueryResponse"][entity][0]["Id"]


@pytest.fixture(scope="module")
def world(synced_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The companies of `synced_home` after changes, with a copy of it that nobody touches."""
    home = tmp_path_factory.mktemp("world") / "home"
    shutil.copytree(synced_home, home)
    settings = EmulatorSettings(**UNLIMITED)
    with Emulator(("landscaping", "consultancy"), settings=settings, state_file=home / "emulator.json") as emulator:
        made = World(emulator, home)
        emulator.clock.advance(600)
        made.change()
        emulator.clock.advance(600)
        yield made


@pytest.fixture(scope="module")
def undisturbed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """What analysts have after a sync of the changes that nobody killed."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(world.home, home)
    world.sync(home)
    return _tables(home)


@pytest.fixture(scope="module")
def fresh(world: World, dbt_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """What analysts have after the first sync of a new installation."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    world.sync(world.new_home(home, dbt_folder))
    return _tables(home)


def _tables(home: Path, *, with_deleted: bool = True) -> Tables:
    """Every row of every table and view of schema `qbo`, without when it was loaded."""
    with read_only(home / "analytics.duckdb") as copy:
        columns = copy.execute(
            "select table_name, list(column_name) from information_schema.columns where table_schema = 'qbo' group by 1"
        ).fetchall()
        assert len(columns) > len(ENTITIES)
        found = {}
        for name, held in columns:
            living = "where not is_deleted" if "is_deleted" in held and not with_deleted else ""
            statement = f"select columns(c -> c <> 'loaded_at') from qbo.{name} {living} order by all"
            found[name] = copy.execute(statement).fetchall()
        return found


def _landed_twice(home: Path) -> dict[str, int]:
    with read_only(home / "analytics.duckdb") as copy:
        doubled = "select count(*) from (select 1 from raw_qbo.{} group by realm_id, id, payload having count(*) > 1)"
        counts = {entity.table: copy.execute(doubled.format(entity.table)).fetchone()[0] for entity in ENTITIES}
    return {table: count for table, count in counts.items() if count}


def test_a_sync_of_changes_equals_a_fresh_full_one(
    world: World, undisturbed: Tables, fresh: Tables, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(world.home, home)
    world.sync(home)
    assert _tables(home) == undisturbed
    living = _tables(home, with_deleted=False)
    assert {name: rows for name, rows in fresh.items() if rows != living[name]} == {}
    assert len(undisturbed["estimate"]) == len(fresh["estimate"]) + 1


@pytest.mark.parametrize("moment", NEXT_SYNC)
def test_a_killed_sync_of_changes_is_made_up_for_by_the_next(
    world: World, undisturbed: Tables, moment: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(world.home, home)
    world.die(home, *NEXT_SYNC[moment])
    world.sync(home)
    assert _tables(home) == undisturbed
    assert _landed_twice(home) == {}


@pytest.mark.parametrize("moment", FIRST_SYNC)
def test_a_killed_first_sync_is_made_up_for_by_the_next(
    world: World, fresh: Tables, dbt_folder: Path, moment: str, tmp_path: Path
) -> None:
    home = world.new_home(tmp_path / "home", dbt_folder)
    world.die(home, *FIRST_SYNC[moment])
    world.sync(home)
    assert _tables(home) == fresh
    assert _landed_twice(home) == {}
