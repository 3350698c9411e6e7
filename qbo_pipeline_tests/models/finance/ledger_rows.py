"""Ledger tables written by hand, so that what finance makes of them is tested apart from how postings come about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb

from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse
from qbo_pipeline_tests.models.finance.ledger_tables import LEDGER_TABLES
from qbo_pipeline_tests.models.payloads import record

ACCOUNTS = {
    "bank": ("Bank", "Checking", "Asset"),
    "undeposited": ("Other Current Asset", "UndepositedFunds", "Asset"),
    "ar": ("Accounts Receivable", "AccountsReceivable", "Asset"),
    "stock": ("Other Current Asset", "Inventory", "Asset"),
    "van": ("Fixed Asset", "Vehicles", "Asset"),
    "ap": ("Accounts Payable", "AccountsPayable", "Liability"),
    "tax": ("Other Current Liability", "SalesTaxPayable", "Liability"),
    "retainers": ("Other Current Liability", "OtherCurrentLiabilities", "Liability"),
    "equity": ("Equity", "OpeningBalanceEquity", "Equity"),
    "retained": ("Equity", "RetainedEarnings", "Equity"),
    "sales": ("Income", "SalesOfProductIncome", "Revenue"),
    "services": ("Income", "ServiceFeeIncome", "Revenue"),
    "unapplied": ("Income", "UnappliedCashPaymentIncome", "Revenue"),
    "cogs": ("Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"),
    "rent": ("Expense", "RentOrLeaseOfBuildings", "Expense"),
    "bad_debts": ("Expense", "BadDebts", "Expense"),
    "unapplied_bills": ("Expense", "UnappliedCashBillPaymentExpense", "Expense"),
    "exchange": ("Other Expense", "ExchangeGainOrLoss", "Expense"),
}
LOADED = datetime.fromisoformat("2026-06-01T00:00:00+00:00")

_ROLES = {
    "bank": "bank",
    "undeposited": "undeposited",
    "ar": "receivable",
    "ap": "payable",
    "tax": "tax",
    "stock": "inventory",
}
_PAYABLE = ("Bill", "VendorCredit", "BillPayment")


class LedgerRows:
    """The ledger of one warehouse: documents and applications written into its tables, then built from."""

    def __init__(self, warehouse: TypedWarehouse) -> None:
        self.warehouse = warehouse
        self._documents: dict[tuple[str, str], dict[str, Any]] = {}
        self._applications = self._revisions = 0
        self._kept_open: duckdb.DuckDBPyConnection | None = None
        with duckdb.connect(warehouse.path) as connection:
            connection.execute("create schema ledger")
            for table in LEDGER_TABLES:
                connection.execute(table)

    def company(self, *, fiscal_year: str = "January", book_close_date: str | None = None, token: int = 0) -> None:
        """Land the company, its preferences and its chart of accounts."""
        accounting = {"FirstMonthOfFiscalYear": fiscal_year, "BookCloseDate": book_close_date}
        updated = f"2024-05-{token + 1:02}T08:00:00-07:00"
        self.warehouse.land(
            "company_info", record("1", CompanyName="Orchard Lane Ltd", FiscalYearStartMonth=fiscal_year)
        )
        self.warehouse.land(
            "preferences", record("1", sync_token=str(token), updated=updated, AccountingInfoPrefs=accounting)
        )
        accounts = [
            record(name, Name=name, FullyQualifiedName=name, AccountType=kind, AccountSubType=subtype,
                   Classification=side, Active=True)
            for name, (kind, subtype, side) in ACCOUNTS.items()
        ]  # fmt: skip
        self.warehouse.land("account", *accounts)

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Write what follows through one connection: to open the file takes longer than what is written."""
        with duckdb.connect(self.warehouse.path) as self._kept_open:
            yield
        self._kept_open = None

    def as_of(self, day: str) -> None:
        """Set the company's business date."""
        with duckdb.connect(self.warehouse.path) as connection:
            connection.execute("create schema if not exists sync")
            connection.execute(
                "create table if not exists sync.as_of"
                " (realm_id varchar primary key, as_of_date date not null, reads_through timestamptz not null)"
            )
            connection.execute("insert or replace into sync.as_of values (?, ?, ?)", [REALM, day, LOADED])

    def post(
        self,
        kind: str,
        number: str,
        day: str,
        amounts: Mapping[str, str],
        *,
        party: str | None = None,
        due: str | None = None,
        rate: str = "1",
        foreign: Mapping[str, str] | None = None,
        roles: Mapping[str, str] | None = None,
    ) -> None:
        """Write a document: home amounts by account, positive for a debit; `foreign` where they are not the same."""
        payable = kind in _PAYABLE
        party_type = ("Vendor" if payable else "Customer") if party else None
        self._documents[kind, number] = {"date": day, "due": due, "party": party, "rate": Decimal(rate)}
        rows = []
        for position, (account, text) in enumerate(amounts.items(), start=1):
            if not Decimal(text):
                continue
            home, abroad = Decimal(text), Decimal((foreign or amounts)[account])
            role = (roles or {}).get(account) or _ROLES.get(account, "income" if not payable else "expense")
            rows.append([
                REALM, kind, number, position, None, day, number, account, party_type, party,
                None if payable else party, party if payable else None, None, None, None, None, role,
                max(home, Decimal(0)), max(-home, Decimal(0)), "EUR" if foreign else "USD", Decimal(rate),
                max(abroad, Decimal(0)), max(-abroad, Decimal(0)), "entity", None, LOADED,
            ])  # fmt: skip
            if account in ("ar", "ap"):
                sign = 1 if account == "ar" else -1
                self._open(
                    (kind, number), (kind, number), day, (sign * abroad, sign * home), account=account, change=position
                )
        self._insert("posting", rows)
        self._touch(kind, number)

    def invoice(
        self, number: str, day: str, net: str, tax: str = "0", *, party: str | None = None, **fields: Any
    ) -> None:
        """Write an invoice of one line and its tax; its customer is `party`, or one of its own."""
        total = Decimal(net) + Decimal(tax)
        amounts = {"ar": str(total), "sales": f"-{net}", "tax": f"-{tax}"}
        self.post("Invoice", number, day, amounts, party=party or f"c-{number}", **fields)

    def pay(self, number: str, day: str, amount: str, **applied: str) -> None:
        """Write a payment and what of it settles which invoices; its customer is the first one's."""
        party = self._documents["Invoice", next(iter(applied))]["party"] if applied else f"c-{number}"
        self.post("Payment", number, day, {"bank": amount, "ar": f"-{amount}"}, party=party)
        for invoice, part in applied.items():
            self.apply(("Payment", number), ("Invoice", invoice), part)

    def apply(
        self,
        source: tuple[str, str],
        target: tuple[str, str],
        amount: str,
        *,
        kind: str = "cash",
        home: str | None = None,
        booked: str | None = None,
        by: tuple[str, str] | None = None,
    ) -> None:
        """Write an application of a document to another; its day is the later of theirs and of the payment's, if it is `by` one.

        `booked` is what the source was booked at, where that is not what it settles.
        """
        paying, paid = self._documents[source], self._documents[target]
        settled_by = by or source
        day = max(paying["date"], paid["date"], self._documents[settled_by]["date"])
        home_amount = Decimal(home or amount)
        side, account = ("payable", "ap") if target[0] in _PAYABLE else ("receivable", "ar")
        self._applications += 1
        self._insert(
            "application",
            [[
                REALM, side, *source, None, *target, self._applications, *settled_by, paying["date"], paid["date"], day, kind,
                paid["party"], "EUR" if home else "USD", Decimal(amount), paid["rate"], paying["rate"], home_amount,
                Decimal(booked or home_amount), Decimal(0), LOADED,
            ]],
        )  # fmt: skip
        self._open(source, target, day, (-Decimal(amount), -home_amount), account=account, change=-self._applications)
        self._open(
            source, source, day, (Decimal(amount), Decimal(booked or home_amount)), account=account,
            change=-self._applications,
        )  # fmt: skip
        if by:
            self._open(
                by, by, day, (Decimal(0), home_amount - Decimal(booked or home_amount)), account=account,
                change=-self._applications,
            )  # fmt: skip
        self._touch(*settled_by)

    def remove(self, kind: str, number: str) -> None:
        """Take a document out, as a deletion does; what it settled is open again."""
        ends = "(source_type, source_id) = ($1, $2) or (target_type, target_id) = ($1, $2)"
        self._touch(kind, number)
        with self._connection() as connection:
            settling = connection.execute(
                f"select settled_by_type, settled_by_id from ledger.application where {ends}", [kind, number]
            ).fetchall()
            connection.execute(
                "delete from ledger.open_item_change where (document_type, document_id) = ($1, $2)"
                f" or change_number in (select -application_number from ledger.application where {ends})",
                [kind, number],
            )
            connection.execute(f"delete from ledger.application where {ends}", [kind, number])
            connection.execute(
                "delete from ledger.posting where (transaction_type, transaction_id) = ($1, $2)", [kind, number]
            )
        for settled_by in settling:
            self._touch(*settled_by)

    def build(self, *arguments: str, tests: bool = True) -> None:
        """Build the finance models and what they need of typed tables; their own tests must pass."""
        models = "qbo__account qbo__company_info qbo__preferences ledger__document_change ledger__cash_posting finance"
        untested = [] if tests else ["--exclude-resource-type", "test"]
        reports = "finance__report* finance__reconciliation*"
        self.warehouse.build("--select", models, "--exclude", reports, *arguments, *untested)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, as tuples."""
        return [tuple(row.values()) for row in self.warehouse.rows(query)]

    def _touch(self, kind: str, number: str) -> None:
        """Mark a document as computed anew, as the ledger does with it and with what its payments link."""
        self._revisions += 1
        with self._connection() as connection:
            connection.execute(
                "insert or replace into ledger.document values (?, ?, ?, ?)", [REALM, kind, number, self._revisions]
            )

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._kept_open:
            yield self._kept_open
        else:
            with duckdb.connect(self.warehouse.path) as connection:
                yield connection

    def _open(
        self,
        cause: tuple[str, str],
        document: tuple[str, str],
        day: str,
        amounts: tuple[Decimal, Decimal],
        *,
        account: str,
        change: int,
    ) -> None:
        about = self._documents[document]
        side = "payable" if account == "ap" else "receivable"
        row = [
            REALM, side, *cause, change, *document, about["party"], about["due"], about["date"],
            document[1], "USD" if about["rate"] == 1 else "EUR", day, *amounts, account, LOADED,
        ]  # fmt: skip
        self._insert("open_item_change", [row])

    def _insert(self, table: str, rows: list[list[Any]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        with self._connection() as connection:
            connection.executemany(f"insert into ledger.{table} values ({marks})", rows)
