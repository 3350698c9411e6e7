"""The sample companies' ledgers, pulled over HTTP, against QuickBooks' reports: those recorded, and those the emulator gives.

The recorded figures are of the landscaping company's own reports of 29 May 2024, over the year before it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.ingest.reports.sync import sync_reports
from qbo_pipeline_tests.conftest import UNLIMITED
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING, Installation
from qbo_pipeline_tests.models.ledger.conftest import WITH_ALL_READ

REPORTED_ON = date(2024, 5, 29)

# Account and balance, debits above zero: what the recorded trial balance shows, which totals 40,658.97 on each side. Income and
# expenses are those since the fiscal year began; what was earned before is the Retained Earnings, account 2.
TRIAL_BALANCE = """
    35 1201.00 36 800.00 84 5281.52 81 596.25 4 2062.52 38 13495.00 33 -1602.67 41 -157.72 90 -370.94 43 -4000.00
    44 -25000.00 34 9337.50 82 -2250.00 86 89.50 45 -1197.50 48 -1923.50 49 -2220.72 50 -30.00 52 -250.00 53 -50.00
    54 -40.00 79 -912.75 1 -503.55 80 405.00 7 74.86 55 113.96 56 294.86 29 112.00 11 241.23 58 155.07 64 234.04
    66 195.04 67 215.66 12 75.00 69 390.00 70 55.00 71 100.00 72 185.00 75 755.00 13 28.49 15 18.08 17 900.00
    76 200.53 77 130.86 14 2916.00
"""
RETAINED_EARNINGS = Decimal("-149.62")


@pytest.fixture(scope="module")
def query(
    tmp_path_factory: pytest.TempPathFactory, run_dbt: Callable[..., Any]
) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Asks the ledger of both companies, after their first pull, their reports and a build."""
    home: Path = tmp_path_factory.mktemp("ledger")
    emulator = Emulator(("landscaping", "consultancy"), settings=EmulatorSettings(**UNLIMITED), as_of=REPORTED_ON)
    with pytest.MonkeyPatch.context() as environment, emulator:
        environment.setenv("QBO_HOME", str(home))
        environment.chdir(home)
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        installation = Installation(emulator)
        connections = [installation.connect("us", LANDSCAPING), installation.connect("uk", CONSULTANCY)]
        installation.pull()
        sync_reports(installation.settings, installation.store, installation.warehouse, connections)
        installation.store.close()
        result = run_dbt(installation.settings.warehouse_path, "build", *WITH_ALL_READ)
        assert result.success, result.exception
        yield installation.query


def test_the_landscaping_company_has_the_recorded_trial_balance(query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    words = TRIAL_BALANCE.split()
    recorded = {account: Decimal(balance) for account, balance in zip(words[::2], words[1::2], strict=True)}
    is_of_year = "classification in ('Asset', 'Liability', 'Equity') or transaction_date >= '2024-01-01'"
    balances = dict(
        query(
            "select account_id, sum(debit - credit) from ledger.posting inner join qbo.account"
            f" on account.realm_id = posting.realm_id and account.id = account_id where posting.realm_id = '{LANDSCAPING}'"
            f" and ({is_of_year}) group by account_id having sum(debit - credit) <> 0"
        )
    )
    assert balances == recorded
    assert sum(balance for balance in balances.values() if balance > 0) == Decimal("40658.97")
    assert sum(balances.values()) == -RETAINED_EARNINGS


@pytest.mark.parametrize("realm_id", [LANDSCAPING, CONSULTANCY])
def test_every_transaction_is_on_the_accounts_quickbooks_shows_it_on(
    query: Callable[[str], list[tuple[Any, ...]]], realm_id: str
) -> None:
    differing = query(
        f"""
        with ours as (
            select transaction_id, account_id, sum(debit - credit) as amount
            from ledger.posting where realm_id = '{realm_id}' group by all
        ),
        theirs as (
            select transaction_id, account_id, sum(debit - credit) as amount
            from qbo_report.general_ledger_row where realm_id = '{realm_id}' and account_id is not null group by all
        )
        select transaction_id, account_id, ours.amount, theirs.amount
        from ours full join theirs using (transaction_id, account_id)
        where coalesce(ours.amount, 0) <> coalesce(theirs.amount, 0)
        """
    )
    assert differing == []
    assert query(f"select count(*) > 0 from qbo_report.general_ledger_row where realm_id = '{realm_id}'") == [(True,)]


def test_receivables_and_payables_are_those_of_the_open_documents(
    query: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    open_amounts = query(
        f"select side, sum(home_amount) from ledger.open_item_change where realm_id = '{LANDSCAPING}' group by side order by 1"
    )
    assert open_amounts == [("payable", Decimal("1602.67")), ("receivable", Decimal("5281.52"))]
    open_invoices = query(
        "select count(*), sum(amount) from (select document_id, sum(amount) as amount from ledger.open_item_change"
        f" where realm_id = '{LANDSCAPING}' and document_type = 'Invoice' group by document_id having sum(amount) <> 0)"
    )
    assert open_invoices == [(20, Decimal("5281.52"))]


@pytest.mark.parametrize(
    ("table", "balance"), [("invoice", "balance"), ("bill", "balance"), ("payment", "-unapplied_amount")]
)
def test_what_is_open_now_is_the_balance_quickbooks_gives_each_document(
    query: Callable[[str], list[tuple[Any, ...]]], table: str, balance: str
) -> None:
    differing = query(
        f"""
        select document.realm_id, document.id, {balance}, open_item.amount
        from qbo.{table} as document
        left join (
            select realm_id, document_id, sum(amount) as amount
            from ledger.open_item_change where lower(document_type) = '{table}' group by all
        ) as open_item on open_item.realm_id = document.realm_id and open_item.document_id = document.id
        where not document.is_deleted and {balance} <> coalesce(open_item.amount, 0)
        """
    )
    assert differing == []


def test_nothing_is_left_unresolved(query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    assert query("select * from ledger.posting where role = 'unresolved'") == []
