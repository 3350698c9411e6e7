"""Records become typed rows: exact numbers, flattened objects, QBO's words, and nothing lost to one bad value."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qbo_pipeline_tests.models.conftest import REALM, START, TypedWarehouse
from qbo_pipeline_tests.models.payloads import invoice, record, sales_line, subtotal

MODELS = ("invoice", "item", "recurring_transaction", "exchange_rate", "tax_code", "preferences", "purchase", "payment")
DIGITS = {
    "whole": "123456789012345",
    "fraction": "12345.6789012345",
    "price": "0.5306667",
    "odd": "0.30000000000000004",
}


@pytest.fixture(scope="module")
def warehouse(new_warehouse: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    """One warehouse with everything this module asks about, built once."""
    warehouse = new_warehouse()
    warehouse.land("invoice", invoice(), *_digits(), *_odd_invoices())
    warehouse.land("item", *_items())
    wrapped = record("41", TotalAmt=90.5, CustomerRef={"value": "24"}, Line=[sales_line(1, 90.5)])
    wrapped["RecurringInfo"] = {"Name": "Monthly care", "Active": True, "ScheduleInfo": {"NextDate": "2024-06-01"}}
    warehouse.land(
        "recurring_transaction", {"id": "41", "payload": _text({"Invoice": wrapped})}, {"id": "42", "payload": "<html>"}
    )
    rate = {"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "GBP", "Rate": 0.8541, "AsOfDate": "2024-01-31"}
    warehouse.land("exchange_rate", {"id": "EUR-GBP-2024-01-31", "sync_token": None, "payload": _text(rate)})
    detail = [{"TaxRateRef": {"value": "3", "name": "State"}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}]
    lists = {"SalesTaxRateList": {"TaxRateDetail": detail * 2}, "PurchaseTaxRateList": {"TaxRateDetail": detail}}
    warehouse.land("tax_code", record("2", Name="California", Active=True, **lists))
    used = [{"CustomField": [{"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": True}]}]
    named = [
        {"CustomField": [{"Name": "SalesFormsPrefs.SalesCustomName1", "Type": "StringType", "StringValue": "Crew"}]}
    ]
    warehouse.land("preferences", record("1", SalesFormsPrefs={"AllowDeposit": True, "CustomField": used + named}))
    extension = {"any": [{"value": {"Name": "TxnType", "Value": "54"}}]}
    party = {"value": "33", "name": "Fern & Co", "type": "Vendor"}
    warehouse.land("purchase", record("90", PurchaseEx=extension, EntityRef=party, TotalAmt=12.5, Credit=True))
    open_balance = {"value": {"Name": "txnOpenBalance", "Value": "71.00"}}
    line = {"Amount": 55, "LinkedTxn": [{"TxnId": "69", "TxnType": "Invoice"}], "LineEx": {"any": [open_balance]}}
    warehouse.land("payment", record("95", TotalAmt=55, UnappliedAmt=0, Line=[line]))
    warehouse.build("--select", "qbo__sellable_item", *(f"qbo__{model}*" for model in MODELS))
    return warehouse


def _text(content: dict) -> str:
    return json.dumps(content)


def _digits() -> list[dict]:
    template = '{"Id": "%s", "ExchangeRate": %s, "Line": [{"SalesItemLineDetail": {"UnitPrice": %s}}]}'
    return [
        {"id": f"digits-{name}", "payload": template % (f"digits-{name}", digits, digits)}
        for name, digits in DIGITS.items()
    ]


def _odd_invoices() -> list[dict]:
    misplaced = invoice("bad", CustomerRef="24", TotalAmt="a lot", TxnDate="2024-13-01", DueDate="", BillAddr=None)
    misplaced["Line"] = [sales_line(1, 5.0), {"Id": "2", "Amount": "x", "SalesItemLineDetail": {"ItemRef": "6"}}]
    return [
        misplaced,
        invoice("no-list", Line={"Amount": 5}),
        {"id": "not-json", "payload": "<html>"},
        {"id": "no-change", "sync_token": None, "updated_at": None, "payload": _text({"Id": "no-change"})},
    ]


def _items() -> list[dict]:
    def item(item_id: str, kind: str, *, active: bool = True) -> dict:
        return record(item_id, Name=f"Item {item_id}", Type=kind, Active=active, UnitPrice=35)

    bundle = item("19", "Group")
    bundle["ItemGroupDetail"] = {"ItemGroupLine": [{"Qty": 2, "ItemRef": {"value": "11", "type": "Inventory"}}]}
    return [
        item("2", "Service"),
        item("4", "NonInventory"),
        item("5", "Inventory"),
        item("7", "Service", active=False),
        item("20", "Category"),
        item("SHIPPING_ITEM_ID", "Service"),
        item("GRATUITY_ITEM_ID", "NonInventory"),
        bundle,
    ]


def test_an_invoice_has_the_columns_others_rely_on(warehouse: TypedWarehouse) -> None:
    row = warehouse.row("select * from qbo.invoice where id = '130'")
    expected = {
        "realm_id": REALM,
        "sync_token": "0",
        "created_at": datetime(2024, 4, 30, 16, 15, tzinfo=UTC),
        "updated_at": datetime(2024, 5, 1, 15, 0, tzinfo=UTC),
        "is_deleted": False,
        "deleted_at": None,
        "doc_number": "1037",
        "transaction_date": date(2024, 4, 30),
        "due_date": date(2024, 5, 30),
        "customer_id": "24",
        "customer_name": "Orchard Lane Stores",
        "total_amount": Decimal("362.07"),
        "balance": Decimal("62.07"),
        "total_tax": Decimal("26.82"),
        "tax_code_id": "2",
        "currency_id": "USD",
        "exchange_rate": None,
        "customer_memo": "Thank you.",
        "bill_email": "accounts@orchard.example",
        "bill_addr_line1": "12 Orchard Lane",
        "bill_addr_lat": "INVALID",
        "is_tax_applied_after_discount": False,
        "unreadable_fields": None,
    }
    assert {name: row[name] for name in expected} == expected
    first = ["realm_id", "id", "sync_token", "created_at", "updated_at", "is_deleted", "deleted_at"]
    assert list(row)[:7] == first


@pytest.mark.parametrize(("name", "digits"), DIGITS.items())
def test_numbers_keep_their_digits(warehouse: TypedWarehouse, name: str, digits: str) -> None:
    row = warehouse.row(
        "select exchange_rate, unit_price from qbo.invoice join qbo.invoice_line on invoice_id = id"
        f" where id = 'digits-{name}'"
    )
    expected = Decimal(digits).quantize(Decimal("1e-10"))
    assert row == {"exchange_rate": expected, "unit_price": expected}


def test_every_cent_below_a_million_dollars_survives_the_way_through_json(warehouse: TypedWarehouse) -> None:
    wrong = warehouse.row(
        """
        select count(*) as wrong from (
            select cents, try_cast(from_json(
                '{"a": ' || (cents // 100) || '.' || lpad((cents % 100)::varchar, 2, '0') || '}', '{"a": "VARCHAR"}'
            ).a as decimal(18, 2)) as typed
            from range(0, 100000000, 97) as t(cents)
        ) where typed is null or typed * 100 <> cents
        """
    )
    assert wrong == {"wrong": 0}


def test_a_value_that_does_not_fit_becomes_null_and_is_named(warehouse: TypedWarehouse) -> None:
    bad = warehouse.row("select * from qbo.invoice where id = 'bad'")
    assert (bad["total_amount"], bad["transaction_date"], bad["customer_id"]) == (None, None, None)
    assert bad["doc_number"] == "1037"
    assert sorted(bad["unreadable_fields"]) == ["CustomerRef", "TotalAmt", "TxnDate"]


def test_a_bad_line_is_named_by_its_path_and_leaves_the_others_alone(warehouse: TypedWarehouse) -> None:
    good, bad = warehouse.rows("select * from qbo.invoice_line where invoice_id = 'bad' order by line_number")
    assert (good["amount"], good["unreadable_fields"]) == (Decimal("5.00"), None)
    assert (bad["amount"], bad["item_id"]) == (None, None)
    assert sorted(bad["unreadable_fields"]) == ["Line[1].Amount", "Line[1].SalesItemLineDetail.ItemRef"]


def test_records_that_are_no_json_or_hold_an_object_for_a_list_are_named_too(warehouse: TypedWarehouse) -> None:
    rows = warehouse.rows(
        "select id, unreadable_fields from qbo.invoice where id in ('not-json', 'no-list') order by id"
    )
    assert rows == [
        {"id": "no-list", "unreadable_fields": ["Line"]},
        {"id": "not-json", "unreadable_fields": ["*"]},
    ]


def test_all_unreadable_values_are_listed_in_one_view(warehouse: TypedWarehouse) -> None:
    rows = warehouse.rows("select * from sync.unreadable_value order by id, field")
    assert {row["realm_id"] for row in rows} == {REALM}
    assert {row["entity"] for row in rows if row["id"] == "42"} == {"recurring_transaction"}
    assert {row["entity"] for row in rows if row["id"] != "42"} == {"invoice"}
    assert [(row["id"], row["field"]) for row in rows] == [
        ("42", "*"),
        ("bad", "CustomerRef"),
        ("bad", "Line[1].Amount"),
        ("bad", "Line[1].SalesItemLineDetail.ItemRef"),
        ("bad", "TotalAmt"),
        ("bad", "TxnDate"),
        ("no-list", "Line"),
        ("not-json", "*"),
    ]


def test_a_record_without_token_or_instant_is_typed(warehouse: TypedWarehouse) -> None:
    row = warehouse.row("select sync_token, updated_at, is_deleted from qbo.invoice where id = 'no-change'")
    assert row == {"sync_token": None, "updated_at": None, "is_deleted": False}


def test_taxes_links_and_custom_fields_have_tables(warehouse: TypedWarehouse) -> None:
    tax = warehouse.row("select * from qbo.invoice_tax_line where invoice_id = '130'")
    assert (tax["tax_line_number"], tax["amount"], tax["tax_rate_id"]) == (1, Decimal("26.82"), "3")
    assert (tax["tax_percent"], tax["net_amount_taxable"], tax["is_percent_based"]) == (8, Decimal("335.25"), True)
    field = warehouse.row("select * from qbo.invoice_custom_field where invoice_id = '130'")
    assert (field["definition_id"], field["name"], field["string_value"]) == ("1", "Crew #", "102")
    link = warehouse.row("select * from qbo.invoice_linked_txn where invoice_id = '130'")
    assert (link["link_number"], link["line_number"]) == (1, None)
    assert (link["linked_transaction_id"], link["linked_transaction_type"]) == ("100", "Estimate")


def test_a_wrapped_record_is_typed_by_what_it_wraps(warehouse: TypedWarehouse) -> None:
    row = warehouse.row("select * from qbo.recurring_transaction where id = '41'")
    assert (row["id"], row["transaction_type"], row["name"], row["is_active"]) == (
        "41",
        "Invoice",
        "Monthly care",
        True,
    )
    assert (row["next_date"], row["total_amount"]) == (date(2024, 6, 1), Decimal("90.50"))
    line = warehouse.row("select * from qbo.recurring_transaction_line")
    assert (line["line_number"], line["amount"], line["item_id"]) == (1, Decimal("90.50"), "6")


def test_an_exchange_rate_is_known_by_its_pair_and_day(warehouse: TypedWarehouse) -> None:
    row = warehouse.row("select * from qbo.exchange_rate")
    assert (row["id"], row["rate"]) == ("EUR-GBP-2024-01-31", Decimal("0.8541"))
    assert (row["as_of_date"], row["updated_at"]) == (date(2024, 1, 31), START)


def test_a_tax_code_lists_its_rates_for_sales_and_purchases(warehouse: TypedWarehouse) -> None:
    rows = warehouse.rows("select rate_number, applies_to, tax_rate_id from qbo.tax_code_rate order by 1")
    assert [tuple(row.values()) for row in rows] == [(1, "sales", "3"), (2, "sales", "3"), (3, "purchase", "3")]


def test_custom_fields_of_the_settings_are_found_in_their_nested_lists(warehouse: TypedWarehouse) -> None:
    assert warehouse.row("select has_deposits from qbo.preferences") == {"has_deposits": True}
    rows = warehouse.rows(
        "select field_number, used_on, boolean_value, string_value from qbo.preferences_custom_field order by 1"
    )
    assert [tuple(row.values()) for row in rows] == [(1, "sales", True, None), (2, "sales", None, "Crew")]


def test_values_kept_in_extension_lists_become_columns(warehouse: TypedWarehouse) -> None:
    purchase = warehouse.row("select transaction_type, entity_id, entity_type, is_credit from qbo.purchase")
    assert tuple(purchase.values()) == ("54", "33", "Vendor", True)
    line = warehouse.row("select line_number, line_id, amount, linked_open_balance from qbo.payment_line")
    assert tuple(line.values()) == (1, None, Decimal("55.00"), Decimal("71.00"))
    link = warehouse.row(
        "select line_number, linked_transaction_id, linked_transaction_type from qbo.payment_linked_txn"
    )
    assert tuple(link.values()) == (1, "69", "Invoice")


def test_sellable_items_are_active_services_and_products_that_people_made(warehouse: TypedWarehouse) -> None:
    assert [row["id"] for row in warehouse.rows("select id from qbo.sellable_item order by id")] == ["2", "4"]
    bundle = warehouse.row("select item_id, component_item_id, quantity, line_number from qbo.item_group_line")
    assert tuple(bundle.values()) == ("19", "11", 2, 1)


def test_the_subtotal_line_is_kept(warehouse: TypedWarehouse) -> None:
    rows = warehouse.rows(
        "select line_id, line_number, amount, detail_type from qbo.invoice_line where invoice_id = '130'"
    )
    last = max(rows, key=lambda row: row["line_number"])
    expected = subtotal(335.25)
    assert last == {
        "line_id": None,
        "line_number": 3,
        "amount": Decimal("335.25"),
        "detail_type": expected["DetailType"],
    }
