"""The names of lists: as QuickBooks sends them, and without what it appends to deactivated ones; and who was merged."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from qbo_pipeline.catalog import ENTITIES, Kind
from qbo_pipeline_tests.models.conftest import PROJECT, REALM, TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, record

MODELS = PROJECT / "models" / "qbo"


@pytest.mark.parametrize(
    ("name", "is_active", "clean"),
    [
        ("Cedar Row (deleted)", False, "Cedar Row"),
        ("Cedar Row (deleted)", True, "Cedar Row (deleted)"),
        ("Cedar Row", False, "Cedar Row"),
        ("Old (deleted) sign", False, "Old (deleted) sign"),
        ("Plot (deleted):North (deleted)", False, "Plot:North"),
        (None, False, None),
    ],
)
def test_only_a_deactivated_name_loses_the_suffix(
    cleaned: TypedWarehouse, name: str | None, is_active: bool, clean: str | None
) -> None:
    rows = cleaned.rows("select display_name, is_active, clean_name, clean_fully_qualified_name from qbo.customer")
    [row] = [row for row in rows if (row["display_name"], row["is_active"]) == (name, is_active)]
    assert (row["clean_name"], row["clean_fully_qualified_name"]) == (clean, clean)


@pytest.fixture(scope="module")
def cleaned(new_warehouse: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    names = ["Cedar Row (deleted)", "Cedar Row", "Old (deleted) sign", "Plot (deleted):North (deleted)", None]
    customers = [
        record(str(number), Active=False, **({"DisplayName": name, "FullyQualifiedName": name} if name else {}))
        for number, name in enumerate(names)
    ]
    living = record("9", DisplayName=names[0], FullyQualifiedName=names[0], Active=True)
    warehouse = new_warehouse()
    warehouse.land("customer", *customers, living)
    warehouse.build("--select", "qbo__customer")
    return warehouse


def test_every_list_that_can_be_deactivated_by_name_has_a_clean_name() -> None:
    for entity in ENTITIES:
        text = (MODELS / f"qbo__{entity.table}.sql").read_text().split()
        names = [kind for field, kind in pairwise(text) if field in ("Name", "DisplayName")]
        if entity.kind is Kind.LIST and "Active" in text and names:
            assert names == ["name"], entity.table


@pytest.mark.slow
def test_a_merged_name_is_told_by_where_its_documents_went(new_warehouse: Callable[[], TypedWarehouse]) -> None:
    warehouse = new_warehouse()
    living = [record(each, DisplayName=f"Customer {each}", Active=True) for each in ("24", "25", "26")]
    warehouse.land("customer", *living)
    for number, customer in enumerate(("24", "24", "25", "26", "26")):
        warehouse.land("invoice", invoice(str(number), CustomerRef={"value": customer}))
    gone = [
        record(each, DisplayName=f"Customer {each} (deleted)", Active=False, sync_token="1")
        for each in ("24", "25", "26")
    ]
    warehouse.land("customer", *gone)
    # 24 was merged into 30; 25 was deactivated and keeps its invoice; of 26 one invoice was given to someone else by hand.
    moved = [invoice(each, CustomerRef={"value": "30"}, PrivateNote="as it was") for each in ("0", "1", "3")]
    warehouse.land("invoice", *moved)
    warehouse.build()
    assert warehouse.rows("select * from qbo.merged_name") == [
        {
            "realm_id": REALM,
            "entity": "customer",
            "id": "24",
            "clean_name": "Customer 24",
            "merged_into_id": "30",
            "documents_moved": 2,
        }
    ]
