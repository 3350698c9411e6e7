"""Open items on a past day, by the payments of that day and by today's, and whose they are."""

from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.open_items import Side
from qbo_pipeline_tests.emulator.accounting.trading_company import (
    BANK,
    CUSTOMER,
    CUSTOMER_EUR,
    RECEIVABLE,
    VENDOR,
    Trading,
    cost,
    euros,
    pays,
    ref,
    sold,
)


def _open(trading: Trading, side: Side, day: str, *, counts_later: bool) -> dict[str, str]:
    items = trading.books().open_items(side, date.fromisoformat(day), counts_later_payments=counts_later)
    return {item.display_type: f"{item.open_amount:.2f}" for item in items}


def test_a_past_day_shows_what_was_open_then_or_what_is_still_open_of_it(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER), Line=[sold(100)])
    trading.enter("Payment", "2026-03-20", CustomerRef=ref(CUSTOMER), TotalAmt=60, Line=[pays(invoice, "Invoice", 60)])
    assert _open(trading, "receivable", "2026-03-10", counts_later=False) == {"Invoice": "100.00"}
    assert _open(trading, "receivable", "2026-03-10", counts_later=True) == {"Invoice": "40.00"}
    assert _open(trading, "receivable", "2026-02-28", counts_later=True) == {}


def test_money_paid_ahead_is_open_until_its_invoice_unless_later_days_count(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-15", CustomerRef=ref(CUSTOMER), Line=[sold(100)])
    trading.enter("Payment", "2026-03-05", CustomerRef=ref(CUSTOMER), TotalAmt=70, Line=[pays(invoice, "Invoice", 70)])
    assert _open(trading, "receivable", "2026-03-10", counts_later=False) == {"Payment": "-70.00"}
    assert _open(trading, "receivable", "2026-03-10", counts_later=True) == {}
    assert _open(trading, "receivable", "2026-03-15", counts_later=False) == {"Invoice": "30.00"}


def test_a_credit_settles_an_invoice_from_its_own_day_on_though_linked_before(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER), Line=[sold(100)])
    credit = trading.enter("CreditMemo", "2026-03-20", CustomerRef=ref(CUSTOMER), Line=[sold(30)])
    lines = [pays(invoice, "Invoice", 50), pays(credit, "CreditMemo", 30)]
    trading.enter("Payment", "2026-03-10", CustomerRef=ref(CUSTOMER), TotalAmt=20, Line=lines)
    assert _open(trading, "receivable", "2026-03-15", counts_later=False) == {"Invoice": "80.00"}
    assert _open(trading, "receivable", "2026-03-20", counts_later=False) == {"Invoice": "50.00"}


def test_credits_are_negative_on_both_sides_and_have_no_due_date(trading: Trading) -> None:
    trading.enter("CreditMemo", "2026-03-01", CustomerRef=ref(CUSTOMER), Line=[sold(10)])
    trading.enter("VendorCredit", "2026-03-01", VendorRef=ref(VENDOR), Line=[cost(20)])
    trading.enter("Bill", "2026-03-01", VendorRef=ref(VENDOR), DueDate="2026-03-31", Line=[cost(50)])
    assert _open(trading, "receivable", "2026-03-01", counts_later=False) == {"Credit Memo": "-10.00"}
    assert _open(trading, "payable", "2026-03-01", counts_later=False) == {"Vendor Credit": "-20.00", "Bill": "50.00"}
    due = {
        item.entity: item.due_date
        for item in trading.books().open_items("payable", date.max, counts_later_payments=True)
    }
    assert due == {"VendorCredit": None, "Bill": date(2026, 3, 31)}


def test_a_foreign_invoice_settled_in_parts_leaves_no_cent_open(trading: Trading) -> None:
    invoice = trading.enter(
        "Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER_EUR), Line=[sold("1.00")], **euros("1.115")
    )
    for day, part in (("02", "0.33"), ("03", "0.33"), ("04", "0.34")):
        (item,) = trading.books().open_items("receivable", date.max, counts_later_payments=False)
        assert item.amount == Decimal("1.12")
        trading.enter(
            "Payment",
            f"2026-03-{day}",
            CustomerRef=ref(CUSTOMER_EUR),
            DepositToAccountRef=ref(BANK),
            TotalAmt=float(part),
            Line=[pays(invoice, "Invoice", part)],
            **euros("1.115"),
        )
    assert not trading.books().open_items("receivable", date.max, counts_later_payments=False)


def test_a_deposit_line_on_receivables_is_a_credit_of_the_name_it_bears(trading: Trading) -> None:
    detail = {"AccountRef": ref(RECEIVABLE), "Entity": {"value": CUSTOMER, "type": "CUSTOMER"}}
    line = {"DetailType": "DepositLineDetail", "Amount": 25, "DepositLineDetail": detail}
    trading.enter("Deposit", "2026-03-01", DepositToAccountRef=ref(BANK), Line=[line])
    (item,) = trading.books().open_items("receivable", date.max, counts_later_payments=False)
    assert (item.party_id, item.entity, item.open_amount) == (CUSTOMER, "Deposit", -25)
