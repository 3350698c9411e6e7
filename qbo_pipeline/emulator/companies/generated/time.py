"""The hours worked in a generated company; they have a counter of their own, as in QuickBooks."""

from array import array
from collections.abc import Sequence

from qbo_pipeline.emulator.companies.generated.calendar import Calendar
from qbo_pipeline.emulator.companies.generated.directory import Directory
from qbo_pipeline.emulator.companies.generated.draws import Draws, table_random
from qbo_pipeline.emulator.companies.generated.ids import Ids
from qbo_pipeline.emulator.companies.generated.items import sale_items
from qbo_pipeline.emulator.source import Record


class TimeActivities:
    """The time activity at each position: a quarter hour to nine hours of one employee for one customer."""

    def __init__(self, count: int, *, seed: int, calendar: Calendar, directory: Directory) -> None:
        self._count, self._calendar, self._directory = count, calendar, directory
        self._draws = Draws(seed, "TimeActivity")
        self._services = [item for item in sale_items(table_random(seed, "Item")) if item.is_service]
        self.ids = Ids(range(count), lambda position: position + 1)

    def instants(self) -> tuple[Sequence[int], Sequence[int]]:
        entered = array("q", self._calendar.instants(range(self._count), self._count))
        return entered, entered

    def record(self, position: int) -> Record:
        draw, directory = self._draws.at(position), self._directory
        moment = self._calendar.text(self._calendar.instant(position, self._count))
        service = self._services[draw[0] % len(self._services)]
        chance = int.from_bytes(draw[8:12])
        hours, quarter = divmod(1 + draw[1] % 36, 4)
        return {
            "TxnDate": moment[:10],
            "NameOf": "Employee",
            "EmployeeRef": directory.employee(int.from_bytes(draw[4:8]) % directory.employees).reference,
            # The square favours the first customers, who are the busiest.
            "CustomerRef": directory.customer(directory.customers * chance * chance >> 64).reference,
            "ItemRef": {"value": service.id, "name": service.name},
            "BillableStatus": "Billable" if draw[2] % 3 else "NotBillable",
            "Taxable": False,
            "HourlyRate": service.cents // 100,
            "Hours": hours,
            "Minutes": quarter * 15,
            "Description": service.description,
            "domain": "QBO",
            "sparse": False,
            "Id": str(position + 1),
            "SyncToken": "0",
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
        }
