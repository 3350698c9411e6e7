"""AgedReceivables and AgedPayables: what customers owe and vendors are owed, by age. Shape recorded from a US sandbox."""

from qbo_pipeline.emulator.reports.ageing import Ageing
from qbo_pipeline.emulator.reports.columns import Amounts
from qbo_pipeline.emulator.reports.document import Report, column
from qbo_pipeline.emulator.reports.inquiry import Inquiry
from qbo_pipeline.emulator.reports.party_rows import party_rows
from qbo_pipeline.emulator.reports.statement import accumulated


def aged_receivables(inquiry: Inquiry) -> Report:
    """The report on customers."""
    return _aged(Ageing(inquiry, "receivable"))


def aged_payables(inquiry: Inquiry) -> Report:
    """The report on vendors."""
    return _aged(Ageing(inquiry, "payable"))


def _aged(ageing: Ageing) -> Report:
    inquiry = ageing.inquiry
    width = ageing.period_count + 2
    amounts: dict[str, Amounts] = {}
    for item in ageing.items():
        accumulated(amounts, item.party_id, ageing.age(item), item.open_amount, width)
        accumulated(amounts, item.party_id, width - 1, item.open_amount, width)
    titles = ["Current", *(_title(ageing, age) for age in range(1, ageing.period_count + 1)), "Total"]
    return Report(
        header=ageing.header(),
        columns=[column("", ageing.party), *(column(title, "Money") for title in titles)],
        rows=party_rows(inquiry.lists, ageing.party, amounts, is_descending=inquiry.is_descending),
        has_data=bool(amounts),
        options=[("report_date", ageing.report_date.isoformat())],
    )


def _title(ageing: Ageing, age: int) -> str:
    first, last = ageing.bounds(age)
    return f"{first} and over" if last is None else f"{first} - {last}"
