"""A company's lists as the mirror has them, and the operational system's own, from the copy that is published for readers."""

from collections.abc import Iterator
from contextlib import contextmanager

from qbo_pipeline.outbound.mapping.lists import NameLists
from qbo_pipeline.outbound.mapping.records import READ_ENTITIES, read_company
from qbo_pipeline.outbound.mapping.wanted_names import SourceLists
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.company_profiles import CompanyProfile
from qbo_pipeline.warehouse.name_lists import current_records, read_through, source_lists
from qbo_pipeline.warehouse.query import Connection, read_only


def mirrored_company(connection: Connection, realm_id: str) -> tuple[NameLists, CompanyProfile | None]:
    """The lists and the profile of a company from an open warehouse or published copy."""
    records = current_records(connection, realm_id, READ_ENTITIES)
    return read_company(realm_id, records, read_through(connection, realm_id))


def mirrored_sources(connection: Connection, business_entity_id: str) -> SourceLists:
    """The operational system's lists of a business entity from an open warehouse or published copy."""
    return source_lists(connection, business_entity_id)


@contextmanager
def published_copy(settings: Settings) -> Iterator[Connection | None]:
    """The published copy, None where there is none yet."""
    if not settings.analytics_path.exists():
        yield None
        return
    with read_only(settings.analytics_path) as connection:
        yield connection
