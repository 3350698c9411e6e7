"""Customers, vendors, items and codes: the names that documents need in QuickBooks."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from qbo_pipeline.outbound.document import Name
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given
from qbo_pipeline.outbound.payloads.pricing import plain, shortened

_NAME_MAX = 100
# Words may be cut; what identifies or reaches somebody is left out rather than cut, since half of it is another one.
_CUT_AT = {"Notes": 2000, "Description": 4000, "PurchaseDesc": 1000, "CompanyName": 100, "PrintOnCheckName": 100}
_LEFT_OUT_OVER = {
    **dict.fromkeys(("GivenName", "MiddleName", "FamilyName", "Sku", "AcctNum"), 100),
    **dict.fromkeys(("Line1", "Line2", "Line3", "Line4", "Line5"), 500),
    **dict.fromkeys(("City", "Country", "CountrySubDivisionCode"), 255),
    "FreeFormNumber": 30,
    "PostalCode": 30,
    "Address": 100,
    "URI": 1000,
    "ResaleNum": 16,
    "TaxIdentifier": 20,
}
_AMOUNTS = frozenset({"UnitPrice", "PurchaseCost", "QtyOnHand", "ReorderPoint", "BillRate", "CostRate"})
_NAMES = frozenset({"CompanyName", "GivenName", "MiddleName", "FamilyName", "PrintOnCheckName"})
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,.]+")
_STOCK = ("AssetAccountRef", "InvStartDate", "QtyOnHand", "TrackQtyOnHand")


def customer(name: Name, look: Lookup) -> dict[str, Any]:
    """A customer as QuickBooks takes it, below its parent where it has one."""
    parent = None if name.parent_id is None else look.party("customer", name.parent_id)
    below = {} if name.parent_id is None else given({"ParentRef": parent, "Job": True})
    return {"DisplayName": _name(name, look), **_party_fields(name, look), **below}


def vendor(name: Name, look: Lookup) -> dict[str, Any]:
    """A vendor as QuickBooks takes it."""
    return {"DisplayName": _name(name, look), **_party_fields(name, look)}


def item(name: Name, look: Lookup) -> dict[str, Any]:
    """An item as QuickBooks takes it, a service unless its fields say otherwise; its accounts are mapped or chosen."""
    fields = fitted(name.fields)
    kind = fields.get("Type", "Service")
    income = fields.get("IncomeAccountRef") or _account(name.income_account, look.choices.income_account, look)
    expense = fields.get("ExpenseAccountRef") or _account(name.expense_account, look.choices.expense_account, look)
    if income is None and kind in ("Service", "Inventory") and name.income_account is None:
        look.hold(
            "unmapped_account",
            "It has no income account. Give the product one in the source and map it with `qbo-pipeline map set account NAME "
            "QBO-ID`, or choose the push setting income_account.",
        )
    if kind == "Inventory" and not (expense and all(fields.get(each) not in (None, "") for each in _STOCK)):
        look.hold(
            "stock_item",
            "It is counted stock, which QuickBooks takes with its accounts and its quantity on a first day. Make the item in "
            "QuickBooks and map it with `qbo-pipeline map set item ID QBO-ID`.",
        )
    return {
        **fields,
        "Name": _name(name, look),
        "Type": kind,
        **given({"IncomeAccountRef": income, "ExpenseAccountRef": expense}),
    }


def code(name: Name, look: Lookup) -> dict[str, Any]:
    """A payment term, class, location or payment method as QuickBooks takes it."""
    return {**fitted(name.fields), "Name": _name(name, look)}


def fitted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as QuickBooks takes them: amounts exact, texts no longer than their property holds, none of them empty."""
    made = {field: _value(field, value) for field, value in fields.items()}
    return {field: value for field, value in made.items() if value not in (None, "", {})}


def _name(name: Name, look: Lookup) -> str:
    legal = _legal(name.name)
    if not legal or len(legal) > _NAME_MAX:
        look.hold(
            "bad_name",
            f"Its name is empty or longer than the {_NAME_MAX} characters QuickBooks takes. Shorten it in the source.",
        )
    return legal


def _party_fields(name: Name, look: Lookup) -> dict[str, Any]:
    fields = fitted(name.fields)
    if not look.profile.is_multicurrency:
        # With one currency there is none to name, and another than that is refused.
        fields.pop("CurrencyRef", None)
    return fields


def _account(key: str | None, chosen: str | None, look: Lookup) -> Ref | None:
    if key is None:
        return None if chosen is None else {"value": chosen}
    return look.reference(look.resolver.account(key))


def _value(field: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return fitted(value)
    if field in _AMOUNTS and value is not None:
        return _amount(value)
    if not isinstance(value, str):
        return value
    text = _legal(value) if field in _NAMES else value.strip()
    if field in _CUT_AT:
        return shortened(text, _CUT_AT[field])
    if len(text) > _LEFT_OUT_OVER.get(field, len(text)):
        return None
    is_bad_address = field == "Address" and not all(_EMAIL.fullmatch(part.strip()) for part in text.split(","))
    return None if is_bad_address else text


def _amount(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return plain(number) if number.is_finite() else None


def _legal(text: str) -> str:
    """A name without the colon, which parts a name from its parent's, and without control characters."""
    return " ".join("".join(" " if each == ":" or not each.isprintable() else each for each in text).split())
