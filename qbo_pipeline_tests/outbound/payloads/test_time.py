"""Hours worked: what exactly is sent, and that QuickBooks takes it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qbo_pipeline.outbound.document import TimeWorked
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline_tests.outbound.payloads.desk import TODAY, Desk

NEW_YORK = ZoneInfo("America/New_York")


def worked(source_id: str, **fields: Any) -> TimeWorked:
    usual = {
        "business_entity_id": "be1",
        "source_kind": "time_entry",
        "user_id": "ann",
        "transaction_date": TODAY,
        "minutes": 95,
    }
    return TimeWorked(source_id=source_id, **usual | fields)


def test_billable_time_of_an_employee_is_sent_whole(us: Desk) -> None:
    wanted = worked(
        "e1", customer_id="acme", product_id="labour", is_billable=True, rate=Decimal("150.00"), description="On site"
    )

    assert us.content(wanted) == {
        "TxnDate": "2026-08-16",
        "NameOf": "Employee",
        "EmployeeRef": {"value": "55"},
        "CustomerRef": {"value": "1"},
        "ItemRef": {"value": "2"},
        "Description": "On site",
        "Hours": 1,
        "Minutes": 35,
        "BillableStatus": "Billable",
        "HourlyRate": Decimal(150),
    }
    assert us.send(wanted)["BillableStatus"] == "Billable"


def test_time_of_a_contractor_names_the_vendor(uk: Desk) -> None:
    record = uk.send(worked("e2", user_id="bob", class_code="ADV"))

    assert (record["NameOf"], record["VendorRef"]["value"], record["BillableStatus"]) == ("Vendor", "34", "NotBillable")
    assert record["ClassRef"]["value"] == "5000000000000085682"


def test_clock_times_are_sent_with_the_break_between_them_and_no_duration(us: Desk) -> None:
    times = {
        "started_at": datetime(2026, 8, 16, 9, tzinfo=NEW_YORK),
        "ended_at": datetime(2026, 8, 16, 17, 30, tzinfo=NEW_YORK),
    }
    wanted = worked("e3", minutes=450, **times)

    content = us.content(wanted)

    assert content["StartTime"] == "2026-08-16T09:00:00-04:00"
    assert content["EndTime"] == "2026-08-16T17:30:00-04:00"
    assert (content["BreakHours"], content["BreakMinutes"]) == (1, 0)
    assert not {"Hours", "Minutes"} & content.keys()
    us.send(wanted)
    with pytest.raises(Refused, match="6390"):
        us.post("TimeActivity", content | {"Hours": 7, "Minutes": 30})


def test_a_night_of_25_hours_has_the_minutes_that_passed(us: Desk) -> None:
    times = {
        "started_at": datetime(2026, 11, 1, 0, tzinfo=NEW_YORK),
        "ended_at": datetime(2026, 11, 1, 3, tzinfo=NEW_YORK),
    }

    content = us.content(worked("e4", minutes=240, **times))

    assert (content["StartTime"][-6:], content["EndTime"][-6:]) == ("-04:00", "-05:00")
    assert "BreakHours" not in content


def test_clock_times_that_cannot_hold_the_minutes_give_way_to_them(us: Desk) -> None:
    times = {
        "started_at": datetime(2026, 8, 16, 9, tzinfo=NEW_YORK),
        "ended_at": datetime(2026, 8, 16, 10, tzinfo=NEW_YORK),
    }

    content = us.content(worked("e5", minutes=90, **times))

    assert (content["Hours"], content["Minutes"]) == (1, 30)
    assert "StartTime" not in content


def test_billable_time_without_a_rate_or_a_customer_is_held_as_quickbooks_refuses_it(us: Desk) -> None:
    assert us.held(worked("e6", is_billable=True, customer_id="acme")) == "no_rate"
    assert us.held(worked("e7", is_billable=True, rate=Decimal(10))) == "no_customer"

    content = us.content(worked("e8")) | {"BillableStatus": "Billable"}
    with pytest.raises(Refused, match="6310"):
        us.post("TimeActivity", content)


def test_a_worker_nobody_mapped_is_held(us: Desk) -> None:
    assert us.held(worked("e9", user_id="carol")) == "unmapped_worker"


def test_time_longer_than_a_year_is_held(us: Desk) -> None:
    assert us.held(worked("e10", minutes=8761 * 60)) == "too_long"


def test_nothing_is_ever_said_to_be_billed_already_which_quickbooks_refuses(us: Desk) -> None:
    content = us.content(worked("e11", customer_id="acme"))

    assert content["BillableStatus"] == "NotBillable"
    with pytest.raises(Refused, match="2170"):
        us.post("TimeActivity", content | {"BillableStatus": "HasBeenBilled"})
