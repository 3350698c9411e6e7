"""The consultancy's records that carry a balance: accounts, customers and vendors, as the finished ledger leaves them."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger
from qbo_pipeline.emulator.source import Record

_CLASSIFICATIONS = {
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
}
# Entity, property and sign of what a customer owes and a vendor is owed.
_OWED = (("Invoice", "Balance", 1), ("CreditMemo", "Balance", -1), ("Payment", "UnappliedAmt", -1))
_OWING = (("Bill", "Balance", 1), ("VendorCredit", "Balance", -1))


class Balances:
    """The fields of accounts, customers and vendors, balances included."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists
        self._owed = _balances(ledger, "CustomerRef", _OWED)
        self._owing = _balances(ledger, "VendorRef", _OWING)

    def account(self, entry: dict[str, Any]) -> Record:
        kind, balances = entry["AccountType"], self._ledger.balances
        # QuickBooks shows debits as positive, but what a credit card owes and what the owners own as positive too.
        sign = -1 if kind in ("Credit Card", "Equity") else 1
        children = [child for child in self._lists.entries["Account"].values() if child.get("ParentId") == entry["Id"]]
        balance = sign * balances[entry["Id"]]
        return {
            "SubAccount": "ParentId" in entry,
            "Classification": _CLASSIFICATIONS.get(kind, "Asset"),
            "AccountType": kind,
            "AccountSubType": entry["AccountSubType"],
            "CurrentBalance": balance,
            "CurrentBalanceWithSubAccounts": balance + sum((balances[child["Id"]] for child in children), Decimal(0)),
            "CurrencyRef": self._lists.currency(self._lists.currency_of("Account", entry["Id"])),
        }

    def customer(self, entry: dict[str, Any]) -> Record:
        number = entry["Id"]
        jobs = [child["Id"] for child in self._lists.entries["Customer"].values() if child.get("ParentId") == number]
        is_job = "ParentId" in entry
        fields: Record = {
            "FullyQualifiedName": self._lists.full_name("Customer", number),
            "Job": is_job,
            "BillWithParent": entry.get("BillWithParent", False),
            "IsProject": entry.get("IsProject", False),
            "Level": self._lists.level("Customer", number),
            "Taxable": True,
            "Balance": self._owed[number],
            "BalanceWithJobs": self._owed[number] + sum((self._owed[job] for job in jobs), Decimal(0)),
            "CurrencyRef": self._lists.currency(self._lists.currency_of("Customer", number)),
            "PreferredDeliveryMethod": "Email",
            "PrimaryEmailAddr": {"Address": f"accounts{number}@example.com"},
            **_address(entry, "4"),
        }
        if is_job:
            fields["ParentRef"] = {"value": entry["ParentId"]}
        for name, entity, key in (
            ("SalesTermRef", "Term", "Term"),
            ("CustomerTypeRef", "CustomerType", "Type"),
            ("DefaultTaxCodeRef", "TaxCode", "TaxCode"),
        ):
            if key in entry:
                fields[name] = self._lists.reference(entity, entry[key])
        return fields

    def vendor(self, entry: dict[str, Any]) -> Record:
        return {
            "Balance": self._owing[entry["Id"]],
            "Vendor1099": False,
            "CurrencyRef": self._lists.currency(self._lists.currency_of("Vendor", entry["Id"])),
            "TermRef": self._lists.reference("Term", entry["Term"]),
            **_address(entry, "5"),
        }


def _balances(ledger: Ledger, party: str, sources: Sequence[tuple[str, str, int]]) -> dict[str, Decimal]:
    """What parties owe in their own currency: the sum over (entity, property, sign) of their documents."""
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for entity, amount, sign in sources:
        for record in ledger.documents[entity]:
            balances[record[party]["value"]] += sign * record[amount]
    return balances


def _address(entry: dict[str, Any], prefix: str) -> Record:
    if "City" not in entry:
        return {}
    parts = ("Line1", "City", "PostalCode", "Country")
    address = {part: entry[part] for part in parts if part in entry} | {"Id": f"{prefix}{entry['Id']}"}
    return {"CompanyName": entry["DisplayName"], "BillAddr": address}
