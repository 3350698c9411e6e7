"""The contract's tables as Arrow has them: what each kind of column is in the warehouse."""

import pyarrow as pa
import sqlalchemy as sa

from qbo_pipeline.ops.values import Amount, Day, Flag, Instant

INSTANT = pa.timestamp("us", "UTC")


def arrow_schema(table: sa.Table) -> pa.Schema:
    """The columns of a table in order, then `loaded_at`: amounts exact at their scale, instants in UTC, dates as dates."""
    fields = [pa.field(column.name, _arrow_type(column.type)) for column in table.columns]
    return pa.schema([*fields, pa.field("loaded_at", INSTANT)])


def _arrow_type(kind: sa.types.TypeEngine) -> pa.DataType:
    match kind:
        case Amount():
            return pa.decimal128(kind.precision, kind.scale)
        case Instant():
            return INSTANT
        case Day():
            return pa.date32()
        case Flag():
            return pa.bool_()
        case sa.Integer():
            return pa.int64()
        case _:
            return pa.string()
