"""Writing the reports: one file per company, replaced as a whole."""

from collections.abc import Collection
from pathlib import Path

from qbo_pipeline.owner_report.figures import companies, figures
from qbo_pipeline.owner_report.page import page


def write_reports(folder: Path, connections: Collection[str] = ()) -> dict[str, Path]:
    """Write the report of each company (of `connections` only, where any are named) into `folder`; the files by connection.

    A connection whose books are not in the published copy has no report and is not in the answer. Raises
    `FileNotFoundError` where nothing was published yet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for company in companies():
        if connections and company.connection not in connections:
            continue
        target = folder / f"{company.connection}.html"
        incoming = target.with_suffix(".incoming")
        incoming.write_text(page(figures(company)), "utf-8")
        incoming.replace(target)
        written[company.connection] = target
    return written
