"""The lists of a small company and the rows that look for their place in them, each as short as a test can say it."""

from datetime import UTC, datetime
from typing import Any, Literal

from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.naming import settle_names
from qbo_pipeline.outbound.mapping.settled import NamesSettled
from qbo_pipeline.outbound.mapping.wanted_names import WantedCompany, WantedNames, WantedProduct
from qbo_pipeline.state.push_settings import PushChoices
from qbo_pipeline.state.store import StateStore

REALM = "9341450000000001"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def listed(target: str, entry_id: str, name: str, **rest: Any) -> Listed:
    """An entry of a list."""
    return Listed(target=target, id=entry_id, name=name, **rest)


def lists(*entries: Listed, read_through: datetime | None = None) -> NameLists:
    """The lists of the company."""
    return NameLists(REALM, entries, read_through)


def company(number: str, name: str, kind: Literal["customer", "vendor"] = "customer", **rest: Any) -> WantedCompany:
    """A company of that number, whose id is `c-` and the number."""
    row = {"source_id": f"c-{number}", "business_entity_id": "be", "updated_at": NOW}
    return WantedCompany(kind=kind, number=number, name=name, **row | rest)


def product(source_id: str, name: str, kind: str = "service", **rest: Any) -> WantedProduct:
    """A product of that id."""
    return WantedProduct(source_id=source_id, business_entity_id="be", kind=kind, name=name, updated_at=NOW, **rest)


def settle(store: StateStore, books: NameLists, *rows: WantedCompany | WantedProduct, **choices: Any) -> NamesSettled:
    """Settle companies and products."""
    wanted = WantedNames(
        companies=tuple(row for row in rows if isinstance(row, WantedCompany)),
        products=tuple(row for row in rows if isinstance(row, WantedProduct)),
    )
    return settle_names(store, REALM, books, wanted, PushChoices(**choices))


def links_of(settled: NamesSettled) -> dict[str, str]:
    """Which entry each row was linked to now."""
    return {each.source_id: f"{each.target} {each.qbo_id}" for each in settled.links}


def names_of(settled: NamesSettled) -> dict[str, str | None]:
    """The name that each row to be made takes."""
    return {each.source_id: each.natural_key for each in settled.intents}


def asked_of(settled: NamesSettled) -> dict[str, str]:
    """Why a person is asked about each row."""
    return {each.source_key: each.reason for each in settled.blocked}
