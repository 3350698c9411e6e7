"""Hours worked."""

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, reference

WORKED = {"NameOf": "Employee", "EmployeeRef": reference("55"), "TxnDate": "2026-02-03"}
BILLABLE = {"BillableStatus": "Billable", "CustomerRef": reference("1"), "HourlyRate": 50, "Hours": 1}


def test_a_duration_is_answered_in_hours_and_minutes(landscaping: Bookkeeper) -> None:
    hours = landscaping.post("timeactivity", WORKED | {"Hours": 2})
    assert (hours["Hours"], hours["Minutes"], hours["BillableStatus"], hours["Taxable"]) == (2, 0, "NotBillable", False)
    assert hours["ItemRef"]["value"] == "2"  # the company's default


def test_times_replace_a_duration_and_come_back_whole(landscaping: Bookkeeper) -> None:
    hours = landscaping.post("timeactivity", WORKED | {"Hours": 2})
    times = {"StartTime": "08:00:00-08:00", "EndTime": "10:30:00-08:00", "BreakMinutes": 15}
    named = {"Id": hours["Id"], "SyncToken": "0", "sparse": True, "NameOf": "Employee"}
    changed = landscaping.post("timeactivity", named | times)
    assert (changed["StartTime"], changed["EndTime"]) == ("2026-02-03T08:00:00-08:00", "2026-02-03T10:30:00-08:00")
    assert "Hours" not in changed
    assert landscaping.delete("timeactivity", changed)["status"] == "Deleted"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"NameOf": "Robot", "Hours": 1}, "6300"),
        ({"NameOf": "Vendor", "Hours": 1}, "6290"),
        ({"VendorRef": reference("30"), "Hours": 1}, "6290"),
        ({"EmployeeRef": reference("999"), "Hours": 1}, "2500"),
        (BILLABLE | {"CustomerRef": None}, "6310"),
        (BILLABLE | {"HourlyRate": None}, "6330"),
        (BILLABLE | {"BillableStatus": "HasBeenBilled"}, "2170"),
        (BILLABLE | {"BillableStatus": "Perhaps"}, "6320"),
        ({}, "6350"),
        ({"Hours": 1.5}, "6340"),
        ({"Hours": 1, "Minutes": 60}, "6340"),
        ({"Hours": 8761}, "6380"),
        ({"Hours": "many"}, "2100"),
        ({"StartTime": "08:00:00-08:00"}, "6360"),
        ({"StartTime": "eight", "EndTime": "09:00:00-08:00"}, "6360"),
        ({"StartTime": "10:00:00-08:00", "EndTime": "09:00:00-08:00"}, "6370"),
        ({"StartTime": "08:00:00-08:00", "EndTime": "09:00:00-08:00", "BreakHours": 2}, "6360"),
        ({"StartTime": "08:00:00-08:00", "EndTime": "09:00:00-08:00", "Hours": 1}, "6390"),
        ({"Hours": 1, "Description": "d" * 4001}, "2050"),
    ],
)
def test_hours_that_cannot_be_are_refused(untouched: Bookkeeper, content, code) -> None:
    assert untouched.refused("timeactivity", WORKED | content) == code
