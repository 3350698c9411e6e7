"""What the outbound models are built of: the operational system's tables, and what the state store knows of pushes.

An operational system's change builds the outbound models only, and a company's change none of them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from qbo_pipeline.ops.schema import SCHEMA as OPS_SCHEMA

if TYPE_CHECKING:
    from qbo_pipeline.state.store import StateStore
    from qbo_pipeline.warehouse.file import Warehouse


def note_push_settings(store: "StateStore", warehouse: "Warehouse") -> dict[str, date]:
    """Write each company's push settings and the work that is billed where the models read them; today by business entity."""
    from qbo_pipeline.ops.arrow import arrow_schema  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.ops.schema import TABLES  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.push_setting import write_push_settings  # noqa: PLC0415 - loaded by a run
    from qbo_pipeline.warehouse.source_tables import ensure_tables  # noqa: PLC0415 - loaded by a run

    settings = [
        _setting(store, each.realm_id, each.business_entity_id)
        for each in store.connections.all()
        if each.business_entity_id is not None
    ]
    billed = [
        {"realm_id": each.realm_id, "billed_by_kind": each.billed_by_kind, "billed_by_id": each.billed_by_id}
        | asdict(each.work)
        for each in store.claims.gone_out()
    ]
    with warehouse.connect("note the push settings") as connection:
        ensure_tables(connection, OPS_SCHEMA, {table.name: arrow_schema(table) for table in TABLES})
        return write_push_settings(connection, settings, billed, store.clock())


def readers_of_ops_tables(manifest: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """For each table of the operational system the models that read it: the names and wordings they note their reading by."""
    readers: dict[str, list[tuple[str, str]]] = {}
    for props in manifest["nodes"].values():
        if props["resource_type"] == "model" and props["schema"] == "outbound":
            for _, table in (source for source in props["sources"] if source[0] == OPS_SCHEMA):
                name = f"{props['schema']}.{props['alias']} of {OPS_SCHEMA}.{table}"
                readers.setdefault(table, []).append((name, _wording(props)))
    return readers


def _wording(props: Mapping[str, Any]) -> str:
    """A model's wording as its own note of what it read tells it."""
    wording = props["raw_code"] + props["config"]["meta"]["outbound_definition"]
    return hashlib.md5(wording.encode(), usedforsecurity=False).hexdigest()


def _setting(store: "StateStore", realm_id: str, business_entity_id: str) -> dict[str, object]:
    settings = store.push_settings.of(realm_id)
    return {
        "realm_id": realm_id,
        "business_entity_id": business_entity_id,
        "go_live_date": settings.go_live_date,
        "estimate_from": settings.choices.estimate_from,
        "time_lines": settings.choices.time_lines,
        "show_covered_time": settings.choices.show_covered_time,
    }
