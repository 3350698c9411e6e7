"""The connections: which companies we are linked to, under which names, and how each link stands.

A connection's name, realm and business entity each belong to one connection only, whatever its status: rows in the warehouse
are keyed by realm, and a document pushed for a business entity must have one place to go. An inactive connection keeps them,
and its history, and is connected again under the same name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from qbo_pipeline.quickbooks.oauth import TokenGrant
from qbo_pipeline.settings import Environment
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import ConnectionRefused, UnknownConnection
from qbo_pipeline.state.schema import connection
from qbo_pipeline.state.token_store import TokenStore

Status = Literal["active", "inactive"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REALM_ID = re.compile(r"[0-9]{1,32}")


@dataclass(frozen=True, kw_only=True)
class ConnectionDetails:
    """What is settled when a company is connected.

    `client_id` is the connection's own app, None for the default one; `token_client_id` is the app its tokens were issued to
    either way. The addresses are those in force instead of Intuit's when it was connected, None for Intuit's.
    """

    name: str
    realm_id: str
    environment: Environment
    token_client_id: str
    client_id: str | None = None
    business_entity_id: str | None = None
    company_name: str | None = None
    api_url: str | None = None
    authorize_url: str | None = None
    token_url: str | None = None
    revoke_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Connection(ConnectionDetails):
    """A connection as it stands; `reason` says why it is inactive. Token ages are instants in UTC, None once erased.

    `last_sync_at` is when everything was last read, `last_change_at` when a sync last brought something.
    """

    status: Status
    reason: str | None
    created_at: datetime
    access_expires_at: datetime | None
    refresh_issued_at: datetime | None
    refresh_expires_at: datetime | None
    hard_expires_at: datetime | None
    last_sync_at: datetime | None
    last_change_at: datetime | None

    @property
    def is_active(self) -> bool:
        """Whether syncs and pushes use it."""
        return self.status == "active"


class Connections:
    """The connections of a state store."""

    def __init__(self, database: Database, tokens: TokenStore) -> None:
        self._database = database
        self._tokens = tokens

    def all(self) -> list[Connection]:
        """Every connection, by name."""
        with self._database.reading() as transaction:
            return [_connection(row) for row in transaction.execute(sa.select(connection).order_by(connection.c.name))]

    def get(self, name: str) -> Connection:
        """The connection called `name`; `UnknownConnection` lists the known ones."""
        everyone = self.all()
        for found in everyone:
            if found.name == name:
                return found
        known = ", ".join(each.name for each in everyone)
        raise UnknownConnection(
            f"There is no connection {name!r}. "
            + (
                f"The known ones are: {known}."
                if known
                else "There are none yet: make one with `qbo-pipeline connect NAME`."
            )
        )

    def refuse_name(self, name: str, *, reconnects: bool = False) -> Connection | None:
        """Raise `ConnectionRefused` unless `name` may be connected; return the connection that has it, if any.

        That is an inactive one, or any where it `reconnects`: then its tokens are about to be replaced by newer ones.
        """
        if not _NAME.fullmatch(name):
            raise ConnectionRefused(
                f"{name!r} cannot name a connection: use up to 64 letters, digits, '.', '_' and '-', a letter or digit first."
            )
        namesake = next((each for each in self.all() if each.name == name), None)
        if namesake is not None and namesake.is_active and not reconnects:
            raise ConnectionRefused(
                f"There already is a connection {name}, to realm {namesake.realm_id}. Choose another name, or "
                f"`qbo-pipeline disconnect {name}` first."
            )
        return namesake

    def refuse_clash(self, details: ConnectionDetails, *, reconnects: bool = False) -> Connection | None:
        """Raise `ConnectionRefused` unless `details` may be connected; return the connection they would revive."""
        namesake = self.refuse_name(details.name, reconnects=reconnects)
        if not _REALM_ID.fullmatch(details.realm_id):
            raise ConnectionRefused(
                f"{details.realm_id!r} is no realm id: it is a number such as 9341450000000001, shown as Company ID in "
                "QuickBooks under Settings, Billing & Subscription."
            )
        if namesake is not None and namesake.realm_id != details.realm_id:
            raise ConnectionRefused(
                f"Connection {details.name} was made for realm {namesake.realm_id} and keeps its history; realm "
                f"{details.realm_id} needs another name."
            )
        for other in self.all():
            if other.name != details.name:
                _refuse_shared(details, other)
        return namesake

    def add(
        self,
        details: ConnectionDetails,
        grant: TokenGrant,
        *,
        client_secret: str | None = None,
        reconnects: bool = False,
    ) -> Connection:
        """Store a new connection and its tokens, or revive the one that has the same name and realm.

        Raises `ConnectionRefused`, naming the other connection, where name, realm or business entity are taken.
        """
        values = {field.name: getattr(details, field.name) for field in fields(ConnectionDetails)}
        with self._database.exclusive("the connections"), self._tokens.lock(details.name):
            namesake = self.refuse_clash(details, reconnects=reconnects)
            with self._tokens.writing() as transaction:
                if namesake is None:
                    transaction.execute(
                        connection.insert().values(**values, status="active", created_at=grant.issued_at)
                    )
                else:
                    if details.business_entity_id is None:
                        values["business_entity_id"] = namesake.business_entity_id
                    changed = connection.update().where(connection.c.name == details.name)
                    transaction.execute(changed.values(values | {"status": "active", "reason": None}))
                self._tokens.replace(transaction, details.name, details.realm_id, grant)
                self._tokens.set_client_secret(transaction, details.name, details.realm_id, client_secret)
        return self.get(details.name)

    def assign(self, name: str, business_entity_id: str | None) -> Connection:
        """Say whose books a connection holds: a business entity of the operational system, or None.

        Raises `ConnectionRefused` where the business entity has another connection.
        """
        self.get(name)
        for other in self.all():
            if other.name != name:
                _refuse_shared_entity(business_entity_id, other)
        with self._database.writing() as transaction:
            changed = connection.update().where(connection.c.name == name)
            transaction.execute(changed.values(business_entity_id=business_entity_id))
        return self.get(name)

    def deactivate(self, name: str, reason: str, *, erase_tokens: bool = False) -> None:
        """Mark a connection inactive and say why; its tokens are erased if asked."""
        self.get(name)
        with self._database.writing() as transaction:
            transaction.execute(
                connection.update().where(connection.c.name == name).values(status="inactive", reason=reason)
            )
            if erase_tokens:
                self._tokens.erase(transaction, name)

    def record_sync(self, names: Collection[str], at: datetime, *, changed: Collection[str] = ()) -> None:
        """Note when connections were last synced, and of which of them something had changed; at first all count as changed."""
        is_change = connection.c.name.in_(changed) | (
            connection.c.name.in_(names) & connection.c.last_change_at.is_(None)
        )
        with self._database.writing() as transaction:
            transaction.execute(connection.update().where(is_change).values(last_change_at=at))
            transaction.execute(connection.update().where(connection.c.name.in_(names)).values(last_sync_at=at))


def _refuse_shared(details: ConnectionDetails, other: Connection) -> None:
    if other.realm_id == details.realm_id:
        raise ConnectionRefused(
            f"Realm {details.realm_id} is already connected as {other.name} ({other.status}). Use that connection"
            + ("." if other.is_active else f": `qbo-pipeline connect {other.name}` connects it again.")
        )
    _refuse_shared_entity(details.business_entity_id, other)


def _refuse_shared_entity(business_entity_id: str | None, other: Connection) -> None:
    if business_entity_id is not None and other.business_entity_id == business_entity_id:
        raise ConnectionRefused(
            f"Business entity {business_entity_id} already belongs to connection {other.name}: one business entity "
            "has one connection."
        )


def _connection(row: sa.Row) -> Connection:
    values = {field.name: getattr(row, field.name) for field in fields(Connection)}
    return Connection(**values | {"environment": Environment(row.environment)})
