"""The chart of accounts: accounts by id, and those QuickBooks itself posts to, found by type, subtype and currency.

QuickBooks knows which account it made for which purpose; records do not say it. Each subtype used here marks an account that
QuickBooks makes on first need: Undeposited Funds, the control accounts of a currency, the tax account of an agency, the
exchange account, and the two accounts of unapplied cash.
"""

from collections.abc import Callable
from dataclasses import dataclass

from qbo_pipeline.emulator.accounting.errors import UnbalancedBooksError
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.source import Record

RECEIVABLE, PAYABLE = "Accounts Receivable", "Accounts Payable"
_TAX_PAYABLE = ("GlobalTaxPayable", "SalesTaxPayable")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the books need it; all words are QuickBooks' own (`Accounts Receivable`, `UndepositedFunds`, `Asset`)."""

    id: str
    name: str
    full_name: str  # with its parents: "Job Expenses:Job Materials"
    parent_id: str  # "" for a top account
    type: str
    subtype: str
    classification: str  # Asset, Liability, Equity, Revenue or Expense
    currency: str
    active: bool

    @property
    def is_control(self) -> bool:
        """Whether customers' or vendors' open documents stand behind its balance."""
        return self.type in (RECEIVABLE, PAYABLE)

    @property
    def is_income_statement(self) -> bool:
        """Whether it belongs to the profit and loss account, not to the balance sheet."""
        return self.classification in ("Revenue", "Expense")


class Chart:
    """All accounts of a company, inactive ones too."""

    def __init__(self, records: CompanyRecords, home_currency: str) -> None:
        self.accounts = {record["Id"]: _account(record, home_currency) for record in records.each("Account")}
        self._found: dict[tuple[str, str], str] = {}
        self._agencies = [record["Id"] for record in records.each("TaxAgency")]

    def control(self, kind: str, currency: str) -> str:
        """The receivable or payable account of a currency: QuickBooks keeps one for each."""
        return self._oldest(f"{kind} account in", currency, lambda one: (one.type, one.currency) == (kind, currency))

    def is_control(self, account_id: str) -> bool:
        """Whether an account is a receivable or payable one."""
        account = self.accounts.get(account_id)
        return account is not None and account.is_control

    def with_subtype(self, subtype: str) -> str:
        """The account QuickBooks made for a purpose, such as `UndepositedFunds` or `ExchangeGainOrLoss`."""
        return self._oldest("account of subtype", subtype, lambda one: one.subtype == subtype)

    def first_of_type(self, kind: str) -> str:
        """The oldest account of a type: where QuickBooks posts what nothing else directs."""
        return self._oldest("account of type", kind, lambda one: one.type == kind)

    def tax_payable(self, agency_id: str) -> str:
        """What is owed to a tax agency. QuickBooks makes the account with the agency, so they stand in the same order."""
        accounts = [account.id for account in self.accounts.values() if account.subtype in _TAX_PAYABLE]
        place = self._agencies.index(agency_id) if agency_id in self._agencies else 0
        return accounts[min(place, len(accounts) - 1)] if accounts else self.with_subtype(_TAX_PAYABLE[0])

    def _oldest(self, wanted: str, value: str, fits: Callable[[Account], bool]) -> str:
        if (wanted, value) not in self._found:
            accounts = (account for account in self.accounts.values() if fits(account))
            account = min(accounts, key=lambda one: (not one.active, int(one.id)), default=None)
            if account is None:
                raise UnbalancedBooksError(
                    f"The company has no {wanted} {value} to post to. Add one to its chart of accounts."
                )
            self._found[wanted, value] = account.id
        return self._found[wanted, value]


def _account(record: Record, home_currency: str) -> Account:
    return Account(
        id=record["Id"],
        name=record["Name"],
        full_name=record.get("FullyQualifiedName", record["Name"]),
        parent_id=record.get("ParentRef", {}).get("value", ""),
        type=record["AccountType"],
        subtype=record.get("AccountSubType", ""),
        classification=record.get("Classification", ""),
        currency=record.get("CurrencyRef", {}).get("value", home_currency),
        active=record.get("Active", True),
    )
