"""What analysts are told: every question's query runs in the copy they open, every column is described."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml

from qbo_pipeline_tests.installation import Installation
from qbo_pipeline_tests.models.conftest import PROJECT

SCHEMAS = ("ledger", "finance", "qbo_report", "qbo_mirror")


def _questions() -> list[str]:
    chapter = (PROJECT / "README.md").read_text().split("## Questions to the books")[1]
    blocks = re.findall(r"```sql\n(.*?)```", chapter, flags=re.DOTALL)
    return [statement.strip() for block in blocks for statement in block.split(";") if statement.strip()]


def _described(models: Path) -> dict[str, set[str]]:
    """The columns with a description, by table."""
    found: dict[str, set[str]] = {}
    for path in models.rglob("*.yml"):
        for model in (yaml.safe_load(path.read_text()) or {}).get("models", []):
            columns = {column["name"] for column in model.get("columns", []) if column.get("description")}
            found[model["name"].replace("__", ".", 1)] = columns if model.get("description") else set()
    return found


def test_every_query_of_the_documentation_answers(synced: Installation) -> None:
    questions = _questions()
    assert len(questions) >= 10
    for question in questions:
        try:
            answer = synced.published(question)
        except duckdb.Error as error:
            pytest.fail(f"{question}: {error}")
        # Nothing was restated and nothing differs after a first sync; and the sample's days are others than the query's.
        may_be_empty = re.search(r"'restated'|difference <> 0|'20\d\d-", question)
        assert answer or may_be_empty, question


def test_every_table_and_column_of_the_books_is_described(synced: Installation) -> None:
    described = _described(PROJECT / "models")
    columns = synced.published(
        "select table_schema || '.' || table_name, column_name from information_schema.columns"
        f" where table_schema in {SCHEMAS} order by all"
    )
    assert len(columns) > 300
    assert [f"{table}.{column}" for table, column in columns if column not in described.get(table, set())] == []
