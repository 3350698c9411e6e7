"""The name lists of one company as they are in QuickBooks, in memory: who and what a document can refer to."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from qbo_pipeline.outbound.mapping.display_names import code_key, comparable, without_legal_form

PEOPLE = ("Customer", "Vendor", "Employee")
"""The lists that share one space of names."""

TARGETS = (*PEOPLE, "Item", "Account", "TaxCode", "Term", "Class", "Department", "PaymentMethod")

_BEGINNING = 3
_NEAR = 0.88


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An entry of a list; `name` is without QuickBooks' mark of a deactivated one, `number` an account's or employee's.

    `type` is an item's or account's type, `sub_type` an account's; `due_days` are those of a term without a discount.
    """

    target: str
    id: str
    name: str = field(repr=False)
    full_name: str | None = field(default=None, repr=False)
    is_active: bool = True
    parent_id: str | None = None
    email: str | None = field(default=None, repr=False)
    notes: str | None = field(default=None, repr=False)
    number: str | None = None
    sku: str | None = None
    type: str | None = None
    sub_type: str | None = None
    currency: str | None = None
    due_days: int | None = None

    @property
    def label(self) -> str:
        """What it is called among all of its list."""
        return self.full_name or self.name


class NameLists:
    """The lists of one company, read at `read_through`; entries are found by id, by name and by what else they carry."""

    def __init__(self, realm_id: str, entries: Iterable[Listed], read_through: datetime | None = None) -> None:
        self.realm_id = realm_id
        self.read_through = read_through
        self._by_id = {(each.target, each.id): each for each in entries}
        self._by_name = _index(self.entries, lambda each: comparable(each.name))
        self._by_full_name = _index(self.entries, lambda each: each.full_name and comparable(each.full_name))
        self._by_bare_name = _index(self.entries, lambda each: without_legal_form(each.name))
        self._by_beginning: dict[tuple[str, str], list[str]] = {}
        for target, bare in self._by_bare_name:
            self._by_beginning.setdefault((target, bare[:_BEGINNING]), []).append(bare)
        self._by_code = _index(self.entries, lambda each: code_key(each.name))
        self._by_number = _index(self.entries, lambda each: each.number and code_key(each.number))
        self._by_sku = _index(self.entries, lambda each: each.sku and comparable(each.sku))
        self._by_email = _index(self.entries, lambda each: first_email(each.email))

    @property
    def entries(self) -> list[Listed]:
        """Every entry of every list."""
        return list(self._by_id.values())

    def get(self, target: str, entry_id: str) -> Listed | None:
        """An entry by its id."""
        return self._by_id.get((target, entry_id))

    def each(self, target: str) -> list[Listed]:
        """A list whole."""
        return [each for each in self.entries if each.target == target]

    def named(self, target: str, name: str) -> list[Listed]:
        """The entries of a list whose name is the same, active ones first."""
        return _sorted(self._by_name.get((target, comparable(name)), []))

    def fully_named(self, target: str, name: str) -> list[Listed]:
        """The entries of a list whose name with all above it is the same, `Parent:Child`, or else whose own name is."""
        return _sorted(self._by_full_name.get((target, comparable(name)), [])) or self.named(target, name)

    def alike(self, target: str, name: str) -> list[Listed]:
        """The entries of a list whose name is the same but for its legal form and punctuation."""
        return _sorted(self._by_bare_name.get((target, without_legal_form(name)), []))

    def near(self, target: str, name: str) -> list[Listed]:
        """The active entries of a list whose name differs by a slip of the pen, the nearest first.

        Only names that begin alike are compared: a list of ten thousand would be compared a million times otherwise.
        """
        bare = without_legal_form(name)
        names = self._by_beginning.get((target, bare[:_BEGINNING]), [])
        found = difflib.get_close_matches(bare, names, n=3, cutoff=_NEAR)
        return [each for near in found for each in self._by_bare_name[target, near] if each.is_active]

    def coded(self, target: str, code: str) -> list[Listed]:
        """The entries of a list whose name is that code, however it is spaced and written."""
        return _sorted(self._by_code.get((target, code_key(code)), []))

    def numbered(self, target: str, number: str) -> list[Listed]:
        """The entries of a list with that number."""
        return _sorted(self._by_number.get((target, code_key(number)), []))

    def with_sku(self, sku: str) -> list[Listed]:
        """The items with that stock keeping unit."""
        return _sorted(self._by_sku.get(("Item", comparable(sku)), []))

    def with_email(self, target: str, email: str | None) -> list[Listed]:
        """The entries of a list with that e-mail address, none for a text that is no address."""
        address = first_email(email)
        return _sorted(self._by_email.get((target, address), [])) if address else []

    def people_named(self, name: str) -> list[Listed]:
        """Who holds a name among customers, vendors and employees."""
        return [each for target in PEOPLE for each in self.named(target, name)]


def first_email(text: str | None) -> str | None:
    """The first address in a field that may hold several, comparable; None where there is none."""
    parts = (text or "").replace(",", ";").split(";")
    return next((part.strip().casefold() for part in parts if "@" in part.strip("@ ")), None)


def _index(
    entries: Iterable[Listed], key: Callable[[Listed], str | None]
) -> defaultdict[tuple[str, str], list[Listed]]:
    index: defaultdict[tuple[str, str], list[Listed]] = defaultdict(list)
    for each in entries:
        if value := key(each):
            index[each.target, value].append(each)
    return index


def _sorted(entries: list[Listed]) -> list[Listed]:
    return sorted(entries, key=lambda each: (not each.is_active, len(each.id), each.id))
