"""Names and families of what reports are broken down by, and the preferences that shape them, read from the records."""

from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.source import Record

# What a list's record is called by in reports.
_NAMES = ("FullyQualifiedName", "DisplayName", "Name")


class Lists:
    """The lists of one company; valid while the caller holds the company's lock."""

    def __init__(self, records: CompanyRecords) -> None:
        self._records = records
        self._full_names: dict[tuple[str, str], str] = {}

    def full_name(self, entity: str, record_id: str) -> str:
        """A record's name with those of its parents: "Freeman Sporting Goods:55 Twin Lane"; "" for no record."""
        key = entity, record_id
        if key not in self._full_names:
            record = self._records.find(entity, record_id) or {}
            self._full_names[key] = next((record[name] for name in _NAMES if record.get(name)), "")
        return self._full_names[key]

    def parent(self, entity: str, record_id: str) -> str:
        """The id of the record above; "" at the top."""
        record = self._records.find(entity, record_id) or {}
        return record.get("ParentRef", {}).get("value", "")

    def documents(self, entity: str) -> list[Record]:
        """Every document of an entity; none of an entity the company lacks."""
        return list(self._records.each(entity))

    def description(self, account_id: str) -> str:
        """An account's description."""
        return (self._records.find("Account", account_id) or {}).get("Description", "")

    @property
    def ages_from_transaction_date(self) -> bool:
        """Whether ageing counts from the transaction's date instead of its due date."""
        return bool(self._preferences("ReportPrefs").get("CalcAgingReportFromTxnDate"))

    @property
    def tracks_departments(self) -> bool:
        """Whether transactions have a location."""
        return bool(self._preferences("AccountingInfoPrefs").get("TrackDepartments"))

    def _preferences(self, group: str) -> Record:
        return (self._records.find("Preferences", "1") or {}).get(group, {})
