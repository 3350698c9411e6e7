"""What was found of single entities of a company and is worth remembering between runs, with the instant it was last found."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state.database import Database


class NotedEntities:
    """One kind of finding, kept in a table of realm, entity and `noted_at`."""

    def __init__(self, database: Database, table: sa.Table, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._table = table
        self._clock = clock

    def of(self, realm_id: str) -> dict[str, datetime]:
        """The entities of a company it was found of, and when that was last so."""
        columns = self._table.c.entity, self._table.c.noted_at
        with self._database.reading() as transaction:
            rows = transaction.execute(sa.select(*columns).where(self._table.c.realm_id == realm_id))
            return dict(rows.tuples().all())

    def note(self, realm_id: str, entity: str) -> None:
        """Remember it of an entity, as of now."""
        with self._database.writing() as transaction:
            transaction.execute(self._rows(realm_id, entity))
            transaction.execute(self._table.insert().values(realm_id=realm_id, entity=entity, noted_at=self._clock()))

    def forget(self, realm_id: str, entity: str) -> None:
        """It is no longer so. Nothing is written where nothing was noted."""
        if entity in self.of(realm_id):
            with self._database.writing() as transaction:
                transaction.execute(self._rows(realm_id, entity))

    def _rows(self, realm_id: str, entity: str) -> sa.Delete:
        return self._table.delete().where(self._table.c.realm_id == realm_id, self._table.c.entity == entity)
