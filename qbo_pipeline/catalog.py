"""The QuickBooks entities this project mirrors, one entry each.

Adding an entity starts here: a new entry gets its raw table, its Dagster asset, its place in every sync and its tests by
existing. The second and last place is its models in `dbt_or_sql/models/qbo/`. What differs between entities is a field of
the entry, so that no other module of the pull path names one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Kind(StrEnum):
    """What QuickBooks lets happen to a record: this decides how its end becomes visible."""

    SINGLETON = "singleton"  # one object per company, never deleted
    LIST = "list"  # a name that can be deactivated, never deleted
    TRANSACTION = "transaction"  # a document that can be voided or deleted for good


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One QuickBooks entity.

    `order_by` is the property whose order stays put while a full read pages through it; `None` where QuickBooks offers none.
    `composed_id` names the properties that identify a record of an entity without `Id`.
    `is_wrapped` marks an entity whose records arrive as `{"<TransactionType>": {...}}`.
    """

    name: str
    kind: Kind
    description: str
    order_by: str | None = "Id"
    composed_id: tuple[str, ...] = ()
    is_wrapped: bool = False

    def __post_init__(self) -> None:
        """Refuse an entry that could not be read in a stable order or told apart."""
        if not re.fullmatch(r"[A-Z][A-Za-z]+", self.name):
            raise ValueError(f"{self.name!r} is not a QuickBooks entity name such as 'SalesReceipt'.")
        if self.order_by is None and not self.composed_id:
            raise ValueError(f"{self.name} needs an order_by or a composed_id: pages could not be told apart.")

    @property
    def table(self) -> str:
        """The entity's name in snake_case, as its raw and typed tables carry it."""
        return _WORD_BOUNDARY.sub("_", self.name).lower()

    @property
    def hides_inactive(self) -> bool:
        """Whether a plain query leaves out deactivated records (name lists do)."""
        return self.kind is Kind.LIST and not self.composed_id


def _singleton(name: str, description: str) -> Entity:
    return Entity(name=name, kind=Kind.SINGLETON, description=description)


def _list(name: str, description: str, **differences: object) -> Entity:
    return Entity(name=name, kind=Kind.LIST, description=description, **differences)


def _transaction(name: str, description: str, **differences: object) -> Entity:
    return Entity(name=name, kind=Kind.TRANSACTION, description=description, **differences)


ENTITIES: tuple[Entity, ...] = (
    _singleton("CompanyInfo", "Name, addresses, country and fiscal year of the company."),
    _singleton("Preferences", "The company's settings: numbering, tax, currency, reports."),
    _list("Account", "The chart of accounts."),
    _list("Class", "Classes, QuickBooks' free dimension on transactions and lines."),
    _list("CompanyCurrency", "The currencies a multi-currency company trades in."),
    _list("Customer", "Customers, their jobs and projects."),
    _list("CustomerType", "The types customers are sorted into."),
    _list("Department", "Departments, shown as locations."),
    _list("Employee", "Employees."),
    # A rate carries no Id and offers no sortable property; currency pair and day identify it.
    _list(
        "ExchangeRate",
        "Exchange rates by currency pair and day.",
        order_by=None,
        composed_id=("SourceCurrencyCode", "TargetCurrencyCode", "AsOfDate"),
    ),
    _list("Item", "Products and services, categories and bundles."),
    _list("PaymentMethod", "Ways customers pay."),
    _list("TaxAgency", "The agencies tax is owed to."),
    _list("TaxCode", "Tax codes and the rates they combine."),
    _list("TaxRate", "Tax rates and when each took effect."),
    _list("Term", "Payment terms."),
    _list("Vendor", "Vendors."),
    _transaction("Attachable", "Files and notes attached to records: what QuickBooks knows of them, not their bytes."),
    _transaction("Bill", "Bills received from vendors."),
    _transaction("BillPayment", "Payments of bills by check or card."),
    _transaction("Budget", "Budgets by account and period."),
    _transaction("CreditCardPayment", "Transfers that pay a credit card's balance."),
    _transaction("CreditMemo", "Credits given to customers."),
    _transaction("Deposit", "Deposits to a bank account."),
    _transaction("Estimate", "Estimates given to customers."),
    _transaction("InventoryAdjustment", "Corrections of quantities on hand."),
    _transaction("Invoice", "Invoices sent to customers."),
    _transaction("JournalEntry", "Journal entries."),
    _transaction("Payment", "Payments received from customers."),
    _transaction("Purchase", "Money spent: checks, cash and card expenses."),
    _transaction("PurchaseOrder", "Orders placed with vendors."),
    _transaction("RecurringTransaction", "Templates QuickBooks repeats on a schedule.", is_wrapped=True),
    _transaction("RefundReceipt", "Refunds paid to customers."),
    _transaction("ReimburseCharge", "Billable expenses waiting for an invoice."),
    _transaction("SalesReceipt", "Sales paid on the spot."),
    _transaction("TaxPayment", "Payments to tax agencies."),
    _transaction("TimeActivity", "Hours worked, by person, customer and service."),
    _transaction("Transfer", "Money moved between accounts."),
    _transaction("VendorCredit", "Credits received from vendors."),
)

_BY_NAME = {entity.name.lower(): entity for entity in ENTITIES} | {entity.table: entity for entity in ENTITIES}


class UnknownEntityError(ValueError):
    """A name that is no entry of the catalog; the message lists the known ones."""


def find_entity(name: str) -> Entity:
    """The entry for a QuickBooks name or a table name, in any case ("SalesReceipt", "sales_receipt")."""
    try:
        return _BY_NAME[name.lower()]
    except KeyError:
        known = ", ".join(entity.name for entity in ENTITIES)
        raise UnknownEntityError(f"There is no entity {name!r}. The known ones are: {known}.") from None
