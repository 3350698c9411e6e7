"""An installation as its owner has it: a home, connected companies, the syncs, and what analysts then find."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.ingest.outcome import CompanyOutcome, PullOutcome
from qbo_pipeline.ingest.sync import sync
from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.warehouse.file import Warehouse, open_warehouse
from qbo_pipeline.warehouse.query import read_only

LANDSCAPING = "9341450000000001"
CONSULTANCY = "9341450000000002"


class Installation:
    """The installation the environment names, with the emulator its companies live in."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.store: StateStore = open_state(self.settings)

    @property
    def settings(self) -> Settings:
        """The settings as the environment has them now."""
        return read_settings()

    @property
    def home(self) -> Path:
        """The directory it writes to."""
        return self.settings.home

    @property
    def warehouse(self) -> Warehouse:
        """Its warehouse."""
        return open_warehouse(self.settings)

    def connect(self, name: str = "landscaping", realm_id: str = LANDSCAPING) -> Connection:
        """Connect a company of the emulator."""
        token = self.emulator.grant(realm_id)
        return connect_headless(self.store, self.settings, name, realm_id, token)

    def pull(self, **asked: Any) -> PullOutcome:
        """Read and land, without models: what the raw assets do."""
        return sync(self.settings, self.store, self.warehouse, **asked)

    def pull_one(self, **asked: Any) -> CompanyOutcome:
        """Read and land the only connection there is."""
        (company,) = self.pull(**asked).companies
        return company

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement in the warehouse."""
        with self.warehouse.connect("look") as connection:
            return connection.execute(statement).fetchall()

    def published(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement in the copy analysts open."""
        with read_only(self.settings.analytics_path) as copy:
            return copy.execute(statement).fetchall()

    def edit(self, entity: str, record_id: str, realm_id: str = LANDSCAPING, **changes: Any) -> dict[str, Any]:
        """Change a record in QuickBooks as a person does; returns it as it is now."""
        answer = msgspec.json.decode(self.emulator.companies[realm_id].edit(entity, record_id, changes))
        return answer[entity]

    def create(self, entity: str, content: Mapping[str, Any], realm_id: str = LANDSCAPING) -> dict[str, Any]:
        """Create a record in QuickBooks; returns it."""
        answer = self.emulator.companies[realm_id].write(entity.lower(), msgspec.json.encode(content), {})
        return msgspec.json.decode(answer)[entity]

    def script(self, path: str, *, realm_id: str = LANDSCAPING, times: int = 0, skip: int = 0, **then: Any) -> None:
        """Let calls whose address matches `path` go wrong; `times` 0 means from now on."""
        rule = {"match": {"path": path, "realm": realm_id}, "times": times, "skip": skip, "then": then}
        self.emulator.scripted_faults.add(msgspec.json.encode(rule))

    def calls(self, realm_id: str = LANDSCAPING) -> dict[str, Any]:
        """The calls the emulator counted since this was last asked."""
        counted = self.emulator.meter.snapshot().get(realm_id, {})
        self.emulator.meter.reset()
        return counted
