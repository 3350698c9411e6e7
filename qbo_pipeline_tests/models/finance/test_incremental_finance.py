"""Building only the documents that changed gives the same tables as building all of them."""

import random

import pytest

from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows

TABLES = (
    "ledger.cash_posting",
    "finance.document_balance",
    "finance.paid_revenue",
    "finance.document_measure",
    "finance.account_day",
    "finance.monthly_measure",
    "finance.trial_balance",
    "finance.ar_aging",
    "finance.ap_aging",
    "finance.cash_flow",
    "finance.collection",
    "finance.refunded_revenue",
    "finance.customer_monthly_snapshot",
    "finance.vendor_monthly_snapshot",
)


def _tables(ledger: LedgerRows) -> dict[str, list[tuple]]:
    return {
        table: sorted(map(str, ledger.rows(f"select columns(c -> c <> 'change_number') from {table}")))
        for table in TABLES
    }


def test_only_documents_that_changed_or_whose_settlement_changed_are_built(ledger: LedgerRows) -> None:
    for name in ("paid", "other"):
        ledger.invoice(name, "2026-01-10", "100")
    ledger.pay("first", "2026-01-20", "40", paid="40")
    ledger.build(tests=False)
    ledger.pay("second", "2026-02-20", "60", paid="60")
    ledger.build(tests=False)
    rows = ledger.rows("select transaction_id, change_number from ledger.document_change order by transaction_id")
    assert rows == [("first", 1), ("other", 1), ("paid", 2), ("second", 2)]
    assert ledger.rows(
        "select distinct transaction_id from ledger.cash_posting where change_number = 2 order by 1"
    ) == [
        ("paid",),
        ("second",),
    ]


def _happen(ledger: LedgerRows, chance: random.Random, living: dict[str, str], step: int) -> None:
    """One thing that happens to the books: a document, a payment of some invoice, or the end of one of them."""

    def day() -> str:
        return f"2026-{chance.randint(1, 3):02}-{chance.randint(1, 28):02}"

    def amount(most: int) -> str:
        return f"{chance.randint(1, most)}.{chance.randint(0, 99):02}"

    name = f"d{step}"
    invoices = [each for each, kind in living.items() if kind == "Invoice"]
    what = chance.choice(
        ["invoice", "invoice", "pay", "pay", "credit", "advance", "remove", "bill", "refund", "journal", "redate"]
    )
    if what == "invoice":
        ledger.invoice(name, day(), amount(500), amount(40), party=chance.choice("abc"))
        living[name] = "Invoice"
    elif what == "advance":
        ledger.pay(name, day(), amount(90))
        living[name] = "Payment"
    elif what == "pay" and invoices:
        part = amount(200)
        ledger.pay(name, day(), part, **{chance.choice(invoices): part})
        living[name] = "Payment"
    elif what == "credit" and invoices:
        part, invoice = amount(50), chance.choice(invoices)
        ledger.post("CreditMemo", name, day(), {"ar": f"-{part}", "sales": part}, party="a")
        ledger.apply(("CreditMemo", name), ("Invoice", invoice), part, kind="credit")
        living[name] = "CreditMemo"
    elif what == "bill":
        bill, part = f"b{step}", amount(300)
        ledger.post("Bill", bill, day(), {"ap": f"-{part}", "rent": part}, party=chance.choice("vw"), due=day())
        living[bill] = "Bill"
    elif what == "refund":
        part = amount(60)
        ledger.post("Purchase", name, day(), {"bank": f"-{part}", "ar": part}, party=chance.choice("abc"))
        living[name] = "Purchase"
    elif what == "journal":
        part = amount(80)
        ledger.post("JournalEntry", name, day(), {"ar": part, "equity": f"-{part}"})
        living[name] = "JournalEntry"
    elif what == "redate" and invoices:
        # What was under one customer and in one month comes to stand under another and in another.
        moved = chance.choice(invoices)
        ledger.remove("Invoice", moved)
        ledger.invoice(moved, day(), amount(500), party=chance.choice("abc"), due=day())
    elif what == "remove" and living:
        gone = chance.choice(sorted(living))
        ledger.remove(living.pop(gone), gone)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_edits_give_what_a_full_build_gives(ledger: LedgerRows, seed: int) -> None:
    chance, living = random.Random(seed), {}
    ledger.invoice("d0", "2026-01-01", "10")
    living["d0"] = "Invoice"
    for build in range(4):
        ledger.as_of(f"2026-0{3 + build // 2}-15")
        with ledger.kept_open():
            for step in range(12):
                _happen(ledger, chance, living, 1 + build * 12 + step)
        ledger.build(tests=build == 3)
    incremental = _tables(ledger)
    ledger.build("--full-refresh", tests=False)
    for table, rows in _tables(ledger).items():
        assert incremental[table] == rows, table
