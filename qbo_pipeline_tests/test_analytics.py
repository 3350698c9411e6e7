"""Python users read the published copy exactly, and neither they nor the pipeline notice each other."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from qbo_pipeline import analytics
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.publish import publish

ANALYST = """
import sys
from qbo_pipeline import analytics

with analytics.connect() as kept:
    print("open", flush=True)
    for _ in sys.stdin:
        old = kept.execute("select sum(total_amount) from qbo.invoice").fetchone()[0]
        new = analytics.frame("select sum(total_amount) as total from qbo.invoice")["total"][0]
        print(old, new, flush=True)
"""


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A warehouse of one invoice, published in the home the environment names."""
    monkeypatch.setenv("QBO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    made = Warehouse(tmp_path / "warehouse.duckdb", memory_limit="500MB", wait_seconds=20)
    with made.connect("test") as connection:
        connection.execute("create schema qbo")
        connection.execute(
            "create table qbo.invoice as select '7' as id, 0.10::decimal(18, 2) as total_amount, date '2024-05-01' as"
            " transaction_date, timestamptz '2024-05-01 12:00:00+00' as updated_at, 'Fern' as customer_name"
        )
        connection.execute("create view qbo.open_invoice as from qbo.invoice")
    _publish(made)
    return made


def _publish(warehouse: Warehouse) -> None:
    publish(warehouse, warehouse.path.with_name("analytics.duckdb"))


def _invoice(warehouse: Warehouse, amount: str) -> None:
    with warehouse.connect("test") as connection:
        connection.execute("insert into qbo.invoice (id, total_amount) values ('8', ?)", [amount])


def test_amounts_stay_decimals_and_dates_become_datetimes(warehouse: Warehouse) -> None:
    _invoice(warehouse, "0.20")
    _publish(warehouse)
    found = analytics.frame("select * from qbo.open_invoice order by id")
    assert list(found["total_amount"]) == [Decimal("0.10"), Decimal("0.20")]
    assert found["total_amount"].sum() == Decimal("0.30")
    assert found["transaction_date"].dt.year[0] == 2024
    assert found["updated_at"][0] == datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_parameters_are_given_by_place_or_by_name(warehouse: Warehouse) -> None:
    assert len(analytics.frame("select * from qbo.invoice where id = ?", ["7"])) == 1
    assert len(analytics.frame("select * from qbo.invoice where id = $id", {"id": "9"})) == 0


def test_nothing_in_the_copy_can_be_changed_but_own_tables_can_be_made(warehouse: Warehouse) -> None:
    with analytics.connect() as connection:
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("delete from qbo.invoice")
        connection.execute("create temp table mine as from qbo.invoice")
        assert connection.execute("select count(*) from mine").fetchone() == (1,)


def test_an_open_connection_keeps_its_data_while_a_new_one_in_the_same_process_sees_the_new(
    warehouse: Warehouse,
) -> None:
    with analytics.connect() as kept:
        assert kept.execute("select count(*) from qbo.invoice").fetchone() == (1,)
        _invoice(warehouse, "0.20")
        _publish(warehouse)
        assert kept.execute("select count(*) from qbo.invoice").fetchone() == (1,)
        assert len(analytics.frame("select * from qbo.invoice")) == 2


def test_an_analyst_in_another_process_neither_holds_up_the_pipeline_nor_breaks(warehouse: Warehouse) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ANALYST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as analyst:
        assert analyst.stdout.readline() == "open\n"
        for count in range(1, 6):
            _invoice(warehouse, "1.00")
            _publish(warehouse)
            analyst.stdin.write("again\n")
            assert analyst.stdout.readline() == f"0.10 {count}.10\n"
        analyst.stdin.close()
    assert analyst.returncode == 0


def test_before_anything_is_published_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"qbo-pipeline sync.*QBO_HOME"):
        analytics.connect(tmp_path / "nowhere.duckdb")


def test_importing_it_loads_no_pandas() -> None:
    program = "import sys; from qbo_pipeline import analytics; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
