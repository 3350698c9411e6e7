"""Pushing with all that it takes: the connections by name, the operational system, and what composes a request."""

from collections.abc import Collection, Sequence
from contextlib import ExitStack

from qbo_pipeline.ops.database import open_ops
from qbo_pipeline.ops.files import SourceFiles, files_folder
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.push import Push, push
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.store import StateStore


def push_now(
    store: StateStore,
    settings: Settings,
    *,
    connections: Sequence[str] = (),
    keys: Collection[str] | None = None,
    targets: Collection[str] | None = None,
    by_hand: bool = True,
) -> Push:
    """Send what is due: of these connections, or of all that are armed and belong to a business entity."""
    chosen = [store.connections.get(name) for name in connections] or pushable(store)
    with ExitStack() as opened:
        database = open_ops(settings)
        if database is not None:
            opened.enter_context(database)
        composer = Composer(store, database, SourceFiles(files_folder(settings)))
        return push(
            store,
            settings,
            composer.compose,
            files=composer.file,
            connections=chosen,
            keys=keys,
            targets=targets,
            by_hand=by_hand,
        )


def pushable(store: StateStore) -> list[Connection]:
    """The active connections of a business entity that were armed."""
    return [
        connection
        for connection in store.connections.all()
        if connection.is_active
        and connection.business_entity_id
        and store.push_settings.of(connection.realm_id).armed_at is not None
    ]
