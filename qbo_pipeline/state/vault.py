"""The encrypted secrets of connections: access, refresh and former refresh token, and the secrets of an app of their own.

The keys are loaded when the first secret is asked for, so that listing connections or reading the log needs none. A known
value sealed in `state_meta` tells a wrong key from a damaged row before any token is touched, and tells whether the newest
key changed: then everything is sealed again with it, in one transaction, and the older keys may be dropped afterwards.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum, auto

import sqlalchemy as sa

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.database import Database
from qbo_pipeline.state.errors import StateDamaged, TokenKeyError
from qbo_pipeline.state.keys import KeyRing, WrongKeyError, WrongOwnerError, load_keys
from qbo_pipeline.state.schema import connection, connection_secret, state_meta

_CHECK = ("state_meta", "key_check")


class SecretKind(StrEnum):
    """What a connection keeps encrypted."""

    ACCESS_TOKEN = auto()
    REFRESH_TOKEN = auto()
    FORMER_REFRESH_TOKEN = auto()
    CLIENT_SECRET = auto()
    VERIFIER_TOKEN = auto()


TOKENS = (SecretKind.ACCESS_TOKEN, SecretKind.REFRESH_TOKEN, SecretKind.FORMER_REFRESH_TOKEN)


class Vault:
    """Reads and writes secrets, in transactions of its own making: the keys are there before one begins."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._loading = threading.Lock()
        self._loaded: KeyRing | None = None

    @property
    def keys(self) -> KeyRing:
        """The keys, checked against the store; raises `TokenKeyError` if they are not the ones it was sealed with."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A writing transaction in which secrets can be written."""
        _ = self.keys
        with self._database.writing() as transaction:
            yield transaction

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A reading transaction in which secrets can be read."""
        _ = self.keys
        with self._database.reading() as transaction:
            yield transaction

    def read(self, transaction: sa.Connection, name: str, realm_id: str) -> dict[SecretKind, str]:
        """Every secret of a connection."""
        rows = transaction.execute(
            sa.select(connection_secret.c.kind, connection_secret.c.ciphertext).where(
                connection_secret.c.connection_name == name
            )
        )
        return {SecretKind(kind): self._unseal((name, realm_id, kind), sealed) for kind, sealed in rows}

    def write(self, transaction: sa.Connection, name: str, realm_id: str, values: dict[SecretKind, str | None]) -> None:
        """Replace the given secrets of a connection; `None` erases one."""
        transaction.execute(
            connection_secret.delete().where(
                connection_secret.c.connection_name == name, connection_secret.c.kind.in_(list(values))
            )
        )
        for kind, secret in values.items():
            if secret is not None:
                sealed = self.keys.seal((name, realm_id, kind), secret)
                transaction.execute(
                    connection_secret.insert().values(connection_name=name, kind=kind, ciphertext=sealed)
                )

    def _load(self) -> KeyRing:
        with self._database.exclusive("the token keys"):
            with self._database.reading() as transaction:
                check = transaction.scalar(sa.select(state_meta.c.value).where(state_meta.c.name == _CHECK[1]))
            keys = load_keys(self._settings, may_create=check is None)
            if check is None or not self._opens(keys, check):
                with self._database.writing() as transaction:
                    self._seal_all(transaction, keys)
            return keys

    def _opens(self, keys: KeyRing, check: str) -> bool:
        try:
            keys.unseal(_CHECK, check)
        except (WrongKeyError, WrongOwnerError) as error:
            raise TokenKeyError(
                f"The stored tokens were encrypted with another key than {keys.source} holds. Put back that key, or put it "
                f"behind the new one: QBO_TOKEN_KEYS=new,old, or one per line in {self._settings.token_key_path}."
            ) from error
        return keys.is_newest(check)

    def _seal_all(self, transaction: sa.Connection, keys: KeyRing) -> None:
        rows = transaction.execute(
            sa.select(connection_secret, connection.c.realm_id).join(
                connection, connection.c.name == connection_secret.c.connection_name
            )
        ).all()
        for row in rows:
            owner = (row.connection_name, row.realm_id, row.kind)
            # A damaged row stays as it is: it is reported when its own company needs it, and stops no other.
            with suppress(WrongKeyError, WrongOwnerError):
                sealed = keys.seal(owner, keys.unseal(owner, row.ciphertext))
                transaction.execute(
                    connection_secret.update()
                    .where(
                        connection_secret.c.connection_name == row.connection_name, connection_secret.c.kind == row.kind
                    )
                    .values(ciphertext=sealed)
                )
        transaction.execute(state_meta.delete().where(state_meta.c.name == _CHECK[1]))
        transaction.execute(state_meta.insert().values(name=_CHECK[1], value=keys.seal(_CHECK, "")))

    def _unseal(self, owner: tuple[str, str, str], sealed: str) -> str:
        try:
            return self.keys.unseal(owner, sealed)
        except (WrongKeyError, WrongOwnerError) as error:
            name, _, kind = owner
            happened = "belongs to another row" if isinstance(error, WrongOwnerError) else "was altered"
            raise StateDamaged(
                f"The {kind.replace('_', ' ')} of connection {name} cannot be used: its row in the state store {happened}. "
                f"Somebody or something changed the store. Disconnect {name} and connect it again."
            ) from error
