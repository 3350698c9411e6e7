"""Giving names to what is to be made: each free in QuickBooks, and free of every other name given in the same run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.display_names import SuffixedKind, comparable, name_choices
from qbo_pipeline.outbound.mapping.held import Held, Source
from qbo_pipeline.outbound.mapping.lists import PEOPLE, NameLists


@dataclass(frozen=True)
class Nameless:
    """A row to be made, and what its name is made of."""

    kind: SuffixedKind
    source_id: str
    number: str
    name: str

    @property
    def source(self) -> Source:
        """Its kind and id."""
        return self.kind, self.source_id

    @property
    def choices(self) -> list[str]:
        """The names it may take, the best first."""
        return name_choices(self.kind, self.name, self.number, self.source_id)


def give_names(
    rows: Sequence[Nameless], lists: NameLists, held: Held, *, always_suffix: bool = False
) -> dict[Source, str | None]:
    """The name of each row, None where not even its own number makes one that is free.

    Customers, vendors and employees share one space, items have theirs. A row keeps the name it already asks for as long as
    that is one of its own and nobody else's; the others take theirs in the order of their numbers, so that the order in which
    rows are given makes no difference.
    """
    people, items = _taken(rows, lists, held, PEOPLE), _taken(rows, lists, held, ("Item",))
    given: dict[Source, str | None] = {}
    for row in sorted(rows, key=lambda each: _order(each, held)):
        taken = items if row.kind == "item" else people
        wanted = _choices(row, held, taken, always_suffix=always_suffix)
        given[row.source] = next((name for name in wanted if comparable(name) not in taken), None)
        if name := given[row.source]:
            taken[comparable(name)] = row.kind
    return given


def _taken(rows: Sequence[Nameless], lists: NameLists, held: Held, targets: Sequence[str]) -> dict[str, str]:
    """Which names are gone, and to what kind: entries of the lists, and rows outside this run that are being made."""
    given_now = {row.source for row in rows}
    asked = held.names_asked_for(targets)
    taken = {name: kind for name, (kind, source_id) in asked if (kind, source_id) not in given_now}
    for target in targets:
        taken |= {comparable(entry.name): target.lower() for entry in lists.each(target)}
    return taken


def _order(row: Nameless, held: Held) -> tuple[object, ...]:
    return _kept(row, held) is None, row.kind, len(row.number), row.number, row.source_id


def _kept(row: Nameless, held: Held) -> str | None:
    """The name a row asks for already, if it is still one of its own."""
    asked = held.name_asked_for(row.source)
    return asked if asked in row.choices else None


def _choices(row: Nameless, held: Held, taken: Mapping[str, str], *, always_suffix: bool) -> list[str]:
    """The names to try, by who holds the plain one: another of the same kind calls for the number at once."""
    plain, by_kind, *by_number = row.choices
    kept = [name] if (name := _kept(row, held)) else []
    holder = taken.get(comparable(plain))
    if always_suffix or holder == row.kind:
        return [*kept, *by_number]
    return [*kept, plain, by_kind, *by_number]
