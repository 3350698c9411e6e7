"""Exchange rates asked for and set: one rate per currency and day, without an id."""

from datetime import date

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.faults import business_rule, not_found
from qbo_pipeline.emulator.instants import stamp
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.currencies import home_currency, reference
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.refusals import invalid_date, invalid_decimal
from qbo_pipeline.emulator.writing.write_request import require

_ENTITY = "ExchangeRate"


def rate_as_of(records: CompanyRecords, code: str, day: str) -> Record:
    """The latest rate of a currency up to a day; a currency without any is not found (610)."""
    _check_day(day)
    known = (rate for rate in records.each(_ENTITY) if rate["SourceCurrencyCode"] == code and rate["AsOfDate"] <= day)
    found = max(known, key=lambda rate: rate["AsOfDate"], default=None)
    if found is None:
        raise not_found(f"There is no exchange rate for {code}.", _ENTITY)
    return found


def set_rate(desk: Desk, content: Record) -> Record:
    """The rate of a currency on a day as it stands from now on; the company's own currency has none (6000)."""
    require(("SourceCurrencyCode", "Rate", "AsOfDate"), content)
    code, day, home = content["SourceCurrencyCode"], content["AsOfDate"], home_currency(desk)
    _check_day(day)
    if code == home:
        raise business_rule("The exchange rate of the home currency cannot be set.")
    reference(desk, code)
    if amount(content["Rate"]) <= 0:
        raise invalid_decimal("Rate", content["Rate"], is_format=False)
    rate = {
        "SourceCurrencyCode": code,
        "TargetCurrencyCode": content.get("TargetCurrencyCode") or home,
        "Rate": content["Rate"],
        "AsOfDate": day,
        "domain": "QBO",
        "sparse": False,
        "MetaData": {"LastUpdatedTime": stamp(desk.draft.moment)},
    }
    desk.draft.put(_ENTITY, _place(desk, code, day), rate)
    return rate


def _place(desk: Desk, code: str, day: str) -> str | None:
    records = desk.records[_ENTITY]
    for slot in records.live():
        rate = records.record(slot)
        if (rate["SourceCurrencyCode"], rate["AsOfDate"]) == (code, day):
            return records.record_id(slot)
    return None


def _check_day(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        raise invalid_date("AsOfDate", day, is_format=True) from None
