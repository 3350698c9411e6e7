"""The change feed and its traps."""

import json

import pytest

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline_tests.emulator.small_books import SmallBooks, invoice, small_records


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


def _refused(books: SmallBooks, entities: str, since: str) -> QboFault:
    with pytest.raises(QboFault) as refusal:
        books.changes(entities, since)
    return refusal.value


def test_groups_hold_full_records_oldest_change_first_in_an_order_of_their_own(books: SmallBooks) -> None:
    books.company.edit("Invoice", "11", {"PrivateNote": "late"})
    groups = books.changes("bill,INVOICE,Vendor", "2026-07-02T12:00:00-07:00")
    assert groups[0] == {}  # Vendor: nothing since
    assert [record["Id"] for record in groups[1]["Invoice"]] == ["13", "14", "11"]
    assert groups[1]["Invoice"][2] == books.read("invoice", "11")
    assert groups[1] | {"Invoice": None} == {"Invoice": None, "startPosition": 1, "maxResults": 3, "totalCount": 3}
    assert len(groups) == 3


def test_several_edits_are_one_row(books: SmallBooks) -> None:
    for note in "abc":
        books.company.edit("Invoice", "11", {"PrivateNote": note})
    (group,) = books.changes("Invoice", "2026-08-01")
    assert [record["PrivateNote"] for record in group["Invoice"]] == ["c"]


def test_no_change_at_all_is_one_empty_group(books: SmallBooks) -> None:
    body = json.loads(books.company.changes("Customer,Invoice", "2026-07-31"))
    assert body == {"CDCResponse": [{"QueryResponse": [{}]}], "time": "2026-08-01T12:00:00.000-07:00"}


def test_deletions_are_bare_tombstones_behind_the_live_rows(books: SmallBooks) -> None:
    books.company.delete("Invoice", "12")
    books.clock.advance(5)
    books.company.edit("Invoice", "11", {"PrivateNote": "later than the deletion"})
    (group,) = books.changes("Invoice", "2026-08-01")
    assert [record["Id"] for record in group["Invoice"]] == ["11", "12"]
    assert group["Invoice"][1] == {
        "domain": "QBO",
        "status": "Deleted",
        "Id": "12",
        "MetaData": {"LastUpdatedTime": "2026-08-01T12:00:00-07:00"},
    }


def test_deactivation_is_no_tombstone(books: SmallBooks) -> None:
    books.company.edit("Vendor", "30", {"Active": False})
    (group,) = books.changes("Vendor", "2026-08-01")
    assert [(vendor["DisplayName"], vendor["Active"]) for vendor in group["Vendor"]] == [
        ("Hicks Hardware (deleted)", False)
    ]


def test_the_answer_is_cut_silently_at_1000_over_all_entities_keeping_the_oldest() -> None:
    many = [invoice(str(number), 2 + number // 100, 1) for number in range(1, 1100)]
    books = SmallBooks(small_records() | {"Invoice": many})
    groups = books.changes("Invoice,Customer,Bill", "2026-07-03T00:00:00-07:00")
    assert sum(group.get("maxResults", 0) for group in groups) == 1000
    kept = next(group for group in groups if "Invoice" in group)["Invoice"]
    assert [record["Id"] for record in kept] == [str(number) for number in range(100, 1100)]
    books.company.edit("Customer", "1", {"Notes": "the newest change"})
    assert not any("Customer" in group for group in books.changes("Invoice,Customer", "2026-07-03T00:00:00-07:00"))
    assert any("Customer" in group for group in books.changes("Customer", "2026-07-03T00:00:00-07:00"))


def test_it_reaches_back_30_days(books: SmallBooks) -> None:
    assert books.changes("Invoice", "2026-07-02T12:00:00-07:00")
    fault = _refused(books, "Invoice", "2026-07-02T11:59:59-07:00")
    assert (fault.status, fault.code, fault.message, fault.type) == (
        400,
        "500",
        "Unsupported Operation",
        "ValidationFault",
    )
    assert "older than fixed days is not supported" in fault.detail


def test_a_lost_plus_reads_as_too_old(books: SmallBooks) -> None:
    fault = _refused(books, "Invoice", "2026-07-31T12:00:00 00:00")
    assert fault.code == "500"
    assert "older than fixed days is not supported" in fault.detail


@pytest.mark.parametrize(
    ("entities", "since"), [("", "2026-07-31"), (" , ", "2026-07-31"), ("Invoice", ""), ("Invoice", "yesterday")]
)
def test_what_is_missing_or_no_date_is_refused(books: SmallBooks, entities: str, since: str) -> None:
    assert _refused(books, entities, since).status == 400


def test_unknown_and_not_offered_entities_are_refused(books: SmallBooks) -> None:
    assert _refused(books, "Invoice,Nonsense", "2026-07-31").code == "500"
    assert _refused(books, "CompanyCurrency", "2026-07-31").code == "5030"


def test_uncovered_entities_stay_empty_or_are_refused_by_setting(books: SmallBooks) -> None:
    books.company.edit("TimeActivity", "3", {"Minutes": 30})
    assert books.changes("TimeActivity,TaxCode,TaxRate,TaxAgency", "2026-07-31") == [{}]
    books.settings.time_activity_in_change_feed = True
    assert books.changes("TimeActivity", "2026-07-31")[0]["TimeActivity"][0]["Minutes"] == 30
    books.settings.change_feed_unsupported = "error"
    assert _refused(books, "TaxCode", "2026-07-31").status == 400


def test_the_second_asked_for_is_included_unless_set_otherwise(books: SmallBooks) -> None:
    at = "2026-07-03T10:00:00-07:00"
    assert books.changes("Invoice", at)[0]["maxResults"] == 2
    books.settings.change_feed_inclusive = False
    assert books.changes("Invoice", at) == [{}]
