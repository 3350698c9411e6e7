"""Runs are copied whole and once, and again when they went on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.sync_tables import LOG, RUN, copied_runs, copy_runs, replace_customer_mappings

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def _run(run_id: str, *, days: int = 0, finished: bool = True) -> dict:
    started = START + timedelta(days=days)
    return dict.fromkeys(RUN.names) | {
        "run_id": run_id,
        "status": "synced" if finished else "running",
        "started_at": started,
        "finished_at": started if finished else None,
    }


def _line(run_id: str, entity: str | None = None, **values: object) -> dict:
    return dict.fromkeys(LOG.names) | {"run_id": run_id, "realm_id": "1", "connection": "us", "entity": entity} | values


def _rows(warehouse: Warehouse, query: str) -> list[tuple]:
    with warehouse.connect("test") as connection:
        return connection.execute(query).fetchall()


def _copy(warehouse: Warehouse, run: dict, *lines: dict) -> None:
    with warehouse.connect("test") as connection:
        copy_runs(connection, [run], lines)


def test_a_run_is_one_row_per_connection_with_what_it_cost_and_brought(warehouse: Warehouse) -> None:
    total = _line("a", status="partly", calls=7, metered_calls=6, seconds=Decimal("1.5"), error="no bills")
    bills = _line(
        "a", "bill", status="error", calls=3, metered_calls=2, records_read=2, created=0, updated=0, deleted=0
    )
    items = _line("a", "item", status="synced", records_read=9, created=1, updated=2, deleted=3)
    _copy(warehouse, _run("a"), total, bills, items)
    columns = "realm_id, connection, status, calls, metered_calls, records_read, rows_landed, seconds, error"
    assert _rows(warehouse, f"select {columns} from sync.run") == [
        ("1", "us", "partly", 7, 6, 11, 6, Decimal("1.500"), "no bills")
    ]
    assert _rows(warehouse, "select count(*) from sync.log") == [(3,)]


def test_a_run_that_came_to_no_connection_is_there_all_the_same(warehouse: Warehouse) -> None:
    _copy(warehouse, _run("a", finished=False))
    assert _rows(warehouse, "select run_id, run_status, connection from sync.run") == [("a", "running", None)]


def test_a_run_copied_again_replaces_itself(warehouse: Warehouse) -> None:
    _copy(warehouse, _run("a", finished=False), _line("a", calls=1))
    _copy(warehouse, _run("b"), _line("b", calls=5))
    _copy(warehouse, _run("a"), _line("a", calls=2), _line("a", "item", created=1, updated=0, deleted=0))
    assert _rows(warehouse, "select run_id, calls from sync.run order by run_id") == [("a", 2), ("b", 5)]
    assert _rows(warehouse, "select run_id, count(*) from sync.log group by run_id order by all") == [
        ("a", 2),
        ("b", 1),
    ]


def test_only_runs_of_the_last_days_are_asked_for_again(warehouse: Warehouse) -> None:
    with warehouse.connect("test") as connection:
        assert copied_runs(connection) == (None, set())
    for run in (_run("old"), _run("open", days=9, finished=False), _run("new", days=10)):
        _copy(warehouse, run)
    with warehouse.connect("test") as connection:
        since, copied = copied_runs(connection)
    assert since == START + timedelta(days=8)
    assert copied == {("open", None), ("new", START + timedelta(days=10))}


def test_customer_mappings_are_what_they_are_now(warehouse: Warehouse) -> None:
    mapped = {"business_entity_id": "north", "realm_id": "1", "qbo_customer_id": "24", "source_customer_id": "A-1"}
    for rows in ([mapped, mapped | {"qbo_customer_id": "25", "source_customer_id": "A-2"}], [mapped]):
        with warehouse.connect("test") as connection:
            replace_customer_mappings(connection, rows)

    assert _rows(warehouse, "select * from sync.customer_mapping") == [("north", "1", "24", "A-1")]
