"""The customers, vendors and employees of a generated company, built when asked for."""

from array import array
from collections.abc import Callable, Sequence

from qbo_pipeline.emulator.companies.generated.calendar import Calendar
from qbo_pipeline.emulator.companies.generated.directory import Directory, Person
from qbo_pipeline.emulator.companies.generated.ids import Ids
from qbo_pipeline.emulator.source import Record

_ENTERED_TOGETHER = 50  # Lists are imported, so that many names share a second.
_IMPORT_SECONDS = 800


class Parties:
    """The customers, vendors or employees of a company: `fields` adds what their kind shows besides the name."""

    def __init__(
        self,
        count: int,
        person: Callable[[int], Person],
        calendar: Calendar,
        fields: Callable[[int], Record],
    ) -> None:
        self._count, self._person, self._calendar, self._fields = count, person, calendar, fields
        first = int(person(0).id)
        self.ids = Ids(range(count), lambda position: first + position)

    def instants(self) -> tuple[Sequence[int], Sequence[int]]:
        entered = array("q", [self._entered(position) for position in range(self._count)])
        return entered, entered

    def record(self, position: int) -> Record:
        person, moment = self._person(position), self._calendar.text(self._entered(position))
        return {
            **self._fields(position),
            "DisplayName": person.name,
            "PrintOnCheckName": person.name.removesuffix(" (deleted)"),
            "Active": person.is_active,
            "domain": "QBO",
            "sparse": False,
            "Id": person.id,
            "SyncToken": "0",
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
        }

    def _entered(self, position: int) -> int:
        # Just before the company's first working day opens, so that no document is older than its customer.
        batch = position // _ENTERED_TOGETHER * _ENTERED_TOGETHER
        return self._calendar.instant(0, 1) - _IMPORT_SECONDS + batch * _IMPORT_SECONDS // self._count


def customer_fields(directory: Directory, open_balance: Callable[[int], int]) -> Callable[[int], Record]:
    """What a customer shows besides its name; its balance is the sum of its open invoices."""

    def fields(position: int) -> Record:
        person, balance = directory.customer(position), open_balance(position) / 100
        return {
            "FullyQualifiedName": person.name,
            "CompanyName": person.name.removesuffix(" (deleted)"),
            "Taxable": True,
            "Job": False,
            "BillWithParent": False,
            "IsProject": False,
            "Balance": balance,
            "BalanceWithJobs": balance,
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "PreferredDeliveryMethod": "Print",
            "PrimaryEmailAddr": {"Address": f"accounts{person.id}@example.com"},
            "BillAddr": {
                "Id": str(position + 2),
                "Line1": f"{position + 1} Example Way",
                "City": "Sample Springs",
                "CountrySubDivisionCode": "CA",
                "PostalCode": f"{90_000 + position % 6_000}",
            },
        }

    return fields


def vendor_fields(open_balance: Callable[[int], int]) -> Callable[[int], Record]:
    """What a vendor shows besides its name; its balance is the sum of its open bills."""

    def fields(position: int) -> Record:
        return {
            "Balance": open_balance(position) / 100,
            "Vendor1099": position % 5 == 0,
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        }

    return fields


def employee_fields(directory: Directory) -> Callable[[int], Record]:
    """What an employee shows besides the name."""

    def fields(position: int) -> Record:
        given, family = directory.employee(position).name.split(" ", maxsplit=1)
        return {"GivenName": given, "FamilyName": family, "BillableTime": True}

    return fields
