"""The consultancy's lists: read compact from `consultancy_lists.json`, referred to by documents, shown whole at the end."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

HOME_CURRENCY = "GBP"
CUSTOM_FIELDS = ("Order number", "Engagement")
_FILE = Path(__file__).with_name("lists.json")
_CURRENCY_NAMES = {"GBP": "British Pound Sterling", "EUR": "Euro", "USD": "United States Dollar"}
_PSEUDO_ITEMS = {"SHIPPING_ITEM_ID": "Shipping"}
_ACCOUNTS_BY_CURRENCY = {
    "Accounts Receivable": {"GBP": "41", "EUR": "1150040002", "USD": "1150040003"},
    "Accounts Payable": {"GBP": "40", "EUR": "1150040004", "USD": "1150040005"},
    "Bank": {"GBP": "60", "EUR": "1150040000", "USD": "1150040001"},
}


class Lists:
    """The compact entries by entity and id, and the references documents make to them."""

    def __init__(self) -> None:
        raw = json.loads(_FILE.read_text(encoding="utf-8"))
        self.entries: dict[str, dict[str, dict[str, Any]]] = {
            entity: {entry["Id"]: entry for entry in entries} for entity, entries in raw.items()
        }

    def get(self, entity: str, number: str) -> Mapping[str, Any]:
        return self.entries[entity][number]

    def reference(self, entity: str, number: str) -> dict[str, str]:
        """A reference as documents carry it: the name is today's, " (deleted)" included, even on old documents."""
        if number in _PSEUDO_ITEMS:
            return {"value": number, "name": _PSEUDO_ITEMS[number]}
        return {"value": number, "name": self.full_name(entity, number)}

    def currency(self, code: str) -> dict[str, str]:
        return {"value": code, "name": _CURRENCY_NAMES[code]}

    def currency_of(self, entity: str, number: str) -> str:
        """The currency of a customer, vendor or account; a sub-customer has its parent's."""
        entry = self.get(entity, number)
        if "ParentId" in entry and entity == "Customer":
            return self.currency_of(entity, entry["ParentId"])
        return str(entry.get("Currency", HOME_CURRENCY))

    def account_for(self, kind: str, currency: str) -> str:
        """The account of a type that is kept in a currency: one debtors, creditors and bank account each."""
        return _ACCOUNTS_BY_CURRENCY[kind][currency]

    def name(self, entity: str, number: str) -> str:
        """A record's own name; one that was deactivated carries QuickBooks' suffix."""
        entry = self.get(entity, number)
        plain = entry.get("DisplayName") or entry.get("Name") or f"{entry['GivenName']} {entry['FamilyName']}"
        return plain if entry.get("Active", True) else f"{plain} (deleted)"

    def full_name(self, entity: str, number: str) -> str:
        """The name with those of its parents before it, between colons."""
        parent = self.get(entity, number).get("ParentId")
        own = self.name(entity, number)
        return f"{self.full_name(entity, parent)}:{own}" if parent else own

    def level(self, entity: str, number: str) -> int:
        """How many parents stand above a record."""
        parent = self.get(entity, number).get("ParentId")
        return 1 + self.level(entity, parent) if parent else 0

    def price(self, item: str) -> Decimal:
        return Decimal(self.get("Item", item)["UnitPrice"])

    def cost(self, item: str) -> Decimal:
        return Decimal(self.get("Item", item).get("PurchaseCost", "0"))

    def rates(self, code: str, side: str) -> list[tuple[str, Decimal]]:
        """The tax rates (id and percent) of a tax code on one side, "Sales" or "Purchases"."""
        rates = self.get("TaxCode", code)[side]
        return [(rate, Decimal(self.get("TaxRate", rate)["RateValue"])) for rate in rates]
