"""Loading the operational system into `raw_ops`, incrementally: rows that changed are appended, each version once.

Data flow: which rows changed -> is that version landed already? -> dlt's `sql_table` -> Parquet -> `raw_ops.<table>`.

Appended rather than merged: what was approved when, and what a document said when it was pushed, stays answerable; a load
done twice is harmless; and nothing is rewritten. The current row is the one with the newest `(updated_at, loaded_at)`.
Where no table has news dlt is not started at all: an idle look is one small query per table.
"""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dlt
import pyarrow as pa
import sqlalchemy as sa
from dlt.destinations import duckdb as duckdb_destination
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.extract import DltResource
from dlt.pipeline.exceptions import PipelineStepFailed
from dlt.sources.sql_database import sql_table

from qbo_pipeline.ops.arrow import INSTANT, arrow_schema
from qbo_pipeline.ops.database import OpsDatabase
from qbo_pipeline.ops.news import News, held, news
from qbo_pipeline.ops.schema import SCHEMA, TABLES, key_of, metadata
from qbo_pipeline.ops.values import Instant
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.source_tables import ensure_tables, newest_landing

PIPELINE_NAME = "ops_load"


def load_ops(
    database: OpsDatabase | None,
    warehouse: Warehouse,
    folder: Path,
    clock: Callable[[], datetime],
    *,
    full: bool = False,
    tell: Callable[[str], None] | None = None,
) -> dict[str, int]:
    """Append what changed to the warehouse; returns the rows landed by table, without the tables that had none.

    `full` takes every row, for a system that changed rows without moving `updated_at`. Without a database the tables are
    made and left empty, so that no model and no query meets a missing one. Raises `OpsUnavailable` if it cannot be read.
    """
    with warehouse.lock.held("load the operational system", tell=tell):
        with warehouse.connect("look what is landed of the operational system") as connection:
            ensure_tables(connection, SCHEMA, {table.name: arrow_schema(table) for table in TABLES})
            if database is None:
                return {}
            known = held(connection)
            loaded_at = _next_instant(clock(), newest_landing(connection, SCHEMA))
        fresh = news(database, known, full=full)
        if not fresh:
            return {}
        try:
            return _run(_pipeline(warehouse, folder), [_changed_rows(database, each, loaded_at) for each in fresh])
        except PipelineStepFailed as error:
            # dlt reads while it extracts, and wraps what the system answered.
            if error.step == "extract":
                raise database.failure(_cause(error)) from error
            raise


def _run(pipeline: dlt.Pipeline, resources: list[DltResource]) -> dict[str, int]:
    if pipeline.has_pending_data:
        # A load that broke off told nobody how far it came: its rows are looked for again, and landed once.
        pipeline.abort_packages()
    pipeline.run(resources, loader_file_format="parquet").raise_on_failed_jobs()
    # dlt keeps the files of every load for ever: a second copy of what was read, which nobody opens.
    for load_id in pipeline.list_completed_load_packages():
        shutil.rmtree(pipeline.get_load_package_info(load_id).package_path)
    counts = pipeline.last_trace.last_normalize_info.row_counts
    return {table.name: counts[table.name] for table in TABLES if counts.get(table.name)}


def _cause(error: BaseException) -> Exception:
    """The first error of a chain."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error if isinstance(error, Exception) else RuntimeError(str(error))


def _pipeline(warehouse: Warehouse, folder: Path) -> dlt.Pipeline:
    # Which load a row came with, so that a load that broke off can be told from one that was completed.
    dlt.config["normalize.parquet_normalizer.add_dlt_load_id"] = True
    # One table after the other: dlt's default reads from all at once, with a connection for each.
    dlt.config["extract.next_item_mode"] = "fifo"
    # dlt opens the file itself, and keeps the limits that every other use of it keeps.
    credentials = DuckDbCredentials(str(warehouse.path))
    credentials.global_config = warehouse.limits
    return dlt.pipeline(
        PIPELINE_NAME, destination=duckdb_destination(credentials), dataset_name=SCHEMA, pipelines_dir=str(folder)
    )


def _changed_rows(database: OpsDatabase, fresh: News, loaded_at: datetime) -> DltResource:
    """dlt's resource of one table's news."""
    table, since = fresh.table, fresh.since
    resource = sql_table(
        database.engine,
        table.name,
        metadata=metadata,
        backend="pyarrow",
        reflection_level="full_with_precision",
        type_adapter_callback=_plain_type,
        query_adapter_callback=lambda query, _: query.where(table.c.updated_at >= since) if since else query,
        write_disposition="append",
    )
    # What is required and empty is for `ops check` to name; it must not keep the other tables from being loaded.
    resource.apply_hints(columns={column.name: {"nullable": True} for column in table.columns})
    return resource.add_map(lambda rows: _to_land(rows, fresh, loaded_at))


def _to_land(rows: pa.Table, fresh: News, loaded_at: datetime) -> pa.Table:
    """Those of the rows read that are news, with the instant of their load."""
    if fresh.versions is not None:
        columns = [rows.column(name).to_pylist() for name in (*key_of(fresh.table), "updated_at")]
        rows = rows.filter(pa.array([version in fresh.versions for version in zip(*columns, strict=True)], pa.bool_()))
    return rows.append_column("loaded_at", pa.array([loaded_at] * rows.num_rows, INSTANT)).cast(
        arrow_schema(fresh.table)
    )


def _plain_type(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    """The contract's types as dlt knows them; their values have been read by ours already."""
    if isinstance(kind, Instant):
        return sa.DateTime(timezone=True)
    return kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind


def _next_instant(now: datetime, newest: datetime | None) -> datetime:
    """Now, or just after the newest load if our clock went back: models take what came after their last look."""
    return now if newest is None or now > newest else newest + timedelta(microseconds=1)
