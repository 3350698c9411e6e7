"""What became of each period of each contract; a period and the invoice that bills it move in one transaction.

A period's key is its contract and first day: whatever is edited later, it is billed once. `pending` waits for its invoice to go
out, `blocked` for what its reason says; `skipped` is not billed as long as its reason holds; `billed` and `void` are settled.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import UnknownPeriod
from qbo_pipeline.state.intents import Intent, IntentState, StoredIntent
from qbo_pipeline.state.outbox import Also, Outbox
from qbo_pipeline.state.period_schema import contract_period
from qbo_pipeline.state.period_settling import reopen, settled_by

_columns = contract_period.c
_LOCK_SECONDS = 300


class PeriodState(StrEnum):
    """Where a period stands."""

    PENDING = "pending"
    BLOCKED = "blocked"
    BILLED = "billed"
    SKIPPED = "skipped"
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class ContractPeriod:
    """A period `[period_start, period_end)` as it stands; `requested_at` is when a person asked for it to be billed."""

    realm_id: str
    contract_id: str
    period_start: date
    period_end: date
    due_date: date
    state: PeriodState
    reason_code: str | None = None
    reason: str | None = None
    invoice_key: str | None = None
    requested_at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing but a request changes it any more."""
        return self.state in (PeriodState.BILLED, PeriodState.VOID)


class ContractPeriods:
    """The periods of all companies' contracts that are or were due."""

    def __init__(self, database: Database, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    @contextmanager
    def scanning(self, realm_id: str) -> Iterator[None]:
        """One scan of a company at a time; raises `StateBusy` where another one takes minutes."""
        with self._database.exclusive(f"the contracts of {realm_id}", _LOCK_SECONDS):
            yield

    def of(self, realm_id: str, contract_id: str | None = None) -> list[ContractPeriod]:
        """A company's periods, or one contract's, the oldest first."""
        wanted = sa.select(contract_period).where(_columns.realm_id == realm_id)
        if contract_id is not None:
            wanted = wanted.where(_columns.contract_id == contract_id)
        with self._database.reading() as transaction:
            rows = transaction.execute(wanted.order_by(_columns.period_start, _columns.contract_id))
            return [_read(row) for row in rows]

    def bill(self, intent: Intent, periods: Sequence[ContractPeriod]) -> StoredIntent:
        """Take in the invoice of one or several periods and note them as its; those already another's are left to it."""
        return self._outbox.intend(intent, also=self._noting(periods))

    def leave(self, periods: Iterable[ContractPeriod]) -> None:
        """Note periods without an invoice, with their reasons; one that is billed by now stays so."""
        with self._database.writing() as transaction:
            for each in periods:
                self._put(transaction, each)

    def withdraw(self, intent: Intent, code: str, reason: str, periods: Sequence[ContractPeriod]) -> StoredIntent:
        """Take an invoice back that has not left yet, free all its periods and note these; one that may have left keeps them."""

        def note(transaction: sa.Connection, stands: StoredIntent) -> None:
            if stands.state is IntentState.SKIPPED:
                freed = contract_period.update().where(_columns.invoice_key == stands.intent_key)
                transaction.execute(
                    freed.values(invoice_key=None, state=PeriodState.PENDING, reason_code=None, reason=None)
                )
                for each in periods:
                    self._put(transaction, each)

        return self._outbox.skip(intent, code, reason, also=note)

    def request(self, realm_id: str, contract_id: str, period_start: date) -> ContractPeriod:
        """Ask for a period to be billed that is not billed by itself, or not again; the next scan does it.

        A period that is billed already stays as it is. Raises `UnknownPeriod` for one that was never due.
        """
        with self._database.writing() as transaction:
            now = self._clock()
            known = self._find(transaction, realm_id, contract_id, period_start)
            if known is None:
                raise UnknownPeriod(
                    f"The period of contract {contract_id} that begins on {period_start} cannot be billed: none has been due "
                    "that begins on that day. Look at its periods for the right one."
                )
            if known.state is PeriodState.BILLED:
                return known
            if known.state is PeriodState.VOID:
                reopen(transaction, realm_id, f"{contract_id}/{period_start.isoformat()}", now)
                known = replace(known, invoice_key=None)
            asked = replace(known, requested_at=now)
            self._write(transaction, asked)
            return asked

    def reconcile(self, realm_id: str) -> list[ContractPeriod]:
        """Bring the periods up to what became of their invoices; those that changed."""
        with self._database.writing() as transaction:
            invoiced = sa.select(contract_period).where(
                _columns.realm_id == realm_id, _columns.invoice_key.is_not(None), _columns.state != PeriodState.VOID
            )
            changed = []
            for known in [_read(row) for row in transaction.execute(invoiced)]:
                state, code, reason = settled_by(transaction, known.invoice_key or "")
                now_stands = replace(known, state=PeriodState(state), reason_code=code, reason=reason)
                if state == PeriodState.SKIPPED and code == "withdrawn":
                    now_stands = replace(now_stands, invoice_key=None)
                if now_stands != known:
                    self._write(transaction, now_stands)
                    changed.append(now_stands)
            return changed

    def _noting(self, periods: Sequence[ContractPeriod]) -> Also:
        def note(transaction: sa.Connection, stands: StoredIntent) -> None:
            state, code, reason = settled_by(transaction, stands.intent_key)
            for each in periods:
                noted = replace(each, state=PeriodState(state), reason_code=code, reason=reason)
                self._put(transaction, replace(noted, invoice_key=stands.intent_key, requested_at=None))

        return note

    def _put(self, transaction: sa.Connection, period: ContractPeriod) -> None:
        known = self._find(transaction, period.realm_id, period.contract_id, period.period_start)
        is_kept = known is not None and known.is_settled and known.requested_at is None
        if known != period and not is_kept:
            self._write(transaction, period)

    def _find(
        self, transaction: sa.Connection, realm_id: str, contract_id: str, period_start: date
    ) -> ContractPeriod | None:
        row = transaction.execute(sa.select(contract_period).where(*_is(realm_id, contract_id, period_start))).first()
        return None if row is None else _read(row)

    def _write(self, transaction: sa.Connection, period: ContractPeriod) -> None:
        where = _is(period.realm_id, period.contract_id, period.period_start)
        transaction.execute(contract_period.delete().where(*where))
        transaction.execute(contract_period.insert().values(**vars(period), updated_at=self._clock()))


def _is(realm_id: str, contract_id: str, period_start: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _columns.realm_id == realm_id,
        _columns.contract_id == contract_id,
        _columns.period_start == period_start,
    )


def _read(row: sa.Row[tuple[object, ...]]) -> ContractPeriod:
    values = {name: value for name, value in row._mapping.items() if name != "updated_at"}
    return ContractPeriod(**values | {"state": PeriodState(values["state"])})
