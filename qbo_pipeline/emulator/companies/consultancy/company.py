"""The sample company `consultancy`: a UK firm with VAT, three currencies, classes, locations, projects and a year of trade.

It is played, not stored: regular months and one-off occasions are entered day by day into a ledger, so that totals, balances
and links agree by construction and dates follow `as_of`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.books.company import CompanySeed
from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger
from qbo_pipeline.emulator.companies.consultancy.lists import Lists
from qbo_pipeline.emulator.companies.consultancy.occasions import write_occasions
from qbo_pipeline.emulator.companies.consultancy.papers import papers
from qbo_pipeline.emulator.companies.consultancy.records import NAME, list_records
from qbo_pipeline.emulator.companies.consultancy.regular import Office, write_regular
from qbo_pipeline.emulator.source import ListedRecords, Record

_REALM = "9341450000000002"


def consultancy(as_of: date) -> CompanySeed:
    """The books of Quillmere Advisory as they stood at the start of `as_of`."""
    ledger = Ledger(Lists(), as_of)
    office = Office(ledger)
    write_occasions(office)
    write_regular(office)
    ledger.play()
    entities: Mapping[str, list[Record]] = list_records(ledger) | papers(ledger) | ledger.documents
    source = ListedRecords({entity: _in_order(_plain(records)) for entity, records in entities.items()})
    unshown = {"InventoryStart": _plain(ledger.stock_starts)}
    return CompanySeed(realm_id=_REALM, name=NAME, country="GB", source=source, unshown=unshown)


def _plain(value: Any) -> Any:
    """Amounts as JSON numbers: whole ones as integers, the others as floats, which print the digits they were made from."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _in_order(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda record: int(record["Id"])) if records and "Id" in records[0] else records
