"""The change feed's answer and its traps."""

from datetime import UTC, datetime

import pytest
import responses

from qbo_pipeline.catalog import find_entity
from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.changes import Changes
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline_tests.quickbooks.conftest import API

TIME = "2015-12-23T12:56:06.196-08:00"
ASKED = [find_entity(name) for name in ("Invoice", "Vendor", "Estimate", "Customer", "CreditCardPayment")]
SINCE = datetime(2015, 12, 23, 20, 0, tzinfo=UTC)
TOMBSTONE = {
    "domain": "QBO",
    "status": "Deleted",
    "Id": "979",
    "MetaData": {"LastUpdatedTime": "2015-12-23T12:55:50-08:00"},
}


def changed(*groups: object) -> None:
    responses.get(f"{API}/cdc", json={"CDCResponse": [{"QueryResponse": list(groups)}], "time": TIME})


def read(client: QuickBooks) -> Changes:
    return client.changes(ASKED, SINCE)


@responses.activate
def test_changes_come_by_entity_whatever_the_order_of_their_groups(client: QuickBooks):
    changed(
        {"Vendor": [{"Id": "1"}, {"Id": "2"}], "startPosition": 1, "maxResults": 2},
        {"Estimate": [{"Id": "5"}, TOMBSTONE], "startPosition": 1, "maxResults": 2, "totalCount": 2},
        {},
        {"CreditCardPaymentTxn": [{"Id": "9"}]},
    )
    changes = read(client)
    ids = {name: [record.id for record in records] for name, records in changes.records.items()}
    assert ids == {
        "Invoice": [],
        "Vendor": ["1", "2"],
        "Estimate": ["5", "979"],
        "Customer": [],
        "CreditCardPayment": ["9"],
    }
    assert [record.id for record in changes.tombstones["Estimate"]] == ["979"]
    assert (changes.total, changes.was_cut) == (5, False)
    assert changes.as_of == datetime(2015, 12, 23, 20, 56, 6, 196_000, tzinfo=UTC)


@responses.activate
def test_one_call_asks_for_all_entities_since_an_instant_without_a_plus(client: QuickBooks):
    changed({})
    read(client)
    url = responses.calls[0].request.url
    assert "entities=Invoice%2CVendor%2CEstimate%2CCustomer%2CCreditCardPayment" in url
    assert "changedSince=2015-12-23T20%3A00%3A00Z" in url
    assert client.calls.metered == 1


@responses.activate
@pytest.mark.parametrize(("objects", "was_cut"), [(999, False), (1000, True)])
def test_a_full_answer_counts_as_cut_over_all_entities_together(client: QuickBooks, objects, was_cut):
    changed(
        {"Vendor": [{"Id": str(n)} for n in range(600)]}, {"Invoice": [{"Id": str(n)} for n in range(objects - 600)]}
    )
    assert read(client).was_cut is was_cut


@responses.activate
@pytest.mark.parametrize("fault", ["Fault", "fault"])
def test_a_fault_in_the_place_of_a_group_is_not_an_empty_group(client: QuickBooks, fault):
    changed({"Vendor": []}, {fault: {"Error": [{"code": "5030", "Message": "Feature Not Supported"}]}})
    with pytest.raises(errors.NotOffered):
        read(client)


@responses.activate
def test_an_instant_too_far_back_is_told_apart_from_an_entity_not_offered(client: QuickBooks):
    detail = "Operation cdc with changedSince date 2015-01-01 which is older than fixed days is not supported"
    fault = {
        "Error": [{"Message": "Unsupported Operation", "Detail": detail, "code": "500"}],
        "type": "ValidationFault",
    }
    responses.get(f"{API}/cdc", status=400, json={"Fault": fault, "time": TIME})
    with pytest.raises(errors.ChangesTooOld, match="Read the entities in full"):
        read(client)


@responses.activate
@pytest.mark.parametrize(
    "body",
    [
        {"time": TIME},
        {"CDCResponse": [{}], "time": TIME},
        {"CDCResponse": {}, "time": TIME},
        {"CDCResponse": [{"QueryResponse": [{"Deposit": [{"Id": "1"}]}]}], "time": TIME},
        {"CDCResponse": [{"QueryResponse": [{"Vendor": [{"SyncToken": "1"}]}]}], "time": TIME},
    ],
)
def test_an_answer_that_is_not_understood_is_never_taken_for_no_changes(client: QuickBooks, body):
    responses.get(f"{API}/cdc", json=body)
    with pytest.raises(errors.UnreadableAnswer):
        read(client)
