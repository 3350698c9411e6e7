"""Balances at the end of a day under QuickBooks' fiscal-year rule, which no transaction of the books shows.

Accounts of the balance sheet carry on for ever. Accounts of the income statement start from zero every fiscal year; what
they came to before belongs to Retained Earnings, on top of what was posted there. Recorded: over a range of two fiscal years
the trial balance and the balance sheet both have 149.62 in Retained Earnings, which nothing was posted to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.chart import is_temporary
from qbo_pipeline.emulator.reports.periods import Period, fiscal_year_start


@dataclass
class Closing:
    """What stands in the books at the end of a day, debit positive; an account without postings is absent."""

    permanent: dict[str, Decimal] = field(default_factory=dict)  # by account of the balance sheet
    temporary: dict[str, Decimal] = field(default_factory=dict)  # by account of the income statement, this fiscal year
    earlier_years: Decimal | None = None  # what the income statement came to before

    @property
    def this_year(self) -> Decimal | None:
        """What the income statement comes to this fiscal year: a profit is negative, as it is owed to the owners."""
        return sum(self.temporary.values(), Decimal(0)) if self.temporary else None


def closing(postings: Iterable[Posting], accounts: Mapping[str, Account], end: date, fiscal_month: int) -> Closing:
    """The books at the end of a day."""
    year = fiscal_year_start(end, fiscal_month)
    books = Closing()
    for posting in postings:
        if posting.date > end:
            continue
        if not is_temporary(accounts[posting.account_id]):
            _add(books.permanent, posting)
        elif posting.date >= year:
            _add(books.temporary, posting)
        else:
            books.earlier_years = posting.amount + (books.earlier_years or 0)
    return books


def moved(postings: Iterable[Posting], period: Period) -> set[str]:
    """The accounts posted to in a period, which reports show even with a balance of zero."""
    return {posting.account_id for posting in postings if posting.date in period}


def _add(balances: dict[str, Decimal], posting: Posting) -> None:
    balances[posting.account_id] = balances.get(posting.account_id, Decimal(0)) + posting.amount
