"""A dry run: what a push would send is worked out, kept in `outbound.preview` for analysts, and summed up."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from qbo_pipeline.ops.database import open_ops
from qbo_pipeline.ops.files import SourceFiles, files_folder
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.preview import Preview, preview, rows, summary, undone
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.file import open_warehouse
from qbo_pipeline.warehouse.preview import replace_previews
from qbo_pipeline.warehouse.publish import publish


@dataclass(frozen=True)
class DryRun:
    """What a push would send, document by document, and the sums by connection and kind."""

    previews: list[Preview]
    summary: list[dict[str, Any]]


def dry_run(
    store: StateStore,
    settings: Settings,
    *,
    connections: Sequence[str] = (),
    targets: Sequence[str] = (),
    source: str | None = None,
) -> DryRun:
    """Look at what is due as a push would; `source` (KIND:ID) narrows what is returned to one document. Sends nothing."""
    chosen = [store.connections.get(name) for name in connections] or [
        each for each in store.connections.all() if each.is_active and each.business_entity_id
    ]
    found: list[Preview] = []
    with ExitStack() as opened:
        database = open_ops(settings)
        if database is not None:
            opened.enter_context(database)
        composer = Composer(store, database, SourceFiles(files_folder(settings)))
        by_realm = {
            each.realm_id: preview(
                store, each, undone(store, each.realm_id, targets), composer.compose, composer.sketch
            )
            for each in chosen
        }
    warehouse = open_warehouse(settings)
    with warehouse.lock.held("keep what a push would send"):
        with warehouse.connect("keep what a push would send") as connection:
            for realm_id, previews in by_realm.items():
                replace_previews(connection, realm_id, rows(previews, store.clock()))
                found += previews
        publish(warehouse, settings.analytics_path)
    if source is not None:
        found = [each for each in found if f"{each.source_kind}:{each.source_id}" == source]
    return DryRun(found, summary(found))
