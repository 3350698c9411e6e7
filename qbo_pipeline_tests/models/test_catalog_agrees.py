"""The catalog and the dbt project name the same entities, and no column anywhere can hold a float."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from qbo_pipeline.catalog import ENTITIES, Entity
from qbo_pipeline_tests.models.conftest import PROJECT, TypedWarehouse

MODELS = PROJECT / "models" / "qbo"
VIEWS = {"qbo__sellable_item", "qbo__missing_reference", "qbo__merged_name"}
TABLES = {entity.table for entity in ENTITIES}
EXACT = (
    "VARCHAR",
    "VARCHAR[]",
    "DECIMAL(18,2)",
    "DECIMAL(28,10)",
    "BIGINT",
    "BOOLEAN",
    "DATE",
    "TIMESTAMP WITH TIME ZONE",
)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_every_entity_has_its_model_and_declares_its_raw_table(entity: Entity) -> None:
    text = (MODELS / f"qbo__{entity.table}.sql").read_text()
    wrapped = ", is_wrapped=true" if entity.is_wrapped else ""
    assert f"qbo_entity('{entity.table}'{wrapped})" in text
    properties = yaml.safe_load((MODELS / f"qbo__{entity.table}.yml").read_text())
    assert properties["sources"] == [{"name": "raw_qbo", "tables": [{"name": entity.table}]}]


def test_every_model_belongs_to_an_entity_of_the_catalog() -> None:
    for path in MODELS.glob("*.sql"):
        name = path.stem.removeprefix("qbo__")
        owners = [table for table in TABLES if name == table or name.startswith(f"{table}_")]
        assert owners or path.stem in VIEWS, f"{path.name} belongs to no entity"


def test_every_model_says_in_its_first_line_what_a_row_is_and_has_the_same_description() -> None:
    described = {
        model["name"]: model["description"]
        for path in MODELS.parent.rglob("*.yml")
        for model in yaml.safe_load(path.read_text()).get("models", [])
    }
    for path in MODELS.parent.rglob("*.sql"):
        first = path.read_text().splitlines()[0].removeprefix("-- ")
        assert first.startswith("One row per "), path.name
        assert described[path.stem].startswith(first.removesuffix(".")), path.name


def test_every_rename_stands_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text()
    names = (PROJECT / "macros" / "names.sql").read_text()
    table = names.split("macro renamed_fields()")[1]
    for line in table.splitlines():
        if line.strip().startswith("'"):
            field, column = (part.strip(" ',") for part in line.split("': "))
            assert f"| `{field}` | `{column}` |" in readme, f"{field} is missing in the README's rename table"


@pytest.mark.slow
def test_the_whole_project_builds_on_empty_tables_twice_and_has_no_float(
    new_warehouse: Callable[[], TypedWarehouse],
) -> None:
    warehouse = new_warehouse()
    warehouse.build()
    warehouse.build()
    columns = warehouse.rows(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where schema_name in ('qbo', 'qbo_history', 'qbo_mirror')"
    )
    for schema in ("qbo", "qbo_history"):
        assert {column["table_name"] for column in columns if column["schema_name"] == schema} >= TABLES
    assert [column for column in columns if column["data_type"] not in EXACT] == []
    first = {}
    for column in columns:
        if column["schema_name"] != "qbo_mirror":
            first.setdefault((column["schema_name"], column["table_name"]), column["column_name"])
    assert set(first.values()) == {"realm_id"}


def test_no_kind_of_field_is_a_float() -> None:
    kinds = (PROJECT / "macros" / "kinds.sql").read_text().lower()
    assert "double" not in kinds and "float" not in kinds and "real" not in kinds


def test_the_project_writes_nothing_into_its_own_folder(run_dbt: Callable[..., object]) -> None:
    assert not {path.name for path in Path(PROJECT).iterdir()} & {"target", "logs", "dbt_packages"}
