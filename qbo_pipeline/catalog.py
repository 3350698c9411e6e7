"""The QuickBooks entities this project mirrors, one entry each.

Adding an entity starts here: a new entry gets its raw table, its Dagster asset, its place in every sync and its tests by
existing. The second and last place is its models in `dbt_or_sql/models/qbo/`. What differs between entities is a field of
the entry, so that no other module of the pull path names one.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)

# The DuckDB schema of the raw tables, one per entity.
RAW_SCHEMA = "raw_qbo"

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
    `in_change_feed` says that the change feed tells its changes and deletions. `checked_every` is how often it is asked for
    by query all the same: an entity outside the feed hourly, and daily one that QuickBooks' manual does not exclude from the
    feed but that no recording and no list of change events shows in it.
    `has_active` is False for a list QuickBooks gives no `Active` to filter by.
    `is_partial_in_feed` marks an entity whose records lack fields in the feed, so that changed ones are read by query.
    `posting_date` is the property with the day on which a record moves the books; `None` where it moves none.
    """

    name: str
    kind: Kind
    description: str
    order_by: str | None = "Id"
    composed_id: tuple[str, ...] = ()
    is_wrapped: bool = False
    in_change_feed: bool = True
    checked_every: timedelta | None = None
    is_partial_in_feed: bool = False
    has_active: bool = True
    posting_date: str | None = None

    def __post_init__(self) -> None:
        """Refuse an entry that could not be read in a stable order or told apart."""
        if not re.fullmatch(r"[A-Z][A-Za-z]+", self.name):
            raise ValueError(f"{self.name!r} is not a QuickBooks entity name such as 'SalesReceipt'.")
        if self.order_by is None and not self.composed_id:
            raise ValueError(f"{self.name} needs an order_by or a composed_id: pages could not be told apart.")
        if not self.in_change_feed and self.checked_every is None:
            raise ValueError(
                f"{self.name} is in no change feed and needs a checked_every: nobody would ask for it again."
            )

    @property
    def table(self) -> str:
        """The entity's name in snake_case, as its raw and typed tables carry it."""
        return _WORD_BOUNDARY.sub("_", self.name).lower()

    @property
    def can_be_deleted(self) -> bool:
        """Whether a record can vanish for good; names are only deactivated."""
        return self.kind is Kind.TRANSACTION

    @property
    def has_ids(self) -> bool:
        """Whether single records can be asked for by their `Id`."""
        return self.kind is not Kind.SINGLETON and not self.composed_id

    @property
    def hides_inactive(self) -> bool:
        """Whether a plain query leaves out deactivated records (name lists do)."""
        return self.kind is Kind.LIST and not self.composed_id and self.has_active


_OUTSIDE_FEED: dict[str, object] = {"in_change_feed": False, "checked_every": HOURLY}
_UNPROVEN_IN_FEED: dict[str, object] = {"checked_every": DAILY}
_NO_POSTING: dict[str, object] = {"posting_date": None}


def _singleton(name: str, description: str) -> Entity:
    return Entity(name=name, kind=Kind.SINGLETON, description=description, **_OUTSIDE_FEED)


def _list(name: str, description: str, **differences: object) -> Entity:
    return Entity(name=name, kind=Kind.LIST, description=description, **differences)


def _transaction(name: str, description: str, **differences: object) -> Entity:
    return Entity(
        name=name, kind=Kind.TRANSACTION, description=description, **{"posting_date": "TxnDate"} | differences
    )


ENTITIES: tuple[Entity, ...] = (
    _singleton("CompanyInfo", "Name, addresses, country and fiscal year of the company."),
    _singleton("Preferences", "The company's settings: numbering, tax, currency, reports."),
    _list("Account", "The chart of accounts."),
    _list("Class", "Classes, QuickBooks' free dimension on transactions and lines."),
    _list("CompanyCurrency", "The currencies a multi-currency company trades in.", **_UNPROVEN_IN_FEED),
    _list("Customer", "Customers, their jobs and projects."),
    _list("CustomerType", "The types customers are sorted into.", **_UNPROVEN_IN_FEED),
    _list("Department", "Departments, shown as locations."),
    _list("Employee", "Employees."),
    # A rate carries no Id and offers no sortable property; currency pair and day identify it.
    _list(
        "ExchangeRate",
        "Exchange rates by currency pair and day.",
        order_by=None,
        composed_id=("SourceCurrencyCode", "TargetCurrencyCode", "AsOfDate"),
        **_OUTSIDE_FEED,
    ),
    # What is on hand when an inventory item is set up is worth something from that day, and no document says so.
    _list("Item", "Products and services, categories and bundles.", posting_date="InvStartDate"),
    _list("PaymentMethod", "Ways customers pay."),
    _list("TaxAgency", "The agencies tax is owed to.", has_active=False, **_OUTSIDE_FEED),
    _list("TaxCode", "Tax codes and the rates they combine.", **_OUTSIDE_FEED),
    _list("TaxRate", "Tax rates and when each took effect.", **_OUTSIDE_FEED),
    _list("Term", "Payment terms."),
    _list("Vendor", "Vendors."),
    _transaction(
        "Attachable",
        "Files and notes attached to records: what QuickBooks knows of them, not their bytes.",
        **_UNPROVEN_IN_FEED,
        **_NO_POSTING,
    ),
    _transaction("Bill", "Bills received from vendors."),
    _transaction("BillPayment", "Payments of bills by check or card."),
    _transaction("Budget", "Budgets by account and period.", **_NO_POSTING),
    _transaction("CreditCardPayment", "Transfers that pay a credit card's balance.", **_UNPROVEN_IN_FEED),
    _transaction("CreditMemo", "Credits given to customers."),
    _transaction("Deposit", "Deposits to a bank account."),
    _transaction("Estimate", "Estimates given to customers.", **_NO_POSTING),
    _transaction("InventoryAdjustment", "Corrections of quantities on hand.", **_UNPROVEN_IN_FEED),
    _transaction("Invoice", "Invoices sent to customers."),
    _transaction("JournalEntry", "Journal entries."),
    _transaction("Payment", "Payments received from customers."),
    # The feed leaves out a purchase's CustomField.
    _transaction("Purchase", "Money spent: checks, cash and card expenses.", is_partial_in_feed=True),
    _transaction("PurchaseOrder", "Orders placed with vendors.", **_NO_POSTING),
    _transaction(
        "RecurringTransaction",
        "Templates QuickBooks repeats on a schedule.",
        is_wrapped=True,
        **_UNPROVEN_IN_FEED,
        **_NO_POSTING,
    ),
    _transaction("RefundReceipt", "Refunds paid to customers."),
    _transaction("ReimburseCharge", "Billable expenses waiting for an invoice.", **_UNPROVEN_IN_FEED, **_NO_POSTING),
    _transaction("SalesReceipt", "Sales paid on the spot."),
    _transaction("TaxPayment", "Payments to tax agencies.", **_UNPROVEN_IN_FEED, posting_date="PaymentDate"),
    _transaction("TimeActivity", "Hours worked, by person, customer and service.", **_OUTSIDE_FEED, **_NO_POSTING),
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
