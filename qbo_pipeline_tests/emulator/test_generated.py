"""A generated company: any size, always the same, and its sums, balances and links hold from either end."""

import tracemalloc
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo_pipeline.emulator.companies import UnknownCompanyError, company_seeds
from qbo_pipeline.emulator.source import Record, Source, content
from qbo_pipeline_tests.emulator.coherence import (
    applied,
    books,
    from_the_future,
    lines_of,
    money,
    one_way_links,
    rounded,
    total_of,
    unresolved,
)

AS_OF = date(2026, 11, 21)
LAZY = ("Customer", "Vendor", "Employee", "Invoice", "Payment", "Bill", "BillPayment", "TimeActivity")
SIZES = (0, 1, 19, 20, 27, 400, 2_345, 60_000)


@cache
def company(name: str) -> Source:
    return company_seeds([name], AS_OF)[0].source


@cache
def whole(name: str) -> dict[str, list[Record]]:
    return books(company(name))


seeds = st.integers(0, 9)
sizes = st.sampled_from(SIZES)


@given(seeds, sizes, st.sampled_from(["", ":1", ":3", ":8"]), st.data())
@settings(max_examples=100, deadline=None)
def test_an_invoice_is_the_sum_of_its_lines_and_its_payment_settles_it(seed, size, lines, data):
    source = company(f"generated:{size}:{seed}{lines}")
    if size == 0:
        assert len(source.ids("Invoice")) == 0
        return
    invoice = source.record("Invoice", data.draw(st.integers(0, size - 1)))
    sold = [line for line in lines_of(invoice) if line["DetailType"] == "SalesItemLineDetail"]
    assert len(sold) == int(lines[1:]) if lines else 1 <= len(sold) <= 8
    for line in sold:
        detail = line["SalesItemLineDetail"]
        assert money(line["Amount"]) == rounded(money(detail["Qty"]) * money(detail["UnitPrice"]))
    (subtotal,) = [line for line in invoice["Line"] if line["DetailType"] == "SubTotalLineDetail"]
    assert money(subtotal["Amount"]) == sum(money(line["Amount"]) for line in sold)
    taxed = [line for line in sold if line["SalesItemLineDetail"]["TaxCodeRef"]["value"] == "TAX"]
    taxable = sum((money(line["Amount"]) for line in taxed), Decimal(0))
    assert money(invoice["TxnTaxDetail"]["TotalTax"]) == rounded(taxable * 8 / 100)
    assert money(invoice["TotalAmt"]) == total_of(invoice) > 0
    paid = 0
    for link in invoice["LinkedTxn"]:
        payment = source.record("Payment", source.ids("Payment").index(link["TxnId"]))
        (line,) = payment["Line"]
        assert line["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
        assert payment["CustomerRef"] == invoice["CustomerRef"]
        assert payment["TxnDate"] >= invoice["TxnDate"]
        assert payment["TotalAmt"] == line["Amount"] > 0
        assert payment["MetaData"]["CreateTime"] == invoice["MetaData"]["LastUpdatedTime"]
        paid += money(payment["TotalAmt"])
    assert money(invoice["Balance"]) == money(invoice["TotalAmt"]) - paid >= 0


@pytest.mark.parametrize(
    "name", ["generated:0", "generated:1", "generated:19:4", "generated:400:7", "generated:1501:2:3"]
)
def test_the_whole_of_a_company_hangs_together(name):
    everything = whole(name)
    assert unresolved(everything) == []
    assert one_way_links(everything) == []
    assert from_the_future(everything, AS_OF) == []
    for entity, payments in (("Invoice", "Payment"), ("Bill", "BillPayment")):
        settled = applied(everything, payments)
        for form in everything[entity]:
            assert money(form["TotalAmt"]) == total_of(form)
            assert money(form["Balance"]) == money(form["TotalAmt"]) - settled.pop((entity, form["Id"]), 0)
        assert not settled
    for party, entity in (("Customer", "Invoice"), ("Vendor", "Bill")):
        owed: Counter[str] = Counter()
        for form in everything[entity]:
            owed[form[f"{party}Ref"]["value"]] += money(form["Balance"])
        assert {record["Id"]: money(record["Balance"]) for record in everything[party]} == {
            record["Id"]: owed[record["Id"]] for record in everything[party]
        }


@given(seeds, sizes, st.sampled_from(LAZY), st.data())
@settings(max_examples=100, deadline=None)
def test_a_record_agrees_with_its_id_and_instants_and_is_the_same_however_it_is_reached(seed, size, entity, data):
    name = f"generated:{size}:{seed}"
    ids = company(name).ids(entity)
    if not ids:
        return
    position = data.draw(st.integers(0, len(ids) - 1))
    record = company(name).record(entity, position)
    other = company_seeds([name], AS_OF)[0].source
    assert other.record(entity, position) == record
    assert record["Id"] == ids[position] == ids[position : position + 3][0]
    assert ids.index(record["Id"]) == position
    created, updated = instants(name, entity)
    assert created[position] == epoch(record["MetaData"]["CreateTime"])
    assert updated[position] == epoch(record["MetaData"]["LastUpdatedTime"])
    record.clear()
    assert company(name).record(entity, position) == other.record(entity, position) != {}


@cache
def instants(name: str, entity: str) -> tuple[list[int], list[int]]:
    return tuple(list(column) for column in company(name).instants(entity))


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("name", ["generated:400:7", "generated:60000:1"])
@pytest.mark.parametrize("entity", LAZY)
def test_ids_ascend_and_nothing_changes_before_it_exists_or_after_yesterday(name, entity):
    ids = [int(number) for number in company(name).ids(entity)]
    assert ids == sorted(set(ids))
    created, updated = instants(name, entity)
    assert len(created) == len(updated) == len(ids)
    assert all(before <= after for before, after in zip(created, updated, strict=True))
    assert max(updated) < datetime.fromisoformat(f"{AS_OF}T00:00:00+00:00").timestamp()


def test_all_transactions_share_one_counter_and_all_names_another():
    everything = whole("generated:1501:2:3")
    for group in (("Invoice", "Payment", "Bill", "BillPayment"), ("Customer", "Vendor", "Employee")):
        ids = [record["Id"] for entity in group for record in everything[entity]]
        assert len(ids) == len(set(ids))
    names = [record["DisplayName"] for entity in ("Customer", "Vendor", "Employee") for record in everything[entity]]
    assert len(names) == len(set(names))


def test_proportions_are_those_of_a_real_company():
    source = company("generated:60000:1")
    count = {entity: len(source.ids(entity)) for entity in source.entities()}
    assert count["Customer"] == 3_000
    assert count["Bill"] == 12_000
    assert count["TimeActivity"] == 30_000
    assert count["Item"] == 200
    assert 0.84 < count["Payment"] / count["Invoice"] < 0.86
    customers = Counter(source.record("Invoice", k)["CustomerRef"]["value"] for k in range(0, 60_000, 7))
    busiest = sum(number for _, number in customers.most_common(30))
    assert 0.25 < busiest / customers.total() < 0.35  # the busiest hundredth has three tenths of the invoices
    created, _ = instants("generated:60000:1", "Invoice")
    assert sum(number for number in Counter(created).values() if number > 1) > 15_000  # imports share a second
    lengths = Counter(len(list(lines_of(source.record("Invoice", k)))) for k in range(500))
    assert lengths.keys() >= set(range(1, 9))


def test_inactive_customers_keep_their_invoices_under_the_name_quickbooks_gave_them():
    everything = whole("generated:2345:3")
    inactive = {record["Id"] for record in everything["Customer"] if not record["Active"]}
    named = {form["CustomerRef"]["name"] for form in everything["Invoice"] if form["CustomerRef"]["value"] in inactive}
    assert named
    assert all(name.endswith(" (deleted)") for name in named)


def test_a_million_invoices_cost_little_memory_until_they_are_asked_for():
    tracemalloc.start()
    source = company_seeds(["generated:1000000:1:3"], AS_OF)[0].source
    ids = source.ids("Invoice")
    assert len(ids) == 1_000_000
    assert list(ids[500_000:500_002]) == [source.record("Invoice", k)["Id"] for k in (500_000, 500_001)]
    source.record("Customer", 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_company_offers_the_entities_of_the_us_edition_and_no_currencies():
    offered = set(company("generated:400:7").entities())
    assert {"CompanyInfo", "Preferences", "Estimate", "RecurringTransaction"} <= offered
    assert not offered & {"CompanyCurrency", "ExchangeRate"}
    assert (
        content(company("generated:400:7").record("Preferences", 0))["CurrencyPrefs"]["HomeCurrency"]["value"] == "USD"
    )


def test_generated_companies_get_the_next_free_realms():
    seeds = company_seeds(["generated:10", "generated:20:3"], AS_OF, taken=["9341450000001002"])
    assert [seed.realm_id for seed in seeds] == ["9341450000001001", "9341450000001003"]


@pytest.mark.parametrize("name", ["craigs", "generated", "generated:-1", "generated:10:1:9", "generated:10:1:3:4", ""])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(UnknownCompanyError, match="landscaping, consultancy, generated:"):
        company_seeds([name], AS_OF)


def test_a_company_cannot_be_opened_twice():
    with pytest.raises(ValueError, match="9341450000000002 is in use"):
        company_seeds(["consultancy", "consultancy"], AS_OF)
