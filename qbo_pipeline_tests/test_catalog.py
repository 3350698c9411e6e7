"""The catalog's entries are legal, unique, and found by either name."""

import pytest

from qbo_pipeline.catalog import ENTITIES, Entity, Kind, UnknownEntityError, find_entity


def test_every_entity_has_its_own_name_and_table() -> None:
    assert len({entity.name for entity in ENTITIES}) == len({entity.table for entity in ENTITIES}) == len(ENTITIES)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_an_entity_is_found_by_its_name_and_its_table_in_any_case(entity: Entity) -> None:
    assert find_entity(entity.name) is find_entity(entity.table) is find_entity(entity.name.upper()) is entity


def test_a_table_is_the_name_in_snake_case() -> None:
    assert find_entity("SalesReceipt").table == "sales_receipt"
    assert find_entity("CompanyInfo").table == "company_info"


def test_an_unknown_entity_lists_the_known_ones() -> None:
    with pytest.raises(UnknownEntityError, match=r"'Invoices'.*Invoice, JournalEntry"):
        find_entity("Invoices")


def test_an_entry_that_cannot_be_paged_or_told_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="order_by or a composed_id"):
        Entity(name="Rate", kind=Kind.LIST, description="x", order_by=None)


def test_an_entry_outside_the_change_feed_that_nobody_would_ask_for_again_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a checked_every"):
        Entity(name="Rate", kind=Kind.LIST, description="x", in_change_feed=False)


def test_only_name_lists_hide_inactive_records() -> None:
    assert find_entity("Customer").hides_inactive
    assert not find_entity("Invoice").hides_inactive
    assert not find_entity("ExchangeRate").hides_inactive
