"""What QuickBooks lets be done with each entity, as data: filters, sorts, ids, change feed, writes.

One entry per entity and no entity named in an `if` anywhere else: what differs between entities is a field here. Marks in
`queryable` are the manual's, F for filterable and S for sortable; where its copies lack them, those that work in practice.
"""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

ChangeFeed = Literal["covered", "uncovered", "by_setting"]
Balance = Literal["none", "zero", "open"]
Form = Literal["plain", "name", "sales", "spending", "journal", "deposit", "payment", "bill_payment", "time"]
VoidForm = Literal["none", "operation", "include", "system_fault", "nothing"]

_ALWAYS = "Id FS, MetaData.CreateTime FS, MetaData.LastUpdatedTime FS"
_PERSON = "DisplayName FS, GivenName FS, MiddleName FS, FamilyName FS"
_SPENDING = "TxnDate FS, DocNumber FS, TotalAmt FS, PaymentType F"


@dataclass(frozen=True)
class Property:
    """A property a query may name, in QuickBooks' spelling."""

    name: str
    is_filterable: bool
    is_sortable: bool


def _properties(marks: str) -> MappingProxyType[str, Property]:
    found = {}
    for entry in marks.split(","):
        if entry.strip():
            name, flags = entry.split()
            found[name.lower()] = Property(name, "F" in flags, "S" in flags)
    return MappingProxyType(found)


@dataclass(frozen=True, kw_only=True)
class EntityRules:
    """How QuickBooks treats one entity.

    `id_space`: entities that draw their ids from one counter. `name_property`: the property that must be unique within
    `name_space`, and which gets " (deleted)" when the record is deactivated. `required`: what a create or full update must
    bring, `required_when_sparse` what even a sparse update must. `unique_numbers`: whether a DocNumber may stand once only;
    a text is the company preference that decides. `void`: which call voids it, or which oddity answers the attempt.
    `form`: how a record of it is completed and added up; `balance`: whether it carries an open balance, always 0, or none.
    `is_tree`: whether its names form a tree ("Parent:Child"). `has_terms`: whether it falls due by terms. `defaults`: what a
    new record has unless the request says otherwise.
    """

    name: str
    properties: MappingProxyType[str, Property] = field(default_factory=lambda: _properties(_ALWAYS))
    has_id: bool = True
    is_singleton: bool = False
    is_wrapped: bool = False
    hides_inactive: bool = False
    tells_total: bool = False
    change_feed: ChangeFeed = "covered"
    id_space: str = ""
    name_property: str | None = None
    name_space: str = ""
    operations: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    required_when_sparse: tuple[str, ...] = ()
    delete_needs_all: bool = False
    unique_numbers: bool | str = False
    void: VoidForm = "none"
    form: Form = "plain"
    balance: Balance = "none"
    is_tree: bool = False
    has_terms: bool = False
    defaults: MappingProxyType[str, object] = field(default_factory=lambda: MappingProxyType({}))
    created_without_update_time: bool = False

    @property
    def segment(self) -> str:
        """The entity's part of a path."""
        return self.name.lower()


def _rules(name: str, queryable: str = "", **differences: object) -> EntityRules:
    marks = ", ".join(part for part in (_ALWAYS, queryable) if part)
    return EntityRules(name=name, properties=_properties(marks), **{"id_space": name, **differences})


def _singleton(name: str) -> EntityRules:
    return _rules(name, is_singleton=True, operations=frozenset({"update"}))


def _list(name: str, queryable: str, **differences: object) -> EntityRules:
    defaults = {
        "hides_inactive": True,
        "name_property": "Name",
        "name_space": name,
        "operations": frozenset({"create", "update"}),
        "required": ("Name",),
        "form": "name",
    }
    return _rules(name, queryable, **{**defaults, **differences})


def _person(name: str, queryable: str, **differences: object) -> EntityRules:
    return _list(
        name,
        f"{_PERSON}, {queryable}",
        id_space="names",
        name_space="names",
        name_property="DisplayName",
        required=(),
        **differences,
    )


def _fixed_list(name: str, queryable: str, **differences: object) -> EntityRules:
    return _list(name, queryable, **{"operations": frozenset(), **differences})


def _transaction(name: str, queryable: str, required: str = "", **differences: object) -> EntityRules:
    defaults = {
        "id_space": "transactions",
        "operations": frozenset({"create", "update", "delete"}),
        "required": tuple(required.split()),
    }
    return _rules(name, queryable, **{**defaults, **differences})


def _sales_form(name: str, queryable: str, required: str = "CustomerRef Line", **differences: object) -> EntityRules:
    return _transaction(name, queryable, required, **{"unique_numbers": True, "form": "sales", **differences})


_ENTRIES = (
    _singleton("CompanyInfo"),
    _singleton("Preferences"),
    _list(
        "Account",
        "Name FS, FullyQualifiedName FS, AccountType FS, AccountSubType FS, Classification FS, Active FS, CurrentBalance FS",
        created_without_update_time=True,
        is_tree=True,
    ),
    _list(
        "Class",
        "Active FS, FullyQualifiedName FS, Name FS",
        is_tree=True,
    ),
    _list("CompanyCurrency", "Active FS, Code FS, Name FS", name_property="Code", required=("Code",)),
    _person(
        "Customer",
        "FullyQualifiedName FS, PrimaryEmailAddr F, BalanceWithJobs S, Active F, CompanyName F, Balance F",
        is_tree=True,
        defaults=MappingProxyType({"Balance": 0, "BalanceWithJobs": 0}),
    ),
    _fixed_list("CustomerType", "Active F, Name FS"),
    _list(
        "Department",
        "Active FS, FullyQualifiedName FS, Name FS",
        is_tree=True,
    ),
    _person("Employee", "Suffix FS, PrintOnCheckName FS, Active F"),
    # A rate carries no Id and only one of the two instants.
    _rules(
        "ExchangeRate",
        "SourceCurrencyCode F, AsOfDate F",
        has_id=False,
        tells_total=True,
        change_feed="uncovered",
    ),
    _list(
        "Item",
        "Name FS, Type FS, Active F, FullyQualifiedName F, SubItem F, Taxable F, Sku F, UnitPrice S, PurchaseCost S",
        required=("Name", "Type"),
        is_tree=True,
    ),
    _list("PaymentMethod", "Active FS, Name FS"),
    _fixed_list("TaxAgency", "DisplayName S", hides_inactive=False, tells_total=True, change_feed="uncovered"),
    _fixed_list("TaxCode", "Name FS, Active F, Description FS", change_feed="uncovered"),
    _fixed_list("TaxRate", "Name FS, AgencyRef FS, Active FS", change_feed="uncovered"),
    _list("Term", "Name FS, Active FS"),
    _person("Vendor", "CompanyName FS, Active F, Balance F", defaults=MappingProxyType({"Balance": 0})),
    _rules(
        "Attachable",
        "FileName F, Note F, AttachableRef.EntityRef.type F, AttachableRef.EntityRef.value F",
        operations=frozenset({"create", "update", "delete"}),
        delete_needs_all=True,
    ),
    _transaction(
        "Bill",
        "DocNumber FS, TxnDate FS, DueDate FS, TotalAmt FS, VendorRef FS, APAccountRef FS, SalesTermRef FS, Balance F",
        "VendorRef Line",
        required_when_sparse=("VendorRef",),
        unique_numbers="WarnDuplicateBillNumber",
        void="system_fault",
        form="spending",
        balance="open",
        has_terms=True,
    ),
    _transaction(
        "BillPayment",
        "DocNumber FS, TxnDate FS, TotalAmt FS, VendorRef FS, APAccountRef FS",
        "VendorRef TotalAmt PayType Line",
        void="include",
        form="bill_payment",
    ),
    _rules("Budget", "Name FS, BudgetType FS, Active F", tells_total=True),
    _transaction("CreditCardPayment", "TxnDate FS", "BankAccountRef CreditCardAccountRef Amount"),
    _sales_form(
        "CreditMemo",
        "DocNumber FS, TxnDate FS, Balance FS, CustomerRef F, SalesTermRef F, ProjectRef F",
        balance="open",
        defaults=MappingProxyType({"RemainingCredit": 0}),
    ),
    _transaction(
        "Deposit",
        _SPENDING,
        "DepositToAccountRef Line",
        delete_needs_all=True,
        form="deposit",
    ),
    _sales_form(
        "Estimate",
        "DocNumber FS, TxnDate FS, DueDate FS, CustomerRef F, ProjectRef F",
        required_when_sparse=("CustomerRef",),
        defaults=MappingProxyType({"TxnStatus": "Pending"}),
    ),
    _transaction("InventoryAdjustment", "DocNumber FS, TxnDate FS", "AdjustAccountRef Line"),
    _sales_form(
        "Invoice",
        "DocNumber FS, TxnDate FS, DueDate FS, Balance FS, TotalAmt FS, CustomerRef F, SalesTermRef F, ProjectRef F",
        required_when_sparse=("CustomerRef",),
        tells_total=True,
        void="operation",
        balance="open",
        has_terms=True,
    ),
    _transaction(
        "JournalEntry",
        "DocNumber FS, TxnDate FS",
        "Line",
        unique_numbers="WarnDuplicateJournalNumber",
        void="nothing",
        form="journal",
    ),
    _transaction(
        "Payment",
        "TxnDate FS, TotalAmt F, CustomerRef F, PaymentMethodRef F, PaymentRefNum F",
        "CustomerRef TotalAmt",
        void="include",
        form="payment",
    ),
    _transaction(
        "Purchase",
        _SPENDING,
        "PaymentType AccountRef Line",
        required_when_sparse=("PaymentType",),
        unique_numbers="WarnDuplicateCheckNumber",
        form="spending",
    ),
    _transaction(
        "PurchaseOrder",
        "DocNumber FS, TxnDate FS, DueDate FS",
        "VendorRef Line",
        form="spending",
        defaults=MappingProxyType({"POStatus": "Open"}),
    ),
    _transaction("RecurringTransaction", "", operations=frozenset(), is_wrapped=True),
    _sales_form(
        "RefundReceipt",
        "DocNumber FS, TxnDate FS, Balance FS, PaymentType FS, CustomerRef F, ProjectRef F",
        "DepositToAccountRef Line",
        balance="zero",
    ),
    _transaction("ReimburseCharge", "TxnDate FS, CustomerRef F", operations=frozenset()),
    _sales_form(
        "SalesReceipt",
        "DocNumber FS, TxnDate FS, Balance FS, TotalAmt F, CustomerRef F, ProjectRef F",
        "Line",
        void="include",
        balance="zero",
    ),
    _transaction("TaxPayment", "", operations=frozenset()),
    _transaction(
        "TimeActivity",
        "TxnDate FS, BillableStatus F, ProjectRef F",
        "NameOf",
        id_space="TimeActivity",
        change_feed="by_setting",
        form="time",
    ),
    _transaction("Transfer", _SPENDING, "FromAccountRef ToAccountRef Amount", delete_needs_all=True),
    _transaction(
        "VendorCredit",
        "DocNumber FS, TxnDate FS, TotalAmt FS, APAccountRef FS, Balance S",
        "VendorRef Line",
        form="spending",
        balance="open",
    ),
)

RULES: MappingProxyType[str, EntityRules] = MappingProxyType({rules.name: rules for rules in _ENTRIES})

_BY_SEGMENT = {rules.segment: rules for rules in _ENTRIES}


def find_rules(name: str) -> EntityRules | None:
    """The entity of that name or path segment in any case, or None for a name QuickBooks does not know."""
    return _BY_SEGMENT.get(name.lower())
