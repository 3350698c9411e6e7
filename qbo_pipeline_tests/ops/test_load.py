"""Loading into `raw_ops`: every version once, nothing when nothing is new, nothing lost to a late commit or a broken load."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import OpsUnavailable
from qbo_pipeline.ops.load import load_ops
from qbo_pipeline.ops.news import OVERLAP
from qbo_pipeline.ops.schema import TABLES, find_table
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline_tests.ops.conftest import NOW
from qbo_pipeline_tests.ops.rows import CHANGED, change, insert


class Loading:
    """A warehouse the operational system is loaded into, at a clock that stands still."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Warehouse(folder / "warehouse.duckdb")
        self._folder = folder / "dlt"

    def __call__(self, database: OpsDatabase | None, **options: Any) -> dict[str, int]:
        return load_ops(database, self.warehouse, self._folder, lambda: NOW, **options)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connect("look") as connection:
            return connection.execute(statement).fetchall()

    @property
    def files(self) -> list[Path]:
        """The files of rows that loads left behind."""
        return sorted(self._folder.rglob("*.parquet"))

    @property
    def loads(self) -> int:
        return self.query("select count(*) from raw_ops._dlt_loads")[0][0]

    def states(self, invoice_id: str) -> list[str]:
        """The states of an invoice in every version landed, in their order."""
        rows = self.query(
            f"select status from raw_ops.invoices where id = '{invoice_id}' order by updated_at, loaded_at"
        )
        return [status for (status,) in rows]


@pytest.fixture
def load(tmp_path: Path) -> Loading:
    (tmp_path / "home").mkdir()
    return Loading(tmp_path / "home")


def test_every_row_lands_with_its_type_and_an_idle_look_starts_no_load(system: OpsDatabase, load: Loading) -> None:
    insert(system, "invoices", id="i1", total="1234.56", fx_rate="1.137145")
    assert load(system) == {"invoices": 1}
    row = "select id, total, fx_rate, invoice_date, is_deleted, updated_at, loaded_at from raw_ops.invoices"
    assert [str(value) for value in load.query(row)[0]] == [
        "i1",
        "1234.5600",
        "1.13714500",
        "2026-03-01",
        "False",
        "2026-03-01 12:00:00+00:00",
        "2026-04-01 12:00:00+00:00",
    ]
    assert load.files == []
    before = load.loads
    assert load(system) == {}
    assert load.loads == before


def test_a_change_lands_as_a_version_beside_the_one_before(sqlite: OpsDatabase, load: Loading) -> None:
    insert(sqlite, "invoices", id="i1")
    load(sqlite)
    change(sqlite, "invoices", "i1", status="sent", updated_at=CHANGED + timedelta(hours=1))
    assert load(sqlite) == {"invoices": 1}
    change(sqlite, "invoices", "i1", is_deleted=True, updated_at=CHANGED + timedelta(hours=2))
    assert load(sqlite) == {"invoices": 1}
    assert load.states("i1") == ["final", "sent", "sent"]
    assert load.query("select count(*) from raw_ops.invoices where is_deleted") == [(1,)]
    assert len({loaded_at for (loaded_at,) in load.query("select loaded_at from raw_ops.invoices")}) == 3


def test_what_was_committed_late_is_not_lost(sqlite: OpsDatabase, load: Loading) -> None:
    insert(sqlite, "invoices", id="i1")
    load(sqlite)
    insert(sqlite, "invoices", id="late", updated_at=CHANGED - OVERLAP + timedelta(seconds=1))
    assert load(sqlite) == {"invoices": 1}
    assert load.states("late") == ["final"]
    assert load(sqlite) == {}


def test_a_row_that_changed_behind_a_newer_one_is_not_lost(sqlite: OpsDatabase, load: Loading) -> None:
    insert(sqlite, "invoices", id="i1")
    insert(sqlite, "invoices", id="i2", updated_at=CHANGED + timedelta(minutes=2))
    load(sqlite)
    change(sqlite, "invoices", "i1", status="void", updated_at=CHANGED + timedelta(minutes=1))
    assert load(sqlite) == {"invoices": 1}
    assert load.states("i1") == ["final", "void"]


def test_a_full_load_takes_rows_whose_change_was_not_noted(sqlite: OpsDatabase, load: Loading) -> None:
    insert(sqlite, "invoices", id="i1")
    load(sqlite)
    change(sqlite, "invoices", "i1", status="void")
    assert load(sqlite) == {}
    assert load(sqlite, full=True) == {"invoices": 1}
    assert load.states("i1") == ["final", "void"]


def test_rows_of_a_load_that_broke_off_do_not_move_the_watermark(sqlite: OpsDatabase, load: Loading) -> None:
    insert(sqlite, "invoices", id="i1")
    load(sqlite)
    for number in (2, 3):
        insert(sqlite, "invoices", id=f"i{number}", updated_at=CHANGED + timedelta(hours=number))
    load(sqlite)
    # As if the process had died after one of the second load's rows was written and before the load was noted.
    with load.warehouse.connect("break the second load") as connection:
        connection.execute(
            "delete from raw_ops._dlt_loads where inserted_at = (select max(inserted_at) from raw_ops._dlt_loads)"
        )
        connection.execute("delete from raw_ops.invoices where id = 'i2'")
    assert load(sqlite) == {"invoices": 1}
    assert sorted(load.query("select id from raw_ops.invoices")) == [("i1",), ("i2",), ("i3",)]


def test_without_a_system_every_table_is_there_and_empty_and_is_filled_once_there_is_one(
    sqlite: OpsDatabase, load: Loading
) -> None:
    assert load(None) == {}
    for table in TABLES:
        assert load.query(f"select count(*) from raw_ops.{table.name}") == [(0,)]
    insert(sqlite, "invoices", id="i1", total="10.00")
    assert load(sqlite) == {"invoices": 1}


def test_a_column_the_contract_gained_is_added_to_tables_that_are_there(load: Loading) -> None:
    load(None)
    with load.warehouse.connect("go back to an older contract") as connection:
        connection.execute("alter table raw_ops.invoices drop column fx_rate")
    load(None)
    kind = "select data_type from information_schema.columns where table_name = 'invoices' and column_name = 'fx_rate'"
    assert load.query(kind) == [("DECIMAL(18,8)",)]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("ALTER TABLE invoices DROP COLUMN po_number", "po_number"),
        ("UPDATE invoices SET due_date = 'soon'", "a value is no date in ISO form"),
    ],
)
def test_a_system_that_cannot_be_read_is_named_with_what_to_do(
    sqlite: OpsDatabase, load: Loading, damage: str, reason: str
) -> None:
    insert(sqlite, "invoices", id="i1")
    with sqlite.writing() as connection:
        connection.exec_driver_sql(damage)
    with pytest.raises(OpsUnavailable, match=rf"{reason}.*`qbo-pipeline ops check`"):
        load(sqlite)
    assert load.query("select count(*) from raw_ops.invoices") == [(0,)]


def test_the_sample_lands_whole(sample: OpsDatabase, load: Loading) -> None:
    landed = load(sample)
    with sample.reading() as connection:
        held = {table.name: len(connection.execute(find_table(table.name).select()).all()) for table in TABLES}
    assert landed == held
    assert load(sample) == {}
