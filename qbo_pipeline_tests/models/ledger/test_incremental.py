"""Computing what changed gives what computing everything gives, and computes no more than that."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.ledger.conftest import CHANGED_ONLY, Ledger, typed_models
from qbo_pipeline_tests.models.ledger.documents import (
    BANK_EUR,
    CHECKING,
    COST_OF_GOODS,
    EQUITY,
    PAYROLL,
    PUMP,
    RECEIVABLE,
    RECEIVABLE_EUR,
    SALES,
    SERVICE_ITEM,
    SERVICES,
    STOCK,
    bill_payment,
    cost_line,
    deposit,
    deposit_line,
    deposited,
    expense,
    in_euro,
    item_line,
    journal,
    journal_line,
    payment,
    sale,
)
from qbo_pipeline_tests.models.ledger.general_ledger import land_general_ledger
from qbo_pipeline_tests.models.payloads import record, tombstone

TABLES = {
    "posting": "* exclude (loaded_at)",
    "application": "* exclude (loaded_at)",
    "open_item_change": "* exclude (loaded_at)",
    "document": "* exclude (loaded_at, revision)",
    "account_choice": "* exclude (revision)",
}


def _snapshot(warehouse: TypedWarehouse) -> dict[str, list[dict]]:
    conditions = {"document": "where is_posted or is_entity", "account_choice": "where account_id is not null"}
    return {
        table: warehouse.rows(f"select {columns} from ledger.{table} {conditions.get(table, '')} order by all")
        for table, columns in TABLES.items()
    }


def _assert_as_computed_anew(warehouse: TypedWarehouse) -> None:
    incremental = _snapshot(warehouse)
    warehouse.build(*CHANGED_ONLY, "--full-refresh")
    for table, rows in _snapshot(warehouse).items():
        assert incremental[table] == rows, table


@pytest.fixture(scope="module")
def warehouse(new_company: Callable[[], TypedWarehouse]) -> TypedWarehouse:
    """Two foreign invoices, a payment over both with its deposit, and documents that rely on an item and on a rate."""
    warehouse = new_company()
    euro_bank = {"DepositToAccountRef": {"value": BANK_EUR}}
    warehouse.land(
        "invoice",
        sale("1", 100, item_line(100), **in_euro(1.1)),
        sale("2", 200, item_line(200), **in_euro(1.1)),
        sale("3", 10, item_line(10, account=SERVICES)),
        sale("4", 20, item_line(20)),
    )
    both = ((60, "Invoice", "1"), (200, "Invoice", "2"))
    warehouse.land(
        "payment", payment("10", 260, *both, **in_euro(1.2)), payment("11", 30, (30, "Invoice", "1"), **in_euro(1.3))
    )
    warehouse.land("deposit", deposit("20", 260, deposited(260, "Payment", "10"), **euro_bank, **in_euro(1.25)))
    warehouse.build("--select", *typed_models("invoice", "payment", "deposit"), *CHANGED_ONLY[1:])
    return warehouse


def _revisions(warehouse: TypedWarehouse) -> dict[str, int]:
    rows = warehouse.rows("select transaction_id, revision from ledger.document where is_entity")
    return {row["transaction_id"]: row["revision"] for row in rows}


def _touched(warehouse: TypedWarehouse, *typed: str) -> set[str]:
    before = _revisions(warehouse)
    warehouse.build("--select", *typed, *CHANGED_ONLY[1:])
    return {document for document, revision in _revisions(warehouse).items() if revision != before.get(document)}


def test_a_build_without_anything_new_computes_nothing(warehouse: TypedWarehouse) -> None:
    assert _touched(warehouse) == set()


def test_a_changed_invoice_takes_its_payments_and_their_deposits_along(warehouse: TypedWarehouse) -> None:
    newer = sale("2", 200, item_line(200), sync_token="1", updated="2024-05-02T08:00:00+00:00", **in_euro(1.15))
    warehouse.land("invoice", newer)
    assert _touched(warehouse, "qbo__invoice", "qbo__invoice_line") == {"2", "10", "11"}
    assert Ledger(warehouse).balance(RECEIVABLE_EUR, "2024-12-31", "1", "2", "10", "11") == 11


def test_a_changed_payment_takes_its_deposit_along(warehouse: TypedWarehouse) -> None:
    newer = payment(
        "10", 260, (60, "Invoice", "1"), sync_token="1", updated="2024-05-02T08:00:00+00:00", **in_euro(1.4)
    )
    warehouse.land("payment", newer)
    models = ("qbo__payment", "qbo__payment_line", "qbo__payment_linked_txn")
    assert _touched(warehouse, *models) == {"10", "11", "20"}


def test_an_items_new_account_moves_the_lines_without_one_of_their_own(warehouse: TypedWarehouse) -> None:
    changed = {"sync_token": "1", "updated": "2024-05-02T08:00:00+00:00"}
    item = record(SERVICE_ITEM, Name="Hours", Type="Service", IncomeAccountRef={"value": SALES}, **changed)
    warehouse.land("item", item)
    assert {"1", "2", "4"} <= _touched(warehouse, "qbo__item")
    assert _revisions(warehouse)["3"] < _revisions(warehouse)["4"]
    assert Ledger(warehouse).sides("Invoice", "4")[1][0] == SALES


def test_a_second_receivable_leaves_the_choice_to_nobody(warehouse: TypedWarehouse) -> None:
    kind = {"AccountType": "Accounts Receivable", "AccountSubType": "AccountsReceivable"}
    warehouse.land("account", record("40", Name="Second", Active=True, CurrencyRef={"value": "USD"}, **kind))
    _touched(warehouse, "qbo__account")
    assert Ledger(warehouse).sides("Invoice", "4")[0][0] is None
    assert Ledger(warehouse).open_on("2024-12-31", "4") == {"4": (20, 20)}


def test_all_of_it_is_as_if_computed_anew(warehouse: TypedWarehouse) -> None:
    _assert_as_computed_anew(warehouse)


def test_models_built_again_from_nothing_are_read_again(warehouse: TypedWarehouse) -> None:
    warehouse.build("--select", "ledger__document", "--resource-type", "model", "--full-refresh")
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("update ledger.posting set description = 'of before'")
    warehouse.build(*CHANGED_ONLY)
    assert warehouse.rows("select * from ledger.posting where description = 'of before'") == []


class _RandomBooks:
    """A company whose documents are made, changed and deleted at random, as QuickBooks keeps them: an invoice whose payments
    change becomes a new version."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._token = 0
        self._paid: dict[str, set[str]] = {}

    def versions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Some new versions of records, each with its raw table."""
        chance = self._chance
        for _ in range(chance.randint(4, 10)):
            yield from chance.choice((self._sale, self._payment, self._expense, self._bank, self._list))()

    def reported(self) -> list[tuple[str, ...]]:
        """Rows of a general ledger: costs of sales, and what no record shows."""
        chance, rows = self._chance, []
        for number in range(1, 7):
            if chance.random() < 0.5:
                cost = f"{chance.randint(1, 40)}.00"
                sold = ("2024-03-05", "Invoice", str(number))
                rows += [(COST_OF_GOODS, *sold, cost), (STOCK, *sold, f"-{cost}"), (RECEIVABLE, *sold, "10.00")]
            if chance.random() < 0.4:
                paid = ("2024-03-20", "Payroll Check", str(900 + number))
                rows += [(PAYROLL, *paid, "70.00"), (CHECKING, *paid, "-70.00")]
        return rows

    def _version(self, **fields: Any) -> dict[str, Any]:
        self._token += 1
        day = f"2024-0{self._chance.randint(1, 4)}-1{self._chance.randint(0, 9)}"
        updated = f"2024-06-01T08:{self._token // 60:02}:{self._token % 60:02}+00:00"
        return {"sync_token": str(self._token), "updated": updated, "TxnDate": day, **fields}

    def _currency(self, number: int) -> dict[str, Any]:
        return in_euro(self._chance.randint(90, 130) / 100 + 0.00371) if number % 2 else {}

    def _sale(self) -> Iterator[tuple[str, dict[str, Any]]]:
        number = self._chance.randint(1, 6)
        table = self._chance.choice(("invoice", "invoice", "credit_memo"))
        document_id = str(number + (20 if table == "credit_memo" else 0))
        if self._chance.random() < 0.15:
            self._token += 1
            yield table, tombstone(document_id, f"2024-06-01T08:{self._token // 60:02}:{self._token % 60:02}+00:00")
            return
        amounts = [self._chance.randint(100, 9999) / 100 for _ in range(self._chance.randint(1, 3))]
        account = self._chance.choice((None, SERVICES))
        lines = [item_line(amount, self._chance.choice((SERVICE_ITEM, PUMP)), account) for amount in amounts]
        total = round(sum(amounts) + 8, 2)
        yield table, sale(document_id, total, *lines, tax=8, **self._version(**self._currency(number)))

    def _payment(self) -> Iterator[tuple[str, dict[str, Any]]]:
        parity, chance = self._chance.randint(0, 1), self._chance
        payment_id = str(40 + 2 * chance.randint(0, 2) + parity)
        numbers = [number for number in range(1, 7) if number % 2 == parity]
        invoices = chance.sample(numbers, chance.randint(0, 3))
        applied: list[tuple[float, str, str]] = [(chance.randint(1, 3000) / 100, "Invoice", str(n)) for n in invoices]
        total = round(sum(amount for amount, _, _ in applied) + chance.choice((0, 0, 5)), 2)
        if invoices and chance.random() < 0.4:
            applied.append((min(total, 7.77), "CreditMemo", str(20 + chance.choice(numbers))))
            total = round(total - applied[-1][0], 2)
        yield "payment", payment(payment_id, total, *applied, **self._version(**self._currency(parity)))
        linked = {linked_id for _, _, linked_id in applied}
        for number in sorted(self._paid.get(payment_id, set()) | linked):
            table = "credit_memo" if int(number) > 20 else "invoice"
            yield table, sale(number, 58, item_line(50), tax=8, **self._version(**self._currency(parity)))
        self._paid[payment_id] = linked

    def _expense(self) -> Iterator[tuple[str, dict[str, Any]]]:
        bill, amount = str(60 + self._chance.randint(0, 3)), self._chance.randint(1, 5000) / 100
        yield "bill", expense(bill, amount, cost_line(amount), **self._version(**in_euro(1.0737)))
        paid = round(amount / 3, 2)
        applied = bill_payment(f"7{bill[1]}", paid, (paid, "Bill", bill), **self._version(**in_euro(1.1)))
        yield "bill_payment", applied

    def _bank(self) -> Iterator[tuple[str, dict[str, Any]]]:
        receipt = str(40 + self._chance.randint(0, 5))
        own = deposit_line(5, EQUITY)
        yield "deposit", deposit("80", 15, deposited(10, "Payment", receipt), own, **self._version())
        party = ("Customer", "51")
        lines = (journal_line("Debit", 12, RECEIVABLE, party), journal_line("Credit", 12, SALES))
        yield "journal_entry", journal("90", *lines, **self._version())

    def _list(self) -> Iterator[tuple[str, dict[str, Any]]]:
        account = {"value": self._chance.choice((SALES, SERVICES))}
        fields = self._version()
        del fields["TxnDate"]
        yield "item", record(SERVICE_ITEM, Name="Hours", Type="Service", IncomeAccountRef=account, **fields)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(6))
def test_random_edits_give_what_computing_everything_gives(
    new_company: Callable[[], TypedWarehouse], seed: int
) -> None:
    warehouse, books = new_company(), _RandomBooks(seed)
    for month in range(5):
        landing: dict[str, list[dict[str, Any]]] = {}
        for table, version in books.versions():
            landing.setdefault(table, []).append(version)
        for table, versions in landing.items():
            warehouse.land(table, *versions)
        if month % 2:
            fetched = f"2024-08-0{month + 1}T00:00:00Z"
            land_general_ledger(warehouse, *books.reported(), start="2024-01-01", end="2024-12-31", fetched=fetched)
        warehouse.build("--select", *typed_models(*landing), *CHANGED_ONLY[1:])
        uneven = (
            "select transaction_type, transaction_id from ledger.posting group by all having sum(debit) <> sum(credit)"
        )
        assert warehouse.rows(uneven) == []
    _assert_as_computed_anew(warehouse)
