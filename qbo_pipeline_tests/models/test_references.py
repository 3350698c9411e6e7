"""A reference to a record that is not there is listed, and warned of without stopping anything."""

from collections.abc import Callable

import pytest

from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, record, tombstone


@pytest.mark.slow
def test_missing_references_are_listed_and_do_not_fail_the_build(new_warehouse: Callable[[], TypedWarehouse]) -> None:
    warehouse = new_warehouse()
    warehouse.land("invoice", invoice("7"), invoice("8", CustomerRef={"value": "25"}), invoice("9"), tombstone("9"))
    warehouse.land("customer", record("24", DisplayName="Orchard Lane Stores", Active=False))
    warehouse.land("item", record("6", Name="Gardening", Type="Service"))
    warehouse.land("term", record("3", Name="Net 30"))
    warehouse.land("tax_code", record("2", Name="California"))
    warehouse.build()
    assert warehouse.rows("select * from qbo.missing_reference") == [
        {
            "realm_id": REALM,
            "entity": "invoice",
            "id": "8",
            "field": "customer_id",
            "referenced_entity": "customer",
            "referenced_id": "25",
        }
    ]
