"""What the client asks QuickBooks and what it makes of the answers, exchange by exchange."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from qbo_pipeline.catalog import ENTITIES, find_entity
from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.client import QuickBooks
from qbo_pipeline_tests.quickbooks.conftest import API

TIME = "2026-08-16T10:00:00.500-07:00"
SINCE = datetime(2026, 8, 1, 7, 0, 0, 900_000, tzinfo=UTC)
NOT_QUERYABLE = {"Message": "Invalid query", "Detail": "QueryValidationError: property 'Active' is not queryable"}


def answer(**members: object) -> None:
    responses.get(f"{API}/query", json={"QueryResponse": members, "time": TIME})


def refuse(code: str, **error: str) -> None:
    fault = {"Error": [{"code": code, **error}], "type": "ValidationFault"}
    responses.get(f"{API}/query", status=400, json={"Fault": fault, "time": TIME})


def statements() -> list[str]:
    return [parse_qs(urlsplit(call.request.url).query)["query"][0] for call in responses.calls]


def record(id_: str, **more: object) -> dict[str, object]:
    return {"Id": id_, "SyncToken": "0", "MetaData": {"LastUpdatedTime": "2026-08-01T00:00:00-07:00"}, **more}


@responses.activate
def test_a_query_gives_its_records_and_quickbooks_time(client: QuickBooks):
    answer(Invoice=[record("1")], startPosition=1, maxResults=1, totalCount=1)
    page = client.query_page("select * from Invoice")
    assert [json.loads(bytes(raw))["Id"] for raw in page.records] == ["1"]
    assert (page.count, page.time) == (1, datetime(2026, 8, 16, 17, 0, 0, 500_000, tzinfo=UTC))


@responses.activate
def test_an_empty_answer_has_no_key_and_no_records(client: QuickBooks):
    answer()
    assert client.query_page("select * from Invoice").records == []


@responses.activate
@pytest.mark.parametrize("members", [{}, {"QueryResponse": None}, {"QueryResponse": {"Invoice": {"Id": "1"}}}])
def test_an_answer_of_another_form_is_not_taken_for_an_empty_one(client: QuickBooks, members):
    responses.get(f"{API}/query", json=members | {"time": TIME})
    with pytest.raises(errors.UnreadableAnswer):
        client.query_page("select * from Invoice")


@responses.activate
def test_a_count_is_read_from_an_answer_without_records(client: QuickBooks):
    answer(totalCount=50)
    assert client.count(find_entity("Invoice"), ["Balance > '0'"]) == 50
    assert statements() == ["select count(*) from Invoice where Balance > '0'"]


@responses.activate
def test_a_statement_is_encoded_throughout(client: QuickBooks):
    answer()
    client.query_page("select * from Customer where DisplayName = 'A+B & C%' and Active = true")
    query = urlsplit(responses.calls[0].request.url).query
    assert "+" not in query
    assert "query=select%20%2A%20from%20Customer%20where%20DisplayName%20%3D%20%27A%2BB%20%26%20C%25%27" in query


@responses.activate
def test_a_long_statement_travels_as_a_body(client: QuickBooks):
    responses.post(f"{API}/query", json={"QueryResponse": {}, "time": TIME})
    statement = f"select * from Invoice where Id in ({','.join(repr(str(n)) for n in range(1000))})"
    client.query_page(statement)
    request = responses.calls[0].request
    assert request.body == statement.encode()
    assert request.headers["Content-Type"] == "application/text"
    assert client.calls.metered == 1


@responses.activate
def test_a_document_is_read_in_the_order_of_its_ids_with_one_call_where_one_page_holds_all(client: QuickBooks):
    answer(Invoice=[record("1"), record("2")], maxResults=2)
    pages = client.read_all(find_entity("Invoice"))
    assert [[record.id for record in page] for page in pages] == [["1", "2"]]
    assert statements() == ["select * from Invoice orderby Id startposition 1 maxresults 1000"]
    assert pages.as_of == datetime(2026, 8, 16, 17, 0, 0, 500_000, tzinfo=UTC)


@responses.activate
def test_changes_are_asked_for_by_the_whole_second_before_in_utc(client: QuickBooks):
    answer()
    assert list(client.read_all(find_entity("Invoice"), changed_since=SINCE)) == []
    assert "where MetaData.LastUpdatedTime >= '2026-08-01T07:00:00Z' orderby Id" in statements()[0]


@responses.activate
def test_names_are_read_with_the_inactive_ones(client: QuickBooks):
    answer(Customer=[record("1", Active=False)])
    list(client.read_all(find_entity("Customer"), changed_since=SINCE))
    assert "where Active IN (true,false) and MetaData.LastUpdatedTime >=" in statements()[0]


@responses.activate
def test_a_list_that_does_not_know_active_is_read_without_asking_for_it_from_then_on(client: QuickBooks):
    refuse("4001", **NOT_QUERYABLE)
    answer(Term=[record("1")])
    for _ in range(2):
        assert [len(page) for page in client.read_all(find_entity("Term"))] == [1]
    assert ["Active" in statement for statement in statements()] == [True, False, False]


@responses.activate
def test_a_list_that_is_known_to_have_no_active_is_never_asked_for_it(client: QuickBooks):
    answer(TaxAgency=[record("1")])
    assert [len(page) for page in client.read_all(find_entity("TaxAgency"))] == [1]
    assert ["Active" in statement for statement in statements()] == [False]


@responses.activate
def test_a_list_refused_for_another_reason_is_asked_for_its_inactive_names_again(client: QuickBooks):
    """Else one condition that cannot be filtered by would hide the inactive names of every later read."""
    refuse("4001", **NOT_QUERYABLE)
    refuse("4001", **NOT_QUERYABLE)
    answer(Term=[record("1")])
    with pytest.raises(errors.InvalidQuery):
        list(client.read_all(find_entity("Term"), changed_since=SINCE))
    list(client.read_all(find_entity("Term")))
    assert ["Active" in statement for statement in statements()] == [True, False, True]


@responses.activate
def test_an_entity_the_company_does_not_have_is_not_offered(client: QuickBooks):
    refuse("4001", Message="Invalid query", Detail="Invalid context declaration for Class: Budget")
    with pytest.raises(errors.NotOffered, match="Reading Budget of 'main'"):
        list(client.read_all(find_entity("Budget")))


@responses.activate
def test_exchange_rates_are_paged_without_an_order(client: QuickBooks):
    answer(ExchangeRate=[{"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "AsOfDate": "2026-01-31"}])
    assert [r.id for page in client.read_all(find_entity("ExchangeRate")) for r in page] == ["EUR-USD-2026-01-31"]
    assert statements() == ["select * from ExchangeRate startposition 1 maxresults 1000"]


@responses.activate
def test_an_answers_key_is_found_and_not_assumed(client: QuickBooks):
    answer(CreditCardPaymentTxn=[record("9")], maxResults=1)
    assert [r.id for page in client.read_all(find_entity("CreditCardPayment")) for r in page] == ["9"]


@responses.activate
def test_the_one_object_of_a_company_is_read_without_pages(client: QuickBooks):
    answer(Preferences=[record("1")], maxResults=1)
    assert [len(page) for page in client.read_all(find_entity("Preferences"))] == [1]
    assert statements() == ["select * from Preferences"]


@responses.activate
@pytest.mark.parametrize(("updated", "times"), [("2026-08-01T00:00:00-07:00", 1), ("2026-07-31T23:59:59-07:00", 0)])
def test_the_one_object_of_a_company_comes_among_changes_only_if_it_changed(client: QuickBooks, updated, times):
    answer(Preferences=[record("1", MetaData={"LastUpdatedTime": updated})], maxResults=1)
    pages = client.read_all(find_entity("Preferences"), changed_since=SINCE)
    assert sum(len(page) for page in pages) == times
    assert pages.as_of is not None


@responses.activate
def test_a_record_is_read_by_its_id_at_its_entitys_address(client: QuickBooks):
    responses.get(f"{API}/purchaseorder/7", json={"PurchaseOrder": record("7", TotalAmt=1.10), "time": TIME})
    read = client.read(find_entity("PurchaseOrder"), "7")
    assert (read.id, read.payload.count(b"1.1")) == ("7", 1)


@responses.activate
def test_a_record_that_is_gone_is_not_found(client: QuickBooks):
    fault = {"Error": [{"Message": "Object Not Found", "Detail": "Ann has deleted it", "code": "610"}]}
    responses.get(f"{API}/invoice/7", status=400, json={"Fault": fault}, headers={"intuit_tid": "1-gone"})
    with pytest.raises(
        errors.NotFound, match=r"Reading Invoice 7 of 'main' failed \(HTTP 400, code 610.*1-gone"
    ) as gone:
        client.read(find_entity("Invoice"), "7")
    assert "Ann" not in str(gone.value)


def test_what_has_no_id_cannot_be_read_by_one(client: QuickBooks):
    with pytest.raises(ValueError, match="ExchangeRate has no Id"):
        client.read(find_entity("ExchangeRate"), "EUR-USD-2026-01-31")


@responses.activate
@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_entity_of_the_catalog_can_be_asked_for(client: QuickBooks, entity):
    inner = dict.fromkeys(entity.composed_id, "X") | record("1")
    answer(**{entity.name: [{"Invoice": inner} if entity.is_wrapped else inner]})
    (page,) = client.read_all(entity)
    assert len(page) == 1
