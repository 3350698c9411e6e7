"""Batches, remembered answers, and the settings that make a service forget or lag."""

import json

import pytest

from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper, reference, sold

AMY = reference("1")


def _invoice(number: str, **fields) -> dict:
    return {"CustomerRef": AMY, "Line": [sold(10)], "DocNumber": number, **fields}


def _create(number: str, b_id: str) -> dict:
    return {"bId": b_id, "operation": "create", "Invoice": _invoice(number)}


def _invoices(books: Bookkeeper) -> int:
    return books.query("select count(*) from Invoice")["totalCount"]


def test_each_item_of_a_batch_has_an_outcome_of_its_own(landscaping: Bookkeeper) -> None:
    standing = landscaping.post("invoice", _invoice("A-1"))
    receipt = landscaping.post("salesreceipt", _invoice("R-1"))
    named = {"Id": standing["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": AMY, "PrivateNote": "seen"}
    items = [
        _create("A-2", "one"),
        _create("A-1", "two"),
        {"bId": "three", "operation": "update", "Invoice": named},
        {"bId": "four", "Query": "select count(*) from Invoice"},
        {
            "bId": "five",
            "operation": "update",
            "optionsData": "void",
            "SalesReceipt": {"Id": receipt["Id"], "SyncToken": "0", "sparse": True},
        },
        {"bId": "six", "operation": "create", "optionsData": "allowduplicatedocnum", "Invoice": _invoice("A-1")},
        {"bId": "seven", "operation": "delete", "Invoice": {"Id": standing["Id"], "SyncToken": "1"}},
        {"bId": "eight", "operation": "frobnicate", "Invoice": {}},
        {"bId": "nine", "operation": "create", "Nonsense": {}},
        {"operation": "create", "Customer": {"DisplayName": "Batched"}},
    ]
    answers = landscaping.answer("batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert [answer.get("bId") for answer in answers] == [item.get("bId") for item in items]
    codes = [answer["Fault"]["Error"][0]["code"] if "Fault" in answer else None for answer in answers]
    assert codes == [None, "6140", None, None, None, None, None, "500", "500", None]
    assert answers[2]["Invoice"]["PrivateNote"] == "seen"
    assert answers[3]["QueryResponse"]["totalCount"] == 33
    assert answers[4]["SalesReceipt"]["TotalAmt"] == 0
    assert answers[6]["Invoice"] == {"status": "Deleted", "domain": "QBO", "Id": standing["Id"]}
    assert answers[9]["Customer"]["DisplayName"] == "Batched"


def test_a_batch_is_replayed_whole_while_its_items_are_the_same(landscaping: Bookkeeper) -> None:
    before = _invoices(landscaping)
    items = {"BatchItemRequest": [_create("A-1", "1"), _create("A-1", "2")]}
    first = landscaping.call("POST", "batch", params={"requestid": "r"}, data=json.dumps(items)).content
    landscaping.emulator.clock.advance(480)
    assert landscaping.call("POST", "batch", params={"requestid": "r"}, data=json.dumps(items)).content == first
    assert _invoices(landscaping) == before + 1
    others = {"BatchItemRequest": [_create("A-2", "1")]}
    (made,) = landscaping.answer("batch", others, requestid="r")["BatchItemResponse"]
    assert made["Invoice"]["DocNumber"] == "A-2"


@pytest.mark.parametrize(
    ("content", "params", "code"),
    [
        ({"BatchItemRequest": [_create(str(n), str(n)) for n in range(31)]}, {}, "1040"),
        ({}, {}, "2020"),
        ({"BatchItemRequest": {}}, {}, "2010"),
        ({"BatchItemRequest": [_create("A", "b" * 11)]}, {"requestid": "r"}, "2130"),
        ({"BatchItemRequest": [_create("A", "b")]}, {"requestid": "r" * 37}, "2130"),
    ],
)
def test_batches_that_cannot_be_are_refused_whole(untouched: Bookkeeper, content, params, code) -> None:
    before = _invoices(untouched)
    assert untouched.refused("batch", content, **params) == code
    assert _invoices(untouched) == before


def test_thirty_items_fit_in_a_batch(landscaping: Bookkeeper) -> None:
    items = [_create(f"B-{number}", str(number)) for number in range(30)]
    answers = landscaping.answer("batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert [answer["Invoice"]["DocNumber"] for answer in answers] == [f"B-{number}" for number in range(30)]


def test_batches_have_a_limit_of_their_own(landscaping: Bookkeeper) -> None:
    landscaping.emulator.settings.limit_batches_per_minute = 2
    items = {"BatchItemRequest": [{"bId": "1", "Query": "select count(*) from Invoice"}]}
    statuses = [landscaping.call("POST", "batch", data=json.dumps(items)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert _invoices(landscaping) == 31


@pytest.mark.parametrize(("remembered", "written"), [(None, 1), (600, 1), (60, 2), (0, 2)])
def test_a_service_may_forget_a_request_id(landscaping: Bookkeeper, remembered: int | None, written: int) -> None:
    landscaping.emulator.settings.requestid_memory_seconds = remembered
    before = _invoices(landscaping)
    content = {"CustomerRef": AMY, "Line": [sold(10)]}
    for _ in range(2):
        landscaping.post("invoice", content, requestid="once")
        landscaping.emulator.clock.advance(120)
    assert _invoices(landscaping) == before + written


def test_queries_may_lag_behind_what_was_created(landscaping: Bookkeeper) -> None:
    landscaping.emulator.settings.query_lag_seconds = 30
    before = _invoices(landscaping)
    made = landscaping.post("invoice", _invoice("LATE-1"))
    statement = "select * from Invoice where DocNumber = 'LATE-1'"
    assert landscaping.query(statement) == {}
    assert _invoices(landscaping) == before
    assert landscaping.read("invoice", made["Id"])["DocNumber"] == "LATE-1"
    landscaping.update("invoice", made, PrivateNote="found already?")
    assert landscaping.query(statement) == {}
    landscaping.emulator.clock.advance(31)
    assert [found["Id"] for found in landscaping.query(statement)["Invoice"]] == [made["Id"]]
    assert _invoices(landscaping) == before + 1
