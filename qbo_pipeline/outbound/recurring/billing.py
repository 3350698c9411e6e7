"""Billing the contracts of all companies: one company's trouble is its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.outbound.recurring.scan import Scan, scan_contracts
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.errors import StateBusy
from qbo_pipeline.state.store import StateStore


@dataclass(frozen=True)
class ContractsBilled:
    """The scans by connection, and the connections that could not be scanned with the reason each."""

    scans: dict[str, Scan] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def bill_contracts(
    store: StateStore, ops_database: OpsDatabase, connections: Sequence[Connection], now: datetime
) -> ContractsBilled:
    """Scan the contracts of these connections at an instant.

    A contract the operational system gives in a form that cannot be billed leaves its company out. Raises `OpsUnavailable`.
    """
    billed = ContractsBilled()
    for connection in connections:
        try:
            billed.scans[connection.name] = scan_contracts(store, ops_database, connection, now)
        except (ValueError, StateBusy) as error:
            billed.left_out[connection.name] = str(error)
    return billed
