"""Customers, vendors and items: what exactly is sent, and that QuickBooks takes it."""

from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.outbound.delivery.composing import Waiting
from qbo_pipeline.outbound.document import Name
from qbo_pipeline.quickbooks.errors import Refused
from qbo_pipeline.state.intents import Need
from qbo_pipeline_tests.outbound.payloads.desk import Desk

_KINDS: dict[str, Any] = {"Customer": "customer", "Vendor": "vendor", "Item": "item"}


def name(target: Any, source_id: str, called: str, **fields: Any) -> Name:
    given = {
        field: fields.pop(field) for field in ("parent_id", "income_account", "expense_account") if field in fields
    }
    return Name(
        target=target,
        business_entity_id="be1",
        source_kind=_KINDS[target],
        source_id=source_id,
        name=called,
        fields=fields,
        **given,
    )


def test_a_customer_is_sent_whole(uk: Desk) -> None:
    wanted = name(
        "Customer",
        "c9",
        "Żółw Ltd",
        CompanyName="Żółw Limited",
        PrimaryEmailAddr={"Address": "ap@zolw.test"},
        PrimaryPhone={"FreeFormNumber": "+48 22 555 0100"},
        BillAddr={"Line1": "ul. Długa 1", "City": "Kraków", "PostalCode": "30-001", "Line2": ""},
        CurrencyRef={"value": "EUR"},
        SalesTermRef={"value": "3"},
    )

    assert uk.content(wanted) == {
        "DisplayName": "Żółw Ltd",
        "CompanyName": "Żółw Limited",
        "PrimaryEmailAddr": {"Address": "ap@zolw.test"},
        "PrimaryPhone": {"FreeFormNumber": "+48 22 555 0100"},
        "BillAddr": {"Line1": "ul. Długa 1", "City": "Kraków", "PostalCode": "30-001"},
        "CurrencyRef": {"value": "EUR"},
        "SalesTermRef": {"value": "3"},
    }
    assert uk.send(wanted)["CurrencyRef"]["value"] == "EUR"


def test_a_job_stands_below_its_customer_and_waits_for_it(us: Desk) -> None:
    job = name("Customer", "job-1", "Office move", parent_id="c-later", BillWithParent=True)
    assert us.compose(job) == Waiting((Need("Customer", "customer", "c-later"),))

    us.send(name("Customer", "c-later", "Holm & Daughters"))

    assert us.send(job)["FullyQualifiedName"] == "Holm & Daughters:Office move"


def test_a_company_of_one_currency_names_none(us: Desk) -> None:
    wanted = name("Vendor", "v9", "Lumber Land", CurrencyRef={"value": "USD"}, Taxable=False)

    assert "CurrencyRef" not in us.content(wanted)
    us.send(wanted)


def test_a_service_gets_its_mapped_account_or_the_one_chosen_for_all(us: Desk) -> None:
    us.store.push_settings.choose(us.profile.realm_id, income_account="82")
    try:
        chosen = us.content(name("Item", "p7", "Survey", UnitPrice="95.5000", Taxable=True))
    finally:
        us.store.push_settings.choose(us.profile.realm_id, income_account=None)

    assert chosen == {
        "Name": "Survey",
        "Type": "Service",
        "UnitPrice": Decimal("95.5"),
        "Taxable": True,
        "IncomeAccountRef": {"value": "82"},
    }
    us.post("Item", chosen)
    assert us.held(name("Item", "p8", "Study")) == "unmapped_account"
    assert us.held(name("Item", "p8", "Study", income_account="4000")) == "unmapped_account"
    with pytest.raises(Refused, match="2020"):
        us.post("Item", {"Name": "Study", "Type": "Service"})


def test_counted_stock_is_made_in_quickbooks_by_a_person(us: Desk) -> None:
    assert us.held(name("Item", "p9", "Bricks", Type="Inventory", income_account="Fees")) == "stock_item"


def test_characters_that_quickbooks_refuses_in_names_are_taken_out(us: Desk) -> None:
    wanted = name("Customer", "c10", "Smith: Jones\tand\nSons", CompanyName="Smith: Jones")

    assert us.send(wanted)["DisplayName"] == "Smith Jones and Sons"
    with pytest.raises(Refused, match="2040"):
        us.post("Customer", {"DisplayName": "Smith: Jones"})


def test_a_name_of_nothing_or_too_much_is_held(us: Desk) -> None:
    assert us.held(name("Customer", "c11", " : ")) == "bad_name"
    assert us.held(name("Customer", "c12", "x" * 101)) == "bad_name"


def test_half_a_telephone_number_is_never_sent(us: Desk) -> None:
    wanted = name(
        "Customer",
        "c13",
        "Far Away Inc",
        PrimaryPhone={"FreeFormNumber": "1" * 31},
        PrimaryEmailAddr={"Address": "nobody"},
        BillAddr={"Line1": "x" * 501, "City": "Oslo"},
    )

    assert us.content(wanted) == {"DisplayName": "Far Away Inc", "BillAddr": {"City": "Oslo"}}
    us.send(wanted)
