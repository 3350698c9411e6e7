"""The raw tables as dlt knows them: one append-only resource each, and the source Dagster's assets are derived from."""

import dlt
import pyarrow as pa
from dlt.extract import DltResource

from qbo_pipeline.catalog import ENTITIES
from qbo_pipeline.warehouse.raw import ENVELOPE, RAW_SCHEMA


def raw_resource(table: str, rows: pa.Table) -> DltResource:
    """The resource that appends `rows` to one raw table; an empty `rows` still makes the table."""
    return dlt.resource([rows], name=table, write_disposition="append")


@dlt.source(name=RAW_SCHEMA)
def raw_source() -> list[DltResource]:
    """One resource per entity of the catalog, without rows: what there is to pull, not what was pulled."""
    return [raw_resource(entity.table, ENVELOPE.empty_table()) for entity in ENTITIES]
