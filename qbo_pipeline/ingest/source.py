"""The raw tables as dlt knows them: one append-only resource each, and the source Dagster's assets are derived from."""

from typing import TYPE_CHECKING

import dlt
from dlt.extract import DltResource

from qbo_pipeline.catalog import ENTITIES, RAW_SCHEMA

if TYPE_CHECKING:
    # Loading the code location reads this module and must not pay for Arrow.
    import pyarrow as pa


def raw_resource(table: str, rows: "pa.Table | None" = None) -> DltResource:
    """The resource that appends `rows` to one raw table; an empty table of rows still makes it."""
    return dlt.resource([] if rows is None else [rows], name=table, write_disposition="append")


@dlt.source(name=RAW_SCHEMA)
def raw_source() -> list[DltResource]:
    """One resource per entity of the catalog, without rows: what there is to pull, not what was pulled."""
    return [raw_resource(entity.table) for entity in ENTITIES]
