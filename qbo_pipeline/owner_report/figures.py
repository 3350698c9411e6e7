"""What the report shows of one company, read from the published copy; nothing is added up here that a model adds up."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qbo_pipeline import analytics
from qbo_pipeline.warehouse.query import Connection

MONTHS_SHOWN = 13  # a year, and the month it is compared with


@dataclass(frozen=True)
class Company:
    """Whose books these are; `today` is the business date of the last sync."""

    realm_id: str
    name: str
    currency: str
    today: date
    connection: str


@dataclass(frozen=True)
class StatementLine:
    """An account's line of a statement: the amounts to show, in the order of its columns."""

    section: str
    account_name: str
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True)
class AgedParty:
    """What one customer owes, or one vendor is owed: by bucket of age, and in all."""

    name: str
    buckets: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True)
class Tie:
    """How many month-ends of one QuickBooks report equal ours to the cent."""

    report: str
    accounting_method: str | None
    months_tied: int
    months: int


@dataclass(frozen=True)
class SyncRun:
    """One finished sync of the company."""

    finished_at: datetime
    status: str
    calls: int
    error: str | None


@dataclass(frozen=True)
class Figures:
    """Everything the page shows. `months` are snapshots by name, oldest first; amounts are in the home currency."""

    company: Company
    months: list[dict[str, object]]
    profit_and_loss: list[StatementLine]
    balance_sheet: list[StatementLine]
    bucket_names: tuple[str, ...]
    receivable: list[AgedParty]
    payable: list[AgedParty]
    ties: list[Tie]
    untied: list[dict[str, object]]
    runs: list[SyncRun]


def companies() -> list[Company]:
    """The connected companies that have books in the published copy; `FileNotFoundError` where there is none."""
    with analytics.connect() as connection:
        return [Company(*row) for row in connection.execute(_COMPANIES).fetchall()]


def figures(company: Company) -> Figures:
    """The figures of one company, all of one published copy."""
    realm = [company.realm_id]
    with analytics.connect() as connection:
        columns = [name for name, *_ in connection.execute(_MONTHS, realm).description]
        months = [dict(zip(columns, row, strict=True)) for row in connection.fetchall()]
        return Figures(
            company=company,
            months=months,
            profit_and_loss=_lines(connection, _PROFIT_AND_LOSS, realm),
            balance_sheet=_lines(connection, _BALANCE_SHEET, realm),
            bucket_names=("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over"),
            receivable=_aged(connection, "ar_aging", "customer", realm),
            payable=_aged(connection, "ap_aging", "vendor", realm),
            ties=[Tie(*row) for row in connection.execute(_TIES, realm).fetchall()],
            untied=[
                dict(zip(("report", "as_of_date", "difference", "explanation"), row, strict=True))
                for row in connection.execute(_UNTIED, realm).fetchall()
            ],
            runs=[SyncRun(*row) for row in connection.execute(_RUNS, realm).fetchall()],
        )


def _lines(connection: Connection, statement: str, realm: list[str]) -> list[StatementLine]:
    found = connection.execute(statement, realm).fetchall()
    return [StatementLine(section, name, tuple(amounts)) for section, name, *amounts in found]


def _aged(connection: Connection, table: str, party: str, realm: list[str]) -> list[AgedParty]:
    found = connection.execute(_AGED.format(table=table, party=party), realm).fetchall()
    return [AgedParty(name, tuple(buckets), total) for name, total, *buckets in found]


_COMPANIES = """
    select company.realm_id, company.company_name, company.home_currency_id, company.today, connection.connection
    from finance.company as company
    inner join sync.connection as connection using (realm_id)
    where company.today is not null
    order by connection.connection
"""

_MONTHS = f"""
    select *
    from finance.monthly_snapshot
    where realm_id = $1
    qualify row_number() over (order by month desc) <= {MONTHS_SHOWN}
    order by month
"""  # noqa: S608 - a constant

# The month that is running and the year so far, each beside the year before.
_PROFIT_AND_LOSS = """
    select section, full_name, amount, prior_year_amount, year_to_date_amount, prior_year_to_date_amount
    from finance.profit_and_loss
    where realm_id = $1 and accounting_method = 'Accrual'
        and month = (select max(month) from finance.profit_and_loss where realm_id = $1)
        and (amount, prior_year_amount, year_to_date_amount, prior_year_to_date_amount) != (0, 0, 0, 0)
    order by position, full_name
"""

_BALANCE_SHEET = """
    select section, full_name, amount, prior_month_amount, prior_year_amount
    from finance.balance_sheet
    where realm_id = $1 and accounting_method = 'Accrual'
        and month = (select max(month) from finance.balance_sheet where realm_id = $1)
        and (amount, prior_month_amount, prior_year_amount) != (0, 0, 0)
    order by position, full_name
"""

_AGED = """
    with aged as (
        select aging.party_id, aging.bucket, sum(aging.amount) as amount
        from finance.{table} as aging
        where aging.realm_id = $1 and aging.aging_basis = 'due_date'
            and aging.as_of_date = (select max(as_of_date) from finance.{table} where realm_id = $1)
        group by aging.party_id, aging.bucket
    )
    select
        coalesce(party.display_name, 'without a name') as name,
        sum(aged.amount) as total,
        coalesce(sum(aged.amount) filter (where aged.bucket = 1), 0),
        coalesce(sum(aged.amount) filter (where aged.bucket = 2), 0),
        coalesce(sum(aged.amount) filter (where aged.bucket = 3), 0),
        coalesce(sum(aged.amount) filter (where aged.bucket = 4), 0),
        coalesce(sum(aged.amount) filter (where aged.bucket >= 5), 0)
    from aged
    left join qbo.{party} as party on party.realm_id = $1 and party.id = aged.party_id
    group by aged.party_id, party.display_name
    having sum(aged.amount) != 0
    order by total desc, name
"""

_TIES = """
    select report, accounting_method, count(*) filter (where is_tied) as months_tied, count(*) as months
    from finance.reconciliation_month
    where realm_id = $1
    group by report, accounting_method
    order by report, accounting_method
"""

_UNTIED = """
    select report, as_of_date, sum(abs(difference)) as difference, max(explanation) as explanation
    from finance.reconciliation
    where realm_id = $1 and difference != 0
    group by report, as_of_date
    order by as_of_date desc, report
    limit 20
"""

_RUNS = """
    select finished_at, status, calls, error
    from sync.run
    where realm_id = $1 and finished_at is not null
    order by finished_at desc
    limit 5
"""
