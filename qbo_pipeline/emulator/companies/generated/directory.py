"""Everybody a generated company deals with: ids and invented names, all unique, as pure functions of a position.

Customers, vendors and employees share one counter and one name space, as in QuickBooks. Some customers are inactive, with the
" (deleted)" that QuickBooks puts behind their names, while their documents live on.
"""

from typing import NamedTuple

_PLACES = (
    "Alderwick", "Brambleford", "Cindervale", "Dunmarrow", "Eastmere", "Fennlow", "Gallowtree", "Hartsmoor",
    "Ivybrook", "Jessamy", "Kestrelby", "Larkhollow", "Mossgate", "Nettlecombe", "O'Dunmore", "Pebblebank", "Quillan",
    "Rookhurst", "Sallowfield", "Thornacre", "Umberlea", "Vesperhill", "Wrenbury", "Yarrowdale", "Zinnia Creek",
    "Ashpoint", "Birchwater", "Copperlane", "Driftmoor", "El Peñasco",
)  # fmt: skip
_SIGNS = (
    "Anchor", "Beacon", "Compass", "Dove", "Elm", "Falcon", "Granite", "Heron", "Ibis", "Juniper", "Kite", "Lantern",
    "Maple", "North", "Otter", "Piñon", "Quarry", "River", "Stone", "Tide", "Union", "Violet", "Willow", "Zephyr",
    "Café", "Magpie", "Orchard", "Summit",
)  # fmt: skip
_TRADES = (
    "Bakery", "Builders", "Cabinets", "Dairy", "Electrical", "Farms", "Garage", "Hardware", "Interiors", "Joinery",
    "Kitchens", "Landscapes", "Motors", "Nurseries", "Outfitters", "Plumbing", "Quilts", "Roofing", "Stables",
    "Tailors", "Upholstery", "Veterinary", "Windows", "Yachts & Sails",
)  # fmt: skip
_SUPPLIES = (
    "Supply",
    "Wholesale",
    "Freight",
    "Rentals",
    "Insurance",
    "Utilities",
    "Printing",
    "Components",
    "Staffing",
    "Software",
)
_GIVEN = (
    "Ada",
    "Bram",
    "Célia",
    "Davit",
    "Elke",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Joss",
    "Kiran",
    "Lotte",
    "Milo",
    "Nadia",
    "Oren",
)
_FAMILY = (
    "Ashgrove",
    "Belcourt",
    "Crowmere",
    "Daleford",
    "Elmstone",
    "Fenwright",
    "Garrowby",
    "Holloway-Pike",
    "Ingleby",
    "Jarrowell",
)


class Person(NamedTuple):
    """A customer, vendor or employee as a document refers to it."""

    id: str
    name: str
    is_active: bool = True

    @property
    def reference(self) -> dict[str, str]:
        return {"value": self.id, "name": self.name}


class Directory:
    """The parties of a company by position within their kind."""

    def __init__(self, customers: int, vendors: int, employees: int) -> None:
        self.customers, self.vendors, self.employees = customers, vendors, employees

    def customer(self, position: int) -> Person:
        # One in a hundred, and never the very busiest, who stand first.
        is_active = position % 100 != 99
        name = _phrase(position, _SIGNS, _PLACES, _TRADES)
        return Person(str(position + 1), name if is_active else f"{name} (deleted)", is_active)

    def vendor(self, position: int) -> Person:
        return Person(str(self.customers + position + 1), _phrase(position, _PLACES, _SIGNS, _SUPPLIES))

    def employee(self, position: int) -> Person:
        return Person(str(self.customers + self.vendors + position + 1), _phrase(position, _GIVEN, _FAMILY))


def _phrase(position: int, *words: tuple[str, ...]) -> str:
    """A different phrase for every position: one word of each list, and a number once all combinations are used."""
    chosen, rest, shift = [], position, 0
    for choices in words:
        rest, place = divmod(rest, len(choices))
        # Each word moves on with the ones before it, so that neighbours differ in more than their first word.
        shift += place
        chosen.append(choices[shift % len(choices)])
    return " ".join(chosen) if rest == 0 else f"{' '.join(chosen)} {rest + 1}"
