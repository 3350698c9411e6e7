"""The report's charts: drawn by matplotlib, standing in the page as SVG, so that the file needs nothing from elsewhere."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

# Told apart by people who do not see all colours (Okabe and Ito's palette), and in grey.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9")
_STYLE = {
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and scaled
    "svg.hashsalt": "qbo-pipeline",  # the same figures draw the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e5e5e5",
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def bars_by_month(months: Sequence[date], series: Mapping[str, Sequence[Decimal]]) -> str:
    """Bars side by side for each month, one colour for each of `series`."""
    with mpl.rc_context(_STYLE):
        figure, axes = _blank()
        width = 0.8 / len(series)
        for number, ((label, amounts), colour) in enumerate(zip(series.items(), COLOURS, strict=False)):
            places = [place + (number - (len(series) - 1) / 2) * width for place in range(len(months))]
            axes.bar(places, [float(amount) for amount in amounts], width, label=label, color=colour)
        return _svg(figure, axes, months)


def lines_by_month(months: Sequence[date], series: Mapping[str, Sequence[Decimal]]) -> str:
    """One line over the months for each of `series`."""
    with mpl.rc_context(_STYLE):
        figure, axes = _blank()
        for (label, amounts), colour, marker in zip(series.items(), COLOURS, "os^Dv", strict=False):
            axes.plot(
                range(len(months)), [float(amount) for amount in amounts], marker=marker, label=label, color=colour
            )
        return _svg(figure, axes, months)


def _blank() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.2, 2.6), layout="constrained")
    return figure, figure.add_subplot()


def _svg(figure: Figure, axes: Axes, months: Sequence[date]) -> str:
    axes.set_xticks(range(len(months)), [f"{month:%b}\n{month:%Y}" for month in months])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.0f}"))
    axes.axhline(0, color="#999999", linewidth=0.8)
    axes.legend(loc="upper left", ncols=5, bbox_to_anchor=(0, 1.18))
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = drawn.getvalue()
    return text[text.index("<svg") :]
