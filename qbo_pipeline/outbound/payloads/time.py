"""Time activities: hours somebody worked, never said to be billed already."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.outbound.document import TimeWorked
from qbo_pipeline.outbound.payloads.lookup import Lookup, given
from qbo_pipeline.outbound.payloads.pricing import AMOUNT_MAX, plain

_HOURS_MAX = 8760
_RATE_PLACES = Decimal("0.00001")


def time_activity(worked: TimeWorked, look: Lookup) -> dict[str, Any]:
    """A time activity as QuickBooks takes it; what is missing or must not go out is noted in `look`."""
    worker = look.found(look.resolver.worker(worked.user_id))
    return given(
        {
            "TxnDate": worked.transaction_date.isoformat(),
            **({"NameOf": worker.target, f"{worker.target}Ref": {"value": worker.qbo_id}} if worker else {}),
            "CustomerRef": None if worked.customer_id is None else look.party("customer", worked.customer_id),
            "ItemRef": None if worked.product_id is None else look.reference(look.resolver.item(worked.product_id)),
            "ClassRef": look.class_(worked.class_code, on="line") or look.class_(worked.class_code, on="document"),
            "Description": worked.description,
            **_span(worked, look),
            **_billing(worked, look),
        }
    )


def _span(worked: TimeWorked, look: Lookup) -> dict[str, Any]:
    """Clock times where they are known and hold the minutes worked, the rest a break; else the duration. Never both."""
    start, end = worked.started_at, worked.ended_at
    if start is not None and end is not None and start.tzinfo is not None and end.tzinfo is not None:
        # Elapsed, not by the clock on the wall: a day of 23 or 25 hours is one.
        paused = (end - start) - timedelta(minutes=worked.minutes)
        if timedelta(0) <= paused < timedelta(days=1):
            hours, minutes = divmod(int(paused.total_seconds()) // 60, 60)
            pause = {"BreakHours": hours, "BreakMinutes": minutes} if hours or minutes else {}
            shown = {"StartTime": start.isoformat(timespec="seconds"), "EndTime": end.isoformat(timespec="seconds")}
            return shown | pause
    hours, minutes = divmod(worked.minutes, 60)
    if hours > _HOURS_MAX:
        look.hold(
            "too_long",
            f"It lasts {hours} hours, more than the {_HOURS_MAX} QuickBooks takes. Correct it in the source.",
        )
    return {"Hours": hours, "Minutes": minutes}


def _billing(worked: TimeWorked, look: Lookup) -> dict[str, Any]:
    if not worked.is_billable:
        return {"BillableStatus": "NotBillable"}
    if worked.customer_id is None:
        look.hold(
            "no_customer", "It is billable to nobody. Give the time a customer in the source, or make it not billable."
        )
    if worked.rate is None or not 0 <= worked.rate <= AMOUNT_MAX:
        look.hold(
            "no_rate", "It is billable and has no rate that QuickBooks takes. Give the time a rate in the source."
        )
    rate = None if worked.rate is None else plain(worked.rate.quantize(_RATE_PLACES))
    return given({"BillableStatus": "Billable", "HourlyRate": rate})
