"""Links: which QuickBooks object stands for which row of the operational system, one to one within a company and target."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import LinkTaken
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.push_schema import link
from qbo_pipeline.state.waking import wake_waiting

Origin = Literal["pushed", "recovered", "matched", "manual"]
LinkStatus = Literal["live", "voided", "deleted"]

_columns = link.c


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link with what is known of the object; `origin` says how it came about, `status` what became of the object.

    `owned_fields` names the properties that a push wrote, `owned_hash` is what they held then: another one is a change made in
    QuickBooks. `total` is in the document's currency.
    """

    realm_id: str
    target: str
    source_kind: str
    source_id: str
    qbo_id: str
    origin: Origin
    linked_at: datetime
    sync_token: str | None = None
    doc_number: str | None = None
    total: Decimal | None = None
    owned_fields: tuple[str, ...] = ()
    owned_hash: str | None = None
    status: LinkStatus = "live"


class Links:
    """The links of a state store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, realm_id: str, target: str, source_kind: str, source_id: str) -> Link | None:
        """The link of a source row, whatever became of its object."""
        return self._one(
            _columns.realm_id == realm_id,
            _columns.target == target,
            _columns.source_kind == source_kind,
            _columns.source_id == source_id,
        )

    def by_qbo_id(self, realm_id: str, target: str, qbo_id: str) -> Link | None:
        """The link of a QuickBooks object."""
        return self._one(_columns.realm_id == realm_id, _columns.target == target, _columns.qbo_id == qbo_id)

    def of(self, realm_id: str, target: str | None = None) -> list[Link]:
        """All links of a company, or those to one kind of object."""
        wanted = sa.select(link).where(_columns.realm_id == realm_id).order_by(_columns.target, _columns.source_id)
        if target is not None:
            wanted = wanted.where(_columns.target == target)
        with self._database.reading() as transaction:
            return [_link(row) for row in transaction.execute(wanted)]

    def put(self, made: Link) -> None:
        """Make or renew a link, and wake what waited for it; `LinkTaken` where the object stands for another row."""
        with self._database.writing() as transaction:
            put(transaction, made)

    def put_all(self, made: Iterable[Link]) -> None:
        """Make or renew links, all of them or none; `LinkTaken` where an object stands for another row than is given here."""
        wanted = list(made)
        with self._database.writing() as transaction:
            # Two rows may change their objects for one another.
            for each in wanted:
                transaction.execute(
                    link.delete().where(*_is(each.realm_id, each.target, each.source_kind, each.source_id))
                )
            for each in wanted:
                put(transaction, each)

    def remove(self, realm_id: str, target: str, source_kind: str, source_id: str) -> None:
        """Forget a link: the row has no object any more."""
        with self._database.writing() as transaction:
            transaction.execute(link.delete().where(*_is(realm_id, target, source_kind, source_id)))

    def note_deleted(self, realm_id: str, target: str, source_kind: str, source_id: str) -> None:
        """Note that the object of a row is gone from QuickBooks: nothing is sent that refers to it."""
        with self._database.writing() as transaction:
            own = _is(realm_id, target, source_kind, source_id)
            transaction.execute(link.update().where(*own).values(status="deleted"))

    def _one(self, *where: sa.ColumnElement[bool]) -> Link | None:
        with self._database.reading() as transaction:
            row = transaction.execute(sa.select(link).where(*where)).one_or_none()
            return None if row is None else _link(row)


def put(transaction: sa.Connection, made: Link) -> None:
    """Make or renew a link inside the caller's transaction; `LinkTaken` where the object stands for another row."""
    own = _is(made.realm_id, made.target, made.source_kind, made.source_id)
    other = transaction.execute(
        sa.select(_columns.source_kind, _columns.source_id).where(
            _columns.realm_id == made.realm_id,
            _columns.target == made.target,
            _columns.qbo_id == made.qbo_id,
            sa.not_(sa.and_(*own)),
        )
    ).first()
    if other is not None:
        raise LinkTaken(
            f"{made.target} {made.qbo_id} of realm {made.realm_id} cannot be linked to {made.source_kind}:{made.source_id}: "
            f"it stands for {other.source_kind}:{other.source_id}. Clear the wrong one of the two links first."
        )
    transaction.execute(link.delete().where(*own))
    values = asdict(made) | {
        "total": None if made.total is None else str(made.total),
        "owned_fields": ",".join(made.owned_fields) or None,
    }
    transaction.execute(link.insert().values(values))
    wake_waiting(transaction, made.realm_id, made.linked_at)


def end(transaction: sa.Connection, intent: StoredIntent, status: LinkStatus) -> None:
    """Note that the object of an intent's source row was voided or deleted."""
    own = _is(intent.realm_id, intent.target, intent.source_kind, intent.source_id)
    transaction.execute(link.update().where(*own).values(status=status))


def _is(realm_id: str, target: str, source_kind: str, source_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _columns.realm_id == realm_id,
        _columns.target == target,
        _columns.source_kind == source_kind,
        _columns.source_id == source_id,
    )


def _link(row: sa.Row[tuple[object, ...]]) -> Link:
    values = dict(row._mapping)
    values["total"] = None if values["total"] is None else Decimal(values["total"])
    values["owned_fields"] = tuple(values["owned_fields"].split(",")) if values["owned_fields"] else ()
    return Link(**values)
