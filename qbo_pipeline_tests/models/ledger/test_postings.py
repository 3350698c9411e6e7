"""What each type of transaction debits and credits, with the mistakes others make with it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from qbo_pipeline_tests.models.ledger.conftest import CHANGED_ONLY, Ledger, money
from qbo_pipeline_tests.models.ledger.documents import (
    BAD_DEBT_ITEM,
    BAD_DEBTS,
    CARD,
    CHECKING,
    CUSTOMER,
    DISCOUNTS,
    EMPLOYEE,
    EQUITY,
    FEES,
    OTHER_CUSTOMER,
    PAYABLE,
    PAYABLE_EUR,
    PAYROLL,
    PETTY_CASH,
    PUMP,
    RECEIVABLE,
    RENT,
    SALES,
    SERVICES,
    SHIPPING,
    STOCK,
    TAX_PAYABLE,
    UNDEPOSITED,
    VENDOR,
    bundle,
    cost_line,
    deposit,
    deposit_line,
    deposited,
    discount,
    expense,
    in_euro,
    item_line,
    journal,
    journal_line,
    payment,
    sale,
    stock_line,
    tax_line,
)
from qbo_pipeline_tests.models.payloads import record, subtotal, tombstone

_NOTE = {"DetailType": "DescriptionOnly", "Description": "Thank you", "DescriptionLineDetail": {}}


@pytest.fixture(scope="module")
def ledger(keep_books: Callable[..., Ledger]) -> Ledger:
    """One document for each way of posting."""
    lines = (item_line(100, PUMP), bundle(item_line(30), item_line(20)), item_line(12, "SHIPPING_ITEM_ID"), _NOTE)
    inclusive = {"GlobalTaxCalculation": "TaxInclusive"}
    taxed = {"TaxCodeRef": {"value": "2"}}
    mastercard = {"PaymentType": "CreditCard", "AccountRef": {"value": CARD}}
    return keep_books(
        invoice=[
            sale("100", 158.96, *lines, subtotal(162), discount(16.2), tax=13.16),
            sale("101", 0, item_line(0), PrivateNote="Voided"),
            sale("102", 50, item_line(50)),
            sale("103", 37.5, item_line(37.5, account=SALES), ClassRef={"value": "7"}, DepartmentRef={"value": "8"}),
            sale("104", 100, item_line(100), Deposit=40),
            sale("105", 108, item_line(50), item_line(50), TxnTaxDetail={"TotalTax": 8}),
            sale("106", 90, item_line(70), item_line(20, "404")),
            sale("107", 99.99, item_line(33.33), item_line(33.33), item_line(33.33), **in_euro(1.1)),
        ],
        sales_receipt=[
            sale("110", 108, item_line(100), tax=8),
            sale("111", 120, item_line(111.11), tax=8.89, DepositToAccountRef={"value": CHECKING}, **inclusive),
        ],
        refund_receipt=[
            sale("120", 45, item_line(50), discount(5), DepositToAccountRef={"value": CHECKING}),
        ],
        credit_memo=[
            sale("130", 54, item_line(50), tax=4),
            sale("131", 600, item_line(600, BAD_DEBT_ITEM)),
        ],
        payment=[payment("140", 300), payment("141", 126, DepositToAccountRef={"value": CHECKING})],
        deposit=[
            deposit("150", 255, deposited(300, "Payment", "140"), deposit_line(-5, FEES), **_cash_back(40)),
            deposit(
                "151",
                70,
                deposit_line(70, EQUITY, Entity={"value": OTHER_CUSTOMER, "type": "CUSTOMER"}),
                PrivateNote="Own",
            ),
        ],
        bill=[
            expense("160", 432, cost_line(300), stock_line(100), tax=32),
            expense("161", 90, stock_line(90), TxnDate="2023-12-31"),
            expense("162", 200, cost_line(200, CustomerRef={"value": CUSTOMER}), APAccountRef={"value": PAYABLE}),
            expense("163", 100, cost_line(100), **in_euro(1.25)),
        ],
        vendor_credit=[expense("170", 108, cost_line(100), tax=8)],
        purchase=[
            expense("180", 25, cost_line(25), PaymentType="Cash", AccountRef={"value": CHECKING}, **_payee("Vendor")),
            expense("181", 43.2, cost_line(40), tax=3.2, **mastercard),
            expense("182", 43.2, cost_line(40), tax=3.2, Credit=True, **mastercard),
        ],
        credit_card_payment=[
            record(
                "190",
                TxnDate="2024-03-05",
                Amount=60,
                BankAccountRef={"value": CHECKING},
                CreditCardAccountRef={"value": CARD},
            )
        ],
        transfer=[
            record(
                "200",
                TxnDate="2024-03-05",
                Amount=75,
                FromAccountRef={"value": CHECKING},
                ToAccountRef={"value": PETTY_CASH},
            )
        ],
        tax_payment=[_tax_payment("210", refund=False), _tax_payment("211", refund=True)],
        journal_entry=[
            journal(
                "220",
                journal_line("Debit", 900, PAYROLL, ("Employee", EMPLOYEE), DepartmentRef={"value": "8"}),
                journal_line("Credit", 900, CHECKING),
            ),
            journal(
                "221",
                journal_line("Debit", 100, RENT, **taxed),
                journal_line("Credit", 108, CHECKING),
                taxes=[tax_line(8)],
            ),
            journal(
                "222",
                journal_line("Credit", 100, SERVICES),
                journal_line("Debit", 108, RECEIVABLE, ("Customer", OTHER_CUSTOMER)),
                taxes=[tax_line(8)],
            ),
        ],
        time_activity=[record("230", TxnDate="2024-03-05", Hours=2, HourlyRate=100)],
        estimate=[sale("240", 100, item_line(100))],
        purchase_order=[expense("250", 100, cost_line(100))],
    )


def _cash_back(amount: float) -> dict:
    return {"CashBack": {"AccountRef": {"value": PETTY_CASH}, "Amount": amount, "Memo": "Till"}}


def _payee(kind: str) -> dict:
    return {"EntityRef": {"value": VENDOR, "type": kind}}


def _tax_payment(document_id: str, *, refund: bool) -> dict:
    bank = {"PaymentAccountRef": {"value": CHECKING}}
    return record(document_id, PaymentDate="2024-03-05", PaymentAmount=80, Refund=refund, **bank)


def test_an_invoice_debits_its_total_and_credits_each_line_shipping_and_tax(ledger: Ledger) -> None:
    assert ledger.postings("Invoice", "100", "line_number", "tax_agency_id") == [
        (RECEIVABLE, "receivable", *money("158.96", "0"), None, None),
        (SALES, "income", *money("0", "100"), 1, None),
        (SERVICES, "income", *money("0", "30"), 3, None),
        (SERVICES, "income", *money("0", "20"), 4, None),
        (SHIPPING, "shipping", *money("0", "12"), 5, None),
        (DISCOUNTS, "discount", *money("16.20", "0"), 8, None),
        (TAX_PAYABLE, "tax", *money("0", "13.16"), None, "1"),
    ]


def test_the_account_on_the_line_wins_over_the_items(ledger: Ledger) -> None:
    assert ledger.postings("Invoice", "103", "class_id", "department_id", "customer_id", "party_type") == [
        (RECEIVABLE, "receivable", *money("37.5", "0"), "7", "8", CUSTOMER, "Customer"),
        (SALES, "income", *money("0", "37.5"), "7", "8", CUSTOMER, "Customer"),
    ]


def test_a_deposit_on_the_invoice_is_money_received_and_owed_no_more(ledger: Ledger) -> None:
    assert dict(ledger.sides("Invoice", "104")[:1]) == {UNDEPOSITED: Decimal(40)}
    assert ledger.balance(RECEIVABLE, "2024-03-05", "104") == 60
    assert ledger.open_on("2024-03-05", "104") == {"104": money("60", "60")}
    assert ledger.applications("104") == [("cash", "Invoice", "104", "Invoice", "104", Decimal(40))]


def test_tax_told_as_a_total_only_goes_to_the_only_tax_account(ledger: Ledger) -> None:
    assert ledger.sides("Invoice", "105")[-1] == (TAX_PAYABLE, Decimal(-8))


def test_a_line_whose_account_nothing_gives_is_posted_as_unresolved(ledger: Ledger) -> None:
    assert ledger.postings("Invoice", "106")[-1] == (None, "unresolved", *money("0", "20"))


def test_cents_of_the_conversion_go_to_the_largest_line(ledger: Ledger) -> None:
    assert [side[1] for side in ledger.sides("Invoice", "107")] == [*money("109.99", "-36.67", "-36.66", "-36.66")]


@pytest.mark.parametrize("document", ["101", "999"])
def test_a_void_document_posts_nothing(ledger: Ledger, document: str) -> None:
    assert ledger.postings("Invoice", document) == []


def test_a_sales_receipt_debits_undeposited_funds_or_the_bank(ledger: Ledger) -> None:
    assert ledger.postings("SalesReceipt", "110")[0] == (UNDEPOSITED, "undeposited", *money("108", "0"))
    assert ledger.sides("SalesReceipt", "111") == [
        (CHECKING, Decimal(120)),
        (SERVICES, Decimal("-111.11")),
        (TAX_PAYABLE, Decimal("-8.89")),
    ]


def test_the_discount_of_a_refund_is_a_credit(ledger: Ledger) -> None:
    assert ledger.postings("RefundReceipt", "120") == [
        (CHECKING, "bank", *money("0", "45")),
        (SERVICES, "income", *money("50", "0")),
        (DISCOUNTS, "discount", *money("0", "5")),
    ]


def test_a_credit_memo_turns_the_sides_round_and_has_no_negative_amounts(ledger: Ledger) -> None:
    assert ledger.postings("CreditMemo", "130") == [
        (RECEIVABLE, "receivable", *money("0", "54")),
        (SERVICES, "income", *money("50", "0")),
        (TAX_PAYABLE, "tax", *money("4", "0")),
    ]


def test_a_bad_debt_is_an_expense(ledger: Ledger) -> None:
    assert ledger.sides("CreditMemo", "131") == [(RECEIVABLE, Decimal(-600)), (BAD_DEBTS, Decimal(600))]


def test_a_payment_goes_to_undeposited_funds_unless_it_names_a_bank(ledger: Ledger) -> None:
    assert ledger.postings("Payment", "140") == [
        (UNDEPOSITED, "undeposited", *money("300", "0")),
        (RECEIVABLE, "receivable", *money("0", "300")),
    ]
    assert ledger.postings("Payment", "141")[0] == (CHECKING, "bank", *money("126", "0"))


def test_a_deposit_keeps_cash_back_and_fees_apart(ledger: Ledger) -> None:
    assert ledger.postings("Deposit", "150", "line_number", "party_id") == [
        (CHECKING, "bank", *money("255", "0"), None, None),
        (UNDEPOSITED, "undeposited", *money("0", "300"), 1, CUSTOMER),
        (FEES, "deposit_line", *money("5", "0"), 2, None),
        (PETTY_CASH, "cash_back", *money("40", "0"), None, None),
    ]


def test_a_deposits_own_line_stands_under_its_name(ledger: Ledger) -> None:
    assert ledger.postings("Deposit", "151", "party_type", "party_id")[1] == (
        EQUITY,
        "deposit_line",
        *money("0", "70"),
        "Customer",
        OTHER_CUSTOMER,
    )


def test_a_bill_debits_expense_stock_and_the_tax_reclaimed(ledger: Ledger) -> None:
    assert ledger.postings("Bill", "160", "item_id") == [
        (PAYABLE, "payable", *money("0", "432"), None),
        (RENT, "expense", *money("300", "0"), None),
        (STOCK, "inventory", *money("100", "0"), PUMP),
        (TAX_PAYABLE, "tax", *money("32", "0"), None),
    ]


def test_goods_bought_before_their_stock_is_counted_are_an_expense(ledger: Ledger) -> None:
    assert ledger.postings("Bill", "161")[1][:2] == ("12", "expense")


def test_a_line_can_be_for_a_customer_while_the_bill_is_a_vendors(ledger: Ledger) -> None:
    assert ledger.postings("Bill", "162", "party_id", "customer_id", "vendor_id")[1][4:] == (VENDOR, CUSTOMER, VENDOR)


def test_a_foreign_bill_stands_on_the_payable_of_its_currency_at_its_rate(ledger: Ledger) -> None:
    assert ledger.postings("Bill", "163", "currency_id", "foreign_debit", "foreign_credit") == [
        (PAYABLE_EUR, "payable", *money("0", "125"), "EUR", *money("0", "100")),
        (RENT, "expense", *money("125", "0"), "EUR", *money("100", "0")),
    ]


def test_a_vendor_credit_turns_the_bill_round(ledger: Ledger) -> None:
    assert ledger.sides("VendorCredit", "170") == [
        (PAYABLE, Decimal(108)),
        (RENT, Decimal(-100)),
        (TAX_PAYABLE, Decimal(-8)),
    ]


def test_a_purchase_credits_what_it_was_paid_from_and_a_card_refund_debits_it(ledger: Ledger) -> None:
    assert ledger.postings("Purchase", "180", "party_id") == [
        (CHECKING, "bank", *money("0", "25"), VENDOR),
        (RENT, "expense", *money("25", "0"), VENDOR),
    ]
    assert ledger.postings("Purchase", "181") == [
        (CARD, "card", *money("0", "43.2")),
        (RENT, "expense", *money("40", "0")),
        (TAX_PAYABLE, "tax", *money("3.2", "0")),
    ]
    refund = [(account, -amount) for account, amount in ledger.sides("Purchase", "182")]
    assert refund == ledger.sides("Purchase", "181")


def test_money_moves_from_one_account_to_another(ledger: Ledger) -> None:
    assert ledger.sides("CreditCardPayment", "190") == [(CARD, Decimal(60)), (CHECKING, Decimal(-60))]
    assert ledger.sides("Transfer", "200") == [(PETTY_CASH, Decimal(75)), (CHECKING, Decimal(-75))]
    assert ledger.sides("TaxPayment", "210") == [(CHECKING, Decimal(-80)), (TAX_PAYABLE, Decimal(80))]
    assert ledger.sides("TaxPayment", "211") == [(CHECKING, Decimal(80)), (TAX_PAYABLE, Decimal(-80))]


def test_a_journal_entry_posts_as_written(ledger: Ledger) -> None:
    assert ledger.postings("JournalEntry", "220", "party_type", "party_id", "department_id") == [
        (PAYROLL, "journal", *money("900", "0"), "Employee", EMPLOYEE, "8"),
        (CHECKING, "journal", *money("0", "900"), None, None, None),
    ]


def test_tax_of_a_journal_entry_is_on_the_side_of_the_lines_it_taxes(ledger: Ledger) -> None:
    assert ledger.sides("JournalEntry", "221")[-1] == (TAX_PAYABLE, Decimal(8))


def test_tax_of_a_journal_entry_without_codes_is_on_the_side_that_is_short(ledger: Ledger) -> None:
    assert ledger.sides("JournalEntry", "222")[-1] == (TAX_PAYABLE, Decimal(-8))
    assert ledger.open_on("2024-03-05", "222") == {"222": money("108", "108")}


def test_what_does_not_post_is_not_in_the_ledger(ledger: Ledger) -> None:
    assert ledger.warehouse.rows("select * from ledger.document where transaction_id in ('230', '240', '250')") == []


def test_every_transaction_balances_and_the_models_own_tests_pass(ledger: Ledger) -> None:
    uneven = ledger.warehouse.rows(
        "select transaction_type, transaction_id from ledger.posting group by all having sum(debit) <> sum(credit)"
    )
    assert uneven == []
    ledger.warehouse.build("--select", "ledger__posting", "ledger__application", "ledger__open_item_change")


def test_a_deleted_document_loses_its_postings_and_stays_known(ledger: Ledger) -> None:
    assert ledger.sides("Invoice", "102") == [(RECEIVABLE, Decimal(50)), (SERVICES, Decimal(-50))]
    ledger.warehouse.land("invoice", tombstone("102"))
    ledger.warehouse.build("--select", "qbo__invoice", *CHANGED_ONLY[1:])
    assert ledger.sides("Invoice", "102") == []
    assert ledger.open_on("2024-12-31", "102") == {}
    known = ledger.warehouse.row("select is_posted from ledger.document where transaction_id = '102'")
    assert known == {"is_posted": False}
