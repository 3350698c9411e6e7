"""Operational systems of each kind: empty ones, and the sample."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline_tests.postgres import schema_of_its_own

AS_OF = date(2026, 3, 31)
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A schema of its own in the PostgreSQL server named by QBO_TEST_POSTGRES_URL."""
    with schema_of_its_own("ops", "-ctimezone=Asia/Tokyo") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpsDatabase]:
    """A database without tables: SQLite, then PostgreSQL in a session far from UTC."""
    url = f"sqlite:///{tmp_path / 'ops.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with OpsDatabase(url, may_create=True) as database:
        yield database


@pytest.fixture
def system(empty: OpsDatabase) -> OpsDatabase:
    """The contract's tables, without rows."""
    create_tables(empty)
    return empty


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[OpsDatabase]:
    """The contract's tables in SQLite, without rows."""
    with OpsDatabase(f"sqlite:///{tmp_path / 'own.db'}", may_create=True) as database:
        create_tables(database)
        yield database


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as of `AS_OF`, to be copied and not touched."""
    path = tmp_path_factory.mktemp("sample") / "ops.db"
    make_sample(path, AS_OF)
    return path


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Iterator[OpsDatabase]:
    """The test's own copy of the sample."""
    path = tmp_path / "sample.db"
    shutil.copy(sample_file, path)
    with OpsDatabase(f"sqlite:///{path}") as database:
        yield database
