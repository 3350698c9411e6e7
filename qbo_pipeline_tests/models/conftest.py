"""A real warehouse file with raw tables to land versions in, and real dbt, parsed once, to type them."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.ops.arrow import arrow_schema
from qbo_pipeline.ops.schema import SCHEMA, TABLES
from qbo_pipeline.warehouse.source_tables import ensure_tables

PROJECT = Path(__file__).parents[2] / "dbt_or_sql"
REALM = "9341450000000001"
START = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


class TypedWarehouse:
    """One warehouse: `land` appends versions as a load would, `build` runs dbt, `rows` reads what came out."""

    def __init__(self, path: Path, run_dbt: Callable[..., Any]) -> None:
        self.path = path
        self._run_dbt = run_dbt
        self._loads = 0
        with duckdb.connect(path) as connection:
            connection.execute("create schema raw_qbo")
            for entity in ENTITIES:
                connection.execute(
                    f"create table raw_qbo.{entity.table} (realm_id varchar, id varchar, sync_token varchar, updated_at"
                    " timestamptz, operation varchar, payload varchar, loaded_at timestamptz, _dlt_load_id varchar)"
                )
            connection.execute(
                "create table raw_qbo.report (realm_id varchar, id varchar, report varchar, accounting_method varchar,"
                " start_date date, end_date date, options varchar, payload varchar, fetched_at timestamptz,"
                " loaded_at timestamptz, _dlt_load_id varchar)"
            )
            ensure_tables(connection, SCHEMA, {table.name: arrow_schema(table) for table in TABLES})

    def copy(self, path: Path) -> "TypedWarehouse":
        """A warehouse of the same content at `path`, whose loads go on from this one's."""
        made = object.__new__(TypedWarehouse)
        made.path, made._run_dbt, made._loads = path, self._run_dbt, self._loads
        shutil.copy(self.path, path)
        return made

    def land(self, table: str, *versions: dict[str, Any]) -> None:
        """Append versions in one load. Each is a record, or `{"payload": text, ...}` to set any part of its envelope."""
        self._loads += 1
        loaded_at = datetime(2024, 6, 1, tzinfo=UTC) + timedelta(minutes=self._loads)
        rows = [
            (REALM, *envelope, loaded_at, f"load-{self._loads}")
            for envelope in (_envelope(version) for version in versions)
        ]
        with duckdb.connect(self.path) as connection:
            connection.executemany(f"insert into raw_qbo.{table} values (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def build(self, *arguments: str) -> None:
        """`dbt build` with the arguments; a failing model or test fails the test."""
        result = self._run_dbt(self.path, "build", *arguments)
        failed = [node.message for node in getattr(result.result, "results", []) if node.status in ("error", "fail")]
        assert result.success, failed or result.exception

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query, one dict each, instants in UTC."""
        with duckdb.connect(self.path) as connection:
            connection.execute("set TimeZone = 'UTC'")
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, query: str) -> dict[str, Any]:
        """The only row of a query."""
        [row] = self.rows(query)
        return row


def _envelope(version: dict[str, Any]) -> tuple[object, ...]:
    if "payload" in version:
        return (
            version["id"],
            version.get("sync_token", "0"),
            version.get("updated_at", START),
            version.get("operation", "upsert"),
            version["payload"],
        )
    changed = version.get("MetaData", {}).get("LastUpdatedTime")
    updated_at = datetime.fromisoformat(changed) if changed else START
    operation = "delete" if version.get("status") == "Deleted" else "upsert"
    return version["Id"], version.get("SyncToken"), updated_at, operation, json.dumps(version)


@pytest.fixture(scope="session")
def run_dbt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Run dbt in this process on a warehouse path; the project is parsed once for the session."""
    folder = tmp_path_factory.mktemp("dbt")
    kept = dict(os.environ)
    os.environ.update(QBO_WAREHOUSE_PATH=str(folder / "warehouse.duckdb"), DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    # Told with each command: a test with an environment of its own would have them written into the project.
    places = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    flags = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), *places]
    parsed = dbtRunner().invoke(["--quiet", "parse", *flags])
    assert parsed.success, parsed.exception
    runner = dbtRunner(manifest=parsed.result)

    def run(path: Path, command: str, *arguments: str) -> Any:
        os.environ["QBO_WAREHOUSE_PATH"] = str(path)
        result = runner.invoke(["--quiet", "--log-level-file", "none", "--no-write-json", command, *flags, *arguments])
        # dbt keeps the file open as long as its process lives; here the process goes on.
        DuckDBConnectionManager.close_all_connections()
        return result

    yield run
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture
def warehouse(tmp_path: Path, run_dbt: Callable[..., Any]) -> TypedWarehouse:
    """An empty warehouse of the test's own."""
    return TypedWarehouse(tmp_path / "warehouse.duckdb", run_dbt)


@pytest.fixture(scope="module")
def new_warehouse(
    tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]
) -> Callable[[], TypedWarehouse]:
    """Makes warehouses that the tests of one module share."""
    return lambda: TypedWarehouse(tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb", run_dbt)
