"""Whatever happens to a company's books: read over HTTP and built, they are QuickBooks' own at every month-end, on both bases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from qbo_pipeline.ingest.reports.sync import sync_reports
from qbo_pipeline.warehouse.as_of import note_as_of
from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation
from qbo_pipeline_tests.models.finance.erratic_bookkeeper import ErraticBookkeeper
from qbo_pipeline_tests.models.finance.erratic_consultant import CLASSES, ErraticConsultant

EVERYTHING = ("--select", "+finance", "--resource-type", "model")
UNTIED = """
    select report, accounting_method, as_of_date, account_id, party_id, bucket, ours, theirs, explanation
    from finance.reconciliation where difference <> 0 order by as_of_date, report, accounting_method limit 20
"""
NOTHING_OF = {
    "documents whose debits are not their credits": """
        select transaction_type, transaction_id, sum(debit), sum(credit) from ledger.posting
        group by all having sum(debit) <> sum(credit)
    """,
    "days of the cash basis whose debits are not their credits": """
        select transaction_type, transaction_id, transaction_date from ledger.cash_posting
        group by all having sum(debit) <> sum(credit)
    """,
    "balances that are not those of the month before and the month's flows": """
        select accounting_method, account_id, month from finance.trial_balance
        inner join finance.month_end using (realm_id, month)
        where balance <> prior_month_balance + month_debit - month_credit and month <> fiscal_year_start
    """,
    "documents open for another amount than QuickBooks says": """
        select document.id, document.balance, open_item.amount from qbo.invoice as document
        left join (
            select document_id, sum(amount) as amount from ledger.open_item_change where document_type = 'Invoice' group by 1
        ) as open_item on open_item.document_id = document.id
        where not is_deleted and document.balance <> coalesce(open_item.amount, 0)
    """,
}


class Company:
    """A sample company, its books open over HTTP, and what is made of them."""

    def __init__(self, installation: Installation, realm_id: str, run_dbt: Callable[..., Any]) -> None:
        self.installation, self._run_dbt = installation, run_dbt
        self._connection = installation.connect(realm_id=realm_id)

    def read_and_build(self) -> None:
        """Read what is new of the records and reports, and build the books."""
        made = self.installation
        assert not made.pull_one().reason()
        with made.warehouse.connect("note the day") as warehouse:
            note_as_of(warehouse)
        sync_reports(made.settings, made.store, made.warehouse, [self._connection])
        result = self._run_dbt(made.settings.warehouse_path, "build", *EVERYTHING)
        assert result.success, [node.message for node in result.result.results if node.status == "error"]


@pytest.fixture
def landscaping(install: Callable[..., Installation], run_dbt: Callable[..., Any], unhurried: None) -> Company:
    """The US company as the sample has it, not read yet."""
    return Company(install("landscaping"), LANDSCAPING, run_dbt)


@pytest.fixture
def consultancy(install: Callable[..., Installation], run_dbt: Callable[..., Any], unhurried: None) -> Company:
    """The UK company with VAT and three currencies, not read yet."""
    return Company(install("consultancy"), CONSULTANCY, run_dbt)


def _assert_books_are_quickbooks_own(installation: Installation) -> None:
    assert installation.query(UNTIED) == []
    for what, statement in NOTHING_OF.items():
        assert installation.query(statement) == [], what
    [(months, reports)] = installation.query(
        "select count(distinct as_of_date), count(distinct (report, accounting_method)) from finance.reconciliation_month"
    )
    assert months >= 6
    assert reports == 7


BY_DIMENSION = """
    select posting.account_id, coalesce(posting.{dimension}, ''), sum(natural_side * (debit - credit))
    from ledger.{postings} as posting
    inner join finance.account as account on account.realm_id = posting.realm_id and account.account_id = posting.account_id
    where statement = 'profit_and_loss'
    group by all having sum(debit - credit) <> 0 order by all
"""


def _assert_classes_and_locations_are_quickbooks_own(company: Company, books: Bookkeeper) -> None:
    """Over all dates, what each class and each location earned and cost on each account, on both bases."""
    for columns, dimension in {"Classes": "class_id", "Departments": "department_id"}.items():
        for method, postings in {"Accrual": "posting", "Cash": "cash_posting"}.items():
            asked = {"accounting_method": method, "summarize_column_by": columns}
            asked |= {"start_date": "2020-01-01", "end_date": "2030-12-31"}
            answer = books.call("GET", "reports/ProfitAndLoss", params=asked).json()
            keys = [column["MetaData"][0]["Value"] for column in answer["Columns"]["Column"]]
            theirs = sorted(_amounts(answer["Rows"]["Row"], keys))
            ours = company.installation.query(BY_DIMENSION.format(dimension=dimension, postings=postings))
            assert ours == theirs, (columns, method)
            assert len({record_id for _, record_id, _ in ours}) > 2


def _amounts(rows: list[dict[str, Any]], keys: list[str]) -> Iterator[tuple[str, str, Decimal]]:
    """Account, class or location, and amount of each figure of an account's own."""
    for row in rows:
        heading = row.get("ColData") or row.get("Header", {}).get("ColData", [{}])
        for key, cell in zip(keys, heading, strict=False):
            if heading[0].get("id") and key not in ("account", "total") and Decimal(cell["value"] or 0):
                yield heading[0]["id"], key.replace("**", ""), Decimal(cell["value"])
        yield from _amounts(row.get("Rows", {}).get("Row", []), keys)


def _rename_and_retire(books: Bookkeeper) -> None:
    """Names change, and accounts, customers and classes that still have balances are made inactive."""
    books.update("account", books.read("account", "2"), Name="Fees")
    books.update("customer", books.read("customer", "14"), DisplayName="Sainte-Amande & Cie")
    for kind, record_id in {"account": "49", "customer": "17", "vendor": "38", "class": CLASSES[0]}.items():
        record = books.read(kind, record_id)
        books.post(kind, {**record, "Active": False})


def _keep_books_and_compare(company: Company, keeper: type[ErraticBookkeeper], seed: int, *, builds: int) -> Bookkeeper:
    """Random books, built after every hundred and sixty things that happen to them: what changed only, from the second on."""
    books = Bookkeeper(company.installation.emulator)
    erratic = keeper(books, seed, datetime.now(UTC).date())
    for _ in range(builds):
        for _ in range(160):
            erratic.act()
        company.read_and_build()
        _assert_books_are_quickbooks_own(company.installation)
    assert len(erratic.done) > 8
    return books


@pytest.mark.timeout(600)
def test_random_books_tie_to_quickbooks_reports(landscaping: Company) -> None:
    _keep_books_and_compare(landscaping, ErraticBookkeeper, 5, builds=1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(2))
def test_random_books_keep_tying_as_they_are_changed(landscaping: Company, seed: int) -> None:
    _keep_books_and_compare(landscaping, ErraticBookkeeper, seed, builds=2)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_random_books_with_vat_and_foreign_documents_keep_tying(consultancy: Company) -> None:
    books = _keep_books_and_compare(consultancy, ErraticConsultant, 2, builds=2)
    _assert_classes_and_locations_are_quickbooks_own(consultancy, books)
    _rename_and_retire(books)
    consultancy.read_and_build()
    _assert_books_are_quickbooks_own(consultancy.installation)
