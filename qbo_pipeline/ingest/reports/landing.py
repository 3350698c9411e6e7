"""Landing reports: rows appended to `raw_qbo.report`, and the cursor that says what they took account of.

The cursor lands in the same load as the company's last report. It holds the instant of our own newest load that the reports
were asked for after, and moves only when every report that was due has come.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from qbo_pipeline.ingest.envelope import cursor_rows
from qbo_pipeline.ingest.landing import Landing
from qbo_pipeline.ingest.reports.fetch import Fetched
from qbo_pipeline.warehouse.raw import CURSOR_TABLE
from qbo_pipeline.warehouse.reports import REPORT, REPORT_TABLE


def land_reports(
    landing: Landing,
    fetched: Sequence[Fetched],
    read_through: Mapping[str, datetime],
    *,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Append reports and, for the companies of `read_through`, how far their reports take account of what was landed."""

    def rows_of(loaded_at: datetime) -> dict[str, pa.Table]:
        reads = [(realm_id, REPORT_TABLE, "reports", instant) for realm_id, instant in read_through.items()]
        cursors = {CURSOR_TABLE: cursor_rows(reads, loaded_at)} if reads else {}
        return cursors | {REPORT_TABLE: _rows(fetched, loaded_at)}

    landing.append(rows_of, tell=tell)


def _rows(fetched: Sequence[Fetched], loaded_at: datetime) -> pa.Table:
    requests = [each.request for each in fetched]
    return pa.table(
        {
            "realm_id": [each.company.realm_id for each in fetched],
            "id": [request.id for request in requests],
            "report": [request.report for request in requests],
            "accounting_method": [request.accounting_method for request in requests],
            "start_date": [request.start_date for request in requests],
            "end_date": [request.end_date for request in requests],
            "options": [request.options_text for request in requests],
            "payload": pa.array([each.payload for each in fetched], pa.binary()).cast(pa.string()),
            "fetched_at": [each.fetched_at for each in fetched],
            "loaded_at": [loaded_at] * len(fetched),
        },
        schema=REPORT,
    )
