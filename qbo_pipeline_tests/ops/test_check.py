"""`ops check`: each deviation named, with what mends it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qbo_pipeline.cli.main import app
from qbo_pipeline.ops.check import check
from qbo_pipeline.ops.create import create_tables
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline_tests.ops.rows import insert


def run(database: OpsDatabase, *statements: str) -> None:
    with database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def found(database: OpsDatabase) -> list[tuple[str, str | None, str]]:
    return [(each.table, each.column, each.problem) for each in check(database)]


def test_a_missing_table_is_named_with_the_columns_it_needs(system: OpsDatabase) -> None:
    run(system, "DROP TABLE holidays")
    (deviation,) = check(system)
    assert (deviation.table, deviation.column, deviation.problem) == ("holidays", None, "is missing")
    assert "business_entity_id, holiday, name, is_deleted, updated_at" in deviation.fix


def test_a_missing_column_is_named_with_the_statement_that_adds_it(system: OpsDatabase) -> None:
    run(system, "ALTER TABLE tickets DROP COLUMN fixed_price")
    (deviation,) = check(system)
    assert (deviation.table, deviation.column) == ("tickets", "fixed_price")
    assert deviation.fix.startswith("alter table tickets add column fixed_price NUMERIC(18, 4)")


def test_views_over_a_systems_own_tables_are_as_good(system: OpsDatabase) -> None:
    run(
        system,
        "ALTER TABLE holidays RENAME TO firm_holidays",
        "CREATE VIEW holidays AS SELECT business_entity_id, holiday, name, is_deleted, updated_at FROM firm_holidays",
    )
    assert check(system) == []


def test_a_view_that_lacks_a_column_is_told_to_offer_it(system: OpsDatabase) -> None:
    run(
        system,
        "ALTER TABLE holidays RENAME TO firm_holidays",
        "CREATE VIEW holidays AS SELECT business_entity_id, holiday, is_deleted, updated_at FROM firm_holidays",
    )
    (deviation,) = check(system)
    assert "give the view holidays a column name of type TEXT" in deviation.fix


def test_a_column_of_another_type_is_named(system: OpsDatabase) -> None:
    run(system, "DROP TABLE holidays")
    run(
        system,
        "CREATE TABLE holidays (business_entity_id INTEGER, holiday DATE, name TEXT, is_deleted BOOLEAN, updated_at TIMESTAMP)",
    )
    assert found(system) == [("holidays", "business_entity_id", "is INTEGER where TEXT is needed")]


def test_money_in_binary_fractions_is_refused_where_the_database_has_decimals(postgres_url: str) -> None:
    with OpsDatabase(postgres_url) as database:
        create_tables(database)
        run(database, "ALTER TABLE payments ALTER COLUMN amount TYPE double precision")
        assert found(database) == [("payments", "amount", "is DOUBLE PRECISION where NUMERIC(18, 4) is needed")]


def test_codes_in_other_words_are_shown_with_those_that_are_understood(sqlite: OpsDatabase) -> None:
    insert(sqlite, "invoices", id="i1", status="final")
    run(sqlite, "PRAGMA ignore_check_constraints = on", "UPDATE invoices SET status = 'Finalised'")
    (deviation,) = check(sqlite)
    assert deviation.problem == "holds 'Finalised'"
    assert "draft, final, sent" in deviation.fix


def test_values_that_cannot_be_read_and_required_ones_that_are_empty_are_named(sqlite: OpsDatabase) -> None:
    run(
        sqlite,
        "DROP TABLE holidays",
        "CREATE VIEW holidays AS SELECT NULL AS business_entity_id, '31/12/2026' AS holiday, 'New Year' AS name, "
        "0 AS is_deleted, '2026-01-01 00:00:00' AS updated_at",
    )
    assert found(sqlite) == [
        ("holidays", "business_entity_id", "is empty in some rows"),
        ("holidays", "holiday", "cannot be read: a value is no date in ISO form"),
    ]


def test_the_verbs_make_the_sample_and_check_it(clean_environment: pytest.MonkeyPatch) -> None:
    made = CliRunner().invoke(app, ["ops", "init", "--sample", "--as-of", "2026-03-31", "--json"])
    assert made.exit_code == 0, made.output
    checked = CliRunner().invoke(app, ["ops", "check", "--json"])
    assert (checked.exit_code, json.loads(checked.output)) == (0, [])


def test_check_ends_with_1_and_says_what_is_missing(clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_environment.setenv("QBO_OPS_URL", f"sqlite:///{tmp_path / 'own.db'}")
    assert CliRunner().invoke(app, ["ops", "init"]).exit_code == 0
    with OpsDatabase(f"sqlite:///{tmp_path / 'own.db'}") as database:
        run(database, "DROP TABLE sales")
    checked = CliRunner().invoke(app, ["ops", "check", "--json"])
    assert checked.exit_code == 1
    assert [each["table"] for each in json.loads(checked.output)] == ["sales"]
