"""The page: the figures and charts of one company in one HTML file that needs nothing else."""

from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qbo_pipeline.owner_report.charts import bars_by_month, lines_by_month
from qbo_pipeline.owner_report.figures import AgedParty, Figures, StatementLine

PARTIES_SHOWN = 10
_COST_SECTIONS = {"Cost of goods sold", "Expenses", "Other expenses"}
_CHARTS = (
    (
        "Revenue and expenses by month",
        "Accrual: by the dates of the documents, without sales tax.",
        bars_by_month,
        {"Revenue": "revenue_accrual", "Expenses": "expenses_accrual"},
    ),
    (
        "Money received against revenue",
        "What customers paid, tax included, beside what was invoiced and what of it is paid, both without tax.",
        bars_by_month,
        {"Collected": "cash_collected", "Revenue": "revenue_accrual", "Paid portion": "revenue_paid_portion"},
    ),
    (
        "Owed to the company, and by it",
        "Accounts receivable and accounts payable at the end of each month.",
        lines_by_month,
        {"Receivable": "ar_balance", "Payable": "ap_balance"},
    ),
)


def page(figures: Figures) -> str:
    """The report of one company as HTML."""
    template = _environment().get_template("report.html.jinja")
    return template.render(
        figures=figures,
        company=figures.company,
        charts=_charts(figures),
        latest=figures.months[-1] if figures.months else None,
        profit_and_loss=_sections(figures.profit_and_loss),
        net_income=_net(figures.profit_and_loss),
        balance_sheet=_sections(figures.balance_sheet),
        owed=[
            ("What customers owe", _shown(figures.receivable)),
            ("What is owed to vendors", _shown(figures.payable)),
        ],
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qbo_pipeline.owner_report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": _money, "day": _day}
    return environment


def _charts(figures: Figures) -> list[dict[str, object]]:
    months = [row["month"] for row in figures.months]
    drawings = []
    for title, note, draw, series in _CHARTS if months else ():
        amounts = {name: [row[column] for row in figures.months] for name, column in series.items()}
        # Drawn from numbers and our own labels: there is nothing of a customer's in it to escape.
        drawings.append({"title": title, "note": note, "svg": Markup(draw(months, amounts))})  # noqa: S704
    return drawings


def _sections(lines: list[StatementLine]) -> list[dict[str, object]]:
    return [
        {"name": name, "lines": grouped, "totals": _totals(grouped)}
        for name, group in groupby(lines, key=lambda line: line.section)
        if (grouped := list(group))
    ]


def _totals(lines: list[StatementLine]) -> tuple[Decimal, ...]:
    return tuple(sum(column, Decimal(0)) for column in zip(*(line.amounts for line in lines), strict=True))


def _net(lines: list[StatementLine]) -> tuple[Decimal, ...]:
    signed = [tuple(-amount if line.section in _COST_SECTIONS else amount for amount in line.amounts) for line in lines]
    return tuple(sum(column, Decimal(0)) for column in zip(*signed, strict=True))


def _shown(parties: list[AgedParty]) -> dict[str, object]:
    """The largest parties, the others in one line, and all together."""
    first, others = parties[:PARTIES_SHOWN], parties[PARTIES_SHOWN:]
    if others:
        first = [*first, _together(f"{len(others)} others", others)]
    return {"parties": first, "all": _together("Total", parties) if parties else None}


def _together(name: str, parties: list[AgedParty]) -> AgedParty:
    buckets = tuple(sum(column, Decimal(0)) for column in zip(*(each.buckets for each in parties), strict=True))
    return AgedParty(name, buckets, sum((each.total for each in parties), Decimal(0)))


def _money(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return f"{amount:,.2f}" if amount >= 0 else f"({-amount:,.2f})"


def _day(moment: date | datetime) -> str:
    return f"{moment:%d %b %Y, %H:%M} UTC" if isinstance(moment, datetime) else f"{moment:%d %b %Y}"
