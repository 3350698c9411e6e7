"""Books in which each test keeps documents of its own. The company is built once, because that reads sixty tables."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline_tests.models.conftest import PROJECT, TypedWarehouse
from qbo_pipeline_tests.models.ledger.documents import lists

LEDGER = (
    "ledger__account_choice",
    "ledger__document",
    "ledger__application",
    "ledger__posting",
    "ledger__open_item_change",
)
CHANGED_ONLY = ("--select", "qbo_report__general_ledger_line", *LEDGER, "--resource-type", "model")
WITH_ALL_READ = ("--select", *(f"+{model}" for model in LEDGER), "--resource-type", "model")


class Ledger:
    """What a warehouse's ledger says of a document."""

    def __init__(self, warehouse: TypedWarehouse) -> None:
        self.warehouse = warehouse

    def postings(self, kind: str, document_id: str, *columns: str) -> list[tuple[Any, ...]]:
        """Account, role, debit and credit of each posting, with the columns asked for behind."""
        names = ", ".join(("account_id", "role", "debit", "credit", *columns))
        return self._tuples(
            f"select {names} from ledger.posting where transaction_type = '{kind}' and transaction_id = '{document_id}'"
            " order by posting_number"
        )

    def sides(self, kind: str, document_id: str) -> list[tuple[str | None, Decimal]]:
        """Account and amount of each posting, debit positive."""
        return [(account, debit - credit) for account, _, debit, credit in self.postings(kind, document_id)]

    def applications(self, *settled_by: str) -> list[tuple[Any, ...]]:
        """Kind, source, target and amount of what payments with these ids settled."""
        return self._tuples(
            "select kind, source_type, source_id, target_type, target_id, amount from ledger.application"
            f" where settled_by_id in {(*settled_by, '')} order by settled_by_id, source_id, target_id"
        )

    def open_on(self, day: str, *documents: str, side: str = "receivable") -> dict[str, tuple[Decimal, Decimal]]:
        """Of each document open at the end of a day, what is open, in its currency and at home."""
        found = self._tuples(
            "select document_id, sum(amount), sum(home_amount) from ledger.open_item_change"
            f" where side = '{side}' and change_date <= '{day}' and document_id in {(*documents, '')}"
            " group by document_id having sum(amount) <> 0 or sum(home_amount) <> 0 order by document_id"
        )
        return {document: (amount, home) for document, amount, home in found}

    def balance(self, account: str, day: str, *documents: str) -> Decimal:
        """What the documents named put on an account by the end of a day, debit positive."""
        [(balance,)] = self._tuples(
            "select coalesce(sum(debit - credit), 0) from ledger.posting"
            f" where account_id = '{account}' and transaction_date <= '{day}' and transaction_id in {(*documents, '')}"
        )
        return balance

    def _tuples(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.warehouse.rows(query)]


def typed_models(*tables: str) -> list[str]:
    """The models of raw tables that the ledger reads."""
    names = [f"qbo__{table}{part}" for table in tables for part in ("", "_line", "_linked_txn", "_tax_line")]
    return [name for name in names if (PROJECT / "models" / "qbo" / f"{name}.sql").exists()]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]) -> TypedWarehouse:
    """A company with lists and without documents, all its models built; to be copied and not touched."""
    warehouse = TypedWarehouse(tmp_path_factory.mktemp("company") / "warehouse.duckdb", run_dbt)
    for table, records in lists().items():
        warehouse.land(table, *records)
    warehouse.build(*WITH_ALL_READ)
    return warehouse


@pytest.fixture(scope="module")
def new_company(company: TypedWarehouse, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], TypedWarehouse]:
    """Makes companies with lists and without documents."""
    return lambda: company.copy(tmp_path_factory.mktemp("books") / "warehouse.duckdb")


@pytest.fixture(scope="module")
def keep_books(new_company: Callable[[], TypedWarehouse]) -> Callable[..., Ledger]:
    """Makes the ledger of a company with these documents, by raw table."""

    def keep(**documents: Iterable[dict]) -> Ledger:
        warehouse = new_company()
        for table, records in documents.items():
            warehouse.land(table, *records)
        warehouse.build("--select", *typed_models(*documents), *CHANGED_ONLY[1:])
        return Ledger(warehouse)

    return keep


def money(*texts: str) -> tuple[Decimal, ...]:
    """Amounts written as people write them."""
    return tuple(Decimal(text.replace(",", "")) for text in texts)
