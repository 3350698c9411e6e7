"""An entity's test of keys looks into the lists its records hold too."""

import duckdb
import pytest

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.payloads import record


def test_a_line_twice_fails_the_test_of_its_documents_keys(warehouse: TypedWarehouse) -> None:
    warehouse.land("invoice", record("1", Line=[{"Id": "1", "Amount": 5, "DetailType": "SalesItemLineDetail"}]))
    warehouse.build("--select", "qbo__invoice", "qbo__invoice_line")
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("insert into qbo.invoice_line select * from qbo.invoice_line limit 1")
    with pytest.raises(AssertionError, match="Got 1 result"):
        warehouse.build("--select", "qbo__invoice", "--resource-type", "test")
