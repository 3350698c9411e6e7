"""What a request's values must look like before anyone asks what they mean.

Refused, by property name wherever it stands in the body: texts that are too long (2050), amounts that are no numbers (2100,
2110), dates that are none (2060, 2070), words outside a property's list (2170), e-mail addresses (2210), and values of another
shape than the property's (2010). Numbers written as texts are taken for numbers, ids written as numbers for texts.

An empty text says that there is no value, whatever the property is: client libraries in wide use send one for every property
they were given none for, dates, amounts and words of a list included. `DocNumber` alone is blank then, instead of absent.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from qbo_pipeline.emulator.faults import string_length, unsupported_property
from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.refusals import invalid_date, invalid_decimal, invalid_email, invalid_enumeration

# Of the lengths Intuit documents, those that a client meets; by entity where one differs from the rest.
_LONGEST = {
    "DocNumber": 21,
    "PaymentRefNum": 21,
    "PrivateNote": 4000,
    "Memo": 4000,
    "Description": 4000,
    "DisplayName": 500,
    "CompanyName": 100,
    "GivenName": 100,
    "MiddleName": 100,
    "FamilyName": 100,
    "Title": 16,
    "Suffix": 16,
    "PrintOnCheckName": 110,
    "Name": 100,
    "Sku": 100,
    "AcctNum": 100,
    "PurchaseDesc": 1000,
    "Notes": 2000,
    "StringValue": 31,
    "FreeFormNumber": 30,
    "Address": 100,
    "URI": 1000,
    "Line1": 500,
    "Line2": 500,
    "Line3": 500,
    "Line4": 500,
    "Line5": 500,
    "City": 255,
    "Country": 255,
    "CountrySubDivisionCode": 255,
    "PostalCode": 30,
    "FileName": 1000,
    "Note": 2000,
}
_LONGEST_OF = {
    ("Term", "Name"): 31,
    ("PaymentMethod", "Name"): 31,
    ("Account", "Description"): 100,
    ("Account", "AcctNum"): 20,
}
_DECIMALS = frozenset(
    {
        *("Amount", "TotalAmt", "TotalTax", "TaxInclusiveAmt", "NetAmountTaxable", "DiscountAmt"),
        *("Qty", "QtyDiff", "QtyOnHand", "Quantity", "UnitPrice", "PurchaseCost"),
        *("Rate", "RateValue", "HourlyRate", "CostRate", "ExchangeRate", "DiscountPercent", "TaxPercent"),
        *("Hours", "Minutes", "BreakHours", "BreakMinutes"),
    }
)
_LARGEST = Decimal(10) ** 15
_DATES = frozenset({"TxnDate", "DueDate", "ExpirationDate", "AcceptedDate", "ServiceDate", "ShipDate", "InvStartDate"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: Mapping[str, frozenset[str]] = {
    "EmailStatus": frozenset({"NotSet", "NeedToSend", "EmailSent"}),
    "PrintStatus": frozenset({"NotSet", "NeedToPrint", "PrintComplete"}),
    "GlobalTaxCalculation": frozenset({"TaxExcluded", "TaxInclusive", "NotApplicable"}),
    "PaymentType": frozenset({"Cash", "Check", "CreditCard"}),
    "PayType": frozenset({"Check", "CreditCard"}),
    "POStatus": frozenset({"Open", "Closed"}),
    "TxnStatus": frozenset({"Pending", "Accepted", "Closed", "Rejected", "Converted"}),
    "PreferredDeliveryMethod": frozenset({"Print", "Email", "None"}),
}
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,.]+")
_LISTS = frozenset({"Line", "LinkedTxn", "CustomField", "AttachableRef"})


def check_fields(entity: str, content: Record) -> None:
    """Judge every value of a request's content, and write numbers and ids in it the way the books keep them."""
    for name, value in content.items():
        if value == "" and name != "DocNumber":
            content[name] = None
        elif value is not None:
            content[name] = _judged(entity, name, value)


def _judged(entity: str, name: str, value: Any) -> Any:
    if name in _LISTS:
        return _judged_list(entity, name, value)
    if name.endswith("Ref"):
        return _reference(name, value)
    if isinstance(value, dict):
        _check_part(entity, value)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                _check_part(entity, item)
    else:
        return _scalar(entity, name, value)
    return value


def _check_part(entity: str, part: Record) -> None:
    """Judge a part of a content, which is replaced as a whole, so that what is null in it is absent."""
    check_fields(entity, part)
    for name in [name for name, value in part.items() if value is None]:
        del part[name]


def _judged_list(entity: str, name: str, value: Any) -> Any:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise unsupported_property(name)
    for item in value:
        _check_part(entity, item)
        for identity in ("Id", "TxnId", "TxnLineId"):
            if isinstance(item.get(identity), int):
                item[identity] = str(item[identity])
    return value


def _reference(name: str, value: Any) -> Any:
    if not isinstance(value, dict) or not isinstance(value.get("value"), str | int):
        raise unsupported_property(name)
    return value | {"value": str(value["value"])}


def _scalar(entity: str, name: str, value: Any) -> Any:
    if name in _DECIMALS:
        return _decimal(name, value)
    if name in _DATES:
        _check_date(name, value)
    if isinstance(value, str):
        longest = _LONGEST_OF.get((entity, name), _LONGEST.get(name))
        if longest is not None and len(value) > longest:
            raise string_length(name, longest, len(value))
        if name == "Address" and not all(_EMAIL.fullmatch(part.strip()) for part in value.split(",")):
            raise invalid_email(name, value)
    if name in _WORDS and value not in _WORDS[name]:
        raise invalid_enumeration(name, value)
    return value


def _decimal(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        raise invalid_decimal(name, value, is_format=True)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise invalid_decimal(name, value, is_format=True) from None
    if not number.is_finite():
        raise invalid_decimal(name, value, is_format=True)
    if abs(number) >= _LARGEST:
        raise invalid_decimal(name, value, is_format=False)
    return number if isinstance(value, str) else value


def _check_date(name: str, value: Any) -> None:
    if not isinstance(value, str) or not _DATE.fullmatch(value[:10]):
        raise invalid_date(name, str(value), is_format=True)
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        raise invalid_date(name, value, is_format=False) from None
