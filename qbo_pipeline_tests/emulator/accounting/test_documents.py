"""What each kind of document does to the accounts; figures worked by hand from the postings of the facts page."""

from decimal import Decimal

import pytest

from qbo_pipeline_tests.emulator.accounting.trading_company import (
    BANK,
    BANK_EUR,
    CARD,
    CITY_TAX,
    CUSTOMER,
    CUSTOMER_EUR,
    DISCOUNTS,
    EQUITY,
    EXCHANGE,
    GOODS,
    GOODS_SOLD,
    PAYABLE,
    PAYABLE_EUR,
    RECEIVABLE,
    RECEIVABLE_EUR,
    RENT,
    SALES,
    SHRINKAGE,
    STATE_TAX,
    STOCK,
    UNDEPOSITED,
    VENDOR,
    VENDOR_EUR,
    Trading,
    bought,
    cost,
    euros,
    pays,
    ref,
    sold,
    tax,
)

# Two agencies of 7 and 3 percent on 200, and 10 percent of 300 off, which the tax is not lowered by.
FORM = {
    "CustomerRef": ref(CUSTOMER),
    "Line": [
        sold(200, taxed=True),
        sold(100),
        {
            "DetailType": "DiscountLineDetail",
            "Amount": 30,
            "DiscountLineDetail": {"PercentBased": False, "DiscountAccountRef": ref(DISCOUNTS)},
        },
    ],
    "TxnTaxDetail": {"TxnTaxCodeRef": ref("2")},
}


def test_an_invoice_credits_income_and_each_tax_agency_and_debits_its_discount(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", PrivateNote="Spring", **FORM)
    assert trading.sides(invoice) == {
        RECEIVABLE: "290.00",
        SALES: "-300.00",
        DISCOUNTS: "30.00",
        STATE_TAX: "-14.00",
        CITY_TAX: "-6.00",
    }
    head, *others = trading.of(invoice)
    assert (head.memo, head.split_account_id, head.name_id, head.display_type) == ("Spring", "", CUSTOMER, "Invoice")
    assert {posting.split_account_id for posting in others} == {RECEIVABLE}


def test_a_refund_is_a_sales_receipt_with_the_sides_changed_its_discount_too(trading: Trading) -> None:
    sale = trading.enter("SalesReceipt", "2026-03-01", DepositToAccountRef=ref(BANK), **FORM)
    refund = trading.enter("RefundReceipt", "2026-03-02", DepositToAccountRef=ref(BANK), **FORM)
    memo = trading.enter("CreditMemo", "2026-03-03", **FORM)
    assert trading.sides(sale)[DISCOUNTS] == "30.00"
    assert trading.sides(refund)[DISCOUNTS] == trading.sides(memo)[DISCOUNTS] == "-30.00"
    assert trading.balances() == {RECEIVABLE: "-290.00", SALES: "300.00", DISCOUNTS: "-30.00"} | {
        STATE_TAX: "14.00",
        CITY_TAX: "6.00",
    }


def test_of_a_bundle_only_its_members_post(trading: Trading) -> None:
    group = {"GroupItemRef": ref("5"), "Quantity": 1, "Line": [sold(40), sold(60)]}
    line = {"DetailType": "GroupLineDetail", "Amount": 100, "GroupLineDetail": group}
    invoice = trading.enter("Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER), Line=[line])
    assert [posting.amount for posting in trading.of(invoice)] == [100, -40, -60]


def test_a_voided_document_is_worth_nothing_on_its_day(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", **FORM)
    trading.company.void("Invoice", invoice["Id"])
    (only,) = trading.of(invoice)
    assert (only.account_id, only.amount, only.memo[:6]) == (RECEIVABLE, 0, "Voided")


def test_a_payment_waits_in_undeposited_funds_until_a_deposit_takes_it_to_the_bank(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER), Line=[sold(100)])
    payment = trading.enter(
        "Payment", "2026-03-05", CustomerRef=ref(CUSTOMER), TotalAmt=130, Line=[pays(invoice, "Invoice", 100)]
    )
    assert trading.sides(payment) == {UNDEPOSITED: "130.00", RECEIVABLE: "-130.00"}
    fee = {"DetailType": "DepositLineDetail", "Amount": -3.5, "DepositLineDetail": {"AccountRef": ref(RENT)}}
    deposit = trading.enter(
        "Deposit",
        "2026-03-06",
        DepositToAccountRef=ref(BANK),
        CashBack={"AccountRef": ref(EQUITY), "Amount": 20, "Memo": "Till"},
        Line=[pays(payment, "Payment", 130), fee],
    )
    assert trading.sides(deposit) == {BANK: "106.50", EQUITY: "20.00", UNDEPOSITED: "-130.00", RENT: "3.50"}


def test_a_payment_of_nothing_links_a_credit_and_is_listed_under_not_specified(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-03-01", CustomerRef=ref(CUSTOMER), Line=[sold(100)])
    memo = trading.enter("CreditMemo", "2026-03-02", CustomerRef=ref(CUSTOMER), Line=[sold(40)])
    lines = [pays(invoice, "Invoice", 40), pays(memo, "CreditMemo", 40)]
    payment = trading.enter("Payment", "2026-03-02", CustomerRef=ref(CUSTOMER), TotalAmt=0, Line=lines)
    (zero,) = trading.of(payment)
    assert (zero.account_id, zero.amount, zero.split_account_id) == (RECEIVABLE, 0, "")
    (link,) = trading.books().zero_links()
    assert (link.transaction_id, link.account_id, link.split_account_id) == (payment["Id"], "", RECEIVABLE)
    (left,) = trading.books().open_items("receivable", trading.books().today, counts_later_payments=False)
    assert (left.transaction_id, left.open_amount) == (invoice["Id"], 60)


def test_bills_are_owed_until_they_are_paid_by_bank_or_by_card(trading: Trading) -> None:
    bill = trading.enter("Bill", "2026-04-01", VendorRef=ref(VENDOR), Line=[cost(700), cost(50, SHRINKAGE)])
    credit = trading.enter("VendorCredit", "2026-04-02", VendorRef=ref(VENDOR), Line=[cost(100)])
    assert trading.sides(bill) == {PAYABLE: "-750.00", RENT: "700.00", SHRINKAGE: "50.00"}
    assert trading.sides(credit) == {PAYABLE: "100.00", RENT: "-100.00"}
    check = trading.enter(
        "BillPayment",
        "2026-04-03",
        VendorRef=ref(VENDOR),
        TotalAmt=300,
        PayType="Check",
        CheckPayment={"BankAccountRef": ref(BANK)},
        Line=[pays(bill, "Bill", 400), pays(credit, "VendorCredit", 100)],
    )
    card = trading.enter(
        "BillPayment",
        "2026-04-04",
        VendorRef=ref(VENDOR),
        TotalAmt=350,
        PayType="CreditCard",
        CreditCardPayment={"CCAccountRef": ref(CARD)},
        Line=[pays(bill, "Bill", 350)],
    )
    assert trading.sides(check) == {BANK: "-300.00", PAYABLE: "300.00"}
    assert trading.sides(card) == {CARD: "-350.00", PAYABLE: "350.00"}
    assert [trading.of(one)[0].display_type for one in (check, card)] == [
        "Bill Payment (Check)",
        "Bill Payment (Credit Card)",
    ]
    assert not trading.books().open_items("payable", trading.books().today, counts_later_payments=False)


@pytest.mark.parametrize(
    ("fields", "display_type", "sign"),
    [
        ({"PaymentType": "Check", "AccountRef": ref(BANK)}, "Check", 1),
        ({"PaymentType": "Cash", "AccountRef": ref(BANK)}, "Expense", 1),
        ({"PaymentType": "CreditCard", "AccountRef": ref(CARD)}, "Expense", 1),
        ({"PaymentType": "CreditCard", "AccountRef": ref(CARD), "Credit": True}, "Credit Card Credit", -1),
    ],
)
def test_a_purchase_is_paid_from_its_account_and_a_card_refund_gives_back(
    trading: Trading, fields: dict, display_type: str, sign: int
) -> None:
    spent = trading.enter("Purchase", "2026-04-01", Line=[cost(80)], **fields)
    account = fields["AccountRef"]["value"]
    assert trading.sides(spent) == {account: f"{-sign * 80:.2f}", RENT: f"{sign * 80:.2f}"}
    assert trading.of(spent)[0].display_type == display_type


def test_money_moves_between_accounts(trading: Trading) -> None:
    moved = trading.enter("Transfer", "2026-04-01", FromAccountRef=ref(BANK), ToAccountRef=ref(EQUITY), Amount=75)
    paid = trading.enter(
        "CreditCardPayment", "2026-04-01", BankAccountRef=ref(BANK), CreditCardAccountRef=ref(CARD), Amount=25
    )
    assert trading.sides(moved) == {BANK: "-75.00", EQUITY: "75.00"}
    assert trading.sides(paid) == {BANK: "-25.00", CARD: "25.00"}


def test_a_journal_line_on_receivables_is_an_open_item_of_its_customer(trading: Trading) -> None:
    lines = [
        _journal_line("Debit", RECEIVABLE, 60, {"Type": "Customer", "EntityRef": ref(CUSTOMER)}),
        _journal_line("Credit", SALES, 60),
    ]
    entry = trading.enter("JournalEntry", "2026-05-01", Line=lines)
    assert trading.sides(entry) == trading.sides(entry, "Cash") == {RECEIVABLE: "60.00", SALES: "-60.00"}
    assert {posting.split_account_id for posting in trading.of(entry)} == {""}
    paid = trading.enter(
        "Payment", "2026-05-09", CustomerRef=ref(CUSTOMER), TotalAmt=45, Line=[pays(entry, "JournalEntry", 45)]
    )
    assert trading.sides(paid, "Cash") == {UNDEPOSITED: "45.00", RECEIVABLE: "-45.00"}
    (item,) = trading.books().open_items("receivable", trading.books().today, counts_later_payments=False)
    assert (item.party_id, item.entity, item.due_date, item.open_amount) == (CUSTOMER, "JournalEntry", None, 15)


def test_goods_are_stock_when_bought_and_cost_by_first_in_first_out_when_sold(trading: Trading) -> None:
    for price in (2, 3):
        trading.enter("Bill", f"2026-05-0{price}", VendorRef=ref(VENDOR), Line=[bought(10, price)])
    sale = trading.enter("Invoice", "2026-05-04", CustomerRef=ref(CUSTOMER), Line=[sold(150, GOODS, quantity=15)])
    assert trading.sides(sale) == {
        RECEIVABLE: "150.00",
        SALES: "-150.00",
        GOODS_SOLD: "35.00",
        STOCK: "-35.00",
    }
    assert trading.balances()[STOCK] == "15.00"


def test_goods_returned_come_back_and_a_count_takes_out_what_is_missing(trading: Trading) -> None:
    trading.enter("Bill", "2026-05-01", VendorRef=ref(VENDOR), Line=[bought(10, 2)])
    trading.enter("Invoice", "2026-05-02", CustomerRef=ref(CUSTOMER), Line=[sold(60, GOODS, quantity=6)])
    back = trading.enter("CreditMemo", "2026-05-03", CustomerRef=ref(CUSTOMER), Line=[sold(10, GOODS, quantity=1)])
    assert trading.sides(back) == {RECEIVABLE: "-10.00", SALES: "10.00", GOODS_SOLD: "-2.00", STOCK: "2.00"}
    detail = {"ItemRef": ref(GOODS), "QtyDiff": -3}
    line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}
    count = trading.enter("InventoryAdjustment", "2026-05-04", AdjustAccountRef=ref(SHRINKAGE), Line=[line])
    assert trading.sides(count) == {STOCK: "-6.00", SHRINKAGE: "6.00"}


def test_what_a_vendor_takes_back_leaves_stock_at_the_credits_amount(trading: Trading) -> None:
    trading.enter("Bill", "2026-05-01", VendorRef=ref(VENDOR), Line=[bought(10, 2)])
    credit = trading.enter("VendorCredit", "2026-05-02", VendorRef=ref(VENDOR), Line=[bought(4, 2.5)])
    assert trading.sides(credit) == {PAYABLE: "10.00", STOCK: "-10.00"}
    rest = trading.enter("Invoice", "2026-05-03", CustomerRef=ref(CUSTOMER), Line=[sold(60, GOODS, quantity=6)])
    assert trading.sides(rest)[GOODS_SOLD] == "10.00"
    assert STOCK not in trading.balances()


def test_foreign_documents_are_cleared_at_their_own_rate_and_the_rest_is_exchange(trading: Trading) -> None:
    bill = trading.enter(
        "Bill", "2026-06-01", VendorRef=ref(VENDOR_EUR), Line=[cost("33.33"), cost("66.67")], **euros("1.1")
    )
    assert trading.sides(bill) == {PAYABLE_EUR: "-110.00", RENT: "110.00"}
    paid = trading.enter(
        "BillPayment",
        "2026-06-09",
        VendorRef=ref(VENDOR_EUR),
        TotalAmt=100,
        PayType="Check",
        CheckPayment={"BankAccountRef": ref(BANK_EUR)},
        Line=[pays(bill, "Bill", 100)],
        **euros("1.25"),
    )
    assert trading.sides(paid) == {BANK_EUR: "-125.00", PAYABLE_EUR: "110.00", EXCHANGE: "15.00"}
    assert [posting.foreign_amount for posting in trading.of(paid)] == [-100, 100, None]


def test_the_cents_of_a_conversion_go_to_the_largest_side(trading: Trading) -> None:
    invoice = trading.enter(
        "Invoice",
        "2026-06-01",
        CustomerRef=ref(CUSTOMER_EUR),
        Line=[sold("0.05"), sold("0.05"), sold("0.15")],
        **euros("1.1"),
    )
    # 0.25 is 0.28 at home; the lines by themselves are 0.06, 0.06 and 0.17.
    assert [posting.amount for posting in trading.of(invoice)] == [
        Decimal("0.28"),
        Decimal("-0.06"),
        Decimal("-0.06"),
        Decimal("-0.16"),
    ]


def test_the_cents_of_a_conversion_stay_off_receivables(trading: Trading) -> None:
    lines = [
        _journal_line("Debit", RECEIVABLE_EUR, value, {"Type": "Customer", "EntityRef": ref(CUSTOMER_EUR)})
        for value in (0.05, 0.05)
    ]
    entry = trading.enter(
        "JournalEntry", "2026-06-01", Line=[*lines, _journal_line("Credit", SALES, 0.1)], **euros("1.1")
    )
    assert [posting.amount for posting in trading.of(entry)] == [Decimal("0.06"), Decimal("0.06"), Decimal("-0.12")]


def test_a_part_of_a_foreign_invoice_is_cleared_at_its_rate(trading: Trading) -> None:
    invoice = trading.enter(
        "Invoice", "2026-06-01", CustomerRef=ref(CUSTOMER_EUR), Line=[sold("1484.05")], **euros("0.83594632")
    )
    payment = trading.enter(
        "Payment", "2026-06-05", CustomerRef=ref(CUSTOMER_EUR), DepositToAccountRef=ref(BANK_EUR), TotalAmt=501.21,
        Line=[pays(invoice, "Invoice", "501.21")], **euros("0.9"),
    )  # fmt: skip
    assert trading.sides(payment)[RECEIVABLE_EUR] == "-418.98"


def test_a_foreign_credit_applied_to_an_invoice_realises_the_difference_of_their_rates(trading: Trading) -> None:
    invoice = trading.enter("Invoice", "2026-06-01", CustomerRef=ref(CUSTOMER_EUR), Line=[sold(100)], **euros("1.2"))
    memo = trading.enter("CreditMemo", "2026-06-05", CustomerRef=ref(CUSTOMER_EUR), Line=[sold(100)], **euros("1.1"))
    payment = trading.enter(
        "Payment",
        "2026-06-05",
        CustomerRef=ref(CUSTOMER_EUR),
        TotalAmt=0,
        Line=[pays(invoice, "Invoice", 100), pays(memo, "CreditMemo", 100)],
        **euros("1.1"),
    )
    assert trading.sides(payment) == {RECEIVABLE_EUR: "-10.00", EXCHANGE: "10.00"}
    assert RECEIVABLE_EUR not in trading.balances()


def test_tax_told_only_as_a_total_is_owed_to_the_first_agency(trading: Trading) -> None:
    invoice = trading.enter(
        "Invoice", "2026-06-01", CustomerRef=ref(CUSTOMER), Line=[sold(100)], TxnTaxDetail=tax("8.25")
    )
    assert trading.sides(invoice)[STATE_TAX] == "-8.25"


def _journal_line(posting_type: str, account: str, value: float, entity: dict | None = None) -> dict:
    detail: dict = {"PostingType": posting_type, "AccountRef": ref(account)}
    if entity:
        detail["Entity"] = entity
    return {"DetailType": "JournalEntryLineDetail", "Amount": value, "JournalEntryLineDetail": detail}
