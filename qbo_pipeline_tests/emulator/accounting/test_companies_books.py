"""What must hold in the books of every sample company, on both bases and at any day."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest

from qbo_pipeline.emulator.accounting.books import Books
from qbo_pipeline.emulator.accounting.chart import PAYABLE, RECEIVABLE
from qbo_pipeline.emulator.accounting.open_items import Side
from qbo_pipeline.emulator.accounting.posting import Basis
from qbo_pipeline.emulator.books.company import Company
from qbo_pipeline.emulator.books.records import CompanyRecords
from qbo_pipeline.emulator.clock import ManualClock
from qbo_pipeline.emulator.companies import company_seeds
from qbo_pipeline.emulator.settings import EmulatorSettings

AS_OF = date(2026, 8, 16)
COMPANIES = ("landscaping", "consultancy", "generated:200")


@cache
def records_of(name: str) -> CompanyRecords:
    return CompanyRecords(company_seeds([name], AS_OF)[0].source)


@cache
def books_of(name: str) -> Books:
    return Books(records_of(name), company_seeds([name], AS_OF)[0].unshown, AS_OF)


@pytest.mark.parametrize("basis", ["Accrual", "Cash"])
@pytest.mark.parametrize("name", COMPANIES)
def test_every_transaction_balances_on_each_day_it_touches(name: str, basis: Basis) -> None:
    sums: Counter[tuple[str, date]] = Counter()
    for posting in books_of(name).postings(basis):
        sums[posting.transaction_id, posting.date] += posting.amount
    assert sums
    assert not any(sums.values())


@pytest.mark.parametrize("name", COMPANIES)
def test_postings_come_in_order_of_date_and_entry(name: str) -> None:
    order = [(posting.date, posting.created) for posting in books_of(name).postings("Accrual")]
    assert order == sorted(order)


@pytest.mark.parametrize(("side", "account_type", "sign"), [("receivable", RECEIVABLE, 1), ("payable", PAYABLE, -1)])
@pytest.mark.parametrize("name", COMPANIES)
def test_open_items_add_up_to_the_control_accounts_on_any_day(
    name: str, side: Side, account_type: str, sign: int
) -> None:
    books = books_of(name)
    for days_ago in range(0, 400, 23):
        day = AS_OF - timedelta(days=days_ago)
        balance = sum(
            (
                posting.amount
                for posting in books.postings("Accrual")
                if books.accounts()[posting.account_id].type == account_type and posting.date <= day
            ),
            Decimal(0),
        )
        items = books.open_items(side, day, counts_later_payments=False)
        assert sum((item.open_amount for item in items), Decimal(0)) == sign * balance, day


@pytest.mark.parametrize("name", ["landscaping", "consultancy"])
def test_accounts_stand_in_the_books_where_their_records_say(name: str) -> None:
    books, at_home, own = books_of(name), Counter[str](), Counter[str]()
    for posting in books.postings("Accrual"):
        at_home[posting.account_id] += posting.amount
        own[posting.account_id] += posting.amount if posting.foreign_amount is None else posting.foreign_amount
    for record in records_of(name).each("Account"):
        account = books.accounts()[record["Id"]]
        if not account.is_income_statement:
            balance = (at_home if account.currency == books.home_currency else own)[account.id]
            # QuickBooks shows a card's debt and the owners' equity above zero.
            sign = -1 if account.type in ("Credit Card", "Equity") else 1
            assert sign * balance == Decimal(str(record["CurrentBalance"])), account.name


@pytest.mark.parametrize(
    ("side", "entities"), [("receivable", ("Invoice", "CreditMemo")), ("payable", ("Bill", "VendorCredit"))]
)
def test_what_is_open_today_is_what_the_documents_say(side: Side, entities: tuple[str, ...]) -> None:
    items = books_of("consultancy").open_items(side, AS_OF, counts_later_payments=False)
    found = {(item.entity, item.transaction_id): abs(item.foreign_open) for item in items}
    for entity in entities:
        for record in records_of("consultancy").each(entity):
            assert found.get((entity, record["Id"]), 0) == Decimal(str(record["Balance"]))


def test_books_are_computed_once_for_each_state_of_the_records() -> None:
    (seed,) = company_seeds(["generated:20"], AS_OF)
    clock = ManualClock(datetime(2026, 8, 16, 19, tzinfo=UTC))
    company = Company(seed, EmulatorSettings(), clock)
    first = company.books()
    assert company.books() is first
    invoice = next(posting.transaction_id for posting in first.postings("Accrual") if posting.entity == "Invoice")
    company.void("Invoice", invoice)
    second = company.books()
    assert second is not first
    assert not any(posting.amount for posting in second.postings("Accrual") if posting.transaction_id == invoice)
    clock.advance(24 * 3600)
    assert company.books().today == second.today + timedelta(days=1)
