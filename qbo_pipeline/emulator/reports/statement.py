"""The rows of a statement: accounts in families, their groups and the totals between, for any number of columns.

An account that has sub-accounts is a section; what was posted to it itself stands in the section's heading. Accounts without
any posting are left out, groups without any account too. A total of nothing is "0.00".
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.reports.chart import Chart
from qbo_pipeline.emulator.reports.columns import Amounts, added, in_figures
from qbo_pipeline.emulator.reports.document import Cell, Row, blanks, cell, data, plain, section


class Statement:
    """Amounts by account (as the account's reports show them) turned into rows of `width` columns."""

    def __init__(self, chart: Chart, amounts: Mapping[str, Amounts], width: int) -> None:
        self._chart = chart
        self._amounts = amounts
        self.width = width

    @property
    def nothing(self) -> Amounts:
        """No amount in any column."""
        return [None] * self.width

    def of_types(self, *types: str) -> tuple[list[Row], Amounts]:
        """The rows of all accounts of some types, and their total: nothing where there are none."""
        rows: list[Row] = []
        total = self.nothing
        for account in self._chart.tops(*types):
            row, amount = self._family(account)
            if row is not None:
                rows.append(row)
                total = added(total, in_figures(amount))
        return rows, total

    def group(self, name: str, group: str, rows: Sequence[Row], total: Amounts, total_name: str | None = None) -> Row:
        """A named group with its total."""
        heading = [cell(name), *blanks(self.width)]
        return section(heading, rows, [cell(total_name or f"Total {name}"), *figures(total)], group)

    def subtotal(self, name: str, group: str, total: Amounts) -> Row:
        """A line that only sums up what stands above it."""
        return section(None, None, [cell(name), *figures(in_figures(total))], group)

    def _family(self, account: Account) -> tuple[Row | None, Amounts]:
        own = self._amounts.get(account.id)
        below = [self._family(child) for child in self._chart.children(account)]
        rows = [row for row, _ in below if row is not None]
        name = cell(account.name, account.id)
        if not rows:
            return (None, self.nothing) if own is None else (data([name, *figures(own)]), own)
        total = in_figures(own or self.nothing)
        for _, amount in below:
            total = added(total, amount)
        heading = [name, *figures(own or self.nothing)]
        return section(heading, rows, [cell(f"Total {account.name}"), *figures(total)]), total


def figures(amounts: Amounts) -> list[Cell]:
    """Amounts as cells."""
    return [cell(plain(amount)) for amount in amounts]


def accumulated(amounts: dict[str, Amounts], key: str, place: int, amount: Decimal, width: int) -> None:
    """Add an amount to a key's column."""
    row = amounts.setdefault(key, [None] * width)
    row[place] = amount + (row[place] or 0)
