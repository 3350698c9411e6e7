"""Whether every contract is accounted for: its periods tile its days without gap or overlap, and each says what became of it.

It trusts nothing that the scan worked out: it walks the noted periods from the contract's first day on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.recurring import read_recurring
from qbo_pipeline.outbound.recurring.contract import Contract
from qbo_pipeline.outbound.recurring.due import due_date, local_date, tracked_through
from qbo_pipeline.outbound.recurring.periods import periods
from qbo_pipeline.outbound.recurring.permission import refusal
from qbo_pipeline.outbound.recurring.reading import contracts_of
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.contract_periods import ContractPeriod, PeriodState
from qbo_pipeline.state.store import StateStore

GRACE = timedelta(hours=2)
"""How long after a local midnight a period may be due without having been looked at: two hourly scans."""
# Left over from dates the contract has no more.
_OFF_THE_GRID = "no_such_period"


@dataclass(frozen=True)
class Untiled:
    """Days `[start, end)` of a contract that are not accounted for, or twice; `lines` are those in force in them."""

    contract_id: str
    number: str
    start: date
    end: date
    reason: str
    lines: tuple[str, ...] = ()


def untiled_contracts(
    store: StateStore, ops_database: OpsDatabase, connection: Connection, now: datetime
) -> list[Untiled]:
    """What is wrong with the periods of a company's contracts; nothing while they are not billed, or only since a moment ago.

    Raises `OpsUnavailable` and `StateUnavailable`.
    """
    rows = read_recurring(ops_database, connection.business_entity_id or "")
    settings = store.push_settings.of(connection.realm_id)
    if rows is None or refusal(connection, settings, rows) is not None:
        return []
    if settings.armed_at is not None and settings.armed_at > now - GRACE:
        return []
    today = local_date(now - GRACE, rows.entity["time_zone"])
    noted = store.contract_periods.of(connection.realm_id)
    return [
        fault
        for contract in contracts_of(rows)
        for fault in untiled(contract, [each for each in noted if each.contract_id == contract.id], today)
    ]


def untiled(contract: Contract, noted: Sequence[ContractPeriod], today: date) -> list[Untiled]:
    """What is wrong with one contract's periods, the oldest first; what is a draft or cancelled owes none."""
    end = _accountable_to(contract, today)
    counted = sorted((each for each in noted if each.reason_code != _OFF_THE_GRID), key=lambda each: each.period_start)
    faults = [*_untold(contract, counted), *(_torn(contract, counted, end) if end is not None else ())]
    return sorted(faults, key=lambda fault: (fault.start, fault.end))


def _accountable_to(contract: Contract, today: date) -> date | None:
    """The first day that no due period of a contract covers yet; None where nothing is due."""
    through = tracked_through(contract, today)
    if through is None:
        return None
    due = [each.end for each in periods(contract.cadence, through) if due_date(contract, each) <= today]
    return max(due, default=None)


def _torn(contract: Contract, noted: Iterable[ContractPeriod], end: date) -> Iterator[Untiled]:
    reached = contract.cadence.start_date
    for each in noted:
        # A period from before the contract's first day, as it now is, covers what it covers.
        if each.period_start > reached and reached < end:
            yield _fault(contract, reached, min(each.period_start, end), "No period covers these days.")
        if each.period_start < reached and each.period_end > contract.cadence.start_date < reached:
            yield _fault(contract, each.period_start, min(reached, each.period_end), "Two periods cover these days.")
        reached = max(reached, each.period_end)
    if reached < end:
        yield _fault(contract, reached, end, "No period covers these days: the scan has not billed them.")


def _untold(contract: Contract, noted: Iterable[ContractPeriod]) -> Iterator[Untiled]:
    for each in noted:
        is_settled = each.state in (PeriodState.BILLED, PeriodState.VOID)
        has_invoice = each.state is PeriodState.PENDING and each.invoice_key is not None
        if not is_settled and not has_invoice and not each.reason:
            reason = f"It is {each.state}, and neither an invoice nor a reason is noted."
            yield _fault(contract, each.period_start, each.period_end, reason)


def _fault(contract: Contract, start: date, end: date, reason: str) -> Untiled:
    in_force = (
        line.id
        for line in contract.lines
        if line.effective_from < end and (line.effective_to is None or line.effective_to > start)
    )
    return Untiled(contract.id, contract.number, start, end, reason, tuple(sorted(in_force)))
