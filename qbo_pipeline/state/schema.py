"""The tables of the state store, and the check that a database is one of ours before anything is written to it.

A store is created whole or not at all, and carries its schema version. An older one is given what it lacks: tables, and columns
that may be empty. What is newer than this program, half there or
somebody else's is refused: an old program writing into a newer store, or a new store laid over a damaged one, would lose
the only copy of tokens that no one can fetch again without a person.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from qbo_pipeline.state.errors import StateDamaged

SCHEMA_VERSION = 2

metadata = sa.MetaData()


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant, in UTC on both sides; SQLite keeps no zone, so it is taken off and put back here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a time zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


state_meta = sa.Table(
    "state_meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

connection = sa.Table(
    "connection",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # Raw and typed rows are keyed by realm, so one realm is one connection, whatever its status.
    sa.Column("realm_id", sa.Text, nullable=False, unique=True),
    sa.Column("environment", sa.Text, nullable=False),
    sa.Column("business_entity_id", sa.Text, unique=True),
    sa.Column("client_id", sa.Text),
    sa.Column("token_client_id", sa.Text, nullable=False),
    sa.Column("company_name", sa.Text),
    sa.Column("api_url", sa.Text),
    sa.Column("authorize_url", sa.Text),
    sa.Column("token_url", sa.Text),
    sa.Column("revoke_url", sa.Text),
    sa.Column("status", sa.Text, sa.CheckConstraint("status IN ('active', 'inactive')"), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("access_expires_at", Instant),
    sa.Column("refresh_issued_at", Instant),
    sa.Column("refresh_expires_at", Instant),
    sa.Column("hard_expires_at", Instant),
    sa.Column("refresh_unanswered_since", Instant),
    sa.Column("last_sync_at", Instant),
    sa.Column("last_change_at", Instant),
)

connection_secret = sa.Table(
    "connection_secret",
    metadata,
    sa.Column("connection_name", sa.Text, sa.ForeignKey("connection.name"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("ciphertext", sa.Text, nullable=False),
)

not_offered = sa.Table(
    "not_offered",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    sa.Column("entity", sa.Text, primary_key=True),
    sa.Column("noted_at", Instant, nullable=False),
)

feed_refusal = sa.Table(
    "feed_refusal",
    metadata,
    sa.Column("realm_id", sa.Text, primary_key=True),
    sa.Column("entity", sa.Text, primary_key=True),
    sa.Column("noted_at", Instant, nullable=False),
)

sync_run = sa.Table(
    "sync_run",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("trigger", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
)

sync_connection = sa.Table(
    "sync_connection",
    metadata,
    sa.Column("run_id", sa.Text, sa.ForeignKey("sync_run.run_id"), primary_key=True),
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("realm_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("metered_calls", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("recorded_at", Instant, nullable=False, index=True),
)

sync_entity = sa.Table(
    "sync_entity",
    metadata,
    sa.Column("run_id", sa.Text, sa.ForeignKey("sync_run.run_id"), primary_key=True),
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("realm_id", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("read_kind", sa.Text),
    *[sa.Column(name, sa.Integer, nullable=False) for name in ("records_read", "created", "updated", "deleted")],
    *[sa.Column(name, sa.Integer) for name in ("calls", "metered_calls")],
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("recorded_at", Instant, nullable=False, index=True),
)

# What a store of the first version holds; every other table came with the second.
_FIRST_TABLES = {
    table.name
    for table in (state_meta, connection, connection_secret, not_offered, sync_run, sync_connection, sync_entity)
}


def is_current(open_connection: sa.Connection, where: str) -> bool:
    """Whether the database holds a store of this version; `False` means it is empty or older and may be made one.

    Anything else is refused with `StateDamaged`, which names the database as `where`.
    """
    found = set(sa.inspect(open_connection).get_table_names())
    if state_meta.name not in found:
        _refuse_foreign(found, open_connection.dialect.name, where)
        return False
    version = open_connection.scalar(sa.select(state_meta.c.value).where(state_meta.c.name == "schema_version"))
    if version is None or not version.isdecimal():
        raise StateDamaged(f"{where} carries no readable schema version. {_RESTORE}")
    if int(version) > SCHEMA_VERSION:
        raise StateDamaged(
            f"{where} was written by a newer qbo-pipeline (schema {version}; this one reads {SCHEMA_VERSION}). "
            "Nothing was changed. Upgrade qbo-pipeline."
        )
    expected = set(metadata.tables) if int(version) > 1 else _FIRST_TABLES
    if missing := sorted(expected - found):
        raise StateDamaged(f"{where} is incomplete: the tables {', '.join(missing)} are missing. {_RESTORE}")
    return int(version) == SCHEMA_VERSION


def make_current(open_connection: sa.Connection) -> None:
    """Create what an empty or older store lacks and note the version, inside the caller's transaction."""
    metadata.create_all(open_connection)
    inspector = sa.inspect(open_connection)
    for table in metadata.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                definition = sa.schema.CreateColumn(column).compile(dialect=open_connection.dialect)
                open_connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {definition}")
    open_connection.execute(state_meta.delete().where(state_meta.c.name == "schema_version"))
    open_connection.execute(state_meta.insert().values(name="schema_version", value=str(SCHEMA_VERSION)))


_RESTORE = "Nothing was changed. Restore it from a backup, or move it away and connect the companies again."


def _refuse_foreign(found: set[str], dialect: str, where: str) -> None:
    # A PostgreSQL database may be shared with other programs' tables; a SQLite file is ours alone.
    suspicious = found if dialect == "sqlite" else found & set(metadata.tables)
    if suspicious:
        raise StateDamaged(
            f"{where} holds tables ({', '.join(sorted(suspicious)[:5])}) but is no state store of qbo-pipeline. "
            "Nothing was changed. Check QBO_STATE_URL and QBO_HOME, or restore the store from a backup."
        )
