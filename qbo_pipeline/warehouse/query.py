"""Reading the published copy: a connection that cannot write, closed when its block ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

Connection = duckdb.DuckDBPyConnection


@contextmanager
def read_only(path: Path) -> Iterator[Connection]:
    """A read-only connection to a published copy."""
    connection = duckdb.connect(path, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def attach_published(path: Path) -> Connection:
    """A connection that reads a published copy and writes only tables of its own in memory.

    Attached to a database in memory rather than opened: within a process DuckDB answers a second opening of the same path
    with the file that is open already, so a notebook that keeps a connection would never see a newer copy.
    """
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        quoted = str(path).replace("'", "''")
        connection.execute(f"attach '{quoted}' as analytics (read_only)")
        connection.execute("use analytics")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def arrow_rows(connection: Connection, sql: str, parameters: object = None) -> pa.Table:
    """The result of one statement; decimals stay decimals."""
    result = connection.sql(sql, params=parameters)
    return pa.table({}) if result is None else result.to_arrow_table()
