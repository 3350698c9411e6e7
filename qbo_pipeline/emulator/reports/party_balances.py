"""CustomerBalance, VendorBalance and their details: what is open with each party on a day, whatever its age.

The summaries' shape is that of Intuit's samples; in the details Intuit's sample has Amount and Balance, here the open balance
stands between them as in QuickBooks' own screen, because the running balance adds up what is open.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qbo_pipeline.emulator.accounting.open_items import OpenItem, Side
from qbo_pipeline.emulator.reports.aged_detail import entry_of, totals
from qbo_pipeline.emulator.reports.ageing import Ageing
from qbo_pipeline.emulator.reports.columns import Amounts
from qbo_pipeline.emulator.reports.document import Report, Row, column, data, section
from qbo_pipeline.emulator.reports.entries import Entry
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.layout import Layout
from qbo_pipeline.emulator.reports.party_rows import party_rows
from qbo_pipeline.emulator.reports.statement import accumulated

_FIRST_COLUMNS = ("tx_date", "txn_type", "doc_num", "due_date")
_CUSTOMER_COLUMNS = (*_FIRST_COLUMNS, "subt_nat_amount", "subt_open_bal", "rbal_open_bal")
_VENDOR_COLUMNS = (*_FIRST_COLUMNS, "subt_neg_amount", "subt_neg_open_bal", "rbal_neg_open_bal")


def customer_balance(inquiry: Inquiry) -> Report:
    """What each customer owes."""
    return _summary(_OpenBalances(inquiry, "receivable"))


def vendor_balance(inquiry: Inquiry) -> Report:
    """What each vendor is owed."""
    return _summary(_OpenBalances(inquiry, "payable"))


def customer_balance_detail(inquiry: Inquiry) -> Report:
    """What each customer owes, document by document."""
    return _detail(_OpenBalances(inquiry, "receivable"), _CUSTOMER_COLUMNS)


def vendor_balance_detail(inquiry: Inquiry) -> Report:
    """What each vendor is owed, document by document."""
    return _detail(_OpenBalances(inquiry, "payable"), _VENDOR_COLUMNS)


@dataclass(frozen=True)
class _OpenBalances:
    inquiry: Inquiry
    side: Side

    @property
    def ageing(self) -> Ageing:
        return Ageing(self.inquiry, self.side)

    @property
    def day(self) -> date:
        return self.ageing.report_date

    def header(self) -> dict[str, str]:
        """Balances are of all time by default, and say so instead of days."""
        parameters = self.inquiry.parameters
        if parameters.day("report_date"):
            return self.inquiry.filters_shown()
        if (parameters.text("date_macro") or "all").lower() == "all":
            return {"DateMacro": "all", **self.inquiry.filters_shown()}
        return self.ageing.header()

    def items(self) -> list[OpenItem]:
        parties = self.inquiry.parameters.ids(self.ageing.party.lower())
        found = self.inquiry.books.open_items(self.side, self.day, counts_later_payments=False)
        return [item for item in found if not parties or item.party_id in parties]


def _summary(balances: _OpenBalances) -> Report:
    inquiry, party = balances.inquiry, balances.ageing.party
    amounts: dict[str, Amounts] = {}
    for item in balances.items():
        accumulated(amounts, item.party_id, 0, item.open_amount, 1)
    return Report(
        header=balances.header(),
        columns=[column("", party), column("Total", "Money")],
        rows=party_rows(inquiry.lists, party, amounts, is_descending=inquiry.is_descending),
        has_data=bool(amounts),
        options=[("report_date", balances.day.isoformat())],
    )


def _detail(balances: _OpenBalances, columns: Sequence[str]) -> Report:
    inquiry, party = balances.inquiry, balances.ageing.party
    layout = Layout(inquiry, columns)
    by_party: defaultdict[str, list[OpenItem]] = defaultdict(list)
    for item in balances.items():
        by_party[item.party_id].append(item)
    names = {record_id: inquiry.lists.full_name(party, record_id) for record_id in by_party}
    rows: list[Row] = []
    everything: list[Entry] = []
    for record_id in sorted(by_party, key=lambda each: (not each, names[each])):
        entries = _running(balances.ageing, by_party[record_id])
        everything += entries
        name = names[record_id] or "Not Specified"
        shown = [data(layout.cells(entry)) for entry in layout.in_order(entries)]
        total = layout.line(f"Total for {name}", **totals(entries))
        rows.append(section(layout.heading(name, record_id or None), shown, total))
    if rows:
        rows.append(section(None, None, layout.line("TOTAL", **totals(everything))))
    return Report(
        header=balances.header(),
        columns=layout.definitions(),
        rows=rows,
        has_data=bool(rows),
        options=[("report_date", balances.day.isoformat())],
    )


def _running(ageing: Ageing, items: Sequence[OpenItem]) -> list[Entry]:
    entries = []
    balance = Decimal(0)
    for item in sorted(items, key=lambda each: each.date):
        balance += item.open_amount
        entries.append(entry_of(ageing, item, balance))
    return entries
