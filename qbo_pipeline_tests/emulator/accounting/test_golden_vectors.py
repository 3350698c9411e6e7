"""The worked cases of the facts page (push-and-accounting, golden vectors) that the books have to meet, to the cent."""

from datetime import date
from decimal import Decimal

from qbo_pipeline_tests.emulator.accounting.trading_company import (
    BAD_DEBT_ITEM,
    BAD_DEBTS,
    BANK,
    BANK_EUR,
    CUSTOMER,
    CUSTOMER_EUR,
    EXCHANGE,
    RECEIVABLE,
    RECEIVABLE_EUR,
    SALES,
    STATE_TAX,
    UNAPPLIED_INCOME,
    UNDEPOSITED,
    Trading,
    euros,
    pays,
    ref,
    sold,
    tax,
)


def test_payments_in_parts_recognise_cumulatively_rounded_portions_of_net_and_tax(trading: Trading) -> None:
    invoice = trading.enter(
        "Invoice", "2026-01-31", CustomerRef=ref(CUSTOMER), Line=[sold(1000)], TxnTaxDetail=tax(100, ("1", 100))
    )
    portions = []
    for month, paid in ((2, "333.33"), (3, "333.33"), (4, "433.34")):
        payment = trading.enter(
            "Payment",
            f"2026-0{month}-15",
            CustomerRef=ref(CUSTOMER),
            TotalAmt=float(paid),
            Line=[pays(invoice, "Invoice", paid)],
        )
        portions.append(trading.sides(payment, "Cash"))
    assert [(portion[SALES], portion[STATE_TAX]) for portion in portions] == [
        ("-303.03", "-30.30"),
        ("-303.02", "-30.31"),
        ("-393.95", "-39.39"),
    ]
    assert trading.balances("Cash") == {UNDEPOSITED: "1100.00", SALES: "-1000.00", STATE_TAX: "-100.00"}


def test_a_payment_recognises_by_its_share_of_the_total_with_tax(trading: Trading) -> None:
    lines = [sold(value) for value in ("600.00", "4200.00", "3120.00")]
    invoice = trading.enter(
        "Invoice", "2026-01-31", CustomerRef=ref(CUSTOMER), Line=lines, TxnTaxDetail=tax("385.95", ("1", "385.95"))
    )
    payment = trading.enter(
        "Payment", "2026-02-15", CustomerRef=ref(CUSTOMER), TotalAmt=4240, Line=[pays(invoice, "Invoice", 4240)]
    )
    assert trading.sides(payment, "Cash") == {UNDEPOSITED: "4240.00", SALES: "-4042.98", STATE_TAX: "-197.02"}


def test_half_a_euro_invoice_paid_at_a_lower_rate_is_a_realised_loss(trading: Trading) -> None:
    invoice = trading.enter(
        "Invoice", "2026-01-10", CustomerRef=ref(CUSTOMER_EUR), Line=[sold(100_000)], **euros("1.137145")
    )
    payment = trading.enter(
        "Payment",
        "2026-02-10",
        CustomerRef=ref(CUSTOMER_EUR),
        DepositToAccountRef=ref(BANK_EUR),
        TotalAmt=50_000,
        Line=[pays(invoice, "Invoice", 50_000)],
        **euros("1.11947"),
    )
    assert trading.sides(invoice) == {RECEIVABLE_EUR: "113714.50", SALES: "-113714.50"}
    assert trading.sides(payment) == {BANK_EUR: "55973.50", RECEIVABLE_EUR: "-56857.25", EXCHANGE: "883.75"}
    assert trading.sides(payment, "Cash") == {BANK_EUR: "55973.50", SALES: "-56857.25", EXCHANGE: "883.75"}
    trading.enter("Invoice", "2026-03-10", CustomerRef=ref(CUSTOMER_EUR), Line=[sold(100_000)], **euros("1.131984"))
    assert trading.balances()[RECEIVABLE_EUR] == "170055.65"


def test_a_payment_dated_before_its_invoice_stands_below_zero_in_receivables_until_then(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-05-19", CustomerRef=ref(CUSTOMER), Line=[sold("3357.37")])
    trading.enter(
        "Payment",
        "2026-04-13",
        CustomerRef=ref(CUSTOMER),
        DepositToAccountRef=ref(BANK),
        TotalAmt=3357.37,
        Line=[pays(invoice, "Invoice", "3357.37")],
    )
    before = {"until": "2026-05-11"}
    assert trading.balances(**before) == {BANK: "3357.37", RECEIVABLE: "-3357.37"}
    assert trading.balances("Cash", **before) == {BANK: "3357.37", UNAPPLIED_INCOME: "-3357.37"}
    (early,) = trading.books().open_items("receivable", date(2026, 5, 11), counts_later_payments=False)
    assert (early.entity, early.open_amount, early.due_date) == ("Payment", Decimal("-3357.37"), None)
    on_the_day = {"since": "2026-05-19", "until": "2026-05-19"}
    assert trading.balances("Cash", **on_the_day) == {UNAPPLIED_INCOME: "3357.37", SALES: "-3357.37"}
    assert not trading.books().open_items("receivable", date(2026, 5, 19), counts_later_payments=False)


def test_a_bad_debt_is_income_and_expense_on_the_cash_basis_when_it_is_written_off(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-01-10", CustomerRef=ref(CUSTOMER), Line=[sold(1000)])
    trading.enter(
        "Payment", "2026-02-20", CustomerRef=ref(CUSTOMER), TotalAmt=400, Line=[pays(invoice, "Invoice", 400)]
    )
    memo = trading.enter("CreditMemo", "2026-05-05", CustomerRef=ref(CUSTOMER), Line=[sold(600, BAD_DEBT_ITEM)])
    trading.enter(
        "Payment",
        "2026-05-05",
        CustomerRef=ref(CUSTOMER),
        TotalAmt=0,
        Line=[pays(invoice, "Invoice", 600), pays(memo, "CreditMemo", 600)],
    )
    may = {"since": "2026-05-01", "until": "2026-05-31"}
    assert trading.balances("Cash", until="2026-04-30") == {UNDEPOSITED: "400.00", SALES: "-400.00"}
    assert trading.balances("Cash", **may) == {SALES: "-600.00", BAD_DEBTS: "600.00"}
    assert trading.balances("Accrual", **may) == {RECEIVABLE: "-600.00", BAD_DEBTS: "600.00"}
