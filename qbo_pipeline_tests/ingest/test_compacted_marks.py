"""Compaction removes the marks of past reads, and the next pull goes on as if they were there."""

from collections.abc import Callable

from qbo_pipeline.ingest.landing import Batch, Landing
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.state.store import utc_now
from qbo_pipeline.warehouse.compaction import compact
from qbo_pipeline.warehouse.raw import bookmarks, cursors
from qbo_pipeline_tests.ingest.mirror import differences
from qbo_pipeline_tests.installation import LANDSCAPING, Installation


def _marks(installation: Installation) -> tuple[dict, dict]:
    with installation.warehouse.connect("look") as connection:
        return cursors(connection), bookmarks(connection)


def _break_off(installation: Installation, table: str) -> None:
    where = Bookmark(utc_now(), 3, frozenset({"1", "2", "3"}))
    landing = Landing(installation.warehouse, installation.home / "dlt", utc_now)
    landing.land(Batch(broken_off=[(LANDSCAPING, table, where)]))


def test_of_the_marks_stay_those_that_count(read_in_full: Callable[..., Installation]) -> None:
    installation = read_in_full()
    for note in ("once", "twice"):
        installation.emulator.clock.advance(600)
        installation.edit("Invoice", "130", PrivateNote=note)
        installation.pull(all_entities=False)
    _break_off(installation, "term")
    installation.pull(entities=["Term"])
    _break_off(installation, "customer")
    before = _marks(installation)
    assert before[1].keys() == {(LANDSCAPING, "customer")}
    removed = compact(installation.warehouse, None).marks_removed
    assert removed["sync_cursor"] > 0
    assert removed["sync_bookmark"] == 1
    assert removed["_dlt_loads"] > 0
    assert _marks(installation) == before
    assert compact(installation.warehouse, None).marks_removed == {}


def test_what_is_pulled_afterwards_is_what_would_have_been(read_in_full: Callable[..., Installation]) -> None:
    installation = read_in_full()
    installation.emulator.clock.advance(600)
    installation.pull(all_entities=False)
    compact(installation.warehouse, None)
    installation.edit("Customer", "1", CompanyName="Changed")
    installation.calls()
    assert installation.pull_one(all_entities=False).rows == 1
    assert installation.calls()["by_kind"] == {"cdc": 1}
    assert differences(installation) == {}


def test_an_empty_warehouse_has_no_marks(installation: Installation) -> None:
    (installation.home / "warehouse.duckdb").unlink()
    installation.query("select 1")
    assert compact(installation.warehouse, None).marks_removed == {}
