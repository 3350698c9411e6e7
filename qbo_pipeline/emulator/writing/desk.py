"""What a write is judged and completed by besides the record itself: the draft, the company's preferences and country."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from qbo_pipeline.emulator.books.records import CompanyRecords, Draft
from qbo_pipeline.emulator.instants import today
from qbo_pipeline.emulator.source import Record


@dataclass(frozen=True)
class Desk:
    """One write's surroundings."""

    draft: Draft
    country: str

    @property
    def records(self) -> CompanyRecords:
        """The books as they stand."""
        return self.draft.records

    @property
    def today(self) -> date:
        """The company's date."""
        return today(self.draft.moment)

    @property
    def is_us(self) -> bool:
        """Whether lines carry TAX or NON only, the rate coming from the document."""
        return self.country == "US"

    def preference(self, group: str, name: str) -> Any:
        """A preference, None where the company has none of that name."""
        return self._preferences().get(group, {}).get(name)

    def warns(self, name: str) -> bool:
        """Whether one of the company's other preferences, kept as name and text, is on."""
        pairs = self._preferences().get("OtherPrefs", {}).get("NameValue", ())
        return any(pair.get("Name") == name and str(pair.get("Value")).lower() == "true" for pair in pairs)

    def referred(self, record: Record, reference: str, entity: str) -> Record:
        """The record that a reference names, empty where there is none."""
        record_id = (record.get(reference) or {}).get("value")
        return (self.records.find(entity, record_id) if record_id else None) or {}

    def _preferences(self) -> Record:
        return next(self.records.each("Preferences"), {})
