"""The cursor speaks of what is landed, on QuickBooks' clock: whatever breaks, the next pull reads what is missing."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from dlt.pipeline.exceptions import PipelineStepFailed

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.ingest import plan as plan_module
from qbo_pipeline.ingest.company import open_company
from qbo_pipeline.ingest.landing import Batch, Landing, ReadThrough
from qbo_pipeline.ingest.pull import pull
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.state.store import utc_now
from qbo_pipeline.warehouse.raw import cursors
from qbo_pipeline_tests.installation import LANDSCAPING, Installation

FEW = ("CompanyInfo", "Customer", "Invoice")


def _cursor(installation: Installation, table: str) -> datetime:
    with installation.warehouse.connect("look") as connection:
        return cursors(connection)[LANDSCAPING, table]


def _break_customers(installation: Installation, *, is_broken: bool) -> None:
    """Let DuckDB refuse a second version of any customer, or no longer."""
    index = "create unique index one_version on raw_qbo.customer (realm_id, id)"
    with installation.warehouse.connect("break") as connection:
        connection.execute(index if is_broken else "drop index raw_qbo.one_version")


def test_a_load_that_breaks_moves_no_cursor_and_nothing_lands_twice(installation: Installation) -> None:
    installation.pull_one(entities=FEW)
    cursor = _cursor(installation, "customer"), _cursor(installation, "invoice")
    installation.edit("Customer", "1", CompanyName="Changed")
    installation.edit("Invoice", "130", PrivateNote="Changed")
    _break_customers(installation, is_broken=True)
    with pytest.raises(PipelineStepFailed, match=r"one_version|onstraint"):
        installation.pull(entities=FEW, run_id="broken")
    assert installation.store.sync_log.runs()[0].status == "failed"
    assert (_cursor(installation, "customer"), _cursor(installation, "invoice")) == cursor
    _break_customers(installation, is_broken=False)
    company = installation.pull_one(entities=FEW)
    assert company.entities["customer"].landed.updated == 1
    versions = "select count(*) from raw_qbo.{} where id = '{}'"
    assert installation.query(versions.format("customer", "1")) == [(2,)]
    assert installation.query(versions.format("invoice", "130")) == [(2,)]
    assert list(installation.home.rglob("*.parquet")) == [], "files of a load that broke off or was completed"
    assert installation.pull_one(entities=FEW).rows == 0


def test_after_a_lost_warehouse_everything_is_read_again(installation: Installation) -> None:
    first = installation.pull_one(entities=FEW)
    for path in installation.home.glob("warehouse.duckdb*"):
        path.unlink()
    again = installation.pull_one(entities=FEW)
    assert again.status == "synced"
    assert {entity.read_kind for entity in again.entities.values()} == {"full"}
    assert again.rows == first.rows
    assert installation.query("select count(*) from raw_qbo.invoice") == [(31,)]
    assert installation.query("select count(*) from raw_qbo.budget") == [(0,)]


def test_after_a_lost_dlt_folder_the_next_pull_goes_on(installation: Installation) -> None:
    installation.pull_one(entities=FEW)
    (installation.home / "dlt").rename(installation.home / "lost")
    installation.edit("Customer", "1", CompanyName="Changed")
    assert installation.pull_one(entities=FEW).rows == 1


@pytest.mark.parametrize("hours", [-5, 5])
def test_quickbooks_own_clock_decides_what_is_read_next(installation: Installation, hours: int) -> None:
    installation.emulator.clock.advance(hours * 3600)
    before = installation.emulator.clock.now()
    installation.pull_one(entities=FEW)
    assert before - timedelta(seconds=1) <= _cursor(installation, "customer") <= installation.emulator.clock.now()
    installation.emulator.clock.advance(600)
    installation.edit("Customer", "1", CompanyName="Changed")
    assert installation.pull_one(entities=FEW).rows == 1
    # What was re-read of the overlap is not re-read for ever.
    installation.emulator.clock.advance(600)
    assert installation.pull_one(entities=FEW).entities["customer"].records_read <= 1
    assert installation.pull_one(entities=FEW).entities["customer"].records_read == 0


def test_a_record_changed_while_everything_is_read_comes_with_the_next_pull(
    install: Callable[..., Installation], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the overlap, which would hide a cursor that is taken too late.
    monkeypatch.setattr(plan_module, "OVERLAP", timedelta(0))
    installation = install("generated:1500")
    (realm_id,) = installation.emulator.companies
    installation.connect("large", realm_id)
    installation.calls()
    first_page = json.loads(installation.emulator.companies[realm_id].query("select Id from Invoice orderby Id"))
    record_id = first_page["QueryResponse"]["Invoice"][0]["Id"]
    installation.script("from Invoice.*startposition 1000 ", realm_id=realm_id, action="delay", seconds=1.5)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(installation.pull, entities=["Invoice"])
        # The first page and the count have been answered; the second page is on its way.
        while installation.emulator.meter.snapshot().get(realm_id, {"calls": 0})["calls"] < 2:
            time.sleep(0.01)
        installation.edit("Invoice", record_id, realm_id, PrivateNote="Changed meanwhile")
        assert reading.result().rows("invoice") == 1500
    assert installation.pull_one(entities=["Invoice"]).rows == 1
    changed = f"select count(*) from raw_qbo.invoice where id = '{record_id}' and payload like '%Changed meanwhile%'"
    assert installation.query(changed) == [(1,)]


def _record(record_id: str, note: str = "") -> Record:
    payload = f'{{"Id":"{record_id}","note":"{note}"}}'.encode()
    return Record(record_id, "0", None, utc_now(), is_deleted=False, payload=payload)


def _batch(*records: Record, is_read: bool = True) -> Batch:
    batch = Batch()
    batch.add("customer", LANDSCAPING, records)
    if is_read:
        batch.reads.append(ReadThrough(LANDSCAPING, "customer", "full", utc_now()))
    return batch


@pytest.mark.parametrize("is_read", [True, False], ids=["a finished read", "a part of a read"])
def test_a_clock_that_goes_back_hides_no_row_from_the_models(installation: Installation, is_read: bool) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    instants = iter([noon, noon - timedelta(hours=1), noon - timedelta(hours=2)])
    landing = Landing(installation.warehouse, installation.home / "dlt", lambda: next(instants))
    for number in range(3):
        landing.land(_batch(_record("1", str(number)), is_read=is_read))
    loaded = installation.query("select loaded_at, payload from raw_qbo.customer order by loaded_at")
    assert [payload[-3] for _, payload in loaded] == ["0", "1", "2"]
    assert loaded[0][0] == noon


def test_a_large_read_lands_in_several_loads_and_its_cursor_with_the_last(installation: Installation) -> None:
    company = open_company(installation.store, installation.store.connections.get("landscaping"), installation.settings)
    entities = [find_entity(name) for name in ("Customer", "Invoice", "Item", "Payment", "Bill", "Account")]
    landing = Landing(installation.warehouse, installation.home / "dlt", utc_now)
    outcome = pull([company], entities, landing, cursors={}, not_offered=lambda _: set(), batch_bytes=20_000)
    assert outcome.companies[0].status == "synced"
    (loads,) = installation.query("select count(*) from raw_qbo._dlt_loads where status = 0")[0]
    assert loads > 2
    for entity in entities:
        landed = installation.query(f"select count(*), max(loaded_at) from raw_qbo.{entity.table}")[0]
        assert landed[0] == outcome.rows(entity.table) == outcome.companies[0].entities[entity.table].records_read
        at = f"select count(*), min(loaded_at) from raw_qbo.sync_cursor where entity = '{entity.table}'"
        (rows, moved_at) = installation.query(at)[0]
        assert rows == 1
        assert moved_at >= landed[1]
