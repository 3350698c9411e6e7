"""Reports written by hand in QuickBooks' shape, and landed as the pipeline lands them."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from qbo_pipeline_tests.models.conftest import REALM, TypedWarehouse

READ = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
Row = dict[str, Any]


def column(title: str, kind: str = "Money", **meta: str) -> dict[str, Any]:
    """A column; `meta` are its key and days as QuickBooks names them."""
    return {"ColTitle": title, "ColType": kind, "MetaData": [{"Name": name, "Value": meta[name]} for name in meta]}


def cells(*values: str | tuple[str, str]) -> list[dict[str, str]]:
    """The cells of a line; a pair is a text with its id."""
    return [{"value": value} if isinstance(value, str) else {"value": value[0], "id": value[1]} for value in values]


def line(*values: str | tuple[str, str], **named: str) -> Row:
    """A line of data."""
    return {"ColData": cells(*values), "type": "Data", **named}


def section(heading: Sequence[str | tuple[str, str]] | None, rows: Sequence[Row], **named: str) -> Row:
    """A section with its rows and a total; without a heading it holds a parent account's own lines."""
    head = {} if heading is None else {"Header": {"ColData": cells(*heading)}}
    return {**head, "Rows": {"Row": list(rows)}, "Summary": {"ColData": cells("Total")}, "type": "Section", **named}


def land_report(
    warehouse: TypedWarehouse,
    report: str,
    end_date: str,
    columns: Sequence[Row] = (),
    rows: Sequence[Row] = (),
    *,
    start_date: str | None = None,
    method: str | None = "Accrual",
    payload: str | None = None,
    hours: int = 0,
    **options: str,
) -> None:
    """Land a report read `hours` after the first."""
    text = payload or json.dumps({"Header": {}, "Columns": {"Column": list(columns)}, "Rows": {"Row": list(rows)}})
    at = READ + timedelta(hours=hours)
    report_id = f"{report} {start_date} {end_date} {method}"
    values = (
        REALM,
        report_id,
        report,
        method,
        start_date,
        date.fromisoformat(end_date),
        json.dumps(options),
        text,
        at,
        at,
    )
    with duckdb.connect(warehouse.path) as connection:
        connection.execute("insert into raw_qbo.report values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'load')", values)
