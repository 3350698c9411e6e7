"""Claims on billed work: one live invoice per unit of work, held by a unique index and not by anybody's care.

A claim is made in the transaction that takes in the intent, and released when the intent is skipped or its document voided.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.intents import UNSETTLED, IntentState, Work
from qbo_pipeline.state.push_schema import billed_source, push_intent

# The holder of what a contract covers, instead of an invoice's key: this and the company.
_COVERED = "covered:"
_columns = billed_source.c
_work_columns = (_columns.source_kind, _columns.source_id, _columns.part)


@dataclass(frozen=True, kw_only=True)
class BilledWork:
    """A piece of work and the source of the document that billed it: that document went out, or may have."""

    realm_id: str
    work: Work
    billed_by_kind: str
    billed_by_id: str


class Claims:
    """Who bills what."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def holder(self, work: Work) -> str | None:
        """The key of the intent that bills a piece of work, None where nobody does."""
        with self._database.reading() as transaction:
            return holder(transaction, work)

    def of(self, key: str) -> list[Work]:
        """What an intent bills."""
        live = sa.select(_columns.source_kind, _columns.source_id, _columns.part).where(
            _columns.invoice_key == key, _columns.released_at.is_(None)
        )
        with self._database.reading() as transaction:
            return sorted(Work(*row) for row in transaction.execute(live))

    def cover(self, realm_id: str, time_entries: Collection[str]) -> None:
        """Consume a company's time entries that no invoice is to bill, and give back those that are covered no more.

        An entry that an invoice has is left to it; one covered already may still be shown on an invoice, which then has it.
        """
        key = f"{_COVERED}{realm_id}"
        wanted = {Work("time_entry", each) for each in time_entries}
        known = set(self.of(key))
        if wanted == known:
            return
        with self._database.writing() as transaction:
            release(transaction, key, self._clock(), keep=wanted)
            free = [work for work in wanted - known if holder(transaction, work) is None]
            claim(transaction, key, free)

    def gone_out(self) -> list[BilledWork]:
        """The work of all companies that is billed by documents whose request left."""
        intent = push_intent.c
        live = (
            sa.select(intent.realm_id, *_work_columns, intent.source_kind, intent.source_id)
            .join(push_intent, intent.intent_key == _columns.invoice_key)
            .where(_columns.released_at.is_(None), intent.state.in_((IntentState.PUSHED, *UNSETTLED)))
            .order_by(*_work_columns)
        )
        covered = sa.select(_columns.invoice_key, *_work_columns).where(
            _columns.released_at.is_(None), _columns.invoice_key.startswith(_COVERED)
        )
        with self._database.reading() as transaction:
            paid_for = [
                BilledWork(
                    realm_id=key.removeprefix(_COVERED),
                    work=Work(*work),
                    billed_by_kind="covered",
                    billed_by_id=work[1],
                )
                for key, *work in transaction.execute(covered.order_by(*_work_columns))
            ]
            return paid_for + [
                BilledWork(realm_id=realm_id, work=Work(*work), billed_by_kind=kind, billed_by_id=source_id)
                for realm_id, *work, kind, source_id in transaction.execute(live)
            ]


def holder(transaction: sa.Connection, work: Work) -> str | None:
    """The key of the intent with the live claim on a piece of work."""
    return transaction.scalar(sa.select(_columns.invoice_key).where(*_is(work), _columns.released_at.is_(None)))


def claim(transaction: sa.Connection, key: str, bills: Iterable[Work]) -> list[tuple[Work, str]]:
    """Claim work for an intent, all of it or none: what others hold comes back with their keys."""
    wanted = sorted(set(bills))
    held = [
        (work, by)
        for work in wanted
        if (by := holder(transaction, work)) not in (None, key) and not by.startswith(_COVERED)
    ]
    if held:
        return held
    for work in wanted:
        _take_over(transaction, work, key)
        renewed = transaction.execute(
            billed_source.update().where(*_is(work), _columns.invoice_key == key).values(released_at=None)
        )
        if not renewed.rowcount:
            transaction.execute(
                billed_source.insert().values(
                    source_kind=work.source_kind, source_id=work.source_id, part=work.part, invoice_key=key
                )
            )
    return []


def _take_over(transaction: sa.Connection, work: Work, key: str) -> None:
    """What is merely covered goes to the invoice that shows it: there it costs nothing."""
    covered = billed_source.delete().where(
        *_is(work), _columns.invoice_key.startswith(_COVERED), _columns.invoice_key != key
    )
    transaction.execute(covered)


def release(transaction: sa.Connection, key: str, now: datetime, keep: Iterable[Work] = ()) -> None:
    """Give back what an intent billed, except what it `keep`s."""
    kept = set(keep)
    live = sa.select(_columns.source_kind, _columns.source_id, _columns.part).where(
        _columns.invoice_key == key, _columns.released_at.is_(None)
    )
    for row in transaction.execute(live).all():
        if Work(*row) not in kept:
            transaction.execute(
                billed_source.update().where(*_is(Work(*row)), _columns.invoice_key == key).values(released_at=now)
            )


def _is(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _columns.source_kind == work.source_kind,
        _columns.source_id == work.source_id,
        _columns.part == work.part,
    )
