"""The consultancy's list records, shown whole once the year is played and the balances are known."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qbo_pipeline.emulator.companies.company_records import CompanyFacts, company_info, preferences
from qbo_pipeline.emulator.companies.consultancy.balances import Balances
from qbo_pipeline.emulator.companies.consultancy.ledger import Ledger
from qbo_pipeline.emulator.companies.consultancy.lists import CUSTOM_FIELDS, HOME_CURRENCY, Lists
from qbo_pipeline.emulator.source import Record

NAME = "Quillmere Advisory Ltd"
_ENTERED, _CLOSED = 389, 45  # days before as_of on which lists were entered, and inactive entries closed
# What is copied from the compact entry as it stands.
_COPIED = (
    "AcctNum",
    "Code",
    "TaxTrackedOnSales",
    "TaxTrackedOnPurchases",
    "TaxRegistrationNumber",
    "Sku",
    "ReorderPoint",
)


def list_records(ledger: Ledger) -> dict[str, list[Record]]:
    """Every list entity with its records, CompanyInfo and Preferences first."""
    facts = _facts(ledger)
    special = _special_fields(ledger)
    records = {"CompanyInfo": [company_info(facts)], "Preferences": [preferences(facts)]}
    for entity, entries in ledger.lists.entries.items():
        records[entity] = [
            {
                **_named(ledger.lists, entity, entry),
                **{name: entry[name] for name in _COPIED if name in entry},
                **(special[entity](entry) if entity in special else {}),
                **({} if entity == "TaxAgency" else {"Active": entry.get("Active", True)}),
                **_kept(ledger, place, is_active=entry.get("Active", True)),
                "Id": entry["Id"],
            }
            for place, entry in enumerate(entries.values())
        ]
    return records


def _facts(ledger: Ledger) -> CompanyFacts:
    return CompanyFacts(
        name=NAME,
        country="GB",
        currency=HOME_CURRENCY,
        address={"Line1": "20 Quillmere Yard", "City": "London", "PostalCode": "EC99 0QA"},
        email="books@quillmere.example",
        industry="Management consulting services",
        started_on=ledger.date(_ENTERED),
        created_at=ledger.instant(_ENTERED, 0),
        updated_at=ledger.instant(_ENTERED, 45),
        fiscal_year_start="April",
        time_zone="Europe/London",
        is_multi_currency=True,
        tracks_classes=True,
        tracks_departments=True,
        projects_enabled=True,
        discount_account="5",
        default_item="15",
        default_time_item="15",
        date_format="DDMMYYYY_SEP_SLASH",
        custom_fields=CUSTOM_FIELDS,
    )


def _named(lists: Lists, entity: str, entry: dict[str, Any]) -> Record:
    """The names of a record under the properties its entity has for them."""
    name = lists.name(entity, entry["Id"])
    if entity in ("Customer", "Vendor", "Employee"):
        given = {part: entry[part] for part in ("GivenName", "FamilyName") if part in entry}
        return {**given, "DisplayName": name, "PrintOnCheckName": name.removesuffix(" (deleted)")}
    if entity == "TaxAgency":
        return {"DisplayName": name}
    nests = entity in ("Account", "Class", "Department", "Item")
    parents = {"FullyQualifiedName": lists.full_name(entity, entry["Id"])} if nests else {}
    if "ParentId" in entry:
        parents["ParentRef"] = lists.reference(entity, entry["ParentId"])
    return {"Name": name, **parents}


def _kept(ledger: Ledger, place: int, *, is_active: bool) -> Record:
    """What every record carries; an inactive one was changed once since, when it was closed."""
    entered = ledger.instant(_ENTERED, place)
    return {
        "domain": "QBO",
        "sparse": False,
        "SyncToken": "0" if is_active else "1",
        "MetaData": {
            "CreateTime": entered,
            "LastUpdatedTime": entered if is_active else ledger.instant(_CLOSED, place),
        },
    }


def _special_fields(ledger: Ledger) -> dict[str, Callable[[dict[str, Any]], Record]]:
    """What only one entity shows."""
    fields, balances = _Fields(ledger), Balances(ledger)
    return {
        "Account": balances.account,
        "Class": lambda entry: {"SubClass": "ParentId" in entry},
        "Customer": balances.customer,
        "Department": lambda entry: {"SubDepartment": "ParentId" in entry},
        "Employee": fields.employee,
        "Item": fields.item,
        "PaymentMethod": lambda entry: {"Type": entry["Type"]},
        "TaxCode": fields.tax_code,
        "TaxRate": fields.tax_rate,
        "Term": _term,
        "Vendor": balances.vendor,
    }


class _Fields:
    """The fields of an entry that refer to other entries or to the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._lists = ledger, ledger.lists

    def employee(self, entry: dict[str, Any]) -> Record:
        released = {} if entry.get("Active", True) else {"ReleasedDate": self._ledger.date(_CLOSED)}
        return {
            "BillableTime": True,
            "BillRate": entry["BillRate"],
            "HiredDate": self._ledger.date(_ENTERED),
            **released,
        }

    def item(self, entry: dict[str, Any]) -> Record:
        kind = entry["Type"]
        fields: Record = {"Type": kind, "SubItem": "ParentId" in entry, "Level": self._lists.level("Item", entry["Id"])}
        if "Description" in entry:
            fields["Description"] = entry["Description"]
        if kind == "Group":
            lines = [
                {"ItemRef": self._lists.reference("Item", item) | {"type": "Item"}, "Qty": quantity}
                for item, quantity in entry["Members"]
            ]
            fields |= {"ItemGroupDetail": {"ItemGroupLine": lines}, "PrintGroupedItems": True}
        if "Income" in entry:
            fields |= {
                "Taxable": True,
                "UnitPrice": self._lists.price(entry["Id"]),
                "PurchaseCost": self._lists.cost(entry["Id"]),
                "TrackQtyOnHand": kind == "Inventory",
                "IncomeAccountRef": self._lists.reference("Account", entry["Income"]),
                "SalesTaxCodeRef": self._lists.reference("TaxCode", entry["TaxCode"]),
                "SalesTaxIncluded": False,
            }
        if "Expense" in entry:
            fields["ExpenseAccountRef"] = self._lists.reference("Account", entry["Expense"])
        if kind == "Inventory":
            fields |= {
                "AssetAccountRef": self._lists.reference("Account", "44"),
                "QtyOnHand": self._ledger.on_hand[entry["Id"]],
                "InvStartDate": self._ledger.date(_ENTERED),
            }
        return fields

    def tax_code(self, entry: dict[str, Any]) -> Record:
        return {
            "Description": entry["Description"],
            "Taxable": entry.get("Taxable", True),
            "TaxGroup": True,
            "Hidden": False,
            "TaxCodeConfigType": "SYSTEM_GENERATED",
            "SalesTaxRateList": {"TaxRateDetail": self._rates(entry["Sales"])},
            "PurchaseTaxRateList": {"TaxRateDetail": self._rates(entry["Purchases"])},
        }

    def tax_rate(self, entry: dict[str, Any]) -> Record:
        rate = Decimal(entry["RateValue"])
        return {
            "Description": entry["Name"],
            "RateValue": rate,
            "AgencyRef": {"value": "1"},
            "SpecialTaxType": "NONE",
            "DisplayType": "ReadOnly",
            "EffectiveTaxRate": [{"RateValue": rate, "EffectiveDate": self._ledger.instant(_ENTERED, 0)}],
        }

    def _rates(self, rates: list[str]) -> list[Record]:
        return [
            {"TaxRateRef": self._lists.reference("TaxRate", rate), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
            for rate in rates
        ]


def _term(entry: dict[str, Any]) -> Record:
    if "DueDays" in entry:
        return {"Type": "STANDARD", "DueDays": entry["DueDays"], "DiscountPercent": 0, "DiscountDays": 0}
    return {
        "Type": "DATE_DRIVEN",
        "DayOfMonthDue": entry["DayOfMonthDue"],
        "DueNextMonthDays": entry["DueNextMonthDays"],
    }
