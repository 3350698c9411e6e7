"""What the posting rules look up while they turn records into entries: items, tax agencies, control accounts, headings."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import PAYABLE, RECEIVABLE, Chart
from qbo_pipeline.emulator.accounting.entries import Entry, Leg
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.instants import epoch
from qbo_pipeline.emulator.source import Record

_PARTY_ACCOUNTS = {"Customer": (RECEIVABLE, "ARAccountRef"), "Vendor": (PAYABLE, "APAccountRef")}


class Lookups:
    """A company's records as the posting rules read them; `unshown` are the transactions the API hides, by kind."""

    def __init__(self, records: CompanyRecords, unshown: Mapping[str, Sequence[Record]]) -> None:
        self.records = records
        self.unshown = unshown
        preferences = next(records.each("Preferences"), {})
        self.home_currency: str = reference(preferences.get("CurrencyPrefs", {}), "HomeCurrency") or "USD"
        self.chart = Chart(records, self.home_currency)
        self._party_accounts: dict[tuple[str, str], str] = {}
        self._items = {record["Id"]: record for record in records.each("Item")}
        self._agencies = {record["Id"]: reference(record, "AgencyRef") for record in records.each("TaxRate")}
        self._tax_accounts: dict[str, str] = {}

    def entry(self, entity: str, record: Record, display_type: str, head: Leg | None, **heading: str) -> Entry:
        """An entry with a record's heading and no sides but its head; `heading` overrides number or entity."""
        due_date = record.get("DueDate")
        return Entry(
            transaction_id=record["Id"],
            entity=heading.get("entity", entity),
            display_type=display_type,
            date=day_of(record),
            created=created_at(record),
            number=heading.get("number", record.get("DocNumber", "")),
            currency=self.currency(record),
            rate=self.rate(record),
            head=head,
            due_date=date.fromisoformat(due_date) if due_date else None,
        )

    def currency(self, record: Record) -> str:
        """The currency a document is written in."""
        return reference(record, "CurrencyRef") or self.home_currency

    def rate(self, record: Record) -> Decimal:
        """Home units for one unit of a document's currency."""
        is_home = self.currency(record) == self.home_currency
        return Decimal(1) if is_home else amount(record.get("ExchangeRate")) or Decimal(1)

    def item(self, item_id: str) -> Record:
        """An item's record; empty for QuickBooks' pseudo items (shipping)."""
        return self._items.get(item_id, {})

    def counted_item(self, item_id: str, day: date) -> Record | None:
        """An item whose stock is counted on a day: before its InvStartDate it is bought and sold like any other good."""
        item = self.item(item_id)
        if item.get("Type") != "Inventory" or day.isoformat() < item.get("InvStartDate", ""):
            return None
        return item

    def counted_items(self) -> Iterator[Record]:
        """Every item whose stock is counted, from whichever day."""
        return (item for item in self._items.values() if item.get("Type") == "Inventory")

    def tax_account(self, rate_id: str) -> str:
        """The liability account of the agency that a tax rate belongs to; for no rate, that of the first agency."""
        if rate_id not in self._tax_accounts:
            self._tax_accounts[rate_id] = self.chart.tax_payable(self._agencies.get(rate_id, ""))
        return self._tax_accounts[rate_id]

    def control_account(self, record: Record, kind: str, party_id: str) -> str:
        """Receivable or payable account of a document: its own, else the party's, else that of its currency."""
        account_type, name = _PARTY_ACCOUNTS[kind]
        chosen = reference(record, name) or self._account_of_party(kind, party_id)
        return chosen or self.chart.control(account_type, self.currency(record))

    def undeposited(self) -> str:
        """Where receipts wait for their deposit when no account is named."""
        return self.chart.with_subtype("UndepositedFunds")

    def _account_of_party(self, kind: str, party_id: str) -> str:
        if (kind, party_id) not in self._party_accounts:
            _, name = _PARTY_ACCOUNTS[kind]
            self._party_accounts[kind, party_id] = reference(self.records.find(kind, party_id) or {}, name)
        return self._party_accounts[kind, party_id]


def reference(record: Record, name: str) -> str:
    """The id a reference holds, "" where there is none."""
    found = record.get(name)
    return found.get("value", "") if isinstance(found, dict) else ""


def day_of(record: Record) -> date:
    """The day a record counts on."""
    return date.fromisoformat(record.get("TxnDate") or record["PaymentDate"])


def created_at(record: Record) -> int:
    """CreateTime in epoch seconds; LastUpdatedTime where a record has no other."""
    metadata = record["MetaData"]
    return epoch(metadata.get("CreateTime") or metadata["LastUpdatedTime"])
