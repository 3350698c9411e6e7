"""A large company's raw versions, made by DuckDB itself: three years of invoices, payments, bills, bill payments and expenses.

Of ten invoices and of ten bills eight are paid, 5 to 94 days later. An invoice has two lines and a tax, so four postings.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.warehouse.raw import ENVELOPE
from qbo_pipeline.warehouse.reports import REPORT

REALM = "9341450000000001"
FIRST_DAY, DAYS, LAST_DAY = date(2023, 4, 1), 1095, date(2026, 3, 31)
_PAYMENTS, _BILLS, _BILL_PAYMENTS, _EXPENSES = 10_000_000, 20_000_000, 30_000_000, 40_000_000
_ACCOUNTS = (
    ("1", "Bank", "Checking", "Asset"),
    ("2", "Other Current Asset", "UndepositedFunds", "Asset"),
    ("3", "Accounts Receivable", "AccountsReceivable", "Asset"),
    ("4", "Accounts Payable", "AccountsPayable", "Liability"),
    ("5", "Income", "SalesOfProductIncome", "Revenue"),
    ("6", "Income", "ServiceFeeIncome", "Revenue"),
    ("7", "Income", "UnappliedCashPaymentIncome", "Revenue"),
    ("8", "Other Current Liability", "GlobalTaxPayable", "Liability"),
    ("9", "Expense", "RentOrLeaseOfBuildings", "Expense"),
    ("10", "Expense", "OfficeGeneralAdministrativeExpenses", "Expense"),
    ("11", "Expense", "UnappliedCashBillPaymentExpense", "Expense"),
    ("12", "Equity", "RetainedEarnings", "Equity"),
)


class LargeCompany:
    """One company of `invoices` invoices; every landing in the warehouse at `path` is a load of its own."""

    def __init__(self, path: Path, invoices: int) -> None:
        self._path, self._invoices, self._loads = path, invoices, 0
        with duckdb.connect(path) as connection:
            _create_tables(connection)

    def found(self) -> None:
        """Land the lists and every document."""
        accounts = ", ".join(str(account) for account in _ACCOUNTS)
        self._land(
            "account",
            "{'Id': id, 'Name': 'Account ' || id, 'AccountType': kind, 'AccountSubType': subtype, 'Classification': side,"
            " 'CurrencyRef': {'value': 'USD'}, 'Active': true}",
            f"(values {accounts}) as account (id, kind, subtype, side)",
        )
        home = "{'Id': '1', 'CurrencyPrefs': {'HomeCurrency': {'value': 'USD'}}}"
        self._land("preferences", home, "range(1)")
        self._land("company_info", "{'Id': '1', 'CompanyName': 'Large', 'FiscalYearStartMonth': 'January'}", "range(1)")
        item = "{'Id': '1', 'Name': 'Hours', 'Type': 'Service', 'Active': true, 'IncomeAccountRef': {'value': '5'}}"
        self._land("item", item, "range(1)")
        self._land("tax_rate", "{'Id': '1', 'Name': 'State', 'RateValue': 10, 'AgencyRef': {'value': '1'}}", "range(1)")
        everything = f"range({self._invoices}) as document (number)"
        self._invoice(everything)
        self._payment(f"{everything} where number % 10 < 8")
        self._bill(f"range({self._invoices // 5}) as document (number)")
        self._bill_payment(f"range({self._invoices // 5}) as document (number) where number % 10 < 8")
        self._expense(f"range({self._invoices // 10}) as document (number)")

    def change_recent(self, documents: int) -> None:
        """What a busy day brings: new invoices, edited ones, and payments with the invoices they pay; a quarter of each."""
        part, newest = documents // 4, self._invoices
        self._invoice(f"range({newest}, {newest + part}) as document (number)", token=1)
        self._invoice(f"range({newest - part}, {newest}) as document (number)", token=2, extra="7")
        unpaid = f"range({newest - 6 * part}, {newest - part}) as document (number) where number % 10 >= 8"
        self._payment(unpaid, token=3)
        self._invoice(unpaid, token=3)

    def change_scattered(self, documents: int) -> None:
        """Invoices of all three years with other amounts."""
        step = self._invoices // documents
        self._invoice(f"range(0, {self._invoices}, {step}) as document (number)", token=4, extra="11")

    def _invoice(self, numbers: str, token: int = 0, extra: str = "0") -> None:
        net = f"{_net('number')} + {extra}"
        tax = (
            "{'TotalTax': 10, 'TaxLine': [{'Amount': 10, 'DetailType': 'TaxLineDetail',"
            " 'TaxLineDetail': {'TaxRateRef': {'value': '1'}}}]}"
        )
        fields = (
            f"'DueDate': ({self._day('number')} + 30)::varchar, 'CustomerRef': {{'value': {_party('number')}}},"
            f" 'TxnTaxDetail': {tax}"
        )
        lines = [_item_line(1, net, "5"), _item_line(2, "50", "6")]
        document = Document("number", self._day("number"), f"{net} + 60", lines, fields)
        self._land_document("invoice", numbers, document, token)

    def _payment(self, numbers: str, token: int = 0) -> None:
        total = f"{_net('number')} + 60"
        fields = f"'CustomerRef': {{'value': {_party('number')}}}, 'DepositToAccountRef': {{'value': '1'}}"
        lines = [_settling("Invoice", "number", total)]
        document = Document(f"{_PAYMENTS} + number", self._paid_on("number"), total, lines, fields)
        self._land_document("payment", numbers, document, token)

    def _bill(self, numbers: str) -> None:
        day, net = self._day("number * 5"), _net("number")
        fields = f"'DueDate': ({day} + 30)::varchar, 'VendorRef': {{'value': {_party('number', 'v')}}}"
        document = Document(f"{_BILLS} + number", day, net, [_account_line(net, "9")], fields)
        self._land_document("bill", numbers, document)

    def _bill_payment(self, numbers: str) -> None:
        net = _net("number")
        fields = (
            f"'VendorRef': {{'value': {_party('number', 'v')}}}, 'PayType': 'Check',"
            " 'CheckPayment': {'BankAccountRef': {'value': '1'}}"
        )
        lines = [_settling("Bill", f"{_BILLS} + number", net)]
        document = Document(f"{_BILL_PAYMENTS} + number", self._paid_on("number * 5"), net, lines, fields)
        self._land_document("bill_payment", numbers, document)

    def _expense(self, numbers: str) -> None:
        net, fields = _net("number"), "'PaymentType': 'Cash', 'AccountRef': {'value': '1'}"
        document = Document(f"{_EXPENSES} + number", self._day("number * 10"), net, [_account_line(net, "10")], fields)
        self._land_document("purchase", numbers, document)

    def _land_document(self, table: str, numbers: str, document: "Document", token: int = 0) -> None:
        lines = ", ".join(f"to_json({line})" for line in document.lines)
        record = (
            f"{{'Id': ({document.id})::varchar, 'SyncToken': '{token}', 'DocNumber': ({document.id})::varchar,"
            f" 'TxnDate': ({document.day})::varchar, 'CurrencyRef': {{'value': 'USD'}}, 'TotalAmt': {document.total},"
            f" 'Line': [{lines}], {document.fields}}}"
        )
        self._land(table, record, numbers, token)

    def _land(self, table: str, record: str, source: str, token: int = 0) -> None:
        self._loads += 1
        with duckdb.connect(self._path) as connection:
            connection.execute(
                f"insert into raw_qbo.{table} (realm_id, id, sync_token, updated_at, operation, payload, loaded_at)"
                f" select '{REALM}', record.\"Id\", '{token}', timestamptz '2026-04-01' + interval ({token}) hour, 'upsert',"
                f" to_json(record)::varchar, timestamptz '2026-04-02' + interval ({self._loads}) minute"
                f" from (select {record} as record from {source})"
            )

    def _day(self, number: str) -> str:
        return f"least(date '{FIRST_DAY}' + (({number}) * {DAYS} // {self._invoices})::integer, date '{LAST_DAY}')"

    def _paid_on(self, number: str) -> str:
        return f"{self._day(number)} + (5 + ({number}) * 7 % 90)::integer"


@dataclass(frozen=True)
class Document:
    """SQL for the parts of a document, over `number`; `fields` are those only its type has."""

    id: str
    day: str
    total: str
    lines: list[str]
    fields: str


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema raw_qbo; create schema sync")
    for entity in ENTITIES:
        _create(connection, f"raw_qbo.{entity.table}", ENVELOPE)
    _create(connection, "raw_qbo.report", REPORT)
    connection.execute(
        "create table sync.as_of (realm_id varchar primary key, as_of_date date not null, reads_through timestamptz not null)"
    )
    connection.execute("insert into sync.as_of values (?, ?, now())", [REALM, LAST_DAY])


def _create(connection: duckdb.DuckDBPyConnection, table: str, schema: object) -> None:
    connection.register("columns", schema.empty_table())
    connection.execute(f"create table {table} as select *, null::varchar as _dlt_load_id from columns")
    connection.unregister("columns")


def _net(number: str) -> str:
    return f"(100 + ({number}) % 900)"


def _party(number: str, prefix: str = "c") -> str:
    return f"'{prefix}' || (({number}) % 5000)"


def _settling(kind: str, number: str, amount: str) -> str:
    return f"{{'Amount': {amount}, 'LinkedTxn': [{{'TxnId': ({number})::varchar, 'TxnType': '{kind}'}}]}}"


def _item_line(number: int, amount: str, account: str) -> str:
    detail = f"{{'ItemRef': {{'value': '1'}}, 'ItemAccountRef': {{'value': '{account}'}}}}"
    kind = "SalesItemLineDetail"
    return f"{{'Id': '{number}', 'Amount': {amount}, 'DetailType': '{kind}', '{kind}': {detail}}}"


def _account_line(amount: str, account: str) -> str:
    kind = "AccountBasedExpenseLineDetail"
    detail = f"{{'AccountRef': {{'value': '{account}'}}}}"
    return f"{{'Id': '1', 'Amount': {amount}, 'DetailType': '{kind}', '{kind}': {detail}}}"
