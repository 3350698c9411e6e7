"""The landscaping company's records posted by double entry, against the recorded trial balance and its net income.

The posting rules here are written from accounting, not from the code under test. What QuickBooks' records do not show is added
as figures taken from the recorded general ledger, one amount for each account and cause.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from qbo_pipeline.emulator.companies.landscaping import landscaping
from qbo_pipeline.emulator.source import Record, Source

Posting = tuple[str, str, Decimal]  # day, account id, amount: debits above zero, credits below

RECEIVABLE, PAYABLE, UNDEPOSITED, RETAINED_EARNINGS = "84", "33", "4", "2"
TAX_ACCOUNT = {"1": "89", "2": "90"}
FISCAL_YEAR = "2024-01-01"
INCOME_STATEMENT = {"Revenue", "Expense"}

UNSEEN: list[Posting] = [
    # Opening stock: an adjustment tells quantities, not values.
    ("2024-02-19", "81", Decimal("567.50")),
    ("2024-02-19", "34", Decimal("-567.50")),
    # Cost of what invoices 119, 129 and 130 took from stock.
    ("2024-02-19", "80", Decimal("405.00")),
    ("2024-02-19", "81", Decimal("-405.00")),
    # Invoice 42 was made from a statement charge, which the API does not show.
    ("2024-02-07", "45", Decimal("-75.00")),
    # Sales tax paid, which no entity shows to a US company.
    ("2024-01-06", "89", Decimal("38.40")),
    ("2024-01-06", "90", Decimal("38.50")),
    ("2024-01-06", "35", Decimal("-76.90")),
]

TRIAL_BALANCE = {
    "35": "1201.00",
    "36": "800.00",
    "84": "5281.52",
    "81": "596.25",
    "4": "2062.52",
    "38": "13495.00",
    "33": "-1602.67",
    "41": "-157.72",
    "90": "-370.94",
    "43": "-4000.00",
    "44": "-25000.00",
    "34": "9337.50",
    "2": "-149.62",
    "82": "-2250.00",
    "86": "89.50",
    "45": "-1197.50",
    "48": "-1923.50",
    "49": "-2220.72",
    "50": "-30.00",
    "52": "-250.00",
    "53": "-50.00",
    "54": "-40.00",
    "79": "-912.75",
    "1": "-503.55",
    "80": "405.00",
    "7": "74.86",
    "55": "113.96",
    "56": "294.86",
    "29": "112.00",
    "11": "241.23",
    "58": "155.07",
    "64": "234.04",
    "66": "195.04",
    "67": "215.66",
    "12": "75.00",
    "69": "390.00",
    "70": "55.00",
    "71": "100.00",
    "72": "185.00",
    "75": "755.00",
    "13": "28.49",
    "15": "18.08",
    "17": "900.00",
    "76": "200.53",
    "77": "130.86",
    "14": "2916.00",
}


@pytest.fixture(scope="module")
def source() -> Source:
    return landscaping(date(2024, 5, 29)).source


@pytest.fixture(scope="module")
def postings(source: Source) -> list[Posting]:
    return [*_posted(source), *UNSEEN]


def test_the_records_post_to_the_recorded_trial_balance(source: Source, postings: list[Posting]) -> None:
    kind = {account["Id"]: account["Classification"] for account in _all(source, "Account")}
    balances: Counter[str] = Counter()
    for day, account, amount in postings:
        is_earlier_profit = kind[account] in INCOME_STATEMENT and day < FISCAL_YEAR
        balances[RETAINED_EARNINGS if is_earlier_profit else account] += amount
    assert {account: amount for account, amount in balances.items() if amount} == {
        account: Decimal(amount) for account, amount in TRIAL_BALANCE.items()
    }
    assert sum(amount for amount in balances.values() if amount > 0) == Decimal("40658.97")
    assert sum(amount for amount in balances.values() if amount < 0) == Decimal("-40658.97")


def test_income_less_costs_over_all_days_is_the_recorded_net_income(source: Source, postings: list[Posting]) -> None:
    kind = {account["Id"]: account["Classification"] for account in _all(source, "Account")}
    profit = sum(amount for _, account, amount in postings if kind[account] in INCOME_STATEMENT)
    assert profit == Decimal("-1642.46")


def test_account_balances_are_what_the_postings_come_to(source: Source, postings: list[Posting]) -> None:
    balances: Counter[str] = Counter()
    for _, account, amount in postings:
        balances[account] += amount
    for account in _all(source, "Account"):
        if account["Classification"] not in INCOME_STATEMENT:
            # QuickBooks shows a card's debt as a positive balance and equity with the sign of a credit.
            sign = -1 if account["AccountType"] in ("Credit Card", "Equity") else 1
            assert _money(account["CurrentBalance"]) == sign * balances[account["Id"]], account["Name"]


def test_each_document_balances_but_those_with_an_unseen_side(source: Source) -> None:
    for entity, rule in _RULES.items():
        for record in _all(source, entity):
            imbalance = sum(amount for _, amount in rule(record, source))
            expected = Decimal(75) if (entity, record["Id"]) == ("Invoice", "42") else Decimal(0)
            assert imbalance == expected, (entity, record["Id"])


def _posted(source: Source) -> Iterator[Posting]:
    for entity, rule in _RULES.items():
        for record in _all(source, entity):
            for account, amount in rule(record, source):
                yield record["TxnDate"], account, amount


def _all(source: Source, entity: str) -> list[Record]:
    return [source.record(entity, position) for position in range(len(source.ids(entity)))]


def _money(value: object) -> Decimal:
    return Decimal(str(value))


def _sale(record: Record, source: Source, sold_to: str) -> Iterator[tuple[str, Decimal]]:
    yield sold_to, _money(record["TotalAmt"])
    for line in record["Line"]:
        if "SalesItemLineDetail" in line:
            yield line["SalesItemLineDetail"]["ItemAccountRef"]["value"], -_money(line["Amount"])
        if "DiscountLineDetail" in line:
            yield line["DiscountLineDetail"]["DiscountAccountRef"]["value"], _money(line["Amount"])
    agency = {rate["Id"]: rate["AgencyRef"]["value"] for rate in _all(source, "TaxRate")}
    for line in record["TxnTaxDetail"].get("TaxLine", []):
        yield TAX_ACCOUNT[agency[line["TaxLineDetail"]["TaxRateRef"]["value"]]], -_money(line["Amount"])


def _invoice(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    return _sale(record, source, RECEIVABLE)


def _credit_memo(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    return ((account, -amount) for account, amount in _sale(record, source, RECEIVABLE))


def _sales_receipt(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    return _sale(record, source, record["DepositToAccountRef"]["value"])


def _refund(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    return ((account, -amount) for account, amount in _sales_receipt(record, source))


def _payment(record: Record, _source: Source) -> Iterator[tuple[str, Decimal]]:
    if record["TotalAmt"]:
        yield record["DepositToAccountRef"]["value"], _money(record["TotalAmt"])
        yield RECEIVABLE, -_money(record["TotalAmt"])


def _spent(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    assets = {item["Id"]: item["AssetAccountRef"]["value"] for item in _all(source, "Item") if item["TrackQtyOnHand"]}
    for line in record["Line"]:
        if "ItemBasedExpenseLineDetail" in line:
            yield assets[line["ItemBasedExpenseLineDetail"]["ItemRef"]["value"]], _money(line["Amount"])
        else:
            yield line["AccountBasedExpenseLineDetail"]["AccountRef"]["value"], _money(line["Amount"])


def _bill(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    yield record["APAccountRef"]["value"], -_money(record["TotalAmt"])
    yield from _spent(record, source)


def _purchase(record: Record, source: Source) -> Iterator[tuple[str, Decimal]]:
    sign = -1 if record.get("Credit") else 1
    yield record["AccountRef"]["value"], -sign * _money(record["TotalAmt"])
    yield from ((account, sign * amount) for account, amount in _spent(record, source))


def _bill_payment(record: Record, _source: Source) -> Iterator[tuple[str, Decimal]]:
    paid_from = record.get("CheckPayment", {}).get("BankAccountRef") or record["CreditCardPayment"]["CCAccountRef"]
    yield PAYABLE, _money(record["TotalAmt"])
    yield paid_from["value"], -_money(record["TotalAmt"])


def _deposit(record: Record, _source: Source) -> Iterator[tuple[str, Decimal]]:
    yield record["DepositToAccountRef"]["value"], _money(record["TotalAmt"])
    if "CashBack" in record:
        yield record["CashBack"]["AccountRef"]["value"], _money(record["CashBack"]["Amount"])
    for line in record["Line"]:
        is_direct = "DepositLineDetail" in line
        yield line["DepositLineDetail"]["AccountRef"]["value"] if is_direct else UNDEPOSITED, -_money(line["Amount"])


def _journal_entry(record: Record, _source: Source) -> Iterator[tuple[str, Decimal]]:
    for line in record["Line"]:
        detail = line["JournalEntryLineDetail"]
        sign = 1 if detail["PostingType"] == "Debit" else -1
        yield detail["AccountRef"]["value"], sign * _money(line["Amount"])


_RULES = {
    "Bill": _bill,
    "BillPayment": _bill_payment,
    "CreditMemo": _credit_memo,
    "Deposit": _deposit,
    "Invoice": _invoice,
    "JournalEntry": _journal_entry,
    "Payment": _payment,
    "Purchase": _purchase,
    "RefundReceipt": _refund,
    "SalesReceipt": _sales_receipt,
}
