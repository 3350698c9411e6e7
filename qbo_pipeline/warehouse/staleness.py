"""Which raw tables hold rows that the models reading them have not seen."""

from collections.abc import Mapping, Sequence

import duckdb

from qbo_pipeline.warehouse.raw import RAW_SCHEMA, tables

WATERMARKS = "sync.model_watermark"


def stale_raw_tables(
    connection: duckdb.DuckDBPyConnection, readers: Mapping[str, Sequence[tuple[str, str]]]
) -> set[str]:
    """The raw tables with rows landed after one of its `readers` (model, definition) last ran.

    A model never built, or built with another definition, has seen nothing. Without any raw table there is nothing to
    build: the first load makes them all.
    """
    there = tables(connection)
    seen = _watermarks(connection)
    return {
        table
        for table, models in readers.items()
        if table in there and any(_is_behind(connection, table, seen.get(model)) for model in models)
    }


def _watermarks(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], object]:
    known = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'sync' and table_name = 'model_watermark'"
    ).fetchone()
    if known is None:
        return {}
    rows = connection.execute(f"select model, definition, loaded_at from {WATERMARKS}").fetchall()  # noqa: S608
    return {(model, definition): loaded_at for model, definition, loaded_at in rows}


def _is_behind(connection: duckdb.DuckDBPyConnection, table: str, loaded_at: object) -> bool:
    if loaded_at is None:
        return True
    newer = f'select count(*) > 0 from {RAW_SCHEMA}."{table}" where loaded_at > ?'  # noqa: S608 - the catalog's name
    return connection.execute(newer, [loaded_at]).fetchone()[0]
