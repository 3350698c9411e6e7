"""JournalReport: every transaction of a period with all its debits and credits, then their total.

Columns are those of Intuit's sample. That a transaction ends with a total of its own is what clients of it rely on.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.document import Cell, Report, data, section
from qbo_pipeline.emulator.reports.entries import Entry
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.layout import Layout

_COLUMNS = ("tx_date", "txn_type", "doc_num", "name", "memo", "account_name", "debt_amt", "credit_amt")


def journal_report(inquiry: Inquiry) -> Report:
    """The report."""
    layout = Layout(inquiry, _COLUMNS)
    postings = [posting for posting in inquiry.postings() if posting.date in inquiry.period]
    postings.sort(key=_transaction)
    rows = []
    for _, transaction in groupby(postings, key=_transaction):
        entries = [Entry(posting, posting.amount) for posting in transaction]
        shown = [data(layout.cells(entry)) for entry in entries]
        rows.append(section(None, shown, _total(layout, "", entries)))
    if rows:
        rows.append(section(None, None, _total(layout, "TOTAL", [Entry(each, each.amount) for each in postings])))
    return Report(
        header=inquiry.header(has_basis=False), columns=layout.definitions(), rows=rows, has_data=bool(postings)
    )


def _transaction(posting: Posting) -> tuple[object, ...]:
    return posting.date, posting.created, posting.display_type, posting.transaction_id


def _total(layout: Layout, name: str, entries: Sequence[Entry]) -> list[Cell]:
    debit = sum((entry.debit or Decimal(0) for entry in entries), Decimal(0))
    credit = sum((entry.credit or Decimal(0) for entry in entries), Decimal(0))
    return layout.line(name, debit=debit, credit=credit)
