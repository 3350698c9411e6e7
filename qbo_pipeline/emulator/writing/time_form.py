"""Hours worked: by an employee or a vendor, as a duration or from one time to another, billable only to a customer at a rate."""

from datetime import datetime, timedelta

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.instants import PACIFIC
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.entry import Entry
from qbo_pipeline.emulator.writing.refusals import invalid_enumeration

_LONGEST_HOURS = 8760
_TIMES = ("StartTime", "EndTime", "BreakHours", "BreakMinutes")
_DURATION = ("Hours", "Minutes")


def complete_time(entry: Entry) -> None:
    """Complete hours worked."""
    record = entry.record
    _keep_one_duration(entry)
    _check_worker(record)
    _check_billing(entry)
    item = entry.desk.preference("TimeTrackingPrefs", "DefaultTimeItem")
    if entry.is_new and item:
        record.setdefault("ItemRef", item)
    if "StartTime" in record or "EndTime" in record:
        _check_times(record)
    else:
        _check_duration(record)
    record.setdefault("Taxable", False)


def _keep_one_duration(entry: Entry) -> None:
    """An update that gives times replaces a duration, and the other way round."""
    for given, replaced in ((_TIMES, _DURATION), (_DURATION, _TIMES)):
        if not entry.is_new and any(name in entry.content for name in given):
            for name in replaced:
                if name not in entry.content:
                    entry.record.pop(name, None)


def _check_worker(record: Record) -> None:
    worker = record["NameOf"]
    if worker not in ("Employee", "Vendor"):
        raise QboFault(400, "6300", "Invalid Employee Or Vendor Name", "NameOf must be Employee or Vendor", "NameOf")
    other = {"Employee": "VendorRef", "Vendor": "EmployeeRef"}[worker]
    if f"{worker}Ref" not in record or other in record:
        detail = "You must specify either an employee or a vendor, the one that NameOf says"
        raise QboFault(400, "6290", "Invalid Employee Or Vendor", detail, f"{worker}Ref")


def _check_billing(entry: Entry) -> None:
    record = entry.record
    status = record.setdefault("BillableStatus", "NotBillable")
    if status not in ("Billable", "NotBillable") and (entry.before or {}).get("BillableStatus") != status:
        if status == "HasBeenBilled":
            raise invalid_enumeration("BillableStatus", "HAS_BEEN_BILLED")
        raise QboFault(400, "6320", "Invalid Billable", f"Invalid billable status: {status}", "BillableStatus")
    if status == "Billable" and "CustomerRef" not in record:
        raise QboFault(
            400, "6310", "Missing Customer", "A customer is required if the transaction is billable", "CustomerRef"
        )
    if (status == "Billable" and record.get("HourlyRate") is None) or amount(record.get("HourlyRate")) < 0:
        raise QboFault(400, "6330", "Missing Billing Rate", "Invalid hourly rate", "HourlyRate")


def _check_times(record: Record) -> None:
    if "Hours" in record or "Minutes" in record:
        detail = "Give either Hours and Minutes or StartTime and EndTime"
        raise QboFault(400, "6390", "Invalid Multiple Durations", detail)
    if "StartTime" not in record or "EndTime" not in record:
        raise QboFault(400, "6360", "Invalid Start Or End Time", "Enter a valid start and end time")
    start, end = (_moment(record, name) for name in ("StartTime", "EndTime"))
    if start > end:
        raise QboFault(400, "6370", "Start Time After End Time", "The start time is after the end time", "StartTime")
    pause = timedelta(hours=int(record.get("BreakHours", 0)), minutes=int(record.get("BreakMinutes", 0)))
    if pause > end - start:
        raise QboFault(400, "6360", "Invalid Start Or End Time", "Break times are longer than the elapsed time")


def _moment(record: Record, name: str) -> datetime:
    """A time of the day worked, written as QuickBooks answers it: a full date-time in the company's own offset."""
    text = str(record[name])
    try:
        moment = datetime.fromisoformat(text if "-" in text[:8] else f"{record['TxnDate']}T{text}")
    except ValueError as error:
        raise QboFault(400, "6360", "Invalid Start Or End Time", f"Enter a valid {name}", name) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
    record[name] = moment.isoformat()
    return moment


def _check_duration(record: Record) -> None:
    if record.get("Hours") is None and record.get("Minutes") is None:
        raise QboFault(400, "6350", "Missing Time", "Time (hours:minutes) is missing", "Hours")
    hours, minutes = amount(record.get("Hours")), amount(record.get("Minutes"))
    if hours % 1 or minutes % 1 or hours < 0 or not 0 <= minutes < 60:
        raise QboFault(400, "6340", "Invalid Time", "You must specify a time (hours:minutes)", "Hours")
    if hours > _LONGEST_HOURS or hours + minutes == 0:
        raise QboFault(400, "6380", "Invalid Duration", "The time duration isn't within the valid range", "Hours")
    record["Hours"], record["Minutes"] = int(hours), int(minutes)
