"""GeneralLedger: every posting of a period, account by account, with running balances on the account's natural side.

Shape recorded from the US sample company; what payments of zero linked stands last, under "Not Specified". An account that
held something before begins with a row "Beginning Balance" (recorded from another sandbox) whose balance alone is filled; its
total is what moved. That accounts of the income statement begin with the fiscal year so far, and Retained Earnings with all
earlier years, follows from the fiscal-year rule; no recording shows it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qbo_pipeline.emulator.accounting.chart import Account
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.chart import TYPES, Chart, natural, retained_earnings
from qbo_pipeline.emulator.reports.closing import closing
from qbo_pipeline.emulator.reports.document import Report, Row, data, section
from qbo_pipeline.emulator.reports.entries import Entry
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.layout import Layout
from qbo_pipeline.emulator.reports.ledger_sections import LedgerSections

_COLUMNS = ("tx_date", "txn_type", "doc_num", "name", "memo", "split_acc", "subt_nat_amount", "rbal_nat_amount")
_ACCOUNT_FILTERS = ("account", "source_account")
_TYPE_FILTERS = ("account_type", "source_account_type")


def general_ledger(inquiry: Inquiry) -> Report:
    """The report."""
    accounts = dict(inquiry.books.accounts())
    retained = retained_earnings(accounts)
    accounts[retained.id] = retained
    wanted = _wanted(inquiry, accounts)
    postings = inquiry.postings()
    moved = [each for each in postings if each.date in inquiry.period and each.account_id in wanted]
    opening = {each: held for each, held in _opening(inquiry, postings, accounts).items() if each in wanted}
    layout = Layout(inquiry, _COLUMNS)
    rows, _ = LedgerSections(layout, Chart(accounts.values()), moved, opening).of_types(*TYPES)
    links = [posting for posting in inquiry.kept(inquiry.books.zero_links()) if posting.date in inquiry.period]
    if links and len(wanted) == len(accounts):
        rows.append(_not_specified(layout, links))
    return Report(header=inquiry.header(), columns=layout.definitions(), rows=rows, has_data=bool(rows))


def _wanted(inquiry: Inquiry, accounts: Mapping[str, Account]) -> set[str]:
    """The accounts that the filters leave; Intuit writes types without blanks there ("AccountsReceivable")."""
    wanted = set(accounts)
    for name in _ACCOUNT_FILTERS:
        wanted &= inquiry.parameters.ids(name) or wanted
    for name in _TYPE_FILTERS:
        types = {kind.casefold() for kind in inquiry.parameters.listed(name)}
        wanted = {each for each in wanted if not types or accounts[each].type.replace(" ", "").casefold() in types}
    return wanted


def _opening(inquiry: Inquiry, postings: Sequence[Posting], accounts: Mapping[str, Account]) -> dict[str, Decimal]:
    """What stood on every account before the period's first day, on its natural side.

    On the first day of a fiscal year the year before is closed already: the year that counts is the first day's.
    """
    start = inquiry.period.start
    before = [posting for posting in postings if posting.date < start]
    closed = closing(before, accounts, start, inquiry.books.fiscal_year_start_month)
    balances = closed.permanent | closed.temporary
    retained = retained_earnings(accounts).id
    balances[retained] = balances.get(retained, Decimal(0)) + (closed.earlier_years or 0)
    return {account_id: natural(accounts[account_id], balance) for account_id, balance in balances.items()}


def _not_specified(layout: Layout, links: Sequence[Posting]) -> Row:
    zero = Decimal(0)
    rows = [data(layout.cells(Entry(posting, zero, balance=zero))) for posting in links]
    return section(layout.heading("Not Specified"), rows, layout.line("Total for Not Specified", amount=zero))
