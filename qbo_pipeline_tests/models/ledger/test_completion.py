"""What no record shows is taken from QuickBooks' general ledger: whole, balanced, marked, and never as a correction."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.ledger.conftest import CHANGED_ONLY, Ledger, typed_models
from qbo_pipeline_tests.models.ledger.documents import (
    CHECKING,
    COST_OF_GOODS,
    EQUITY,
    PAYROLL,
    PUMP,
    RECEIVABLE,
    SALES,
    SERVICES,
    SHRINKAGE,
    STOCK,
    TAX_PAYABLE,
    item_line,
    sale,
)
from qbo_pipeline_tests.models.ledger.general_ledger import land_general_ledger
from qbo_pipeline_tests.models.payloads import record, tombstone

OTHER_TAX, OTHER_AGENCY_RATE = "30", "2"
JANUARY, FEBRUARY = {"start": "2024-01-01", "end": "2024-01-31"}, {"start": "2024-02-01", "end": "2024-02-29"}


def _sold(document_id: str, day: str, *rows: tuple[str, str], kind: str = "Invoice") -> list[tuple[str, ...]]:
    return [(account, day, kind, document_id, amount) for account, amount in rows]


def _pump_sale(document_id: str, day: str, account: str = SALES) -> list[tuple[str, ...]]:
    rows = ((RECEIVABLE, "100.00"), (account, "100.00"), (COST_OF_GOODS, "60.00"), (STOCK, "-60.00"))
    return _sold(document_id, day, *rows)


@pytest.fixture(scope="module")
def warehouse(new_company: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    """A company with two tax agencies whose reports show what its records do not."""
    warehouse = new_company()
    kind = {"AccountType": "Other Current Liability", "AccountSubType": "GlobalTaxPayable"}
    warehouse.land("account", record(OTHER_TAX, Name="County", **kind))
    warehouse.land("tax_rate", record(OTHER_AGENCY_RATE, Name="County", RateValue=2, AgencyRef={"value": "2"}))
    january = {"TxnDate": "2024-01-10"}
    warehouse.land(
        "invoice",
        sale("1", 100, item_line(100, PUMP), DepartmentRef={"value": "7"}, ClassRef={"value": "8"}, **january),
        sale("2", 100, item_line(100, PUMP, account=SERVICES), updated="2024-03-01T08:00:00+00:00", **january),
        sale("3", 108, item_line(100), tax=8, **january),
        sale("4", 75, **january),
        sale("5", 100, item_line(100, PUMP), **january),
        sale("6", 0, item_line(0), PrivateNote="Voided", **january),
        sale("7", 54, item_line(50), tax=4, TxnDate="2024-03-10"),
        sale("8", 40, item_line(40), **january),
    )
    warehouse.land("inventory_adjustment", record("20", TxnDate="2024-01-20", AdjustAccountRef={"value": SHRINKAGE}))
    warehouse.land("invoice", tombstone("5"))
    land_general_ledger(
        warehouse,
        *_pump_sale("1", "2024-01-10"),
        *_pump_sale("2", "2024-01-10"),
        *_sold("3", "2024-01-10", (RECEIVABLE, "108.00"), (SERVICES, "100.00"), (TAX_PAYABLE, "8.00")),
        *_sold("4", "2024-01-10", (RECEIVABLE, "75.00"), (SERVICES, "75.00")),
        *_pump_sale("5", "2024-01-10"),
        *_pump_sale("6", "2024-01-10"),
        *_sold("8", "2024-01-10", (RECEIVABLE, "41.00"), (SERVICES, "41.00")),
        *_sold("20", "2024-01-20", (STOCK, "-15.00"), (SHRINKAGE, "15.00"), kind="Inventory Qty Adjust"),
        *_sold("30", "2024-01-31", (PAYROLL, "900.00"), (CHECKING, "-900.00"), kind="Payroll Check"),
        *_sold("31", "2024-01-31", (STOCK, "500.00"), (EQUITY, "500.00"), kind="Inventory Starting Value"),
        **JANUARY,
        fetched="2024-02-10T00:00:00Z",
    )
    land_general_ledger(
        warehouse,
        *_sold("40", "2024-02-05", (PAYROLL, "950.00"), (CHECKING, "-950.00"), kind="Payroll Check"),
        **FEBRUARY,
        fetched="2024-02-10T00:00:00Z",
    )
    typed = typed_models("account", "tax_rate", "invoice", "inventory_adjustment")
    warehouse.build("--select", *typed, *CHANGED_ONLY[1:])
    return warehouse


@pytest.fixture(scope="module")
def ledger(warehouse: TypedWarehouse) -> Ledger:
    """Its ledger."""
    return Ledger(warehouse)


def _by_source(ledger: Ledger, kind: str, document_id: str, source: str) -> list[tuple[str | None, Decimal]]:
    rows = ledger.postings(kind, document_id, "source")
    return [(row[0], row[2] - row[3]) for row in rows if row[4] == source]


def test_cost_of_goods_comes_from_the_report(ledger: Ledger) -> None:
    assert _by_source(ledger, "Invoice", "1", "entity") == [(RECEIVABLE, Decimal(100)), (SALES, Decimal(-100))]
    assert _by_source(ledger, "Invoice", "1", "report") == [(STOCK, Decimal(-60)), (COST_OF_GOODS, Decimal(60))]


def test_what_the_report_adds_to_a_document_is_of_its_class_and_location(ledger: Ledger) -> None:
    rows = ledger.postings("Invoice", "1", "class_id", "department_id")
    assert {row[4:] for row in rows} == {("8", "7")}


def test_a_document_changed_since_keeps_its_cost_of_goods_and_nothing_that_would_unbalance_it(ledger: Ledger) -> None:
    assert _by_source(ledger, "Invoice", "2", "entity") == [(RECEIVABLE, Decimal(100)), (SERVICES, Decimal(-100))]
    assert _by_source(ledger, "Invoice", "2", "report") == [(STOCK, Decimal(-60)), (COST_OF_GOODS, Decimal(60))]


def test_the_account_of_a_tax_agency_is_the_one_the_report_shows_its_taxes_on(ledger: Ledger) -> None:
    assert ledger.sides("Invoice", "3")[-1] == (TAX_PAYABLE, Decimal(-8))
    assert ledger.sides("Invoice", "7")[-1] == (TAX_PAYABLE, Decimal(-4)), "also for a document no report shows yet"


def test_an_invoice_of_statement_charges_gets_its_income(ledger: Ledger) -> None:
    assert _by_source(ledger, "Invoice", "4", "report") == [(SERVICES, Decimal(-75))]


def test_deleted_and_void_documents_get_nothing(ledger: Ledger) -> None:
    assert ledger.postings("Invoice", "5") == []
    assert ledger.postings("Invoice", "6") == []


def test_an_account_that_both_show_is_never_corrected(ledger: Ledger) -> None:
    assert ledger.sides("Invoice", "8") == [(RECEIVABLE, Decimal(40)), (SERVICES, Decimal(-40))]


def test_adjustments_of_stock_are_worth_what_the_report_says(ledger: Ledger) -> None:
    assert ledger.sides("InventoryAdjustment", "20") == [(STOCK, Decimal(-15)), (SHRINKAGE, Decimal(15))]


@pytest.mark.parametrize(
    ("kind", "document", "sides"),
    [
        ("Payroll Check", "30", {PAYROLL: Decimal(900), CHECKING: Decimal(-900)}),
        ("Inventory Starting Value", "31", {STOCK: Decimal(500), EQUITY: Decimal(-500)}),
        ("Payroll Check", "40", {PAYROLL: Decimal(950), CHECKING: Decimal(-950)}),
    ],
)
def test_what_no_record_shows_is_posted_whole(
    ledger: Ledger, kind: str, document: str, sides: dict[str, Decimal]
) -> None:
    assert dict(_by_source(ledger, kind, document, "report")) == sides


def test_the_report_read_last_counts_where_periods_overlap(warehouse: TypedWarehouse, ledger: Ledger) -> None:
    marks = "select transaction_id, revision from ledger.document"
    before = {row["transaction_id"]: row["revision"] for row in warehouse.rows(marks)}
    land_general_ledger(
        warehouse,
        *_pump_sale("1", "2024-01-10"),
        *_sold("30", "2024-01-31", (PAYROLL, "910.00"), (CHECKING, "-910.00"), kind="Payroll Check"),
        start="2024-01-01",
        end="2024-02-29",
        fetched="2024-07-01T00:00:00Z",
    )
    warehouse.build(*CHANGED_ONLY)
    assert dict(ledger.sides("Payroll Check", "30")) == {PAYROLL: Decimal(910), CHECKING: Decimal(-910)}
    assert ledger.sides("Payroll Check", "40") == [], "the newer report does not show it any more"
    assert _by_source(ledger, "Invoice", "1", "report") == [(STOCK, Decimal(-60)), (COST_OF_GOODS, Decimal(60))]
    after = {row["transaction_id"]: row["revision"] for row in warehouse.rows(marks)}
    assert after["1"] == before["1"], "what a report shows as before is not computed again"
    assert after["30"] > before["30"]
