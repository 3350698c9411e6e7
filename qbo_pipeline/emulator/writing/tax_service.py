"""Tax codes with their rates, made in one call, and the liability account QuickBooks opens for a tax agency."""

from collections.abc import Iterable
from typing import Any

from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.schema import RULES
from qbo_pipeline.emulator.faults import (
    duplicate_name,
    invalid_reference,
    missing_parameter,
    string_length,
    unsupported_property,
)
from qbo_pipeline.emulator.instants import stamp
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.currencies import home_currency, reference
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.refusals import invalid_decimal, invalid_enumeration
from qbo_pipeline.emulator.writing.unique_values import UniqueValues
from qbo_pipeline.emulator.writing.write_request import require

_LONGEST = 100
_SIDES = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}


def create_tax_code(desk: Desk, names: UniqueValues, content: Record) -> Record:
    """Make a tax code of existing and new rates; the answer repeats the request with the ids given."""
    require(("TaxCode",), content)
    name, details = content["TaxCode"], content.get("TaxRateDetails")
    if not isinstance(details, list) or not all(isinstance(detail, dict) for detail in details):
        raise unsupported_property("TaxRateDetails") if details else missing_parameter("TaxRateDetails")
    if not details:
        raise missing_parameter("TaxRateDetails")
    _check_name(names, "TaxCode", name, "tax code")
    rates = [_rate(desk, names, detail) for detail in details]
    code = desk.draft.save(
        "TaxCode",
        {
            "Name": name,
            "Description": name,
            "Active": True,
            "Hidden": False,
            "Taxable": True,
            "TaxGroup": True,
            "SalesTaxRateList": _rate_list(rates, "Sales"),
            "PurchaseTaxRateList": _rate_list(rates, "Purchase"),
        },
    )
    return {"TaxCode": name, "TaxCodeId": code["Id"], "TaxRateDetails": rates}


def open_liability(desk: Desk, agency: Record) -> None:
    """Open the account in which a US agency's tax is owed, unless one of its name stands."""
    name = f"{agency['DisplayName']} Payable"
    taken = any(account.get("Name") == name for account in desk.records.each("Account"))
    if not desk.is_us or taken or "Account" not in desk.records or not home_currency(desk):
        return
    desk.draft.save(
        "Account",
        {
            **RULES["Account"].defaults,
            "Name": name,
            "FullyQualifiedName": name,
            "SubAccount": False,
            "Active": True,
            "Classification": "Liability",
            "AccountType": "Other Current Liability",
            "AccountSubType": "GlobalTaxPayable",
            "CurrencyRef": reference(desk, home_currency(desk)),
        },
    )


def _rate(desk: Desk, names: UniqueValues, detail: Record) -> Record:
    """One rate as the answer shows it, made if it is new."""
    side = detail.get("TaxApplicableOn", "Sales")
    if side not in _SIDES:
        raise invalid_enumeration("TaxApplicableOn", side)
    if detail.get("TaxRateId"):
        standing = desk.records.find("TaxRate", str(detail["TaxRateId"]))
        if standing is None:
            raise invalid_reference("TaxRates", str(detail["TaxRateId"]), "TaxRateId")
        return _shown(standing, side)
    require(("TaxRateName", "RateValue", "TaxAgencyId"), detail)
    agency_id = str(detail["TaxAgencyId"])
    if desk.records.find("TaxAgency", agency_id) is None:
        raise invalid_reference("TaxAgencies", agency_id, "TaxAgencyId")
    return _shown(_new_rate(desk, names, detail, agency_id), side)


def _new_rate(desk: Desk, names: UniqueValues, detail: Record, agency_id: str) -> Record:
    name, percent = detail["TaxRateName"], _percent(detail["RateValue"])
    _check_name(names, "TaxRate", name, "tax rate")
    if any(change.entity == "TaxRate" and (change.after or {}).get("Name") == name for change in desk.draft.changes()):
        raise duplicate_name("tax rate")
    return desk.draft.save(
        "TaxRate",
        {
            "Name": name,
            "Description": name,
            "Active": True,
            "RateValue": percent,
            "AgencyRef": {"value": agency_id},
            "SpecialTaxType": "NONE",
            "EffectiveTaxRate": [{"RateValue": percent, "EffectiveDate": stamp(desk.draft.moment)}],
            "DisplayType": "ReadOnly",
        },
    )


def _percent(value: Any) -> Any:
    if isinstance(value, bool | str) or not 0 <= amount(value) <= 100:
        raise invalid_decimal("RateValue", value, is_format=False)
    return value


def _check_name(names: UniqueValues, entity: str, name: Any, kind: str) -> None:
    if not isinstance(name, str):
        raise unsupported_property(entity)
    if len(name) > _LONGEST:
        raise string_length(entity, _LONGEST, len(name))
    if names.holder(RULES[entity], name) is not None:
        raise duplicate_name(kind)


def _shown(rate: Record, side: str) -> Record:
    return {
        "TaxRateId": rate["Id"],
        "TaxRateName": rate["Name"],
        "RateValue": rate["RateValue"],
        "TaxAgencyId": rate.get("AgencyRef", {}).get("value"),
        "TaxApplicableOn": side,
    }


def _rate_list(rates: Iterable[Record], side: str) -> Record:
    chosen = [rate for rate in rates if rate["TaxApplicableOn"] == side]
    return {
        "TaxRateDetail": [
            {
                "TaxRateRef": {"value": rate["TaxRateId"], "name": rate["TaxRateName"]},
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": position,
            }
            for position, rate in enumerate(chosen)
        ]
    }
