"""The books as the published copy has them: how they tie to QuickBooks' reports, and the months, with their charts."""

from dataclasses import dataclass

from starlette.responses import Response

from qbo_pipeline.gateway.visits import Refused, Visit
from qbo_pipeline.owner_report.figures import Company, companies, figures

_CHARTS = {
    "revenue": {"Revenue": "revenue_accrual", "Expenses": "expenses_accrual", "Collected": "cash_collected"},
    "owed": {"Receivable": "ar_balance", "Payable": "ap_balance"},
}
# The drawing brings its own styles, and is an image: nothing in it runs or is fetched.
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class Shown:
    """One connection that has books in the published copy."""

    connection: str
    name: str


def books_page(visit: Visit) -> Response:
    """The months and ties of one company; of the first where none is named."""
    there = _companies()
    asked = visit.query("connection")
    company = next((each for each in there if each.connection == asked), there[0] if there and not asked else None)
    if asked and company is None:
        raise Refused(404, f"There are no published books of {asked}. A sync makes them.")
    return visit.page(
        "books.html.jinja",
        companies=[Shown(each.connection, each.name) for each in there],
        company=company,
        figures=figures(company) if company else None,
        charts=list(_CHARTS),
    )


def chart(visit: Visit) -> Response:
    """One chart of one company's months."""
    from qbo_pipeline.owner_report.charts import bars_by_month, lines_by_month  # noqa: PLC0415 - matplotlib is slow to load

    name, connection = visit.request.path_params["chart"], visit.request.path_params["connection"]
    company = next((each for each in _companies() if each.connection == connection), None)
    months = figures(company).months if company else []
    if name not in _CHARTS or not months:
        raise Refused(404, "There is no such chart.")
    amounts = {label: [row[column] for row in months] for label, column in _CHARTS[name].items()}
    draw = lines_by_month if name == "owed" else bars_by_month
    drawing = draw([row["month"] for row in months], amounts)
    return Response(drawing, media_type="image/svg+xml", headers={"Content-Security-Policy": _DRAWING_POLICY})


def _companies() -> list[Company]:
    try:
        return companies()
    except FileNotFoundError:
        return []
