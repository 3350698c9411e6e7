"""What QuickBooks lets be done with each entity, as data: filters, sorts, ids, change feed, writes.

One entry per entity and no entity named in an `if` anywhere else: what differs between entities is a field here. Marks in
`queryable` are the manual's, F for filterable and S for sortable; where its copies lack them, those that work in practice.
"""

from types import MappingProxyType

from qbo_pipeline.emulator.books.entity_rules import ALWAYS_QUERYABLE, EntityRules, queryable_properties

_PERSON = "DisplayName FS, GivenName FS, MiddleName FS, FamilyName FS"
_SPENDING = "TxnDate FS, DocNumber FS, TotalAmt FS, PaymentType F"


def _rules(name: str, queryable: str = "", **differences: object) -> EntityRules:
    marks = ", ".join(part for part in (ALWAYS_QUERYABLE, queryable) if part)
    return EntityRules(name=name, properties=queryable_properties(marks), **{"id_space": name, **differences})


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
        "posts": True,
    }
    return _rules(name, queryable, **{**defaults, **differences})


def _sales_form(name: str, queryable: str, required: str = "CustomerRef Line", **differences: object) -> EntityRules:
    defaults = {"unique_numbers": True, "form": "sales", "numbering": "sales", "email_property": "BillEmail"}
    return _transaction(name, queryable, required, **{**defaults, **differences})


_ENTRIES = (
    _singleton("CompanyInfo"),
    _singleton("Preferences"),
    _list(
        "Account",
        "Name FS, FullyQualifiedName FS, AccountType FS, AccountSubType FS, Classification FS, Active FS, CurrentBalance FS",
        created_without_update_time=True,
        form="account",
        is_tree=True,
        defaults=MappingProxyType({"CurrentBalance": 0, "CurrentBalanceWithSubAccounts": 0}),
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
        form="item",
        is_tree=True,
    ),
    _list("PaymentMethod", "Active FS, Name FS"),
    _list(
        "TaxAgency",
        "DisplayName S",
        name_property="DisplayName",
        required=("DisplayName",),
        operations=frozenset({"create"}),
        hides_inactive=False,
        tells_total=True,
        change_feed="uncovered",
        defaults=MappingProxyType({"TaxTrackedOnSales": True, "TaxTrackedOnPurchases": False}),
    ),
    _fixed_list("TaxCode", "Name FS, Active F, Description FS", change_feed="uncovered"),
    _fixed_list("TaxRate", "Name FS, AgencyRef FS, Active FS", change_feed="uncovered"),
    _list("Term", "Name FS, Active FS"),
    _person("Vendor", "CompanyName FS, Active F, Balance F", defaults=MappingProxyType({"Balance": 0})),
    _rules(
        "Attachable",
        "FileName F, Note F, AttachableRef.EntityRef.type F, AttachableRef.EntityRef.value F",
        operations=frozenset({"create", "update", "delete"}),
        delete_needs_all=True,
        form="attachable",
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
        links=frozenset({"PurchaseOrder"}),
    ),
    _transaction(
        "BillPayment",
        "DocNumber FS, TxnDate FS, TotalAmt FS, VendorRef FS, APAccountRef FS",
        "VendorRef TotalAmt PayType Line",
        void="include",
        form="bill_payment",
    ),
    _rules("Budget", "Name FS, BudgetType FS, Active F", tells_total=True),
    _transaction("CreditCardPayment", "TxnDate FS", "BankAccountRef CreditCardAccountRef Amount", form="card_payment"),
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
        line_links=frozenset({"Payment", "SalesReceipt", "RefundReceipt"}),
    ),
    _sales_form(
        "Estimate",
        "DocNumber FS, TxnDate FS, DueDate FS, CustomerRef F, ProjectRef F",
        required_when_sparse=("CustomerRef",),
        numbering="estimates",
        posts=False,
        defaults=MappingProxyType({"TxnStatus": "Pending"}),
    ),
    _transaction("InventoryAdjustment", "DocNumber FS, TxnDate FS", "AdjustAccountRef Line", form="adjustment"),
    _sales_form(
        "Invoice",
        "DocNumber FS, TxnDate FS, DueDate FS, Balance FS, TotalAmt FS, CustomerRef F, SalesTermRef F, ProjectRef F",
        required_when_sparse=("CustomerRef",),
        tells_total=True,
        void="operation",
        balance="open",
        has_terms=True,
        links=frozenset({"Estimate", "TimeActivity", "ReimburseCharge"}),
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
        email_property="BillEmail",
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
        numbering="purchase_orders",
        posts=False,
        email_property="POEmail",
        defaults=MappingProxyType({"POStatus": "Open", "EmailStatus": "NotSet"}),
    ),
    _transaction("RecurringTransaction", "", operations=frozenset(), posts=False, is_wrapped=True),
    _sales_form(
        "RefundReceipt",
        "DocNumber FS, TxnDate FS, Balance FS, PaymentType FS, CustomerRef F, ProjectRef F",
        "DepositToAccountRef Line",
        balance="zero",
    ),
    _transaction("ReimburseCharge", "TxnDate FS, CustomerRef F", operations=frozenset(), posts=False),
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
        posts=False,
    ),
    _transaction("Transfer", _SPENDING, "FromAccountRef ToAccountRef Amount", delete_needs_all=True, form="transfer"),
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
