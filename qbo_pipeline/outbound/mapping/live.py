"""Reading a company's lists from QuickBooks itself: for a single entry, or where there is no mirror to read them from."""

from collections.abc import Iterator, Sequence

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.records import READ_ENTITIES, read_company
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.errors import NotFound
from qbo_pipeline.state.company_profiles import CompanyProfile


def read_live(client: QuickBooks, entities: Sequence[str] = READ_ENTITIES) -> tuple[NameLists, CompanyProfile | None]:
    """The lists and the profile of a company as they are at this moment; one call or more for each entity."""
    lists, profile = read_company(client.realm_id, _records(client, entities))
    return NameLists(client.realm_id, lists.entries, client.server_time), profile


def read_entry(client: QuickBooks, target: str, entry_id: str) -> Listed | None:
    """One entry by its id as it is at this moment, None where there is none; one call."""
    try:
        record = client.read(find_entity(target), entry_id)
    except NotFound:
        return None
    lists, _ = read_company(client.realm_id, [(target, record.payload)])
    return lists.get(target, entry_id)


def _records(client: QuickBooks, entities: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for name in entities:
        for page in client.read_all(find_entity(name)):
            for record in page:
                yield name, record.payload
