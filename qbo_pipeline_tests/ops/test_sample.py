"""The sample system: the same every time, within the contract, and with each difficulty it promises."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qbo_pipeline.ops.check import check
from qbo_pipeline.ops.contract.sales import INVOICE_STATES
from qbo_pipeline.ops.contract.spending import ORDER_STATES, RECEIPT_STATES
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.errors import OpsRefused
from qbo_pipeline.ops.sample.rows import Rows
from qbo_pipeline.ops.sample.sample import make_sample, sample_rows
from qbo_pipeline.ops.schema import TABLES, key_of
from qbo_pipeline_tests.ops.conftest import AS_OF

DOCUMENTS = (
    "quotes",
    "sales",
    "invoices",
    "tickets",
    "timesheets",
    "purchase_orders",
    "vendor_bills",
    "expense_receipts",
)


@pytest.fixture(scope="module")
def rows() -> Rows:
    return sample_rows(AS_OF)


def test_the_sample_offers_what_the_contract_asks_for(sample: OpsDatabase) -> None:
    assert check(sample) == []


def test_the_same_seed_and_day_make_the_same_rows_and_another_seed_others(rows: Rows) -> None:
    again, other = sample_rows(AS_OF), sample_rows(AS_OF, seed=2)
    assert all(again.of(table.name) == rows.of(table.name) for table in TABLES)
    assert other.of("document_lines") != rows.of("document_lines")


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_it_can_be_made_as_of_any_day_and_nothing_changed_after_it(as_of: date) -> None:
    made = sample_rows(as_of)
    for table in TABLES:
        keys = [tuple(row[name] for name in key_of(table)) for row in made.of(table.name)]
        assert len(keys) == len(set(keys)), table.name
        assert all(row["updated_at"].date() <= as_of + timedelta(days=1) for row in made.of(table.name)), table.name


def test_it_is_made_once_and_never_over_another(tmp_path: Path) -> None:
    make_sample(tmp_path / "ops.db", AS_OF)
    assert list((tmp_path / "receipts").iterdir())
    with pytest.raises(OpsRefused):
        make_sample(tmp_path / "ops.db", AS_OF)


def test_it_has_a_few_hundred_documents_in_every_state(rows: Rows) -> None:
    assert 400 <= sum(len(rows.of(table)) for table in DOCUMENTS) <= 800
    for table, states in (
        ("quotes", ("draft", "sent", "accepted", "rejected", "expired", "closed")),
        ("sales", ("open", "closed", "cancelled")),
        ("invoices", INVOICE_STATES),
        ("purchase_orders", ORDER_STATES),
        ("vendor_bills", ("draft", "approved", "void")),
        ("expense_receipts", RECEIPT_STATES),
        ("timesheets", ("draft", "submitted", "approved", "changes_requested")),
        ("tickets", ("open", "closed", "cancelled")),
        ("contracts", ("draft", "active", "on_hold", "cancelled")),
    ):
        assert {row["status"] for row in rows.of(table)} == set(states), table


def test_lines_add_up_where_they_should_and_refer_to_what_is_there(rows: Rows) -> None:
    products = {row["id"] for row in rows.of("products")}
    for line in rows.of("document_lines"):
        assert line["product_id"] is None or line["product_id"] in products
        assert line["amount"] == line["amount"].quantize(Decimal("0.01"))
    strange = [
        line
        for line in rows.of("document_lines")
        if abs(line["quantity"] * line["unit_price"] - line["amount"]) >= Decimal("0.01")
    ]
    assert {line.get("line_kind", "item") for line in strange} == {"subtotal"}


def test_the_names_are_as_difficult_as_real_ones(rows: Rows) -> None:
    names = [row["name"] for row in rows.of("companies")]
    for sign in (":", "\u2019", "\t", "\n", "  ", "e\u0301"):
        assert any(sign in name for name in names), repr(sign)
    assert any(len(name) > 100 for name in names)
    kinds = Counter((row["name"], row["business_entity_id"]) for row in rows.of("companies"))
    assert kinds["Acme Ltd", "be-landscaping"] == kinds["John Melton", "be-landscaping"] == 2


def test_numbers_repeat_within_a_business_entity_and_across(rows: Rows) -> None:
    numbers = Counter((row["business_entity_id"], row["number"]) for row in rows.of("invoices") if row["number"])
    assert numbers["be-landscaping", "10001"] == 2
    assert {entity for entity, number in numbers if number == "10002"} == {
        "be-landscaping",
        "be-consultancy",
        "be-harborlight",
    }


def test_time_is_difficult_too(rows: Rows) -> None:
    entries = rows.of("time_entries")
    notes = {row.get("notes") for row in entries}
    assert {
        "Across midnight",
        "Through a change of the clocks",
        "Billable to nobody",
        "A correction below zero",
    } <= notes
    assert {row["billable"] for row in entries} == {"billable", "no_charge", "not_billable", "covered"}
    changes = [row for row in entries if row.get("notes") == "Through a change of the clocks"]
    assert {row["ended_at"] - row["started_at"] for row in changes} == {timedelta(hours=3)}


def test_foreign_currencies_exempt_customers_and_blank_items_are_there(rows: Rows) -> None:
    invoices = rows.of("invoices")
    assert {row["currency"] for row in invoices} == {"USD", "GBP", "EUR"}
    exempt = {row["id"] for row in rows.of("companies") if row["tax_exempt"]}
    assert any(row["company_id"] in exempt for row in invoices)
    assert any(
        line["product_id"] is None and line.get("line_kind", "item") == "item" for line in rows.of("document_lines")
    )
