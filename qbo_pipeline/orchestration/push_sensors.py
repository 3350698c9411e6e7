"""What sets pushes going: a sensor per kind of document on the operational system's side, one on the outbox's.

A sensor asks one cheap question of a database that is no warehouse. Its run key is what it saw: the same news asks for one run,
and the outbox is what makes a document go out once, whatever was asked for how often.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from dagster import (
    DefaultSensorStatus,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from qbo_pipeline.orchestration.installation import Installation
from qbo_pipeline.orchestration.jobs import DERIVE_JOB, PUSH_JOB
from qbo_pipeline.orchestration.ops_assets import NO_SYSTEM
from qbo_pipeline.settings import read_settings

if TYPE_CHECKING:
    from qbo_pipeline.state.connections import Connection
    from qbo_pipeline.state.store import StateStore

_SECONDS = 60

# What each sensor watches; a document's lines count as the document.
WATCHED = {
    "quotes": ("quote", "quote_billing"),
    "sales_and_invoices": ("sale", "invoice", "ticket"),
    "purchase_orders": ("purchase_order", "vendor_bill", "expense_receipt"),
    "timesheets": ("timesheet", "time_entry"),
    "payments": ("payment", "application"),
}


def push_sensors() -> list[SensorDefinition]:
    """All sensors of the way out."""
    return [*(_document_sensor(name, kinds) for name, kinds in WATCHED.items()), _outbox_sensor()]


def _document_sensor(name: str, kinds: Sequence[str]) -> SensorDefinition:
    @sensor(
        name=f"new_{name}",
        job_name=DERIVE_JOB,
        minimum_interval_seconds=_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description=f"Watches {', '.join(kinds)} in the operational system; what changed becomes intents in the outbox.",
    )
    def watch() -> RunRequest | SkipReason:
        with Installation().state() as store:
            if not _business_entities(store):
                return SkipReason(
                    "No connection belongs to a business entity: `qbo-pipeline connect --business-entity`."
                )
        return _look(name, kinds)

    return watch


def _look(name: str, kinds: Sequence[str]) -> RunRequest | SkipReason:
    from qbo_pipeline.ops.database import open_ops  # noqa: PLC0415 - needed when a sensor looks
    from qbo_pipeline.ops.errors import OpsError  # noqa: PLC0415 - as above
    from qbo_pipeline.ops.watermarks import document_watermarks  # noqa: PLC0415 - as above

    try:
        database = open_ops(read_settings())
        if database is None:
            return SkipReason(NO_SYSTEM)
        with database:
            newest = [at for at in document_watermarks(database, kinds).values() if at is not None]
    except OpsError as error:
        return SkipReason(str(error))
    if not newest:
        return SkipReason("There is nothing of the kind yet.")
    return RunRequest(run_key=f"{name} through {max(newest).isoformat()}")


def _outbox_sensor() -> SensorDefinition:
    @sensor(
        name="due_in_the_outbox",
        job_name=PUSH_JOB,
        minimum_interval_seconds=_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Watches the outbox; what is due of an armed company goes out, at each company's own cadence.",
    )
    def watch(_: SensorEvaluationContext) -> RunRequest | SkipReason:
        with Installation().state() as store:
            due = [each for each in _business_entities(store) if _has_due(store, each)]
            if not due:
                return SkipReason("Nothing is due in the outbox of a company that may be pushed to now.")
            key = " ".join(f"{each.name}@{_slot(store, each).isoformat()}" for each in due)
        config = {"connections": [each.name for each in due], "by_hand": False}
        return RunRequest(run_key=key, run_config={"ops": {"push_outbox": {"config": config}}})

    return watch


def _business_entities(store: "StateStore") -> "list[Connection]":
    return [each for each in store.connections.all() if each.is_active and each.business_entity_id]


def _has_due(store: "StateStore", connection: "Connection") -> bool:
    from qbo_pipeline.outbound.push import is_due  # noqa: PLC0415 - needed when a sensor looks

    settings = store.push_settings.of(connection.realm_id)
    return (
        settings.armed_at is not None
        and is_due(settings, store.clock())
        and store.dispatch.has_due(connection.realm_id)
    )


def _slot(store: "StateStore", connection: "Connection") -> datetime:
    """The stretch of the company's cadence that now falls into: asking again within it asks for the same run."""
    now = store.clock()
    minutes = store.push_settings.of(connection.realm_id).choices.every_minutes
    return datetime.fromtimestamp(now.timestamp() // (minutes * 60) * minutes * 60, tz=now.tzinfo)
