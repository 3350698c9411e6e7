"""An operational system, the warehouse its rows are loaded into, and the outbound models built on them by real dbt."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.load import load_ops
from qbo_pipeline.ops.sample.sample import make_sample
from qbo_pipeline.ops.schema import find_table
from qbo_pipeline.orchestration.outbound_inputs import note_push_settings
from qbo_pipeline.outbound.wanted import WantedInCompany, wanted_in_company
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.push_setting import write_push_settings
from qbo_pipeline.warehouse.wanted import wanted_rows

AS_OF = date(2026, 3, 31)
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
CHANGED = datetime(2026, 3, 1, 12, tzinfo=UTC)
REALMS = {"be-landscaping": "9341450000000001", "be-consultancy": "9341450000000002"}
_SETTING = {"go_live_date": date(2026, 1, 1), "estimate_from": "accepted", "time_lines": "entry"}


class Operations:
    """A business' operational system and the warehouse behind it; `derive` loads what changed and builds the models."""

    def __init__(self, folder: Path, run_dbt: Callable[..., Any]) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.database = OpsDatabase(f"sqlite:///{folder / 'ops.db'}", may_create=True)
        self.warehouse = Warehouse(folder / "warehouse.duckdb")
        self.now = NOW
        self._run_dbt = run_dbt

    @classmethod
    def empty(cls, folder: Path, run_dbt: Callable[..., Any]) -> "Operations":
        """One with the contract's tables and no rows."""
        made = cls(folder, run_dbt)
        create_tables(made.database)
        return made

    @classmethod
    def sample(cls, folder: Path, run_dbt: Callable[..., Any]) -> "Operations":
        """The sample system as of `AS_OF`."""
        folder.mkdir(exist_ok=True)
        make_sample(folder / "ops.db", AS_OF)
        return cls(folder, run_dbt)

    def copy(self, folder: Path) -> "Operations":
        """The same system and warehouse elsewhere, to be changed."""
        self.database.close()
        shutil.copytree(self.folder, folder)
        made = Operations(folder, self._run_dbt)
        made.now = self.now
        return made

    def add(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Insert rows."""
        with self.database.writing() as connection:
            for row in rows:
                connection.execute(find_table(table).insert().values({"updated_at": CHANGED} | dict(row)))

    def change(self, table: str, row_id: str, **values: Any) -> None:
        """Change a row by id, and when it was last changed."""
        self.now += timedelta(minutes=30)
        found = find_table(table)
        with self.database.writing() as connection:
            changed = {"updated_at": self.now - timedelta(minutes=1)} | values
            connection.execute(found.update().where(found.c.id == row_id).values(changed))

    def load(self) -> dict[str, int]:
        """Land what changed."""
        return load_ops(self.database, self.warehouse, self.folder / "dlt", lambda: self.now)

    def derive(self, **setting: Any) -> None:
        """Load, write the push settings of both companies, and build and test the outbound models."""
        self.load()
        settings = [
            {"realm_id": realm_id, "business_entity_id": entity_id} | _SETTING | setting
            for entity_id, realm_id in REALMS.items()
        ]
        with self.warehouse.connect("write the settings") as connection:
            write_push_settings(connection, settings, [], self.now)
        self._build()

    def derive_for(self, store: StateStore) -> None:
        """Load and build the outbound models with what a state store knows, as a run does."""
        self.load()
        note_push_settings(store, self.warehouse)
        self._build("--resource-type", "model")

    def _build(self, *options: str) -> None:
        result = self._run_dbt(self.warehouse.path, "build", "--select", "outbound", *options)
        statuses = {node.node.name: node.status for node in getattr(result.result, "results", [])}
        assert result.success, result.exception or statuses
        assert "warn" not in statuses.values(), statuses

    def wanted(self, entity_id: str = "be-landscaping") -> WantedInCompany:
        """What the models now ask for."""
        with self.warehouse.connect("read what is wanted") as connection:
            return wanted_in_company(wanted_rows(connection, entity_id))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.warehouse.connect("look") as connection:
            return connection.execute(query).fetchall()
