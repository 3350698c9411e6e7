"""The tables of schema `sync` that are not models: copied and noted before each publishing, so that it carries them.

Like everything after the models, these wait for a run that built something: an idle run costs nothing here, and what it
logged comes with the next.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    TableRecord,
    multi_asset,
)

from qbo_pipeline.orchestration.dbt_project import manifest_path
from qbo_pipeline.orchestration.installation import WAREHOUSE_POOL, Installation
from qbo_pipeline.orchestration.model_assets import ALWAYS_BUILT_KEY, OUTBOUND_KEY
from qbo_pipeline.orchestration.ownership import OWNERS
from qbo_pipeline.settings import Settings

if TYPE_CHECKING:
    from qbo_pipeline.state.store import StateStore
    from qbo_pipeline.state.sync_log import LogEntry
    from qbo_pipeline.warehouse.query import Connection
    from qbo_pipeline.warehouse.unknown_fields import KnownFields, UnknownField

UNKNOWN_FIELD_KEY = AssetKey(["sync", "unknown_field"])
_DESCRIPTIONS = {
    "run": "One row per run and connection: calls, rows and seconds.",
    "log": "One row per run, connection and entity: created, updated, deleted, or the reason it was left out.",
    "connection": "One row per connection as it stands, without secrets.",
    "customer_mapping": "One row per customer of the books that stands for one of the operational system.",
    "push": "One row per thing that must happen in QuickBooks: its state, why, whose move it is, and what it became.",
    "push_attempt": "One row per request sent for one of them, and what came back.",
    "unknown_field": "One row per field QuickBooks sends that no model reads.",
}
SYNC_KEYS = [AssetKey(["sync", name]) for name in _DESCRIPTIONS]
_NO_UNKNOWN_FIELDS = AssetCheckSpec(
    name="no_unknown_fields",
    asset=UNKNOWN_FIELD_KEY,
    description="Names each field QuickBooks sends that no model reads; its values are kept in the raw payload meanwhile.",
)


@multi_asset(
    name="sync_tables",
    specs=[
        AssetSpec(
            AssetKey(["sync", name]),
            deps=[ALWAYS_BUILT_KEY, OUTBOUND_KEY],
            description=description,
            group_name="sync",
            owners=OWNERS,
            kinds={"duckdb"},
            metadata={"dagster/table_name": f"sync.{name}"},
        )
        for name, description in _DESCRIPTIONS.items()
    ],
    check_specs=[_NO_UNKNOWN_FIELDS],
    pool=WAREHOUSE_POOL,
)
def sync_tables(
    context: AssetExecutionContext, installation: Installation
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Copy the sync log and note what no model reads."""
    from qbo_pipeline.warehouse.unknown_fields import note_unknown_fields  # noqa: PLC0415 - loaded by a run

    known = known_fields(installation.settings())
    with installation.state() as store, installation.warehouse().connect("copy the sync log") as connection:
        copied = copy_sync_log(store, connection)
        pushes = copy_push_ledger(store, connection)
        copy_customer_mappings(store, connection)
        unknown = note_unknown_fields(connection, known)
    context.log.info("Copied %d runs of the sync log and %d intents of the outbox.", copied, pushes)
    for key in SYNC_KEYS:
        yield MaterializeResult(asset_key=key)
    yield _check(unknown)


def copy_sync_log(store: "StateStore", connection: "Connection") -> int:
    """Bring `sync.run`, `sync.log` and `sync.connection` up to the state store; how many runs that took."""
    from qbo_pipeline.warehouse.sync_tables import (  # noqa: PLC0415 - loaded by a run
        copied_runs,
        copy_runs,
        replace_connections,
    )

    since, copied = copied_runs(connection)
    missing = [
        run for run in store.sync_log.runs(limit=None, since=since) if (run.run_id, run.finished_at) not in copied
    ]
    for run in reversed(missing):
        lines = [_line(entry) for entry in store.sync_log.entries(run_id=run.run_id)]
        copy_runs(connection, [asdict(run)], lines)
    replace_connections(connection, [asdict(each) | {"connection": each.name} for each in store.connections.all()])
    return len(missing)


def copy_push_ledger(store: "StateStore", connection: "Connection") -> int:
    """Bring `sync.push` and `sync.push_attempt` up to the outbox; how many intents that took."""
    from qbo_pipeline.state.push_ledger import push_ledger  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.push_tables import copied_through, copy_pushes  # noqa: PLC0415 - loaded by a run

    pushes, attempts = push_ledger(store, copied_through(connection))
    copy_pushes(connection, pushes, attempts)
    return len(pushes)


def copy_customer_mappings(store: "StateStore", connection: "Connection") -> int:
    """Bring `sync.customer_mapping` up to the links of every business entity's company; how many customers are mapped."""
    from qbo_pipeline.warehouse.sync_tables import replace_customer_mappings  # noqa: PLC0415 - loaded by a run

    rows = [
        {
            "business_entity_id": each.business_entity_id,
            "realm_id": each.realm_id,
            "qbo_customer_id": link.qbo_id,
            "source_customer_id": link.source_id,
        }
        for each in store.connections.all()
        if each.business_entity_id is not None
        for link in store.links.of(each.realm_id, "Customer")
        if link.source_kind == "customer" and link.status == "live"
    ]
    replace_customer_mappings(connection, rows)
    return len(rows)


def known_fields(settings: Settings) -> "list[KnownFields]":
    """What the models read of each entity, as the manifest has it."""
    from qbo_pipeline.warehouse.unknown_fields import KnownFields  # noqa: PLC0415 - loaded by a run

    manifest = json.loads(manifest_path(settings).read_text())
    typed = [node["config"]["meta"]["typed_table"] for node in manifest["nodes"].values() if _is_typed(node)]
    return [
        KnownFields(
            table=model["entity"],
            reads=frozenset(path for other in typed if other["entity"] == model["entity"] for path in other["reads"]),
            ignores=model["record"]["ignores"],
            is_wrapped=model["record"]["is_wrapped"],
        )
        for model in typed
        if model["record"]
    ]


def _is_typed(node: dict) -> bool:
    return node["resource_type"] == "model" and "typed_table" in node["config"]["meta"]


def _line(entry: "LogEntry") -> dict[str, object]:
    return asdict(entry) | {"seconds": Decimal(f"{entry.seconds:.3f}")}


def _check(unknown: "list[UnknownField]") -> AssetCheckResult:
    rows = [
        TableRecord(
            {"entity": each.entity, "path": each.path, "records": each.records, "last_seen": str(each.last_seen)}
        )
        for each in unknown
    ]
    return AssetCheckResult(
        asset_key=UNKNOWN_FIELD_KEY,
        check_name=_NO_UNKNOWN_FIELDS.name,
        passed=not unknown,
        severity=AssetCheckSeverity.WARN,
        metadata={"unknown_fields": len(unknown)} | ({"fields": MetadataValue.table(rows)} if rows else {}),
    )
