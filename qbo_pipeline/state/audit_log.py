"""The audit log: who did what through the gateway, from where, and what came of it.

It only grows: nothing here changes or removes a line. Lines name people, connections and intents; never a secret, and nothing
of a customer's.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.state.audit_schema import audit_entry
from qbo_pipeline.state.database import Database

_TEXT_MAX = 500


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One action; `subject` is what it was done to, `outcome` is "done" or why it was not."""

    happened_at: datetime
    person: str
    address: str | None
    action: str
    subject: str | None
    outcome: str


class AuditLog:
    """The audit log of a state store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def note(
        self, *, person: str, action: str, subject: str | None = None, address: str | None = None, outcome: str = "done"
    ) -> None:
        """Add one line."""
        with self._database.writing() as transaction:
            transaction.execute(
                audit_entry.insert().values(
                    entry_id=str(uuid.uuid4()),
                    happened_at=self._clock(),
                    person=person[:_TEXT_MAX],
                    address=address,
                    action=action,
                    subject=subject[:_TEXT_MAX] if subject else None,
                    outcome=outcome[:_TEXT_MAX],
                )
            )

    def entries(self, *, limit: int = 200, action: str | None = None) -> list[AuditEntry]:
        """The newest lines first, at most `limit`, of all actions or one."""
        wanted = sa.select(audit_entry).order_by(audit_entry.c.happened_at.desc()).limit(limit)
        if action is not None:
            wanted = wanted.where(audit_entry.c.action == action)
        with self._database.reading() as transaction:
            rows = transaction.execute(wanted).mappings().all()
        return [AuditEntry(**{name: value for name, value in row.items() if name != "entry_id"}) for row in rows]
