"""What the tests that connect companies of the emulator share."""

import re

from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.access import endpoints_of
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.tokens import token_source

LANDSCAPING, CONSULTANCY = "9341450000000001", "9341450000000002"


def company_name(store: StateStore, settings: Settings, name: str) -> str | None:
    connection = store.connections.get(name)
    tokens = token_source(store, connection, settings)
    with QuickBooks(connection.realm_id, endpoints_of(connection, settings), tokens, name=name) as quickbooks:
        found = re.search(rb'"CompanyName": ?"([^"]+)"', quickbooks.company_info().payload)
    return found and found.group(1).decode()
