"""Which currency a document is in and at which rate: the party's, at QuickBooks' own rate of the day unless one is given.

A company with one currency shows it on every document without a rate, one with several shows both.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.refusals import invalid_currency, wrong_currency

_NAMES = {
    "AUD": "Australian Dollar",
    "CAD": "Canadian Dollar",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "USD": "United States Dollar",
}


def home_currency(desk: Desk) -> str:
    """The company's own currency, empty where its preferences do not say."""
    return (desk.preference("CurrencyPrefs", "HomeCurrency") or {}).get("value", "")


def denominate(desk: Desk, record: Record, party: Record) -> None:
    """Write a document's currency and rate; refuse a currency that is not its party's (6000) or not the company's (2220)."""
    home = home_currency(desk)
    if not home:
        return
    usual = (party.get("CurrencyRef") or {}).get("value", home)
    code = (record.get("CurrencyRef") or {}).get("value", usual)
    if not desk.preference("CurrencyPrefs", "MultiCurrencyEnabled"):
        if code != home:
            raise invalid_currency(code)
        record["CurrencyRef"] = reference(desk, home)
        record.pop("ExchangeRate", None)
        return
    if party and code != usual:
        raise wrong_currency()
    record["CurrencyRef"] = reference(desk, code)
    if "ExchangeRate" not in record:
        record["ExchangeRate"] = 1 if code == home else rate_on(desk, code, record["TxnDate"])


def reference(desk: Desk, code: str) -> Record:
    """A currency as documents name it; one the company does not deal in is refused (2220)."""
    if code == home_currency(desk):
        return {"value": code, "name": _NAMES.get(code, code)}
    for currency in desk.records.each("CompanyCurrency"):
        if currency["Code"] == code and currency.get("Active", True):
            return {"value": code, "name": currency["Name"]}
    raise invalid_currency(code)


def rate_on(desk: Desk, code: str, day: str) -> Any:
    """Home units for one of a currency on a day: the latest rate up to it, else the first known, else 1."""
    known = [rate for rate in desk.records.each("ExchangeRate") if rate["SourceCurrencyCode"] == code]
    if not known:
        return Decimal(1)
    asked = date.fromisoformat(day).isoformat()
    by_day = sorted(known, key=lambda rate: rate["AsOfDate"])
    earlier = [rate for rate in by_day if rate["AsOfDate"] <= asked]
    return amount((earlier[-1] if earlier else by_day[0])["Rate"])
