"""How old what is open is, at month-ends and at any date, in home currency and in the documents' own."""

from collections.abc import Callable

import pytest

from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows

DUE = {
    "2026-04-01": 1,
    "2026-03-31": 1,
    "2026-03-30": 2,
    "2026-03-01": 2,
    "2026-02-28": 3,
    "2026-01-30": 3,
    "2026-01-29": 4,
    "2025-12-31": 4,
    "2025-12-30": 5,
}


@pytest.fixture(scope="module")
def books(new_ledger: Callable[[], LedgerRows]) -> LedgerRows:
    """Invoices due on every edge of a bucket, early money, foreign invoices, and a bill."""
    ledger = new_ledger()
    for number, due in enumerate(DUE):
        ledger.invoice(f"due-{number}", "2025-12-01", f"{2**number}", party="edge", due=due)
    ledger.post("Payment", "prepaid", "2022-04-13", {"bank": "3357.37", "ar": "-3357.37"}, party="early")
    ledger.invoice("ordered", "2022-05-19", "3357.37", party="early")
    ledger.apply(("Payment", "prepaid"), ("Invoice", "ordered"), "3357.37")
    for number, (home, rate) in {"x": ("113714.50", "1.137145"), "y": ("113198.40", "1.131984")}.items():
        ledger.post(
            "Invoice", number, "2026-01-10", {"ar": home, "sales": f"-{home}"}, party="abroad", due="2026-02-09", rate=rate,
            foreign={"ar": "100000", "sales": "-100000"},
        )  # fmt: skip
    ledger.post(
        "Payment", "xp", "2026-02-10", {"ar": "-56857.25", "bank": "55973.50", "exchange": "883.75"}, party="abroad",
        rate="1.11947", foreign={"ar": "-50000", "bank": "50000", "exchange": "0"},
    )  # fmt: skip
    ledger.apply(("Payment", "xp"), ("Invoice", "x"), "50000", home="56857.25")
    ledger.post("Bill", "bill", "2026-02-20", {"ap": "-90", "rent": "90"}, party="v", due="2026-03-06")
    ledger.post("VendorCredit", "returned", "2026-02-25", {"ap": "30", "rent": "-30"}, party="v")
    ledger.build()
    return ledger


def _buckets(books: LedgerRows, source: str) -> dict[int, str]:
    return {
        bucket: str(amount) for bucket, amount in books.rows(f"select bucket, sum(amount) from {source} group by all")
    }


def test_every_edge_of_a_bucket_is_where_quickbooks_has_it(books: LedgerRows) -> None:
    expected: dict[int, int] = {}
    for number, bucket in enumerate(DUE.values()):
        expected[bucket] = expected.get(bucket, 0) + 2**number
    found = _buckets(books, "finance.ar_aging_at(date '2026-03-31') where party_id = 'edge'")
    assert found == {bucket: f"{amount}.00" for bucket, amount in expected.items()}
    table = "finance.ar_aging where party_id = 'edge' and as_of_date = '2026-03-31' and aging_basis = 'due_date'"
    assert _buckets(books, table) == found


def test_by_transaction_date_all_are_as_old_as_their_documents(books: LedgerRows) -> None:
    table = (
        "finance.ar_aging where party_id = 'edge' and as_of_date = '2026-01-31' and aging_basis = 'transaction_date'"
    )
    assert _buckets(books, table) == {4: "511.00"}


def test_periods_can_be_shorter_and_more(books: LedgerRows) -> None:
    rows = books.rows(
        "select bucket_name from finance.ar_aging_at(date '2026-03-31', 'due_date', 15, 6)"
        " where party_id = 'edge' order by bucket"
    )
    assert [name for (name,) in rows] == [
        "Current",
        "1 - 15",
        "16 - 30",
        "31 - 45",
        "46 - 60",
        "61 - 75",
        "76 and over",
    ]


def test_an_early_payment_is_owed_back_until_the_invoice_comes(books: LedgerRows) -> None:
    for day, owed in (("2022-05-11", "-3357.37"), ("2022-05-18", "-3357.37")):
        assert books.rows(f"select sum(amount)::varchar from finance.ar_aging_at(date '{day}')") == [(owed,)]
    assert books.rows("select count(*) from finance.ar_aging_at(date '2022-05-19')") == [(0,)]


def test_foreign_balances_stand_beside_home_ones(books: LedgerRows) -> None:
    rows = books.rows(
        "select currency_id, sum(amount), sum(foreign_amount) from finance.ar_aging"
        " where party_id = 'abroad' and as_of_date = '2026-02-28' and aging_basis = 'due_date' group by all"
    )
    assert [(currency, str(home), str(foreign)) for currency, home, foreign in rows] == [
        ("EUR", "170055.65", "150000.00")
    ]


def test_a_vendor_credit_is_aged_from_its_own_date_and_taken_off(books: LedgerRows) -> None:
    assert _buckets(books, "finance.ap_aging_at(date '2026-03-31')") == {2: "90.00", 3: "-30.00"}


def test_open_items_are_those_of_the_day_of_the_last_sync(books: LedgerRows) -> None:
    rows = books.rows("select transaction_id, open_amount, open_home_amount, days_overdue from finance.open_item"
                      " where party_id in ('abroad', 'v') order by transaction_id")  # fmt: skip
    assert [(number, str(amount), str(home), days) for number, amount, home, days in rows] == [
        ("bill", "90.00", "90.00", 25),
        ("returned", "-30.00", "-30.00", 34),
        ("x", "50000.00", "56857.25", 50),
        ("y", "100000.00", "113198.40", 50),
    ]
