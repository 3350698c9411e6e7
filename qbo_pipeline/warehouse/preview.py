"""What a push would do, as analysts see it: `outbound.preview`, the rows of each company as of its last dry run."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

_MONEY = pa.decimal128(18, 2)
_INSTANT = pa.timestamp("us", "UTC")

PREVIEW = pa.schema(
    [
        *[
            (name, pa.string())
            for name in ("realm_id", "connection", "target", "operation", "source_kind", "source_id")
        ],
        *[(name, pa.string()) for name in ("number", "status", "reason_code", "reason")],
        *[(name, pa.date32()) for name in ("transaction_date", "month")],
        ("currency", pa.string()),
        *[(name, _MONEY) for name in ("net", "discount", "tax", "total", "home_total")],
        *[(name, _MONEY) for name in ("receivable_effect", "payable_effect", "revenue_effect")],
        *[(name, pa.string()) for name in ("applies_to", "payload")],
        ("previewed_at", _INSTANT),
    ]
)

Row = Mapping[str, object]


def replace_previews(connection: duckdb.DuckDBPyConnection, realm_id: str, rows: Sequence[Row]) -> None:
    """Put these rows in the place of all that a company's last dry run left."""
    columns = {field.name: [row[field.name] for row in rows] for field in PREVIEW}
    connection.register("incoming_preview", pa.table(columns, schema=PREVIEW))
    try:
        connection.execute("begin")
        connection.execute("create schema if not exists outbound")
        connection.execute("create table if not exists outbound.preview as from incoming_preview limit 0")
        connection.execute("delete from outbound.preview where realm_id = ?", [realm_id])
        connection.execute("insert into outbound.preview by name from incoming_preview")
        connection.execute("commit")
    finally:
        connection.unregister("incoming_preview")
