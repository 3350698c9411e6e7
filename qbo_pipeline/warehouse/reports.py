"""QuickBooks' reports as they are landed: the table's shape, and which report was landed when.

`raw_qbo.report` is append-only. A report's id says what was asked for, so that a report read again has the same id, and its
newest row counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pyarrow as pa

from qbo_pipeline.catalog import RAW_SCHEMA
from qbo_pipeline.warehouse.raw import tables

REPORT_TABLE = "report"

_INSTANT = pa.timestamp("us", "UTC")

REPORT = pa.schema(
    [
        pa.field("realm_id", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("report", pa.string(), nullable=False),
        pa.field("accounting_method", pa.string()),
        pa.field("start_date", pa.date32()),
        pa.field("end_date", pa.date32(), nullable=False),
        pa.field("options", pa.string(), nullable=False),
        pa.field("payload", pa.string(), nullable=False),
        pa.field("fetched_at", _INSTANT, nullable=False),
        pa.field("loaded_at", _INSTANT, nullable=False),
    ]
)


@dataclass(frozen=True)
class LandedReport:
    """A report as it was last landed; `was_too_large` where QuickBooks refused it for its size."""

    id: str
    report: str
    end_date: date
    loaded_at: datetime
    was_too_large: bool


def newest_report_loads(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime]:
    """When each company's newest report was landed."""
    if REPORT_TABLE not in tables(connection):
        return {}
    statement = f"select realm_id, max(loaded_at) from {RAW_SCHEMA}.{REPORT_TABLE} group by realm_id"  # noqa: S608
    return dict(connection.execute(statement).fetchall())


def landed_reports(
    connection: duckdb.DuckDBPyConnection, realm_ids: Collection[str], *, refusal: str
) -> dict[str, list[LandedReport]]:
    """The newest row of each report of the companies; one whose payload is `refusal` was refused as too large."""
    landed: dict[str, list[LandedReport]] = {realm_id: [] for realm_id in realm_ids}
    if REPORT_TABLE not in tables(connection):
        return landed
    rows = connection.execute(
        f"""
        select
            realm_id, id, report, end_date, loaded_at,
            payload = ? as was_too_large
        from {RAW_SCHEMA}.{REPORT_TABLE}
        where realm_id in (select unnest(?))
        qualify row_number() over (partition by realm_id, id order by report.loaded_at desc, rowid desc) = 1
        """,  # noqa: S608 - constant names
        [refusal, list(realm_ids)],
    ).fetchall()
    for realm_id, *landed_report in rows:
        landed[realm_id].append(LandedReport(*landed_report))
    return landed


def remove_superseded_reports(connection: duckdb.DuckDBPyConnection, superseded_before: datetime) -> int:
    """Delete the reports that a newer reading replaced before an instant; how many. Ranks as the models rank."""
    return connection.execute(
        f"""
        delete from {RAW_SCHEMA}.{REPORT_TABLE} where rowid in (
            select rowid
            from (
                select rowid, lead(report.loaded_at) over (
                    partition by realm_id, id order by fetched_at, report.loaded_at, rowid
                ) as superseded_at
                from {RAW_SCHEMA}.{REPORT_TABLE}
            ) as reading
            where superseded_at < ?
        )
        """,  # noqa: S608 - constant names
        [superseded_before],
    ).fetchone()[0]
