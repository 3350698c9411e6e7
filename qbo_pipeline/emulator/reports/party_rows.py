"""Rows of amounts by customer or vendor, jobs under their customer, as summaries of ageing and of balances have them.

Recorded: a party without sub-parties is a row without a type; one with sub-parties is a section whose heading shows its own
open amounts (nothing but a total of "0.00" where there are none), whose rows have a type and leaf names, and whose total has
a zero wherever there is nothing, as the grand total has.
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from qbo_pipeline.emulator.reports.columns import Amounts, added, in_figures
from qbo_pipeline.emulator.reports.document import Row, cell, data, grand_total, section, untyped
from qbo_pipeline.emulator.reports.lists import Lists
from qbo_pipeline.emulator.reports.statement import figures

_UNNAMED = "Not Specified"


def party_rows(lists: Lists, entity: str, amounts: Mapping[str, Amounts], *, is_descending: bool) -> list[Row]:
    """The rows of all parties with amounts, by name, and the grand total; no rows for no parties."""
    if not amounts:
        return []
    families = _Families(lists, entity, amounts)
    tops = families.below[""]
    rows = [families.row(party, is_top=True)[0] for party in (reversed(tops) if is_descending else tops)]
    total: Amounts = [Decimal(0)] * len(next(iter(amounts.values())))
    for amount in amounts.values():
        total = added(total, amount)
    return [*rows, grand_total(figures(total))]


class _Families:
    """Parties under their parents; a parent without amounts of its own is there for the sake of those below it."""

    def __init__(self, lists: Lists, entity: str, amounts: Mapping[str, Amounts]) -> None:
        self._lists = lists
        self._entity = entity
        self._amounts = amounts
        self._width = len(next(iter(amounts.values())))
        parents: dict[str, str] = {}
        for party in amounts:
            current = party
            while current not in parents:
                parents[current] = lists.parent(entity, current) if current else ""
                current = parents[current] or current
        self.below: defaultdict[str, list[str]] = defaultdict(list)
        for party in sorted(parents, key=self._name):
            self.below[parents[party]].append(party)
        if "" in amounts:
            self.below[""] = [party for party in self.below[""] if party] + [""]

    def row(self, party: str, *, is_top: bool) -> tuple[Row, Amounts]:
        """A party's row or section, and what it comes to."""
        own = self._amounts.get(party)
        name = self._name(party).rpartition(":")[2] or _UNNAMED
        title = cell(name, party or None)
        below = [self.row(child, is_top=False) for child in self.below[party]] if party else []
        if not below:
            cells = [title, *figures(own or [])]
            return (untyped(cells) if is_top else data(cells)), own or []
        heading = own or [*[None] * (self._width - 1), Decimal(0)]
        total = in_figures(heading)
        for _, amount in below:
            total = added(total, amount)
        summary = [cell(f"Total {name}"), *figures(total)]
        return section([title, *figures(heading)], [row for row, _ in below], summary), total

    def _name(self, party: str) -> str:
        return self._lists.full_name(self._entity, party) if party else ""
