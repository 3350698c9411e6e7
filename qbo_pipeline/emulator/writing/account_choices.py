"""Which account a document uses where it names none, and which types of account each property takes.

An account is found by what it is (subtype, currency), never by its name.
"""

from qbo_pipeline.emulator.source import Record
from qbo_pipeline.emulator.writing.desk import Desk
from qbo_pipeline.emulator.writing.refusals import account_not_allowed

_MONEY = frozenset({"Bank", "Other Current Asset"})
_BALANCE_SHEET = _MONEY | {
    "Credit Card",
    "Fixed Asset",
    "Other Asset",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
}
_TYPES = {
    ("Payment", "DepositToAccountRef"): _MONEY,
    ("SalesReceipt", "DepositToAccountRef"): _MONEY,
    ("RefundReceipt", "DepositToAccountRef"): _MONEY | {"Credit Card"},
    ("Deposit", "DepositToAccountRef"): _MONEY,
    ("Bill", "APAccountRef"): frozenset({"Accounts Payable"}),
    ("BillPayment", "APAccountRef"): frozenset({"Accounts Payable"}),
    ("VendorCredit", "APAccountRef"): frozenset({"Accounts Payable"}),
    ("PurchaseOrder", "APAccountRef"): frozenset({"Accounts Payable"}),
    ("Transfer", "FromAccountRef"): _BALANCE_SHEET,
    ("Transfer", "ToAccountRef"): _BALANCE_SHEET,
    ("CreditCardPayment", "BankAccountRef"): frozenset({"Bank"}),
    ("CreditCardPayment", "CreditCardAccountRef"): frozenset({"Credit Card"}),
    # Intuit's own guides point retainer items at a liability and bad-debt items at an expense.
    ("Item", "IncomeAccountRef"): frozenset({"Income", "Other Income", "Other Current Liability", "Expense"}),
    ("Item", "AssetAccountRef"): frozenset({"Other Current Asset"}),
}


def check_account_types(desk: Desk, entity: str, record: Record) -> None:
    """Refuse accounts of a type that the document's properties do not take (6430)."""
    for (of_entity, name), types in _TYPES.items():
        if of_entity == entity:
            check_account(desk, record, name, types)


def check_account(desk: Desk, holder: Record, name: str, types: frozenset[str]) -> None:
    """Refuse an account of another type than these; an account without a type is not judged."""
    account_type = desk.referred(holder, name, "Account").get("AccountType")
    if account_type is not None and account_type not in types:
        raise account_not_allowed(name, account_type)


def undeposited_funds(desk: Desk) -> Record | None:
    """The account in which received money waits for its deposit."""
    return _first(desk, "UndepositedFunds")


def payable_account(desk: Desk, currency: str) -> Record | None:
    """The Accounts Payable account of a currency."""
    return _first(desk, "AccountsPayable", currency)


def opening_balance_equity(desk: Desk) -> Record | None:
    """The account opposite to opening balances."""
    return _first(desk, "OpeningBalanceEquity")


def account_reference(account: Record) -> Record:
    """A reference to an account as documents show it."""
    return {"value": account["Id"], "name": account.get("FullyQualifiedName") or account["Name"]}


def _first(desk: Desk, subtype: str, currency: str = "") -> Record | None:
    for account in desk.records.each("Account"):
        is_one = account.get("AccountSubType") == subtype and account.get("Active", True)
        if is_one and (not currency or account.get("CurrencyRef", {}).get("value", currency) == currency):
            return account
    return None
