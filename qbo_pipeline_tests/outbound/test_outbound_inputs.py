"""What the outbound models are built of, and when they are built: on the operational system's news, a new day or setting."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.ops.schema import SCHEMA
from qbo_pipeline.ops.watermarks import document_watermarks
from qbo_pipeline.orchestration.dbt_project import manifest_path
from qbo_pipeline.orchestration.outbound_inputs import note_push_settings, readers_of_ops_tables
from qbo_pipeline.orchestration.push_sensors import WATCHED
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.intents import Intent, Work
from qbo_pipeline.state.push_settings import PushSettings
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.push_setting import has_new_push_settings, write_push_settings
from qbo_pipeline.warehouse.staleness import stale_raw_tables
from qbo_pipeline_tests.outbound.operations import REALMS, Operations


@pytest.fixture(scope="session")
def readers(dbt_folder: Path) -> dict[str, list[tuple[str, str]]]:
    """The outbound models that read each table of the operational system."""
    return readers_of_ops_tables(json.loads(manifest_path(Settings(home=dbt_folder.parent)).read_text()))


@dataclass
class Published:
    """A system whose models were built and published."""

    operations: Operations
    readers: dict[str, list[tuple[str, str]]]

    @property
    def copy(self) -> Path:
        return self.operations.folder / "analytics.duckdb"

    def publish(self) -> None:
        shutil.copy(self.operations.warehouse.path, self.copy)

    def stale(self) -> set[str]:
        with self.operations.warehouse.connect("look") as connection:
            return stale_raw_tables(connection, self.readers, self.copy, SCHEMA)


@pytest.fixture
def published(operations: Operations, readers: dict[str, list[tuple[str, str]]]) -> Published:
    made = Published(operations, readers)
    made.publish()
    return made


def test_what_was_built_and_published_is_not_built_again(published: Published) -> None:
    assert published.stale() == set()


def test_a_changed_row_of_the_operational_system_makes_its_table_news(published: Published) -> None:
    published.operations.change("invoices", "la-inv-900", po_number="PO-9")
    published.operations.load()
    assert published.stale() == {"invoices"}

    published.operations.derive()
    assert published.stale() == {"invoices"}  # Analysts do not have it yet.
    published.publish()
    assert published.stale() == set()


def test_models_worded_otherwise_have_read_nothing(published: Published) -> None:
    published.readers = {"quotes": [(name, "another wording") for name, _ in published.readers["quotes"]]}
    assert published.stale() == {"quotes"}


def test_every_table_a_document_is_made_of_is_followed(readers: dict[str, list[tuple[str, str]]]) -> None:
    assert set(readers) >= {
        *("business_entities", "companies", "users", "products", "quotes", "quote_billings", "sales", "invoices"),
        *("document_lines", "tickets", "timesheets", "time_entries", "contracts", "purchase_orders"),
        *("vendor_bills", "expense_receipts", "expense_lines", "payments", "applications"),
    }


def test_what_a_payment_is_applied_to_is_news_for_its_sensor(operations: Operations) -> None:
    before = document_watermarks(operations.database, WATCHED["payments"])
    ((applied,),) = operations.rows("select min(id) from raw_ops.applications")
    operations.change("applications", applied, is_deleted=True)

    after = document_watermarks(operations.database, WATCHED["payments"])

    assert after["payment"] == before["payment"]
    assert after["application"] > before["application"]


def test_without_an_operational_system_the_tables_are_there_and_empty(
    tmp_path: Path, run_dbt: Callable[..., Any], store: StateStore, readers: dict[str, list[tuple[str, str]]]
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    note_push_settings(store, warehouse)

    assert run_dbt(warehouse.path, "build", "--select", "outbound").success

    with warehouse.connect("look") as connection:
        for table in (
            "document",
            "document_line",
            "time_activity",
            "attachment",
            "ending",
            "skipped",
            "source_version",
        ):
            assert connection.execute(f"select count(*) from outbound.{table}").fetchone() == (0,)
        shutil.copy(warehouse.path, tmp_path / "analytics.duckdb")
        assert stale_raw_tables(connection, readers, tmp_path / "analytics.duckdb", SCHEMA) == set()


def test_today_is_the_business_entitys_own(operations: Operations) -> None:
    settings = [
        {
            "realm_id": realm_id,
            "business_entity_id": entity,
            "go_live_date": None,
            "estimate_from": "sent",
            "time_lines": "day",
        }
        for entity, realm_id in REALMS.items()
    ]
    with operations.warehouse.connect("write") as connection:
        today = write_push_settings(connection, settings, [], datetime(2026, 1, 1, 4, 30, tzinfo=UTC))
    assert today == {"be-landscaping": date(2025, 12, 31), "be-consultancy": date(2026, 1, 1)}


def test_a_new_day_and_another_setting_are_news_and_the_same_ones_are_not(published: Published) -> None:
    def has_news(now: datetime, **setting: object) -> bool:
        published.operations.now = now
        rows = [
            {"realm_id": realm_id, "business_entity_id": entity, "go_live_date": date(2026, 1, 1)}
            | {"estimate_from": "accepted", "time_lines": "entry"}
            | setting
            for entity, realm_id in REALMS.items()
        ]
        with published.operations.warehouse.connect("write") as connection:
            write_push_settings(connection, rows, [], now)
            return has_new_push_settings(connection, published.copy)

    now = published.operations.now
    assert not has_news(now + timedelta(hours=1))
    assert has_news(now + timedelta(days=1))
    assert has_news(now, estimate_from="sent")


def test_what_went_out_is_what_the_models_know_as_billed(
    store: StateStore, tmp_path: Path, connection: Connection
) -> None:
    for number in ("1", "2"):
        intent = Intent(
            realm_id=connection.realm_id, target="Invoice", operation="create", source_kind="invoice", source_id=number,
            bills=(Work("time_entry", f"e{number}"),),
        )  # fmt: skip
        store.outbox.intend(intent)
    (sent, *_) = store.dispatch.claim("me", connection.realm_id, lease=timedelta(minutes=5), limit=1)
    store.dispatch.freeze(sent, b"{}", lease=timedelta(minutes=5))
    store.push_settings.put(PushSettings(realm_id=connection.realm_id, go_live_date=date(2026, 3, 1)))

    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    note_push_settings(store, warehouse)

    with warehouse.connect("look") as opened:
        billed = opened.execute("select realm_id, source_id, billed_by_kind, billed_by_id from sync.billed_work")
        assert billed.fetchall() == [(connection.realm_id, "e1", "invoice", "1")]
        (setting,) = opened.execute("select realm_id, go_live_date, time_lines from sync.push_setting").fetchall()
        assert setting == (connection.realm_id, date(2026, 3, 1), "entry")
