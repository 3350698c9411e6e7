"""Compaction: superseded raw versions and cursors leave the warehouse, and the space they took leaves the file.

What is deleted in DuckDB frees no space on disk, so the file is written anew and takes the old one's place by rename. A crash
at any moment leaves one whole file: before the rename the old one, after it the new one.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA
from qbo_pipeline.warehouse.file import Warehouse, WarehouseError
from qbo_pipeline.warehouse.publish import flush
from qbo_pipeline.warehouse.raw import BOOKMARK_TABLE, CURSOR_TABLE, bookmarks, tables
from qbo_pipeline.warehouse.reports import REPORT_TABLE, remove_superseded_reports


@dataclass(frozen=True)
class Compaction:
    """What a compaction did: versions and marks of progress removed by raw table, and the file's size before and after."""

    removed: dict[str, int]
    marks_removed: dict[str, int]
    bytes_before: int
    bytes_after: int


def compact(warehouse: Warehouse, superseded_before: datetime | None) -> Compaction:
    """Remove versions superseded before an instant (none if it is None) and write the file anew, under its lock.

    Cursors, bookmarks and dlt's notes of loads that no longer say anything are removed whenever they were superseded. What
    `qbo.*` and `qbo_history.*` say of any later moment stays as it is.
    """
    with warehouse.lock.held("compact the warehouse"):
        with warehouse.connect("remove superseded versions") as connection:
            bytes_before = warehouse.path.stat().st_size
            removed = _remove(connection, superseded_before) if superseded_before else {}
            marks_removed = _remove_marks(connection)
            connection.execute("checkpoint")
        _rewrite(warehouse)
        return Compaction(removed, marks_removed, bytes_before, warehouse.path.stat().st_size)


def _remove(connection: duckdb.DuckDBPyConnection, superseded_before: datetime) -> dict[str, int]:
    """Delete, in one transaction, the versions that a later one replaced before an instant.

    Of every record stay the newest content, the newest deletion, and the version landed last, with which the next one that
    arrives is compared. A content also counts through the deletions after it, until the next content. Ranks as the models
    rank (macros/current_record.sql).
    """
    there = tables(connection)
    removed = {}
    connection.execute("begin")
    for table in (entity.table for entity in ENTITIES if entity.table in there):
        [deleted] = connection.execute(
            f"""
            delete from {RAW_SCHEMA}."{table}" where rowid in (
                select rowid
                from (
                    select
                        rowid,
                        lead(valid_from) over by_operation as next_alike_at,
                        if(operation = 'upsert', next_alike_at, lead(valid_from) over by_rank) as superseded_at,
                        row_number() over (partition by realm_id, id order by loaded_at desc, rowid desc) as landed
                    from (
                        select *, rowid, coalesce(updated_at, loaded_at) as valid_from, (
                            coalesce(updated_at, '-infinity'::timestamptz),
                            coalesce(try_cast(sync_token as bigint), -1),
                            loaded_at,
                            rowid
                        ) as version_rank
                        from {RAW_SCHEMA}."{table}"
                    ) as version
                    window
                        by_rank as (partition by realm_id, id order by version_rank),
                        by_operation as (partition by realm_id, id, operation order by version_rank)
                ) as ranked
                where superseded_at < ? and next_alike_at is not null and landed > 1
            )
            """,  # noqa: S608 - the table's name comes from the catalog
            [superseded_before],
        ).fetchone()
        if deleted:
            removed[table] = deleted
    if REPORT_TABLE in there and (deleted := remove_superseded_reports(connection, superseded_before)):
        removed[REPORT_TABLE] = deleted
    connection.execute("commit")
    return removed


def _remove_marks(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Delete, in one transaction, what of the cursors, bookmarks and notes of loads nobody looks at any more.

    Of the cursors stay the newest that count, of the bookmarks those of reads that were not finished since, of the notes those
    of loads that a cursor, a bookmark or dlt's own state came with.
    """
    there = tables(connection)
    if not {CURSOR_TABLE, "_dlt_loads"} <= there:
        return {}
    # Before the cursors that show which reads were finished are gone.
    kept = [f"{realm_id}/{entity}" for realm_id, entity in bookmarks(connection)]
    connection.execute("begin")
    removed = {CURSOR_TABLE: _count_deleted(connection, _SUPERSEDED_CURSORS)}
    if BOOKMARK_TABLE in there:
        removed[BOOKMARK_TABLE] = _count_deleted(connection, _SUPERSEDED_BOOKMARKS, kept)
    speaking = [each for each in (CURSOR_TABLE, BOOKMARK_TABLE, "_dlt_pipeline_state") if each in there]
    loads = " union all ".join(f"select _dlt_load_id from {RAW_SCHEMA}.{each}" for each in speaking)  # noqa: S608
    notes = f"delete from {RAW_SCHEMA}._dlt_loads where load_id not in ({loads})"  # noqa: S608
    removed["_dlt_loads"] = _count_deleted(connection, notes)
    connection.execute("commit")
    return {table: rows for table, rows in removed.items() if rows}


def _count_deleted(connection: duckdb.DuckDBPyConnection, statement: str, *values: object) -> int:
    return connection.execute(statement, list(values)).fetchone()[0]


_SUPERSEDED_CURSORS = f"""
delete from {RAW_SCHEMA}.{CURSOR_TABLE} where rowid not in (
    select arg_max(cursor.rowid, cursor.loaded_at)
    from {RAW_SCHEMA}.{CURSOR_TABLE} as cursor
    semi join (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0) using (_dlt_load_id)
    group by realm_id, entity
)
"""  # noqa: S608 - constant names
_SUPERSEDED_BOOKMARKS = f"""
delete from {RAW_SCHEMA}.{BOOKMARK_TABLE} where rowid not in (
    select arg_max(bookmark.rowid, bookmark.loaded_at)
    from {RAW_SCHEMA}.{BOOKMARK_TABLE} as bookmark
    semi join (select load_id as _dlt_load_id from {RAW_SCHEMA}._dlt_loads where status = 0) using (_dlt_load_id)
    where list_contains(?, realm_id || '/' || entity)
    group by realm_id, entity
)
"""  # noqa: S608 - constant names


def _rewrite(warehouse: Warehouse) -> None:
    """Copy everything into a new file and put it in the place of the old one, which nobody has open."""
    incoming = warehouse.path.with_name(warehouse.path.name + ".compacting")
    _discard(incoming)
    log = warehouse.path.with_name(warehouse.path.name + ".wal")
    if log.exists():
        raise WarehouseError(
            f"{log.name} is still there, so {warehouse.path.name} was left as it is. Run a sync, then again."
        )
    needed, free = warehouse.path.stat().st_size, shutil.disk_usage(warehouse.path.parent).free
    if free < needed:
        raise WarehouseError(
            f"Compacting needs {needed:,} bytes free beside {warehouse.path.name} for a moment; there are {free:,}. "
            "The superseded versions are removed; free some space and run again to shrink the file."
        )
    try:
        _copy(warehouse, incoming)
        shutil.copymode(warehouse.path, incoming)
        flush(incoming)
        incoming.replace(warehouse.path)
        flush(warehouse.path.parent)
    finally:
        _discard(incoming)


def _copy(warehouse: Warehouse, target: Path) -> None:
    # Neither file is this connection's own: closing it closes both, and no other connection has either open.
    temporary = warehouse.path.with_name(warehouse.path.name + ".tmp")
    options = {"memory_limit": warehouse.memory_limit, "temp_directory": str(temporary)}
    with duckdb.connect(config=options) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {_quoted(warehouse.path)} as old (read_only)")
        connection.execute(f"attach {_quoted(target)} as new")
        connection.execute("copy from database old to new")
        before, after = _contents(connection, "old"), _contents(connection, "new")
        if before != after:
            different = sorted(name for name in before | after if before.get(name) != after.get(name))
            raise WarehouseError(
                f"The copy differs from the warehouse in {', '.join(different[:5])}; the warehouse was left as it is."
            )
        connection.execute("checkpoint new")


def _contents(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, object]:
    """Every table of an attached database with its number of rows, and every view."""
    names = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ? and not internal", [database]
    ).fetchall()
    counted: dict[str, object] = {
        f"{schema}.{name}": connection.execute(f'select count(*) from {database}."{schema}"."{name}"').fetchone()[0]  # noqa: S608
        for schema, name in names
    }
    views = connection.execute(
        "select schema_name || '.' || view_name from duckdb_views() where database_name = ? and not internal",
        [database],
    ).fetchall()
    return counted | dict.fromkeys((name for (name,) in views), "view")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
