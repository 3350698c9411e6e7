"""Sections of a ledger: one per account with its postings and running balances, families nested.

Recorded: a parent account with postings of its own holds them in a first section without heading and ends with "Total for X
with sub-accounts"; a parent without shows its name alone, no id, and ends with "Total for X".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.chart import Chart, natural
from qbo_pipeline.emulator.reports.document import Row, data, section
from qbo_pipeline.emulator.reports.entries import Entry
from qbo_pipeline.emulator.reports.layout import Layout

_ZERO = Decimal(0)
_STOCK_COUNT = "Inventory Qty Adjust"


class LedgerSections:
    """The sections of some postings; `opening` is what accounts held before, on their natural side."""

    def __init__(
        self, layout: Layout, chart: Chart, postings: Iterable[Posting], opening: Mapping[str, Decimal] | None = None
    ) -> None:
        self._layout = layout
        self._chart = chart
        self._opening = opening or {}
        self._postings: defaultdict[str, list[Posting]] = defaultdict(list)
        for posting in postings:
            self._postings[posting.account_id].append(posting)

    def of_types(self, *types: str) -> tuple[list[Row], Decimal]:
        """The sections of all accounts of some types, and what moved in them."""
        families = [self._family(account) for account in self._chart.tops(*types)]
        return [row for row, _ in families if row is not None], sum((moved for _, moved in families), _ZERO)

    def _family(self, account: Account) -> tuple[Row | None, Decimal]:
        own, moved = self._account(account)
        below = [self._family(child) for child in self._chart.children(account)]
        rows = [row for row, _ in below if row is not None]
        if not rows:
            return own, moved
        total = moved + sum((amount for _, amount in below), _ZERO)
        if own is None:
            summary = self._layout.line(f"Total for {account.name}", amount=total)
            return section(self._layout.heading(account.name), rows, summary), total
        heading = own.pop("Header")["ColData"]
        summary = self._layout.line(f"Total for {account.name} with sub-accounts", amount=total)
        return section(heading, [own, *rows], summary), total

    def _account(self, account: Account) -> tuple[Row | None, Decimal]:
        postings = self._postings[account.id]
        opening = self._opening.get(account.id, _ZERO)
        if not (postings or opening):
            return None, _ZERO
        entries = _running(account, postings, opening)
        rows = [data(self._layout.line("Beginning Balance", balance=opening))] if opening else []
        rows += [data(self._layout.cells(entry)) for entry in self._layout.in_order(entries)]
        moved = sum((natural(account, posting.amount) for posting in postings), _ZERO)
        summary = self._layout.line(f"Total for {account.name}", amount=moved if postings else None)
        return section(self._layout.heading(account.name, account.id or None), rows, summary), moved


def _running(account: Account, postings: Iterable[Posting], opening: Decimal) -> list[Entry]:
    """Postings with what stood on the account after each; recorded: a stock count's side without worth shows no amount, and
    no balance as long as there was none."""
    entries = []
    balance = opening or None
    for posting in postings:
        amount = natural(account, posting.amount)
        if not amount and posting.display_type == _STOCK_COUNT:
            entries.append(Entry(posting, None, balance=balance))
            continue
        balance = amount + (balance or 0)
        entries.append(Entry(posting, amount, balance=balance))
    return entries
