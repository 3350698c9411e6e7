"""Reading the published copy: a connection that cannot write, closed when its block ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a published copy."""
    connection = duckdb.connect(path, read_only=True)
    try:
        yield connection
    finally:
        connection.close()
