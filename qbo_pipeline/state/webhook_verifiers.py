"""The verifier tokens of connections' own Intuit apps: what the webhooks of each app are signed with."""

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.schema import connection, connection_secret
from qbo_pipeline.state.vault import SecretKind, Vault


class WebhookVerifiers:
    """Verifier tokens, kept encrypted beside the tokens of the connections whose apps they belong to."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def of_app(self, client_id: str) -> list[str]:
        """The verifier tokens of an app: one, or several while a new one is put in place; none of an app nobody has."""
        wanted = (
            sa.select(connection.c.name, connection.c.realm_id)
            .join(connection_secret, connection_secret.c.connection_name == connection.c.name)
            .where(connection.c.client_id == client_id, connection_secret.c.kind == SecretKind.VERIFIER_TOKEN)
        )
        with self._database.reading() as transaction:
            owners = transaction.execute(wanted).all()
        if not owners:
            return []
        with self._vault.reading() as transaction:
            secrets = [self._vault.read(transaction, name, realm_id) for name, realm_id in owners]
        return sorted({each[SecretKind.VERIFIER_TOKEN] for each in secrets})

    def put(self, name: str, realm_id: str, token: str | None) -> None:
        """Keep the verifier token of a connection's own app, or forget it; the connection must exist."""
        with self._vault.writing() as transaction:
            self._vault.write(transaction, name, realm_id, {SecretKind.VERIFIER_TOKEN: token})
