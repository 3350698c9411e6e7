"""Landing a batch with dlt: Arrow tables appended to `raw_qbo`, one load for all entities and companies of the batch.

Data flow: records -> envelopes -> those not yet held -> Parquet -> DuckDB.

dlt's default INSERT format is many times slower and takes gigabytes, and neither of its merge strategies keeps an older
version from overwriting a newer one: so tables are Parquet and append-only, and what was landed before is left out here.
"""

import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import dlt
import pyarrow as pa
from dlt.destinations import duckdb as duckdb_destination
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA
from qbo_pipeline.ingest.envelope import OPERATION_DELETE, bookmark_rows, cursor_rows, envelopes
from qbo_pipeline.ingest.source import raw_resource
from qbo_pipeline.quickbooks.paging import Bookmark
from qbo_pipeline.quickbooks.record import Record
from qbo_pipeline.warehouse.file import Warehouse
from qbo_pipeline.warehouse.raw import (
    BOOKMARK,
    BOOKMARK_TABLE,
    CURSOR,
    CURSOR_TABLE,
    ENVELOPE,
    all_new,
    forget_lost_tables,
    newest_load,
    tables,
    unseen,
)
from qbo_pipeline.warehouse.reports import REPORT, REPORT_TABLE

PIPELINE_NAME = "qbo_pull"

# Every table a load may bring, with its shape: all of them are made by the first load.
SHAPES = {entity.table: ENVELOPE for entity in ENTITIES} | {
    CURSOR_TABLE: CURSOR,
    BOOKMARK_TABLE: BOOKMARK,
    REPORT_TABLE: REPORT,
}

T = TypeVar("T")


@dataclass(frozen=True)
class ReadThrough:
    """One company's entity was read completely: all its changes up to `instant` (QuickBooks' time) are in hand."""

    realm_id: str
    table: str
    read_kind: str
    instant: datetime


@dataclass
class Batch:
    """What is gathered for one load: records by table, and the reads that end with it, or are broken off after it."""

    records: dict[str, list[tuple[str, Record]]] = field(default_factory=lambda: defaultdict(list))
    reads: list[ReadThrough] = field(default_factory=list)
    broken_off: list[tuple[str, str, Bookmark]] = field(default_factory=list)
    size_bytes: int = 0

    def add(self, table: str, realm_id: str, records: Sequence[Record]) -> None:
        """Add one page of records."""
        self.records[table].extend((realm_id, record) for record in records)
        self.size_bytes += sum(len(record.payload) for record in records)

    def take(self, table: str) -> list[tuple[str, Record]]:
        """The records of one table, out of the batch: it need not hold them a second time while they are loaded."""
        return self.records.pop(table)

    def __bool__(self) -> bool:
        return bool(self.reads or self.broken_off or any(self.records.values()))


@dataclass(frozen=True)
class Landed:
    """How many versions of one company's entity a load added: of new records, of known ones, and deletions."""

    created: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: "Landed") -> "Landed":
        return Landed(self.created + other.created, self.updated + other.updated, self.deleted + other.deleted)

    @property
    def rows(self) -> int:
        """All versions added."""
        return self.created + self.updated + self.deleted


class Landing:
    """Loads batches into one warehouse; a batch that brings nothing costs no load."""

    def __init__(self, warehouse: Warehouse, folder: Path, clock: Callable[[], datetime]) -> None:
        self._warehouse = warehouse
        self._folder = folder
        self._clock = clock
        self._pipeline: dlt.Pipeline | None = None

    def land(self, batch: Batch, *, tell: Callable[[str], None] | None = None) -> dict[tuple[str, str], Landed]:
        """Append what `batch` brings and empty it of records; returns what was added by `(realm_id, table)`.

        The lock is held from the comparison to the end of the load, and not while pages are fetched.
        """
        with self._warehouse.lock.held("land what QuickBooks sent", tell=tell):
            with self._warehouse.connect("compare with what is landed") as connection:
                loaded_at = self._next_instant(newest_load(connection))
                there = tables(connection)
                forget_lost_tables(connection, SHAPES)
                fresh = {
                    table: _compare(connection, table, envelopes(batch.take(table), loaded_at), is_there=table in there)
                    for table in list(batch.records)
                }
            landed = {key: added for table, rows in fresh.items() for key, added in _count(table, rows).items()}
            self._load(fresh, _marks(batch, loaded_at), there)
        return landed

    def append(
        self, rows_of: Callable[[datetime], Mapping[str, pa.Table]], *, tell: Callable[[str], None] | None = None
    ) -> None:
        """Append rows to raw tables as they are, in one load; `rows_of` makes them, given the instant of the load."""
        with self._warehouse.lock.held("land what QuickBooks sent", tell=tell):
            with self._warehouse.connect("look up what is landed") as connection:
                loaded_at = self._next_instant(newest_load(connection))
                there = tables(connection)
                forget_lost_tables(connection, SHAPES)
            self._run(rows_of(loaded_at), there)

    def look_up(self, look_up: Callable[[Any], T]) -> T:
        """What `look_up` finds in the warehouse as it is between two loads."""
        with self._warehouse.connect("look up what is landed") as connection:
            return look_up(connection)

    def _next_instant(self, newest: datetime | None) -> datetime:
        """Now, or just after the newest load if our clock went back: models take what came after their last look."""
        now = self._clock()
        return now if newest is None or now > newest else newest + timedelta(microseconds=1)

    def _load(self, fresh: Mapping[str, pa.Table], marks: Mapping[str, pa.Table], there: set[str]) -> None:
        arriving = {table: rows.select(ENVELOPE.names).cast(ENVELOPE) for table, rows in fresh.items() if rows.num_rows}
        arriving |= {table: rows for table, rows in marks.items() if rows.num_rows}
        if arriving:
            self._run(arriving, there)

    def _run(self, arriving: Mapping[str, pa.Table], there: set[str]) -> None:
        # Every raw table is there from the first load on, so that no model and no query meets a missing one.
        empty = {table: SHAPES[table].empty_table() for table in SHAPES.keys() - there}
        arriving = empty | dict(arriving)
        pipeline = self._open_pipeline()
        pipeline.run(
            [raw_resource(table, rows) for table, rows in arriving.items()],
            loader_file_format="parquet",
        ).raise_on_failed_jobs()
        _delete_completed_packages(pipeline)

    def _open_pipeline(self) -> dlt.Pipeline:
        if self._pipeline is None:
            self._pipeline = _pipeline(self._warehouse, self._folder)
            if self._pipeline.has_pending_data:
                # A load that broke off moved no cursor: its records are read again, and landed once.
                self._pipeline.abort_packages()
        return self._pipeline


def _marks(batch: Batch, loaded_at: datetime) -> dict[str, pa.Table]:
    reads = ((read.realm_id, read.table, read.read_kind, read.instant) for read in batch.reads)
    return {CURSOR_TABLE: cursor_rows(reads, loaded_at), BOOKMARK_TABLE: bookmark_rows(batch.broken_off, loaded_at)}


def _pipeline(warehouse: Warehouse, folder: Path) -> dlt.Pipeline:
    dlt.config["normalize.parquet_normalizer.add_dlt_load_id"] = True
    # The files live as long as one load takes: compressing them and reading that again takes longer than their bytes.
    dlt.config["data_writer.compression"] = "none"
    # dlt opens the file itself, and keeps the limits that every other use of it keeps. A batch is less than one thread's
    # share of rows, and a second thread would spin beside it.
    credentials = DuckDbCredentials(str(warehouse.path))
    credentials.global_config = warehouse.limits | {"threads": "1"}
    return dlt.pipeline(
        PIPELINE_NAME,
        destination=duckdb_destination(credentials),
        dataset_name=RAW_SCHEMA,
        pipelines_dir=str(folder),
    )


def _delete_completed_packages(pipeline: dlt.Pipeline) -> None:
    # dlt keeps the files of every load for ever: a second copy of the books, which nobody reads.
    for load_id in pipeline.list_completed_load_packages():
        shutil.rmtree(pipeline.get_load_package_info(load_id).package_path)


def _compare(connection: object, table: str, incoming: pa.Table, *, is_there: bool) -> pa.Table:
    if is_there:
        return unseen(connection, table, incoming)
    return all_new(incoming)


def _count(table: str, rows: pa.Table) -> dict[tuple[str, str], Landed]:
    counts: dict[tuple[str, str], Landed] = defaultdict(Landed)
    groups = rows.group_by(["realm_id", "operation", "is_new"]).aggregate([([], "count_all")]).to_pylist()
    for group in groups:
        counted = group["count_all"]
        if group["operation"] == OPERATION_DELETE:
            added = Landed(deleted=counted)
        else:
            added = Landed(created=counted) if group["is_new"] else Landed(updated=counted)
        counts[group["realm_id"], table] += added
    return dict(counts)
