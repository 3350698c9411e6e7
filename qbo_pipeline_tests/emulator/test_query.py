"""Queries over a company's records: filters, orders, pages, inactive names, and what is not queryable."""

import json

import pytest

from qbo_pipeline.emulator.books.entity_rules import EntityRules
from qbo_pipeline.emulator.books.schema import RULES
from qbo_pipeline_tests.emulator.small_books import SmallBooks, invoice, small_records


@pytest.fixture
def books() -> SmallBooks:
    return SmallBooks()


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Id = '12'", ["12"]),
        ("Id in (14, '11', '99')", ["11", "14"]),
        ("TotalAmt > '100'", ["12", "14"]),
        ("TotalAmt >= 100.0 and TotalAmt < 400", ["11", "12"]),
        ("Balance = 0", ["13"]),
        ("TxnDate = '2026-07-03'", ["13", "14"]),
        ("TxnDate < '2026-07-02T00:00:00Z'", ["11"]),
        ("TxnDate <= CURRENT_DATE", ["11", "12", "13", "14"]),
        ("MetaData.CreateTime < CURRENT_DATE and MetaData.CreateTime in ('2026-07-01T17:00:00Z')", ["11"]),
        ("TxnDate in ('2026-07-01', '2026-07-02')", ["11", "12"]),
        ("CustomerRef = '1'", ["11", "12"]),
        ("customerref in ('2','3')", ["13", "14"]),
        ("DocNumber = 'o\\'brien 7'", ["12"]),
        ("DOCNUMBER like 'O%'", ["12"]),
        ("DocNumber like '%1%'", ["11", "13"]),
        ("DocNumber like 'a%b'", ["14"]),
        ("DocNumber like '1'", []),
        ("metadata.createtime > '2026-07-01T17:00:00Z' and MetaData.CreateTime < '2026-07-03T10:00:00-0700'", ["12"]),
    ],
)
def test_conditions_select(books: SmallBooks, where: str, found: list[str]) -> None:
    assert books.ids(f"select * from invoice where {where} orderby Id") == found
    counted = books.answer(f"select count(*) from Invoice where {where}")
    assert counted == {"totalCount": len(found)}


@pytest.mark.parametrize(
    "moment",
    [
        "2026-07-02T10:00:00-07:00",
        "2026-07-02T10:00:00-0700",
        "2026-07-02T17:00:00Z",
        "2026-07-02T17:00:00.900Z",
        "2026-07-02T10:00:00",
    ],
)
def test_moments_are_compared_by_the_second_in_every_form(books: SmallBooks, moment: str) -> None:
    assert books.ids(f"select * from Invoice where MetaData.LastUpdatedTime >= '{moment}' orderby Id") == [
        "12",
        "13",
        "14",
    ]
    assert books.ids(f"select * from Invoice where MetaData.LastUpdatedTime > '{moment}' orderby Id") == ["13", "14"]
    assert books.ids(f"select * from Invoice where MetaData.LastUpdatedTime = '{moment}'") == ["12"]


def test_a_moment_whose_plus_became_a_space_is_refused(books: SmallBooks) -> None:
    fault = books.refused("select * from Invoice where MetaData.LastUpdatedTime > '2026-07-02T17:00:00 00:00'")
    assert (fault.status, fault.code) == (400, "4001")


def test_the_date_is_californias(books: SmallBooks) -> None:
    books.clock.advance(-13 * 3600)  # eleven in the evening of 31 July in California, already August in UTC
    books.company.edit("Invoice", "11", {"TxnDate": "2026-08-01"})
    assert "11" not in books.ids("select * from Invoice where TxnDate <= CURRENT_DATE")


def test_without_an_order_the_newest_change_comes_first(books: SmallBooks) -> None:
    books.company.edit("Invoice", "12", {"PrivateNote": "x"})
    assert books.ids("select * from Invoice")[:2] == ["12", "13"]
    assert books.ids("select * from Invoice orderby Id") == ["11", "12", "13", "14"]


def test_several_keys_order_one_after_the_other(books: SmallBooks) -> None:
    assert books.ids("select * from Invoice order by TxnDate desc, Balance desc, Id asc") == ["14", "13", "12", "11"]
    assert books.ids("select * from Invoice orderby Id desc") == ["14", "13", "12", "11"]


def test_pages_say_what_they_hold(books: SmallBooks) -> None:
    page = books.answer("select * from Invoice orderby Id startposition 2 maxresults 2")
    assert [record["Id"] for record in page["Invoice"]] == ["12", "13"]
    assert (page["startPosition"], page["maxResults"], page["totalCount"]) == (2, 2, 2)
    assert "totalCount" not in books.answer("select * from Customer")


def test_an_answer_without_records_has_no_array(books: SmallBooks) -> None:
    body = json.loads(books.company.query("select * from Invoice startposition 5"))
    assert body == {"QueryResponse": {}, "time": "2026-08-01T12:00:00.000-07:00"}


def test_a_page_holds_100_unless_asked_and_never_more_than_1000() -> None:
    books = SmallBooks(small_records() | {"Invoice": [invoice(str(n), 1, n) for n in range(1, 1206)]})
    assert len(books.ids("select * from Invoice")) == 100
    assert len(books.ids("select * from Invoice maxresults 5000")) == 1000
    assert books.ids("select * from Invoice orderby Id startposition 1204 maxresults 1000") == ["1204", "1205"]
    books.settings.query_over_cap = "error"
    assert books.refused("select * from Invoice maxresults 1001").code == "4001"


def test_inactive_names_are_hidden_unless_the_filter_speaks_of_them(books: SmallBooks) -> None:
    assert books.ids("select * from Customer orderby Id") == ["1", "3"]
    assert books.answer("select count(*) from Customer") == {"totalCount": 2}
    assert books.ids("select * from Customer where Active in (true, false) orderby Id") == ["1", "2", "3"]
    assert books.ids("select * from Customer where Active = 'false'") == ["2"]
    assert books.ids("select * from Customer where Id in ('1','2')") == ["1"]
    books.settings.id_hidden_when_inactive = False
    assert sorted(books.ids("select * from Customer where Id in ('1','2')")) == ["1", "2"]
    assert books.read("customer", "2")["Active"] is False


def test_a_name_without_an_active_mark_is_active(books: SmallBooks) -> None:
    assert "4" in books.ids("select * from Account where Active = true")


def test_addresses_compare_inside(books: SmallBooks) -> None:
    assert books.ids("select * from Customer where PrimaryEmailAddr = 'birds@intuit.com'") == ["1"]


def test_an_absent_text_equals_a_blank(books: SmallBooks) -> None:
    assert books.ids("select * from Customer where CompanyName = ' ' orderby Id") == ["1", "3"]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from Invoice where PrivateNote = 'x'",
        "select * from Invoice where Line.Id = '1'",
        "select * from Invoice where Active = true",
        "select * from Invoice orderby CustomerRef",
        "select * from TaxAgency where Active in (true, false)",
        "select * from ExchangeRate orderby Id",
        "select * from Item where UnitPrice > 1",
    ],
)
def test_other_properties_are_not_queryable(books: SmallBooks, statement: str) -> None:
    fault = books.refused(statement)
    assert (fault.status, fault.code, fault.message) == (400, "4001", "Invalid query")
    assert "is not queryable" in fault.detail


@pytest.mark.parametrize(
    "where",
    ["TotalAmt > 'much'", "TxnDate > 'today'", "TxnDate = '2026-02-30'", "CustomerRef > '1'", "TotalAmt like '1%'"],
)
def test_values_that_cannot_be_compared_are_refused(books: SmallBooks, where: str) -> None:
    assert books.refused(f"select * from Invoice where {where}").code == "4001"


def test_ids_are_not_filtered_by_range_unless_set_so(books: SmallBooks) -> None:
    assert books.refused("select * from Invoice where Id > '11'").code == "4001"
    books.settings.id_range_filter = True
    assert books.ids("select * from Invoice where Id > '12' orderby Id") == ["13", "14"]


def test_an_entity_the_company_lacks_differs_from_one_nobody_has(books: SmallBooks) -> None:
    assert books.refused("select * from CompanyCurrency").code == "5030"
    assert books.refused("select * from Nonsense").code == "4001"


def test_columns_come_with_id_and_marked_sparse(books: SmallBooks) -> None:
    records = books.answer("select docnumber, MetaData.CreateTime from Invoice where Id = '11'")["Invoice"]
    created = {"CreateTime": "2026-07-01T10:00:00-07:00"}
    assert records == [{"domain": "QBO", "sparse": True, "Id": "11", "DocNumber": "1011", "MetaData": created}]


def test_singletons_are_arrays_of_one(books: SmallBooks) -> None:
    preferences = books.answer("select * from Preferences")
    assert preferences == {"Preferences": [json.loads(books.company.preferences())["Preferences"]], "maxResults": 1}
    assert books.answer("select * from CompanyInfo")["CompanyInfo"][0]["CompanyName"] == "Small"


def test_recurring_transactions_come_wrapped_in_their_type(books: SmallBooks) -> None:
    records = books.answer("select * from RecurringTransaction where Id = '15'")["RecurringTransaction"]
    assert records[0]["Invoice"]["RecurringInfo"] == {"Name": "Monthly"}


def test_rates_have_no_id(books: SmallBooks) -> None:
    found = books.answer("select * from ExchangeRate where SourceCurrencyCode = 'eur' and AsOfDate = '2026-07-01'")
    assert [rate["Rate"] for rate in found["ExchangeRate"]] == [1.1]


@pytest.mark.parametrize("rules", RULES.values(), ids=lambda rules: rules.name)
def test_every_entity_answers_every_property_it_lets_be_asked(rules: EntityRules) -> None:
    books = SmallBooks({rules.name: []} | small_records())
    for asked in rules.properties.values():
        if not rules.has_id and asked.name == "Id":
            continue
        is_truth = asked.name in ("Active", "SubItem", "Taxable")
        value = "'2026-07-01'" if asked.name.endswith(("Date", "Time")) else "true" if is_truth else "1"
        where = f" where {asked.name} = {value}" if asked.is_filterable else ""
        order = f" orderby {asked.name}" if asked.is_sortable else ""
        books.answer(f"select * from {rules.name}{where}{order}")


def test_pages_follow_creations_and_deletions(books: SmallBooks) -> None:
    books.company.delete("Invoice", "12")
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    created = books.write("invoice", {"CustomerRef": {"value": "1"}, "Line": [line]})
    assert books.ids("select * from Invoice orderby Id") == ["11", "13", "14", created["Id"]]
    assert books.ids("select * from Invoice orderby Id startposition 2 maxresults 1") == ["13"]
    assert books.ids("select * from Invoice where MetaData.LastUpdatedTime >= '2026-08-01'") == [created["Id"]]
    assert books.answer("select count(*) from Invoice") == {"totalCount": 4}
