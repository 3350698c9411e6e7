"""The order accounts appear in: by type as a balance sheet and an income statement have them, then by name, in families."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account

ASSETS = ("Bank", "Accounts Receivable", "Other Current Asset", "Fixed Asset", "Other Asset")
LIABILITIES = ("Accounts Payable", "Credit Card", "Other Current Liability", "Long Term Liability")
EQUITY = ("Equity",)
INCOME_STATEMENT = ("Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")
TYPES = ASSETS + LIABILITIES + EQUITY + INCOME_STATEMENT

_GROW_BY_DEBIT = frozenset({*ASSETS, "Cost of Goods Sold", "Expense", "Other Expense"})


def natural(account: Account, amount: Decimal) -> Decimal:
    """An amount (debit positive) as its account's reports show it: what makes the account grow is positive."""
    return amount if account.type in _GROW_BY_DEBIT else -amount


def is_temporary(account: Account) -> bool:
    """Whether an account is of the income statement: it starts from zero every fiscal year."""
    return account.type in INCOME_STATEMENT


def retained_earnings(accounts: Mapping[str, Account]) -> Account:
    """The account past fiscal years are rolled into; one without id where the chart lacks it."""
    found = (account for account in accounts.values() if account.subtype == "RetainedEarnings")
    return next(found, None) or Account(
        id="",
        name="Retained Earnings",
        full_name="Retained Earnings",
        parent_id="",
        type="Equity",
        subtype="RetainedEarnings",
        classification="Equity",
        currency="",
        active=True,
    )


class Chart:
    """Accounts in families. A child whose type differs from its parent's stands for itself."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        by_id = {account.id: account for account in accounts}
        self._children: defaultdict[str, list[Account]] = defaultdict(list)
        self._tops: defaultdict[str, list[Account]] = defaultdict(list)
        for account in sorted(by_id.values(), key=_by_name):
            parent = by_id.get(account.parent_id)
            is_child = parent is not None and parent.type == account.type
            (self._children[account.parent_id] if is_child else self._tops[account.type]).append(account)

    def tops(self, *types: str) -> list[Account]:
        """The accounts of these types that have none above them, type by type."""
        return [account for kind in types for account in self._tops[kind]]

    def children(self, account: Account) -> list[Account]:
        """The accounts directly below one."""
        return self._children[account.id]

    def in_order(self) -> Iterator[Account]:
        """Every account, each followed by those below it."""
        for account in self.tops(*TYPES):
            yield from self._family(account)

    def _family(self, account: Account) -> Iterator[Account]:
        yield account
        for child in self.children(account):
            yield from self._family(child)


def _by_name(account: Account) -> tuple[str, str]:
    return account.name.casefold(), account.id
