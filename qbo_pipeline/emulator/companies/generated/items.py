"""What a generated company sells: some two hundred services and products, a few of them on most invoices."""

from dataclasses import dataclass
from random import Random

COUNT = 200
_POPULARITY = 4096
_SERVICES = (
    "Inspection",
    "Installation",
    "Repair",
    "Design",
    "Maintenance",
    "Training",
    "Survey",
    "Assembly",
    "Removal",
    "Cleaning",
)
_PRODUCTS = ("Panel", "Bracket", "Valve", "Pump", "Lamp", "Cable", "Filter", "Hinge", "Sensor", "Frame")
_QUALITIES = (
    "Basic",
    "Standard",
    "Compact",
    "Heavy-Duty",
    "Outdoor",
    "Premium",
    "Seasonal",
    "Industrial",
    "Garden",
    "Workshop",
)


@dataclass(frozen=True, slots=True)
class SaleItem:
    """An item as a sales line names it; a service is sold by the quarter hour, a product by the piece."""

    id: str
    name: str
    cents: int
    is_service: bool
    account_id: str
    account_name: str
    description: str
    tax_code: str


def sale_items(random: Random) -> list[SaleItem]:
    """All items, the most sold first. Service prices are whole dollars, so that a quarter hour is whole cents."""
    names = [f"{quality} {kind}" for kind in _SERVICES + _PRODUCTS for quality in _QUALITIES]
    services = {name for name in names if name.split(maxsplit=1)[1] in _SERVICES}
    random.shuffle(names)
    return [_item(position, name, name in services, random) for position, name in enumerate(names[:COUNT])]


def popularity(random: Random) -> list[int]:
    """A table of item positions in which an item is as frequent as it is sold: the first ten make a third of all lines."""
    weights = [(position + 1) ** -0.8 for position in range(COUNT)]
    return random.choices(range(COUNT), weights, k=_POPULARITY)


def _item(position: int, name: str, is_service: bool, random: Random) -> SaleItem:
    return SaleItem(
        id=str(position + 1),
        name=name,
        cents=random.randrange(35, 180) * 100 if is_service else round(10 ** random.uniform(2.6, 4.9)),
        is_service=is_service,
        account_id="1" if is_service else "79",
        account_name="Services" if is_service else "Sales of Product Income",
        description=f"{name}{' work by the hour' if is_service else ', delivered'}",
        tax_code="NON" if is_service else "TAX",
    )
