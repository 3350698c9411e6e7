"""What the operational system shows of the books: per business entity, and invoices of mapped customers only."""

from collections.abc import Callable

import duckdb
import pytest

from qbo_pipeline.warehouse.sync_tables import CONNECTION, replace_connections
from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, record, tombstone

OTHER = "9341450000000002"
MODELS = ("+qbo_mirror",)


def _connections(*realms_and_entities: tuple[str, str | None]) -> list[dict]:
    blank = dict.fromkeys(CONNECTION.names)
    return [
        blank | {"realm_id": realm, "connection": f"c{realm[-1]}", "business_entity_id": entity, "status": "active"}
        for realm, entity in realms_and_entities
    ]


@pytest.fixture(scope="module")
def mirror(new_warehouse: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    """A company with a business entity, and its twin without one; customer 24 is mapped, 25 elsewhere, 26 not."""
    warehouse = new_warehouse()
    warehouse.land("company_info", record("1", CompanyName="Orchard Lane Ltd"))
    customers = [record(each, DisplayName=f"Customer {each}", Active=True) for each in ("24", "25", "26")]
    warehouse.land("customer", *customers)
    warehouse.land("item", record("6", Name="Gardening", Type="Service", Active=True, UnitPrice=12.5))
    warehouse.land("employee", record("55", DisplayName="Ada Hill (deleted)", Active=False, SSN="000-00-0000"))
    warehouse.land("payment", record("95", TotalAmt=55, CustomerRef={"value": "24"}), tombstone("96"))
    invoices = [invoice(f"1{each}", CustomerRef={"value": each}) for each in ("24", "25", "26", "27")]
    warehouse.land("invoice", *invoices, invoice("1-none", CustomerRef=None), invoice("1-gone"))
    warehouse.land("invoice", tombstone("1-gone"))
    with duckdb.connect(warehouse.path) as connection:
        for table in ("invoice", "customer", "item", "company_info"):
            connection.execute(
                f"insert into raw_qbo.{table} select '{OTHER}', * exclude (realm_id) from raw_qbo.{table}"
            )
    warehouse.build("--select", *MODELS)
    with duckdb.connect(warehouse.path) as connection:
        replace_connections(connection, _connections((REALM, "north"), (OTHER, None)))
        connection.execute(
            f"insert into sync.customer_mapping values ('north', '{REALM}', '24', 'A-1'), ('south', '{REALM}', '25', 'A-2')"
        )
    return warehouse


def test_invoices_of_mapped_customers_are_shown_with_their_lines(mirror: TypedWarehouse) -> None:
    rows = mirror.rows("select business_entity_id, invoice_id, source_customer_id from qbo_mirror.invoice")
    assert rows == [{"business_entity_id": "north", "invoice_id": "124", "source_customer_id": "A-1"}]
    assert mirror.rows("select invoice_id, count(*) as lines from qbo_mirror.invoice_line group by all") == [
        {"invoice_id": "124", "lines": 3}
    ]


def test_every_other_living_invoice_is_named_with_the_reason(mirror: TypedWarehouse) -> None:
    rows = mirror.rows("select * from qbo_mirror.skipped_invoice order by invoice_id")
    assert {(row["realm_id"], row["business_entity_id"]) for row in rows} == {(REALM, "north")}
    assert [(row["invoice_id"], row["reason"]) for row in rows] == [
        ("1-none", "the invoice names no customer"),
        ("125", "customer 25 is mapped for business entity south"),
        ("126", "customer 26 is not mapped"),
        ("127", "customer 27 has not been read and is not mapped"),
    ]


@pytest.mark.parametrize(
    ("table", "rows"), [("company_info", 1), ("product", 1), ("customer", 3), ("employee", 1), ("payment", 1)]
)
def test_only_companies_of_a_business_entity_are_mirrored(mirror: TypedWarehouse, table: str, rows: int) -> None:
    found = mirror.rows(f"select business_entity_id, realm_id from qbo_mirror.{table}")
    assert found == [{"business_entity_id": "north", "realm_id": REALM}] * rows


def test_an_employee_is_shown_without_anything_personal(mirror: TypedWarehouse) -> None:
    row = mirror.row("select * from qbo_mirror.employee")
    assert row["name"] == "Ada Hill"
    assert "000-00-0000" not in row.values()


def test_the_table_of_connections_is_the_same_whoever_makes_it_first(warehouse: TypedWarehouse) -> None:
    warehouse.build("--select", "qbo__term")
    made_by_dbt = warehouse.rows("describe sync.connection")
    with duckdb.connect(warehouse.path) as connection:
        replace_connections(connection, [])
    assert warehouse.rows("describe sync.connection") == made_by_dbt
