"""Billing one period because somebody asks for it: one that is billed by hand, was left over or set aside, or was voided."""

from collections.abc import Sequence
from datetime import date, datetime

from qbo_pipeline.ops.database import open_ops
from qbo_pipeline.outbound.recurring.billing import bill_contracts
from qbo_pipeline.outbound.recurring.lines import CONTRACT_PERIOD
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.contract_periods import ContractPeriod, PeriodState
from qbo_pipeline.state.errors import UnknownPeriod
from qbo_pipeline.state.store import StateStore


def request_period(
    store: StateStore, settings: Settings, connections: Sequence[Connection], source: str, now: datetime, *, again: bool
) -> list[ContractPeriod]:
    """Bill the period that a source such as `contract_period:k1/2026-03-01` names, and say how it then stands.

    Any other source is none of it, and so is everything without an operational system. `again` bills anew what was voided.
    Raises `UnknownPeriod` for a period that was never due, and `OpsUnavailable`.
    """
    kind, _, period = source.partition(":")
    database = open_ops(settings) if kind == CONTRACT_PERIOD else None
    if database is None:
        return []
    contract_id, start = _read(period)
    with database:
        bill_contracts(store, database, connections, now)
        holding = [each for each in connections if _stands(store, each, contract_id, start)]
        for each in holding or connections[:1]:
            known = _stands(store, each, contract_id, start)
            if again or known is None or known.state is not PeriodState.VOID:
                store.contract_periods.request(each.realm_id, contract_id, start)
        bill_contracts(store, database, holding, now)
    return [stands for each in holding if (stands := _stands(store, each, contract_id, start))]


def _read(period: str) -> tuple[str, date]:
    contract_id, _, start = period.rpartition("/")
    try:
        return contract_id, date.fromisoformat(start)
    except ValueError:
        raise UnknownPeriod(
            f"{period!r} names no period of a contract: write CONTRACT-ID/FIRST-DAY, such as k1/2026-03-01."
        ) from None


def _stands(store: StateStore, connection: Connection, contract_id: str, start: date) -> ContractPeriod | None:
    found = store.contract_periods.of(connection.realm_id, contract_id)
    return next((each for each in found if each.period_start == start), None)
