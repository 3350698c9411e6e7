"""Reading in pages while people work in the company: what nobody touched is never lost.

The pages come over HTTP from a server that pages by position as QuickBooks does, eight at once, in the order they happen to.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.endpoints import endpoints_for
from qbo_pipeline.quickbooks.paging import PASSES_MAX
from qbo_pipeline.quickbooks.throttle import Throttle
from qbo_pipeline.settings import Environment
from qbo_pipeline_tests.quickbooks.conftest import REALM, ManualTime, Tokens
from qbo_pipeline_tests.quickbooks.shelf import Shelf, ShelfServer, serve_shelves

INVOICE = find_entity("Invoice")


@pytest.fixture(scope="module")
def server() -> Iterator[ShelfServer]:
    with serve_shelves() as running:
        yield running


def open_client(server: ShelfServer) -> QuickBooks:
    time = ManualTime()
    url = f"http://127.0.0.1:{server.server_port}"
    throttle = Throttle(monotonic=time.monotonic, sleep=time.sleep)
    return QuickBooks(
        REALM,
        endpoints_for(Environment.SANDBOX, api_url=url),
        Tokens(),
        throttle=throttle,
        clock=time.now,
        sleep=time.sleep,
    )


def read(server: ShelfServer, shelf: Shelf) -> list[list[int]]:
    server.shelf = shelf
    with open_client(server) as client:
        return [[int(record.id) for record in page] for page in client.read_all(INVOICE)]


def ids_of(pages: list[list[int]]) -> set[int]:
    return {id_ for page in pages for id_ in page}


@st.composite
def events(draw: st.DrawFn) -> dict[int, Callable[[Shelf], None]]:
    """Deletions, edits and creations, each just before some call is answered."""
    happening = {}
    for call in draw(st.lists(st.integers(2, 12), max_size=6, unique=True)):
        match draw(st.sampled_from(["delete", "delete", "edit", "create"])):
            case "delete":
                first = draw(st.integers(1, 4000))
                ids = range(first, first + draw(st.sampled_from([1, 2, 30, 1500])), draw(st.sampled_from([1, 2, 3])))
                happening[call] = lambda shelf, ids=ids: shelf.delete(ids)
            case "edit":
                ids = draw(st.lists(st.integers(1, 4000), max_size=5))
                happening[call] = lambda shelf, ids=ids: shelf.edit(ids)
            case "create":
                how_many = draw(st.sampled_from([1, 50, 1200]))
                happening[call] = lambda shelf, how_many=how_many: shelf.create(how_many)
    return happening


@settings(max_examples=60, deadline=None)
@given(
    size=st.sampled_from([0, 1, 999, 1000, 1001, 1999, 2000, 2500, 3998, 4000]),
    events=events(),
    order=st.sampled_from([int, str]),
)
def test_no_record_that_stands_still_is_lost_whatever_happens_to_the_others(server, size, events, order):
    shelf = Shelf(range(1, size + 1), events, order=order)
    try:
        found = ids_of(read(server, shelf))
    except errors.IncompleteRead:
        # Refused, so that nothing is concluded, is only a company that grew before the last count of every pass: where new
        # records stand last, a pass counts twice, and where they stand in between, they may have been passed by already.
        assert shelf.creations >= PASSES_MAX * (2 if order is int else 1)
    else:
        assert shelf.untouched <= found


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 1998, 1999, 2000, 2997, 5000])
def test_a_company_at_rest_is_read_once_and_in_order(server, size):
    pages = read(server, Shelf(range(1, size + 1)))
    assert [id_ for page in pages for id_ in page] == list(range(1, size + 1))


@pytest.mark.parametrize(("size", "calls"), [(0, 1), (999, 1), (1000, 4), (1999, 5), (1998, 4), (5000, 8)])
def test_a_company_at_rest_costs_its_pages_and_two_counts(server, size, calls):
    shelf = Shelf(range(1, size + 1))
    read(server, shelf)
    assert len(shelf.statements) == calls


def test_rows_that_slid_through_a_seam_are_fetched(server):
    """The measured loss: read a page, delete some of it, read on by position."""
    shelf = Shelf(range(1, 2501), {3: lambda shelf: shelf.delete(range(1, 40))})
    assert ids_of(read(server, shelf)) == set(range(1, 2501))


def test_a_page_deleted_as_a_whole_breaks_no_seam(server):
    shelf = Shelf(range(1, 6001), {3: lambda shelf: shelf.delete(range(1, 3001))})
    assert shelf.untouched <= ids_of(read(server, shelf))


def test_both_versions_of_a_record_edited_meanwhile_may_come_and_the_newer_one_does(server):
    server.shelf = Shelf(range(1, 1501), {3: lambda shelf: shelf.edit([1000])})
    with open_client(server) as client:
        versions = [r.sync_token for page in client.read_all(INVOICE) for r in page if r.id == "1000"]
    assert versions == ["0", "1"]


def test_records_created_while_reading_come_too(server):
    shelf = Shelf(range(1, 1501), {3: lambda shelf: shelf.create(700)})
    assert len(ids_of(read(server, shelf))) == 2200


def test_records_created_after_the_last_page_cost_one_page_and_no_new_pass(server):
    shelf = Shelf(range(1, 1501), {4: lambda shelf: shelf.create(2)})
    assert len(ids_of(read(server, shelf))) == 1502
    assert shelf.pages == [(1, 1000), (1000, 1000), (1500, 1000)]


def test_a_read_that_quickbooks_counts_more_records_for_is_never_called_complete(server):
    with pytest.raises(errors.IncompleteRead, match="1500 records came and QuickBooks counts more"):
        read(server, Shelf(range(1, 1501), miscount=1))


def test_a_server_that_ignores_the_position_is_given_up_on(server):
    class Deaf(Shelf):
        def answer(self, statement: str) -> tuple[int, bytes]:
            return super().answer(re.sub(r"startposition \d+", "startposition 1", statement))

    with pytest.raises(errors.IncompleteRead, match="do not fit together"):
        read(server, Deaf(range(1, 1501)))


def test_a_page_too_large_to_answer_is_read_in_parts(server):
    shelf = Shelf(range(1, 2501), records_max=300)
    assert ids_of(read(server, shelf)) == set(range(1, 2501))
    assert [size for _, size in shelf.pages[:7]] == [1000, 1000, 1000, 500, 500, 500, 250]
    assert max(size for _, size in shelf.pages[9:]) <= 501


def test_a_page_that_fails_at_any_size_fails_the_read(server):
    with pytest.raises(errors.RetryLater):
        read(server, Shelf(range(1, 2501), records_max=0))


def test_nothing_is_asked_before_the_first_page_is_wanted_and_little_ahead_of_it(server):
    server.shelf = Shelf(range(1, 30_001))
    with open_client(server) as client, closing(client.read_all(INVOICE)) as pages:
        assert server.shelf.statements == []
        next(pages)
        next(pages)
    assert len(server.shelf.pages) <= 10


def test_a_read_given_up_leaves_no_call_under_way(server):
    server.shelf = Shelf(range(1, 30_001))
    with open_client(server) as client:
        pages = client.read_all(INVOICE)
        next(pages)
        next(pages)
        pages.close()
        asked = len(server.shelf.statements)
    assert len(server.shelf.statements) == asked
