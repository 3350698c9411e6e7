"""From the records of one company, as QuickBooks sends them, to its name lists and its profile."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from qbo_pipeline.outbound.mapping.lists import TARGETS, Listed, NameLists
from qbo_pipeline.outbound.mapping.profile import profile_of_records
from qbo_pipeline.state.company_profiles import CompanyProfile

SETTINGS = ("Preferences", "CompanyInfo")
READ_ENTITIES = (*TARGETS, "TaxRate", *SETTINGS)
"""The entities a company's lists and profile are made of."""

_DELETED = " (deleted)"


class _Reference(msgspec.Struct):
    value: str | None = None


class _Address(msgspec.Struct):
    Address: str | None = None


class _Entry(msgspec.Struct):
    """What is read of any list record; msgspec skips the rest."""

    Id: str
    Name: str | None = None
    DisplayName: str | None = None
    FullyQualifiedName: str | None = None
    Active: bool | None = None
    ParentRef: _Reference | None = None
    PrimaryEmailAddr: _Address | None = None
    Notes: str | None = None
    Description: str | None = None
    AcctNum: str | None = None
    EmployeeNumber: str | None = None
    Sku: str | None = None
    Type: str | None = None
    AccountType: str | None = None
    AccountSubType: str | None = None
    CurrencyRef: _Reference | None = None
    DueDays: int | None = None
    DiscountPercent: float | None = None


class _RateUse(msgspec.Struct):
    TaxRateRef: _Reference


class _RateList(msgspec.Struct):
    TaxRateDetail: list[_RateUse] = []


class _TaxCode(msgspec.Struct):
    Id: str
    SalesTaxRateList: _RateList | None = None
    PurchaseTaxRateList: _RateList | None = None


_entry = msgspec.json.Decoder(_Entry)
_tax_code = msgspec.json.Decoder(_TaxCode)
# A percentage keeps its digits: it never becomes a float.
_rate = msgspec.json.Decoder(dict[str, Any], float_hook=str)


def read_company(
    realm_id: str, records: Iterable[tuple[str, bytes | str]], read_through: datetime | None = None
) -> tuple[NameLists, CompanyProfile | None]:
    """The lists and the profile of a company from its records, each with its entity's name.

    There is no profile where its preferences or its card were never read. Records of other entities are left alone.
    """
    read = _Read()
    lists = NameLists(realm_id, read.entries(records), read_through)
    if len(read.settings) < len(SETTINGS):
        return lists, None
    profile = profile_of_records(lists, read.settings["Preferences"], read.settings["CompanyInfo"])
    sales, purchases = (read.percents(uses) for uses in (read.sales_rates, read.purchase_rates))
    return lists, replace(profile, sales_tax_percents=sales, purchase_tax_percents=purchases)


class _Read:
    """What the records of a company told beside the entries of its lists; `rates` are in per cent, as text."""

    def __init__(self) -> None:
        self.settings: dict[str, Mapping[str, Any]] = {}
        self.rates: dict[str, str] = {}
        self.sales_rates: dict[str, _RateList | None] = {}
        self.purchase_rates: dict[str, _RateList | None] = {}

    def entries(self, records: Iterable[tuple[str, bytes | str]]) -> Iterator[Listed]:
        for entity, payload in records:
            if entity in SETTINGS:
                self.settings[entity] = msgspec.json.decode(payload)
            elif entity == "TaxRate":
                rate = _rate.decode(payload)
                self.rates[rate["Id"]] = str(rate.get("RateValue", ""))
            elif entity in TARGETS:
                if entity == "TaxCode":
                    code = _tax_code.decode(payload)
                    self.sales_rates[code.Id] = code.SalesTaxRateList
                    self.purchase_rates[code.Id] = code.PurchaseTaxRateList
                yield _listed(entity, _entry.decode(payload))

    def percents(self, uses: Mapping[str, _RateList | None]) -> dict[str, list[str]]:
        """The rates of each tax code; a code with one that is not known is left out, or it would seem cheaper than it is."""
        found = {
            code: [self.rates.get(use.TaxRateRef.value or "", "") for use in used.TaxRateDetail]
            for code, used in uses.items()
            if used is not None
        }
        return {code: rates for code, rates in found.items() if all(rates)}


def _listed(target: str, record: _Entry) -> Listed:
    return Listed(
        target=target,
        id=record.Id,
        name=_clean(record.DisplayName or record.Name) or "",
        full_name=_clean(record.FullyQualifiedName),
        is_active=record.Active is not False,
        parent_id=record.ParentRef.value if record.ParentRef else None,
        email=record.PrimaryEmailAddr.Address if record.PrimaryEmailAddr else None,
        notes=record.Description if target == "Item" else record.Notes,
        # A vendor's AcctNum is our number at the vendor's, which names nothing of ours.
        number=record.EmployeeNumber or (record.AcctNum if target == "Account" else None),
        sku=record.Sku,
        type=record.AccountType or record.Type,
        sub_type=record.AccountSubType,
        currency=record.CurrencyRef.value if record.CurrencyRef else None,
        due_days=None if record.DiscountPercent else record.DueDays,
    )


def _clean(name: str | None) -> str | None:
    return name.removesuffix(_DELETED) if name else None
