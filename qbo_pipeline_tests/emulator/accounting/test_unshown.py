"""Transactions the API does not show, tax paid outside the US, and records that double entry cannot post."""

import pytest

from qbo_pipeline.emulator.accounting.errors import UnbalancedBooksError
from qbo_pipeline.emulator.source import Record
from qbo_pipeline_tests.emulator.accounting.trading_company import (
    BANK,
    CITY_TAX,
    CUSTOMER,
    EQUITY,
    GOODS,
    GOODS_SOLD,
    RENT,
    STATE_TAX,
    STOCK,
    Trading,
    kept,
    ref,
    sold,
    tax,
)


def test_a_sales_tax_payment_pays_each_agency_and_shows_split_on_every_side() -> None:
    lines = [{"AccountRef": ref(STATE_TAX), "Amount": 30}, {"AccountRef": ref(CITY_TAX), "Amount": 12.5}]
    payment = kept("501", TxnDate="2026-04-15", PaymentAccountRef=ref(BANK), PrivateNote="Quarter", Line=lines)
    trading = Trading(unshown={"SalesTaxPayment": [payment]})
    assert trading.sides(payment) == {BANK: "-42.50", STATE_TAX: "30.00", CITY_TAX: "12.50"}
    assert {(one.entity, one.display_type, one.split_account_id) for one in trading.of(payment)} == {
        ("", "Sales Tax Payment", "")
    }


def test_stock_an_item_started_with_is_sold_first() -> None:
    start = kept("502", TxnDate="2026-02-01", ItemRef=ref(GOODS), Quantity=4, Worth=28, PrivateNote="Start")
    trading = Trading(unshown={"InventoryStart": [start]})
    assert trading.sides(start) == {STOCK: "28.00", EQUITY: "-28.00"}
    sale = trading.enter("Invoice", "2026-02-02", CustomerRef=ref(CUSTOMER), Line=[sold(30, GOODS, quantity=3)])
    assert trading.sides(sale)[GOODS_SOLD] == "21.00"


@pytest.mark.parametrize(("refund", "value"), [("false", "55.00"), ("true", "-55.00")])
def test_a_tax_payment_entity_pays_the_first_agency_or_brings_its_refund(refund: str, value: str) -> None:
    payment = kept(
        "503",
        PaymentDate="2026-04-15",
        PaymentAccountRef=ref(BANK),
        PaymentAmount="55.00",
        Refund=refund,
        Description="Q1",
    )
    trading = Trading(documents={"TaxPayment": [payment]})
    assert trading.sides(payment)[STATE_TAX] == value


@pytest.mark.parametrize(("side", "value"), [("Debit", "20.00"), ("Credit", "-20.00")])
def test_the_tax_of_a_journal_entry_stands_on_the_side_of_the_line_it_is_on(side: str, value: str) -> None:
    other = "Credit" if side == "Debit" else "Debit"
    taxed = {"PostingType": side, "AccountRef": ref(RENT), "TaxCodeRef": ref("2"), "TaxApplicableOn": "Sales"}
    entry = kept(
        "504",
        TxnDate="2026-04-15",
        Line=[_line(100, taxed), _line(120, {"PostingType": other, "AccountRef": ref(BANK)})],
        TxnTaxDetail=tax(20, ("1", 20)),
    )
    trading = Trading(documents={"JournalEntry": [entry]})
    assert trading.sides(entry)[STATE_TAX] == value


def test_a_record_whose_sides_differ_is_named() -> None:
    entry = kept("505", TxnDate="2026-04-15", Line=[_line(100, {"PostingType": "Debit", "AccountRef": ref(RENT)})])
    with pytest.raises(UnbalancedBooksError, match=r"JournalEntry 505 does not balance: .* by 100"):
        Trading(documents={"JournalEntry": [entry]}).books()


def test_an_account_that_quickbooks_would_post_to_is_named_when_it_is_missing() -> None:
    invoice = kept("506", TxnDate="2026-04-15", CustomerRef=ref(CUSTOMER), TotalAmt=10, Line=[sold(10)])
    trading = Trading(documents={"Invoice": [invoice | {"CurrencyRef": ref("CHF"), "ExchangeRate": 1.1}]})
    with pytest.raises(UnbalancedBooksError, match="no Accounts Receivable account in CHF to post to"):
        trading.books()


def _line(value: float, detail: Record) -> Record:
    return {"DetailType": "JournalEntryLineDetail", "Amount": value, "JournalEntryLineDetail": detail}
