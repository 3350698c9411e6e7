"""The published copy as the gateway reads it: the one analysts open, or none before the first sync."""

from collections.abc import Iterator
from contextlib import contextmanager

from qbo_pipeline import analytics
from qbo_pipeline.warehouse.query import Connection


@contextmanager
def published() -> Iterator[Connection | None]:
    """A connection to the published copy, closed afterwards; None where nothing was published yet."""
    try:
        copy = analytics.connect()
    except FileNotFoundError:
        yield None
        return
    with copy:
        yield copy
