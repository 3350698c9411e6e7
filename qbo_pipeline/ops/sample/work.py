"""The sample's tickets, timesheets and time entries, with the days and states that are difficult."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from qbo_pipeline.ops.sample.office import Office
from qbo_pipeline.ops.sample.rows import Row

_MODES = ("time", "fixed", "time", "covered", "none")
_WORK = (
    "Call with the customer",
    "Site visit",
    "Follow-up of last week's findings",
    "Repair and test",
    "Plans revised",
)


def write_tickets(office: Office, count: int) -> None:
    """Write `count` tickets, billed each way, two in three of them closed."""
    for number in range(1, count + 1):
        mode = _MODES[number % len(_MODES)]
        is_closed = number % 3 != 0
        closed = office.ago(1 + number * 2)
        office.rows.add(
            "tickets",
            id=office.id_for("ticket", number),
            business_entity_id=office.id,
            number=f"T-{9000 + number}",
            company_id=office.chance.choice(office.customers())["id"],
            title=f"{_WORK[number % len(_WORK)]}, no. {number}",
            status="closed" if is_closed else "cancelled" if number % 9 == 0 else "open",
            billing_mode=mode,
            # One fixed price was forgotten.
            fixed_price=Decimal(120 + 35 * number) if mode == "fixed" and number != 6 else None,
            product_id=office.goods()[number % len(office.goods())]["id"] if number % 4 else None,
            closed_at=office.at(closed) if is_closed else None,
            ready_to_bill=is_closed and number % 7 != 0,
            updated_at=office.at(closed),
        )


def write_time(office: Office, weeks: int) -> None:
    """Write a timesheet per person and week: old ones approved, the last submitted, the current a draft."""
    monday = office.as_of - timedelta(days=office.as_of.weekday())
    users = office.own("users")
    for week in range(weeks):
        start = monday - timedelta(weeks=week)
        for position, user in enumerate(users):
            _write_sheet(office, user, start, _state_of(week, position))
    for number, entry in enumerate(_difficult_entries(office, users), start=900):
        _write_entry(office, number, **entry)


def _state_of(week: int, position: int) -> str:
    if week < 2:
        return ("draft", "submitted")[week]
    return "changes_requested" if week == 3 and position == 1 else "approved"


def _write_sheet(office: Office, user: Row, start: date, status: str) -> None:
    decided = office.at(min(start + timedelta(days=8), office.as_of), 9)
    sheet_id = f"{user['id']}-{start:%G-W%V}"
    office.rows.add(
        "timesheets",
        id=sheet_id,
        business_entity_id=office.id,
        user_id=user["id"],
        period_start=start,
        period_end=start + timedelta(days=7),
        status=status,
        approval_version={"approved": 1, "changes_requested": 2}.get(status, 0),
        approved_by="u-manager" if status == "approved" else None,
        approved_at=decided if status == "approved" else None,
        updated_at=decided,
    )
    for weekday in range(5):
        day = start + timedelta(days=weekday)
        if day <= office.as_of:
            _write_day(office, user, day, timesheet_id=sheet_id, status=status, updated_at=decided)


def _write_day(office: Office, user: Row, day: date, **of_sheet: Any) -> None:
    number = f"{user['id']}-{day:%Y%m%d}"
    ticket = office.chance.choice(office.own("tickets"))
    kind = office.chance.choice(("billable", "billable", "billable", "no_charge", "covered", "not_billable"))
    is_own_work = kind == "not_billable"
    _write_entry(
        office,
        number,
        user=user,
        day=day,
        minutes=office.chance.choice((7, 13, 31, 45, 60, 95, 150, 240)),
        billable=kind,
        company_id=None if is_own_work else ticket["company_id"],
        ticket_id=None if is_own_work else ticket["id"],
        notes=office.chance.choice(_WORK),
        **of_sheet,
    )


def _write_entry(office: Office, number: int | str, *, user: Row, day: date, minutes: int, **changed: Any) -> None:
    facts = {
        "id": office.id_for("time", number),
        "business_entity_id": office.id,
        "user_id": user["id"],
        "work_date": day,
        "time_zone": office.time_zone,
        "minutes": minutes,
        "billable": "billable",
        "work_role": user["work_role"],
        "work_type": "On site",
        "status": "approved",
        "updated_at": office.at(min(day + timedelta(days=2), office.as_of), 9),
    }
    office.rows.add("time_entries", **facts | changed)


def _difficult_entries(office: Office, users: list[Row]) -> Iterator[dict[str, Any]]:
    """Entries on an approved sheet of the first person, each difficult in one way."""
    user, day = users[0], office.as_of - timedelta(days=office.as_of.weekday() + 26)
    sheet = next(
        each
        for each in office.own("timesheets")
        if each["user_id"] == user["id"] and each["period_start"] <= day < each["period_end"]
    )
    customer = office.customers()[0]["id"]
    common = {"user": user, "day": day, "timesheet_id": sheet["id"], "company_id": customer}
    # Rounded up to quarters of an hour each: 75 minutes; their sum rounded: 60.
    for minutes in (7, 13, 31):
        yield common | {"minutes": minutes, "notes": f"{minutes} minutes of one job"}
    yield common | _clocked(office, day, "22:15", minutes=210) | {"notes": "Across midnight"}
    for change in _clock_changes(office):
        yield (
            common
            | {"day": change}
            | _clocked(office, change, "00:30", minutes=180)
            | {"notes": "Through a change of the clocks"}
        )
    yield common | {"minutes": 0, "notes": "Nothing"}
    yield common | {"minutes": 45, "break_minutes": 45, "notes": "Nothing but a break"}
    yield common | {"minutes": -30, "notes": "A correction below zero"}
    yield common | {"minutes": 60, "break_minutes": 15, "notes": "With a break"}
    yield common | {"minutes": 60, "company_id": None, "notes": "Billable to nobody"}
    yield common | {"minutes": 60, "notes": "Deleted", "is_deleted": True}
    yield common | {"minutes": 60, "timesheet_id": None, "status": "submitted", "notes": "On no sheet, not approved"}
    yield common | {"minutes": 60, "status": "draft", "notes": "A draft on an approved sheet"}
    yield common | {"minutes": 25, "bill_minutes": 30, "rate": Decimal("99.50"), "notes": "Rounded and priced already"}
    yield common | {"minutes": 30, "work_role": "Nobody's role", "notes": "A role without a rate"}
    yield common | {"minutes": 30, "time_zone": "Asia/Tokyo", "notes": "Worked abroad"}
    yield common | {"minutes": 90, "notes": "Checked every joint, valve and seal. " * 130}


def _clocked(office: Office, day: date, at: str, *, minutes: int) -> dict[str, Any]:
    hour, minute = map(int, at.split(":"))
    begun = office.at(day, hour, minute)
    return {"started_at": begun, "ended_at": begun + timedelta(minutes=minutes), "minutes": minutes}


def _clock_changes(office: Office) -> list[date]:
    """The days of the last year with 23 or 25 hours."""
    days = (office.ago(back) for back in range(1, 366))
    return [day for day in days if _length(office, day) != timedelta(days=1)]


def _length(office: Office, day: date) -> timedelta:
    midnights = [
        datetime(each.year, each.month, each.day, tzinfo=office.zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    ]
    return midnights[1] - midnights[0]
