"""AgedReceivableDetail and AgedPayableDetail: every open document, oldest age first.

Columns and totals recorded for payables; receivables lack the days past due, as Intuit's page has it.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from qbo_pipeline.emulator.accounting.open_items import OpenItem
from qbo_pipeline.emulator.accounting.posting import Posting
from qbo_pipeline.emulator.reports.ageing import Ageing
from qbo_pipeline.emulator.reports.document import Report, data, section
from qbo_pipeline.emulator.reports.entries import Entry
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.layout import Layout

_RECEIVABLES = ("tx_date", "txn_type", "doc_num", "cust_name", "due_date", "subt_amount", "subt_open_bal")
_PAYABLES = (
    "tx_date",
    "txn_type",
    "doc_num",
    "vend_name",
    "due_date",
    "past_due",
    "subt_neg_amount",
    "subt_neg_open_bal",
)


def aged_receivable_detail(inquiry: Inquiry) -> Report:
    """The report on customers."""
    return _detail(Ageing(inquiry, "receivable"), _RECEIVABLES)


def aged_payable_detail(inquiry: Inquiry) -> Report:
    """The report on vendors."""
    return _detail(Ageing(inquiry, "payable"), _PAYABLES)


def entry_of(ageing: Ageing, item: OpenItem, balance: Decimal | None = None) -> Entry:
    """An open document as a row."""
    posting = Posting(
        transaction_id=item.transaction_id,
        entity=item.entity,
        display_type=item.display_type,
        date=item.date,
        created=0,
        number=item.number,
        account_id="",
        amount=item.amount,
        name_kind=ageing.party if item.party_id else "",
        name_id=item.party_id,
        memo="",
        split_account_id="",
        currency=item.currency,
    )
    return Entry(
        posting,
        item.amount,
        balance=balance,
        open_amount=item.open_amount,
        due_date=item.due_date,
        days_past_due=ageing.days_past_due(item),
    )


def totals(entries: Sequence[Entry]) -> dict[str, Decimal]:
    """What entries come to, by figure."""
    return {
        "amount": sum((entry.amount or Decimal(0) for entry in entries), Decimal(0)),
        "open_amount": sum((entry.open_amount or Decimal(0) for entry in entries), Decimal(0)),
    }


def _detail(ageing: Ageing, columns: Sequence[str]) -> Report:
    layout = Layout(ageing.inquiry, columns)
    by_age: defaultdict[int, list[Entry]] = defaultdict(list)
    for item in ageing.items():
        by_age[ageing.age(item)].append(entry_of(ageing, item))
    rows = []
    for age in sorted(by_age, reverse=True):
        entries = layout.in_order(by_age[age])
        name = _title(ageing, age)
        cells = [data(layout.cells(entry)) for entry in entries]
        rows.append(section(layout.heading(name), cells, layout.line(f"Total for {name}", **totals(entries))))
    everything = [entry for entries in by_age.values() for entry in entries]
    if rows:
        rows.append(section(None, None, layout.line("TOTAL", **totals(everything))))
    return Report(
        header=ageing.header(),
        columns=layout.definitions(),
        rows=rows,
        has_data=bool(rows),
        options=[("report_date", ageing.report_date.isoformat())],
    )


def _title(ageing: Ageing, age: int) -> str:
    if age == 0:
        return "Current"
    first, last = ageing.bounds(age)
    return f"{first} or more days past due" if last is None else f"{first} - {last} days past due"
