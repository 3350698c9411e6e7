"""The cash basis beyond the golden vectors: money not applied, bills, and what an unpaid document puts on the balance sheet."""

from qbo_pipeline_tests.emulator.accounting.trading_company import (
    BAD_DEBT_ITEM,
    BAD_DEBTS,
    BANK,
    CUSTOMER,
    CUSTOMER_EUR,
    GOODS,
    GOODS_SOLD,
    PAYABLE,
    RECEIVABLE,
    RENT,
    RETAINER_ITEM,
    RETAINERS,
    SALES,
    STOCK,
    UNAPPLIED_EXPENSE,
    UNAPPLIED_INCOME,
    UNDEPOSITED,
    VENDOR,
    Trading,
    bought,
    cost,
    euros,
    pays,
    ref,
    sold,
)


def test_money_not_applied_is_unapplied_income_until_it_is_applied(trading: Trading) -> None:
    trading.enter("Payment", "2026-03-01", CustomerRef=ref(CUSTOMER), TotalAmt=80)
    assert trading.balances("Cash") == {UNDEPOSITED: "80.00", UNAPPLIED_INCOME: "-80.00"}


def test_part_of_a_foreign_payment_left_over_is_unapplied_income_at_the_payments_rate(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER_EUR), Line=[sold(100)], **euros("1.2"))
    payment = trading.enter(
        "Payment",
        "2026-03-02",
        CustomerRef=ref(CUSTOMER_EUR),
        DepositToAccountRef=ref(BANK),
        TotalAmt=150,
        Line=[pays(invoice, "Invoice", 100)],
        **euros("1.1"),
    )
    sides = trading.sides(payment, "Cash")
    assert (sides[SALES], sides[UNAPPLIED_INCOME], sides[BANK]) == ("-120.00", "-55.00", "165.00")


def test_a_bill_is_an_expense_when_it_is_paid_and_money_paid_ahead_is_unapplied_expense(trading: Trading) -> None:
    bill = trading.enter("Bill", "2026-04-10", VendorRef=ref(VENDOR), Line=[cost(600)])
    assert trading.sides(bill, "Cash") == {}
    for day, paid in (("2026-04-01", 200), ("2026-04-20", 400)):
        trading.enter(
            "BillPayment",
            day,
            VendorRef=ref(VENDOR),
            TotalAmt=paid,
            PayType="Check",
            CheckPayment={"BankAccountRef": ref(BANK)},
            Line=[pays(bill, "Bill", paid)],
        )
    assert trading.balances("Cash", until="2026-04-09") == {BANK: "-200.00", UNAPPLIED_EXPENSE: "200.00"}
    assert trading.balances("Cash", until="2026-04-10") == {BANK: "-200.00", RENT: "200.00"}
    assert trading.balances("Cash") == {BANK: "-600.00", RENT: "600.00"}


def test_receipts_and_expenses_stand_on_both_bases_alike(trading: Trading) -> None:
    sale = trading.enter(
        "SalesReceipt", "2026-04-01", CustomerRef=ref(CUSTOMER), DepositToAccountRef=ref(BANK), Line=[sold(50)]
    )
    spent = trading.enter("Purchase", "2026-04-02", PaymentType="Cash", AccountRef=ref(BANK), Line=[cost(20)])
    for document in (sale, spent):
        assert trading.of(document, "Cash") == trading.of(document)


def test_goods_on_an_unpaid_invoice_leave_stock_at_once_and_cost_when_it_is_paid(trading: Trading) -> None:
    trading.enter("Purchase", "2026-05-01", PaymentType="Cash", AccountRef=ref(BANK), Line=[bought(10, 2)])
    invoice = trading.enter("Invoice", "2026-05-02", CustomerRef=ref(CUSTOMER), Line=[sold(50, GOODS, quantity=10)])
    assert trading.sides(invoice, "Cash") == {RECEIVABLE: "20.00", STOCK: "-20.00"}
    payment = trading.enter(
        "Payment", "2026-05-09", CustomerRef=ref(CUSTOMER), TotalAmt=25, Line=[pays(invoice, "Invoice", 25)]
    )
    assert trading.sides(payment, "Cash") == {
        UNDEPOSITED: "25.00",
        SALES: "-25.00",
        GOODS_SOLD: "10.00",
        RECEIVABLE: "-10.00",
    }


def test_a_retainer_billed_is_a_liability_at_once_and_clears_receivables_when_paid(trading: Trading) -> None:
    lines = [sold(300, RETAINER_ITEM), sold(100)]
    invoice = trading.enter("Invoice", "2026-05-02", CustomerRef=ref(CUSTOMER), Line=lines)
    assert trading.sides(invoice, "Cash") == {RECEIVABLE: "300.00", RETAINERS: "-300.00"}
    trading.enter(
        "Payment", "2026-05-09", CustomerRef=ref(CUSTOMER), TotalAmt=400, Line=[pays(invoice, "Invoice", 400)]
    )
    assert trading.balances("Cash") == {UNDEPOSITED: "400.00", RETAINERS: "-300.00", SALES: "-100.00"}


def test_stock_on_an_unpaid_bill_is_still_owed_on_the_cash_basis(trading: Trading) -> None:
    bill = trading.enter("Bill", "2026-05-01", VendorRef=ref(VENDOR), Line=[bought(10, 2), cost(5)])
    assert trading.sides(bill, "Cash") == {STOCK: "20.00", PAYABLE: "-20.00"}


def test_an_invoice_that_comes_to_nothing_counts_on_its_own_day(trading: Trading) -> None:
    lines = [sold(100), sold(-100, BAD_DEBT_ITEM)]
    invoice = trading.enter("Invoice", "2026-05-01", CustomerRef=ref(CUSTOMER), Line=lines)
    assert trading.sides(invoice, "Cash") == {SALES: "-100.00", BAD_DEBTS: "100.00"}
