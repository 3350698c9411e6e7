"""Mappings: what a code of the operational system is in a company's books, and what is proposed for a name or kept out.

A confirmed customer, vendor or item is a link; here stand only the proposals for one, the exclusions, and a person's
word that a new one is to be made. Every change lets go on, in the same transaction, what was held for want of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.mapping_kinds import mapping_kind
from qbo_pipeline.state.mapping_schema import mapping
from qbo_pipeline.state.waking import wake_held

MappingStatus = Literal["confirmed", "proposed", "excluded"]
MappingOrigin = Literal["manual", "imported", "matched", "default"]

_columns = mapping.c


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A mapping of one company; `reason` says why it is proposed or excluded, `target` which list `qbo_id` is of.

    A confirmed one of a name without `qbo_id` is a person's word that a new one is to be made.
    """

    realm_id: str
    kind: str
    source_key: str
    target: str
    qbo_id: str | None = None
    qbo_name: str | None = None
    status: MappingStatus = "confirmed"
    origin: MappingOrigin = "manual"
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoredMapping(Mapping):
    """A mapping with the instant it was last changed."""

    updated_at: datetime


class Mappings:
    """The mappings of a state store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def find(self, realm_id: str, kind: str, source_key: str) -> StoredMapping | None:
        """The mapping of a code or name, whatever its status."""
        with self._database.reading() as transaction:
            row = transaction.execute(sa.select(mapping).where(*_is(realm_id, kind, source_key))).one_or_none()
        return None if row is None else StoredMapping(**row._mapping)

    def of(self, realm_id: str, *, kind: str | None = None, status: str | None = None) -> list[StoredMapping]:
        """The mappings of a company, by kind and key; raises `UnknownKind`."""
        wanted = sa.select(mapping).where(_columns.realm_id == realm_id).order_by(_columns.kind, _columns.source_key)
        if kind is not None:
            wanted = wanted.where(_columns.kind == mapping_kind(kind).name)
        if status is not None:
            wanted = wanted.where(_columns.status == status)
        with self._database.reading() as transaction:
            return [StoredMapping(**row._mapping) for row in transaction.execute(wanted)]

    def put(self, *made: Mapping) -> int:
        """Make or replace mappings, all or none; how many held intents go on because of it. Raises `UnknownKind`."""
        with self._database.writing() as transaction:
            now = self._clock()
            for each in made:
                mapping_kind(each.kind)
                transaction.execute(mapping.delete().where(*_is(each.realm_id, each.kind, each.source_key)))
                transaction.execute(mapping.insert().values(asdict(each) | {"updated_at": now}))
            return _wake(transaction, ((each.realm_id, each.kind) for each in made if each.status != "proposed"), now)

    def remove(self, realm_id: str, kind: str, source_key: str) -> int:
        """Forget a mapping; how many held intents go on because of it."""
        with self._database.writing() as transaction:
            transaction.execute(mapping.delete().where(*_is(realm_id, kind, source_key)))
            return _wake(transaction, [(realm_id, kind)], self._clock())

    def wake(self, realm_id: str, kind: str) -> int:
        """Let go on what was held for want of a mapping of that kind, after its link was made; how many there were."""
        with self._database.writing() as transaction:
            return _wake(transaction, [(realm_id, kind)], self._clock())


def _wake(transaction: sa.Connection, changed: Iterable[tuple[str, str]], now: datetime) -> int:
    codes: dict[str, set[str]] = {}
    for realm_id, kind in changed:
        codes.setdefault(realm_id, set()).update(mapping_kind(kind).wakes)
    return sum(wake_held(transaction, realm_id, reasons, now) for realm_id, reasons in sorted(codes.items()))


def _is(realm_id: str, kind: str, source_key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (_columns.realm_id == realm_id, _columns.kind == kind, _columns.source_key == source_key)
