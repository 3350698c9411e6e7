"""What a caller asks of a report: the parameters of its URL, read as what they should be or refused.

Names QuickBooks does not know are ignored, as it does. Which codes it refuses bad values with is not recorded; they are the
ones it uses for bad values of records.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from qbo_pipeline.emulator.faults import invalid_value
from qbo_pipeline.emulator.writing.refusals import invalid_date, invalid_enumeration


class Parameters:
    """The parameters by name; those given empty count as not given."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = {name: value.strip() for name, value in given.items() if value.strip()}

    def text(self, name: str) -> str | None:
        """A parameter as given."""
        return self._given.get(name)

    def day(self, name: str) -> date | None:
        """A date; anything else than a day of the calendar is refused."""
        value = self.text(name)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            raise invalid_date(name, value or "", is_format=True) from None

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """One of the values QuickBooks documents, in its spelling; case does not matter."""
        value = self.text(name)
        if value is None:
            return default
        spellings = {choice.lower(): choice for choice in choices}
        if value.lower() not in spellings:
            raise invalid_enumeration(name, value)
        return spellings[value.lower()]

    def number(self, name: str, default: int, least: int) -> int:
        """A whole number, at least `least`."""
        value = self.text(name)
        if value is None:
            return default
        if not value.lstrip("-").isdecimal() or int(value) < least:
            raise invalid_value(name, value)
        return int(value)

    def listed(self, name: str) -> list[str]:
        """The comma-separated values of a parameter."""
        return [value.strip() for value in self._given.get(name, "").split(",") if value.strip()]

    def ids(self, name: str) -> frozenset[str]:
        """The comma-separated ids of a filter; none means that it does not filter."""
        ids = frozenset(self.listed(name))
        for record_id in ids:
            if not record_id.isdecimal():
                raise invalid_value(name, record_id)
        return ids
