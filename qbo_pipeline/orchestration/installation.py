"""The installation a run works on, as a Dagster resource: everything is opened when it is used, never at load."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dagster import ConfigurableResource

from qbo_pipeline.settings import Settings, read_settings

if TYPE_CHECKING:
    from qbo_pipeline.state.store import StateStore
    from qbo_pipeline.warehouse.file import Warehouse

# One run at a time works on the warehouse; runs through Dagster's queue wait in this pool, others at its lock file.
WAREHOUSE_POOL = "duckdb"


class Installation(ConfigurableResource):
    """The settings, state store and warehouse that the environment names."""

    def settings(self) -> Settings:
        """The settings as they are now."""
        return read_settings()

    def warehouse(self) -> "Warehouse":
        """The warehouse; its file is opened by each use."""
        from qbo_pipeline.warehouse.file import open_warehouse  # noqa: PLC0415 - loading the code location stays quick

        return open_warehouse(self.settings())

    @contextmanager
    def state(self) -> Iterator["StateStore"]:
        """The state store, closed afterwards."""
        from qbo_pipeline.state.store import open_state  # noqa: PLC0415 - as above

        store = open_state(self.settings())
        try:
            yield store
        finally:
            store.close()
