"""Where tokens rest: the one durable copy of each connection's grant.

`save` returns only when the grant is on disk. The refresh token that was replaced is kept until its successor has proved
itself by a refresh of its own, and `note_refresh` leaves a mark before Intuit is asked, so that a crash between Intuit's
answer and our write can be told apart from a company that revoked us.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.schema import connection, connection_secret
from qbo_pipeline.state.vault import TOKENS, SecretKind, Vault


@dataclass(frozen=True)
class StoredTokens:
    """A connection's tokens as they rest in the store; empty strings where they were erased."""

    status: str
    reason: str | None
    access_token: str = field(repr=False)
    access_expires_at: datetime | None
    refresh_token: str = field(repr=False)
    refresh_issued_at: datetime | None
    refresh_expires_at: datetime | None
    hard_expires_at: datetime | None
    refresh_unanswered_since: datetime | None
    former_refresh_token: str | None = field(repr=False)
    client_secret: str | None = field(repr=False)


class TokenStore:
    """Reads and writes the tokens of connections."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def require_writable(self) -> None:
        """Raise now what would keep tokens from being stored: wrong keys, a full disk, an absent server."""
        with self._vault.writing():
            pass

    def read(self, name: str) -> StoredTokens:
        """The tokens of a connection as the store has them now; the connection must exist."""
        with self._vault.reading() as transaction:
            row = transaction.execute(sa.select(connection).where(connection.c.name == name)).one()
            secrets = self._vault.read(transaction, name, row.realm_id)
        return StoredTokens(
            status=row.status,
            reason=row.reason,
            access_token=secrets.get(SecretKind.ACCESS_TOKEN, ""),
            access_expires_at=row.access_expires_at,
            refresh_token=secrets.get(SecretKind.REFRESH_TOKEN, ""),
            refresh_issued_at=row.refresh_issued_at,
            refresh_expires_at=row.refresh_expires_at,
            hard_expires_at=row.hard_expires_at,
            refresh_unanswered_since=row.refresh_unanswered_since,
            former_refresh_token=secrets.get(SecretKind.FORMER_REFRESH_TOKEN),
            client_secret=secrets.get(SecretKind.CLIENT_SECRET),
        )

    def save(self, name: str, realm_id: str, grant: TokenGrant, *, refreshed_with: str) -> None:
        """Store what a refresh with `refreshed_with` brought; durable when this returns."""
        is_replaced = grant.refresh_token != refreshed_with
        with self._vault.writing() as transaction:
            self._write(
                transaction, name, realm_id, grant, former=refreshed_with if is_replaced else None, is_new=is_replaced
            )

    def note_refresh(self, name: str, at: datetime) -> None:
        """Mark that Intuit is about to be asked; the mark of an earlier request that was never answered stays."""
        with self._database.writing() as transaction:
            transaction.execute(
                connection.update()
                .where(connection.c.name == name, connection.c.refresh_unanswered_since.is_(None))
                .values(refresh_unanswered_since=at)
            )

    def note_answer(self, name: str) -> None:
        """Take the mark away: Intuit answered, and replaced nothing."""
        with self._database.writing() as transaction:
            transaction.execute(
                connection.update().where(connection.c.name == name).values(refresh_unanswered_since=None)
            )

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold a connection's tokens against every other thread and process, for a refresh or a replacement."""
        return self._database.exclusive(f"the tokens of connection {name}")

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """A transaction for `replace` and `set_client_secret`."""
        return self._vault.writing()

    def replace(self, transaction: sa.Connection, name: str, realm_id: str, grant: TokenGrant) -> None:
        """Store the grant of a new consent, which has nothing to do with the tokens before it."""
        self._write(transaction, name, realm_id, grant, former=None, is_new=True)

    def set_client_secret(self, transaction: sa.Connection, name: str, realm_id: str, secret: str | None) -> None:
        """Store the secret of a connection's own app, or forget it."""
        self._vault.write(transaction, name, realm_id, {SecretKind.CLIENT_SECRET: secret})

    def erase(self, transaction: sa.Connection, name: str) -> None:
        """Forget a connection's tokens; needs no key, so that it works when the key is lost."""
        transaction.execute(
            connection_secret.delete().where(
                connection_secret.c.connection_name == name, connection_secret.c.kind.in_(TOKENS)
            )
        )
        transaction.execute(
            connection.update()
            .where(connection.c.name == name)
            .values(
                access_expires_at=None,
                refresh_issued_at=None,
                refresh_expires_at=None,
                hard_expires_at=None,
                refresh_unanswered_since=None,
            )
        )

    def _write(
        self,
        transaction: sa.Connection,
        name: str,
        realm_id: str,
        grant: TokenGrant,
        *,
        former: str | None,
        is_new: bool,
    ) -> None:
        ages = {
            "access_expires_at": grant.access_expires_at,
            "refresh_expires_at": grant.refresh_expires_at,
            "hard_expires_at": grant.hard_expires_at,
            "refresh_unanswered_since": None,
        }
        if is_new:
            ages["refresh_issued_at"] = grant.issued_at
        transaction.execute(connection.update().where(connection.c.name == name).values(ages))
        self._vault.write(
            transaction,
            name,
            realm_id,
            {
                SecretKind.ACCESS_TOKEN: grant.access_token,
                SecretKind.REFRESH_TOKEN: grant.refresh_token,
                SecretKind.FORMER_REFRESH_TOKEN: former,
            },
        )
