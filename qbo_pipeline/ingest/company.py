"""A company ready to be read: its connection with a client that holds its tokens and its limits."""

from dataclasses import dataclass

from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.tokens import token_source


@dataclass(frozen=True)
class Company:
    """One connected company and the client that reads it."""

    connection: Connection
    client: QuickBooks

    @property
    def realm_id(self) -> str:
        """The company's realm."""
        return self.connection.realm_id


def open_company(store: StateStore, connection: Connection, settings: Settings) -> Company:
    """The company behind `connection`; nothing is sent until it is read."""
    tokens = token_source(store, connection, settings)
    client = QuickBooks(connection.realm_id, endpoints_of(connection, settings), tokens, name=connection.name)
    return Company(connection=connection, client=client)
