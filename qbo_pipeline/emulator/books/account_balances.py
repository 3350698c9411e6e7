"""Account.CurrentBalance, which QuickBooks derives: after a write it is worked out from the books when accounts are asked for.

Signs are QuickBooks' own: assets above zero, payables and loans below, what a card owes and equity above, nothing on income
and expenses; a foreign account shows its own currency. A company of very many transactions keeps the balances it began with.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal

from qbo_pipeline.emulator.accounting.books import Books
from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.errors import UnbalancedBooksError
from qbo_pipeline.emulator.books.amounts import amount
from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.books.schema import RULES

_MOST_TRANSACTIONS = 20_000
_CREDIT_ABOVE_ZERO = frozenset({"Credit Card", "Equity"})
_WITHOUT_BALANCE = frozenset({"Revenue", "Expense"})


class AccountBalances:
    """The balances of one company's accounts; the caller holds the company's lock."""

    def __init__(self, records: CompanyRecords, books: Callable[[], Books]) -> None:
        self._records = records
        self._books = books
        self._shown = records.revision()

    def refresh(self, rules: EntityRules) -> None:
        """Bring the balances up to date where accounts are what is asked for and anything was written since."""
        if rules.name != "Account" or self._shown == self._records.revision():
            return
        if self._transactions() <= _MOST_TRANSACTIONS:
            with suppress(UnbalancedBooksError):  # records that cannot be posted leave the balances as they were
                self._write(self._books())
        self._shown = self._records.revision()

    def _transactions(self) -> int:
        offered = self._records.offered()
        return sum(len(self._records[entity].live()) for entity in offered if RULES[entity].posts)

    def _write(self, books: Books) -> None:
        accounts = books.accounts()
        balances = _balances(books, accounts)
        for record in list(self._records.each("Account")):
            below = (balances[other] for other in accounts if _is_below(accounts, other, record["Id"]))
            shown = {
                "CurrentBalance": balances[record["Id"]],
                "CurrentBalanceWithSubAccounts": balances[record["Id"]] + sum(below, Decimal(0)),
            }
            if any(amount(record.get(name)) != value for name, value in shown.items()):
                self._records["Account"].amend(record["Id"], record | shown)


def _balances(books: Books, accounts: Mapping[str, Account]) -> Counter[str]:
    found: Counter[str] = Counter()
    for posting in books.postings("Accrual"):
        account = accounts[posting.account_id]
        if account.classification in _WITHOUT_BALANCE or not account.active:
            continue
        is_foreign = account.currency != books.home_currency and posting.foreign_amount is not None
        value = posting.foreign_amount if is_foreign else posting.amount
        found[account.id] += -value if account.type in _CREDIT_ABOVE_ZERO else value
    return found


def _is_below(accounts: Mapping[str, Account], account_id: str, ancestor_id: str) -> bool:
    parent_id = accounts[account_id].parent_id
    while parent_id and parent_id != ancestor_id:
        parent_id = accounts[parent_id].parent_id
    return parent_id == ancestor_id
