"""The books' customers carry the operational system's own ids, from what is linked."""

from collections.abc import Callable

from qbo_pipeline.orchestration.sync_tables import copy_customer_mappings
from qbo_pipeline.state.connect import connect_headless
from qbo_pipeline.state.links import Link
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation


def test_customers_linked_for_a_business_entity_are_mapped(install: Callable[..., Installation]) -> None:
    made = install("landscaping", "consultancy")
    token = made.emulator.grant(LANDSCAPING)
    connect_headless(made.store, made.settings, "us", LANDSCAPING, token, business_entity_id="be-landscaping")
    made.connect("uk", CONSULTANCY)
    for realm_id, target, kind, source_id, qbo_id, status in (
        (LANDSCAPING, "Customer", "customer", "c-1", "58", "live"),
        (LANDSCAPING, "Customer", "customer", "c-2", "59", "deleted"),
        (LANDSCAPING, "Vendor", "vendor", "c-3", "41", "live"),
        (CONSULTANCY, "Customer", "customer", "c-4", "58", "live"),
    ):
        made.store.links.put(
            Link(
                realm_id=realm_id,
                target=target,
                source_kind=kind,
                source_id=source_id,
                qbo_id=qbo_id,
                status=status,
                origin="manual",
                linked_at=made.store.clock(),
            )
        )

    with made.warehouse.connect("copy customer mappings") as connection:
        assert copy_customer_mappings(made.store, connection) == 1

    assert made.query("select * from sync.customer_mapping") == [("be-landscaping", LANDSCAPING, "58", "c-1")]
