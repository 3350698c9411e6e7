"""Which raw tables hold rows that analysts do not have yet.

What counts is how far the models had read in the published copy, not in the warehouse: a run that ended between building
and publishing, or whose tests failed, leaves work that the next run takes up though nothing has landed since.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from qbo_pipeline.catalog import RAW_SCHEMA
from qbo_pipeline.warehouse.as_of import CREATE_AS_OF
from qbo_pipeline.warehouse.query import read_only
from qbo_pipeline.warehouse.source_tables import landed_tables

WATERMARKS = "sync.model_watermark"


def stale_raw_tables(
    connection: duckdb.DuckDBPyConnection,
    readers: Mapping[str, Sequence[tuple[str, str]]],
    published: Path,
    schema: str = RAW_SCHEMA,
) -> set[str]:
    """A schema's raw tables with rows landed after what one of their `readers` (model, definition) had read at `published`.

    A model never published, or built with another definition, has seen nothing. Without any raw table there is nothing to
    build: the first load makes them all.
    """
    there = landed_tables(connection, schema)
    seen = _watermarks(published)
    return {
        table
        for table, models in readers.items()
        if table in there and any(_is_behind(connection, f'{schema}."{table}"', seen.get(model)) for model in models)
    }


def has_new_day(connection: duckdb.DuckDBPyConnection, published: Path) -> bool:
    """Whether a company has been read on a later day than `published` knows of: ages and running months depend on the day."""
    statement = "select realm_id, as_of_date from sync.as_of"
    days = connection.execute(f"{CREATE_AS_OF} {statement}").fetchall()
    if not days:
        return False
    try:
        with read_only(published) as copy:
            known = copy.execute(statement).fetchall()
    except duckdb.Error:
        return True
    return not set(days) <= set(known)


def _watermarks(published: Path) -> dict[tuple[str, str], object]:
    try:
        with read_only(published) as copy:
            rows = copy.execute(f"select model, definition, loaded_at from {WATERMARKS}").fetchall()  # noqa: S608
    except duckdb.Error:
        return {}  # Not there, damaged, or kept open for writing by someone: it is made anew.
    return {(model, definition): loaded_at for model, definition, loaded_at in rows}


def _is_behind(connection: duckdb.DuckDBPyConnection, table: str, loaded_at: object) -> bool:
    if loaded_at is None:
        return True
    newer = f"select count(*) > 0 from {table} where loaded_at > ?"  # noqa: S608 - the catalog's or the contract's name
    return connection.execute(newer, [loaded_at]).fetchone()[0]
