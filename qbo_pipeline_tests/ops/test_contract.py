"""The contract as the project carries it: complete, explained, and made by `ops init`."""

from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from qbo_pipeline.ops.check import check
from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import OpsRefused, OpsUnavailable
from qbo_pipeline.ops.schema import SCHEMA, TABLES, key_of, metadata

SOURCES = Path(__file__).parents[2] / "dbt_or_sql" / "models" / "raw_ops" / "raw_ops.yml"


def test_every_table_of_the_contract_is_listed_once() -> None:
    assert [table.name for table in TABLES] == list(dict.fromkeys(table.name for table in TABLES))
    assert {table.name for table in TABLES} == set(metadata.tables)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_can_be_followed_and_every_column_is_explained(table: sa.Table) -> None:
    assert key_of(table)
    assert table.c.updated_at.nullable is False
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_the_models_sources_are_the_tables_of_the_contract() -> None:
    (source,) = yaml.safe_load(SOURCES.read_text())["sources"]
    listed = {each["name"]: each["config"]["meta"]["key"] for each in source["tables"]}
    assert source["name"] == SCHEMA
    assert listed == {table.name: key_of(table) for table in TABLES}


def test_what_init_creates_is_what_check_asks_for(empty: OpsDatabase) -> None:
    assert create_tables(empty) == [table.name for table in TABLES]
    assert check(empty) == []


def test_init_leaves_a_database_alone_that_has_any_of_the_tables(empty: OpsDatabase) -> None:
    with empty.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id TEXT)")
    with pytest.raises(OpsRefused, match=r"names already: invoices\. Nothing was changed"):
        create_tables(empty)
    with empty.reading() as connection:
        assert sa.inspect(connection).get_table_names() == ["invoices"]


def test_a_code_that_the_contract_does_not_know_is_not_taken(system: OpsDatabase) -> None:
    with pytest.raises(OpsUnavailable, match="constraint"), system.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO products (id, business_entity_id, name, kind, taxable, is_active, updated_at) "
            "VALUES ('p', 'be', 'P', 'Widget', true, true, '2026-01-01')"
        )


def test_a_file_that_is_not_there_is_not_made_by_reading_it(tmp_path: Path) -> None:
    with pytest.raises(OpsUnavailable, match="does not exist"):
        OpsDatabase(f"sqlite:///{tmp_path / 'typo.db'}")
    assert not (tmp_path / "typo.db").exists()


@pytest.mark.parametrize("url", ["mysql://user:secret@host/db", "sqlite://", "nonsense"])
def test_an_address_of_another_kind_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(OpsUnavailable, match="QBO_OPS_URL names no operational system") as refused:
        OpsDatabase(url)
    assert "secret" not in str(refused.value)
