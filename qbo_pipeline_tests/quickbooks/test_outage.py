"""A company that answers nothing is left alone; one entity that fails is no such company."""

import pytest
import responses

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline.quickbooks.outage import FAILURES_MIN
from qbo_pipeline_tests.quickbooks.conftest import API

QUERY = f"{API}/query"
EMPTY = b'{"QueryResponse":{},"time":"2026-08-16T10:00:30.500-07:00"}'
NAMES = ("Customer", "Vendor", "Invoice", "Bill", "Item")


def _count(client: QuickBooks, name: str) -> None:
    client.query_page(f"select count(*) from {name}", entity=find_entity(name))


@responses.activate
def test_after_so_many_failures_of_several_entities_nothing_more_is_sent(client: QuickBooks):
    responses.get(QUERY, status=503, body=b"")
    for name in NAMES[:3]:
        with pytest.raises(errors.RetryLater, match="HTTP 503"):
            _count(client, name)
    assert len(responses.calls) == FAILURES_MIN
    with pytest.raises(errors.NotAnswering, match=r"12 calls to it failed in a row, the last one with HTTP 503.*next"):
        _count(client, "Item")
    assert len(responses.calls) == FAILURES_MIN


@responses.activate
def test_one_entity_that_fails_is_tried_as_often_as_ever(client: QuickBooks):
    responses.get(QUERY, status=503, body=b"")
    for _ in range(5):
        with pytest.raises(errors.RetryLater):
            _count(client, "Invoice")
    assert len(responses.calls) == 25


@responses.activate
def test_any_answer_ends_it(client: QuickBooks):
    for name in NAMES:
        responses.add(responses.GET, QUERY, status=503, body=b"")
        responses.add(responses.GET, QUERY, status=503, body=b"")
        responses.add(responses.GET, QUERY, status=200, body=EMPTY)
        _count(client, name)
    assert client.calls.calls == 15


@responses.activate
def test_calls_are_counted_for_the_entity_they_are_about(client: QuickBooks):
    responses.add(responses.GET, QUERY, status=503, body=b"")
    responses.add(responses.GET, QUERY, status=200, body=EMPTY)
    _count(client, "Invoice")
    _count(client, "Bill")
    by_entity = {name: (count.calls, count.metered, count.retries) for name, count in client.calls_by_entity.items()}
    assert by_entity == {"Invoice": (2, 1, 1), "Bill": (1, 1, 0)}
    assert (client.calls.calls, client.calls.metered) == (3, 2)
