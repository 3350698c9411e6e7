"""A full read that takes longer than its company may take goes on in the next run, and loses nothing that happens meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.ingest.company import open_company
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.outcome import CompanyOutcome
from qbo_pipeline.ingest.pull import pull
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.state.store import utc_now
from qbo_pipeline.warehouse.raw import bookmarks, cursors
from qbo_pipeline_tests.ingest.mirror import books, deleted, differences, landed
from qbo_pipeline_tests.installation import Installation

FIRST_PAGE = "from Invoice.*startposition 1 maxresults"


@pytest.fixture
def large(install: Callable[..., Installation]) -> Installation:
    """A company of 1,500 invoices, which are two pages; the first takes longer than `_short` allows."""
    made = install("generated:1500", clock=ManualClock(datetime.now(UTC).replace(microsecond=0)))
    made.connect("large", _realm(made))
    made.calls()
    made.script(FIRST_PAGE, realm_id=_realm(made), action="delay", seconds=0.6)
    return made


def _realm(installation: Installation) -> str:
    return next(iter(installation.emulator.companies))


def _short(installation: Installation, *, full: bool = False) -> CompanyOutcome:
    """A pull of the invoices that is out of time after the first page."""
    warehouse, (connection,) = installation.warehouse, installation.store.connections.all()
    with warehouse.connect("look") as opened:
        broken_off = {key: Bookmark(*where) for key, where in bookmarks(opened).items()}
        known = {"cursors": cursors(opened), "bookmarks": broken_off}
    landing = Landing(warehouse, installation.home / "dlt", utc_now)
    company = open_company(installation.store, connection, installation.settings)
    asked = {"not_offered": lambda _: set(), "budget_seconds": 0.5, "full": full}
    return pull([company], [find_entity("Invoice")], landing, **known, **asked).companies[0]


def _first_pages(installation: Installation) -> int:
    """How often the first page was asked for."""
    return sum(rule["matched"] for rule in installation.emulator.scripted_faults.snapshot())


def test_the_next_run_goes_on_where_the_first_ended(large: Installation) -> None:
    first = _short(large)
    assert (first.status, first.entities["invoice"].outcome) == ("partly", "skipped")
    assert first.reason() == (
        "invoice: broken off after 1,000 records, at the 0.5 s one company may take; the next run goes on from there"
    )
    assert len(landed(large, "Invoice", _realm(large))) == first.rows == 1000
    second = large.pull_one(entities=["Invoice"])
    assert (second.status, second.rows) == ("synced", 500)
    assert _first_pages(large) == 1
    with large.warehouse.connect("look") as connection:
        assert bookmarks(connection) == {}
    assert large.pull_one(entities=["Invoice"]).entities["invoice"].read_kind == "feed"


def test_what_happens_between_the_two_parts_arrives(large: Installation) -> None:
    realm_id = _realm(large)
    large.pull(entities=["Customer"])
    _short(large)
    ids = list(books(large, "Invoice", realm_id))
    company = large.emulator.companies[realm_id]
    large.emulator.clock.advance(60)
    large.edit("Invoice", ids[10], realm_id, PrivateNote="edited in what was read")
    large.edit("Invoice", ids[1200], realm_id, PrivateNote="edited in what was not")
    # The seam itself among them: the pages behind it move to the left.
    for gone in (*ids[500:520], *ids[995:1005]):
        company.delete("Invoice", gone)
    assert large.pull_one(entities=["Invoice"]).status == "synced"
    large.emulator.clock.advance(900)
    assert large.pull_one().status == "synced"
    assert deleted(large, "Invoice", realm_id).keys() == {*ids[500:520], *ids[995:1005]}
    assert differences(large, realm_id) == {}


def test_a_full_read_over_what_is_landed_finds_what_vanished_from_both_parts_and_nothing_else(
    large: Installation,
) -> None:
    realm_id = _realm(large)
    large.pull(entities=["Invoice"])
    ids = list(books(large, "Invoice", realm_id))
    for gone in (ids[3], ids[1400]):
        large.emulator.companies[realm_id].delete("Invoice", gone)
    large.emulator.clock.advance(60)
    assert _short(large, full=True).rows == 0
    assert deleted(large, "Invoice", realm_id) == {}
    outcome = large.pull_one(entities=["Invoice"])
    assert (outcome.entities["invoice"].read_kind, outcome.entities["invoice"].landed.deleted) == ("full", 2)
    assert deleted(large, "Invoice", realm_id).keys() == {ids[3], ids[1400]}


def test_a_bookmark_of_a_load_that_broke_off_does_not_count(large: Installation) -> None:
    _short(large)
    large.query("update raw_qbo._dlt_loads set status = 1")
    assert large.pull_one(entities=["Invoice"]).rows == 500
    assert _first_pages(large) == 2
