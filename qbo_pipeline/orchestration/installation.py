"""The installation a run works on, as a Dagster resource: everything is opened when it is used, never at load."""

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import ConfigurableResource

from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.warehouse.file import Warehouse, open_warehouse

# One run at a time works on the warehouse; runs through Dagster's queue wait in this pool, others at its lock file.
WAREHOUSE_POOL = "duckdb"


class Installation(ConfigurableResource):
    """The settings, state store and warehouse that the environment names."""

    def settings(self) -> Settings:
        """The settings as they are now."""
        return read_settings()

    def warehouse(self) -> Warehouse:
        """The warehouse; its file is opened by each use."""
        return open_warehouse(self.settings())

    @contextmanager
    def state(self) -> Iterator[StateStore]:
        """The state store, closed afterwards."""
        store = open_state(self.settings())
        try:
            yield store
        finally:
            store.close()
