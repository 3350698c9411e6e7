"""Whether a company's contracts may be billed at all, and by which days and settings."""

from datetime import date, datetime

from qbo_pipeline.ops.recurring import RecurringRows
from qbo_pipeline.outbound.recurring.due import local_date
from qbo_pipeline.outbound.recurring.judging import Rules
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.push_settings import PushSettings

INVOICES_MAX = 24
"""How many new invoices of one contract a scan makes unless told otherwise; the others follow with the next."""


def refusal(connection: Connection, settings: PushSettings, rows: RecurringRows | None) -> str | None:
    """Why a company's contracts are not billed; None where they are."""
    name = connection.name
    against = {
        f"Connection {name} is inactive: {connection.reason or 'disconnected'}.": not connection.is_active,
        f"Connection {name} belongs to no business entity: connect it with --business-entity.": rows is None
        and connection.business_entity_id is None,
        f"The operational system has no business entity {connection.business_entity_id}.": rows is None,
        f"Connection {name} is not armed: `qbo-pipeline push --arm --connection {name}`.": settings.armed_at is None,
        f"Connection {name} has no go-live date: give the first day whose documents are pushed.": rows is not None
        and _go_live_date(settings, rows) is None,
        f"Connection {name} pushes no invoices, as its push setting targets says.": bool(settings.choices.targets)
        and "Invoice" not in settings.choices.targets,
    }
    return next((reason for reason, holds in against.items() if holds), None)


def rules_for(settings: PushSettings, rows: RecurringRows, now: datetime, *, invoices_max: int = INVOICES_MAX) -> Rules:
    """The rules of a company that is not refused, at an instant."""
    return Rules(
        today=local_date(now, rows.entity["time_zone"]),
        go_live_date=_go_live_date(settings, rows) or date.max,
        holidays=rows.holidays,
        hold_over_unapproved_time=settings.choices.hold_contract_over_unapproved_time,
        invoices_max=invoices_max,
    )


def _go_live_date(settings: PushSettings, rows: RecurringRows) -> date | None:
    """The later of both days: neither side's fence is climbed over."""
    return max((day for day in (settings.go_live_date, rows.entity["go_live_date"]) if day is not None), default=None)
