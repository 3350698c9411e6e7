"""The copy analysts open: replaced as a whole, so that an open reader keeps its old data and a new one sees the new.

A byte copy of the closed file costs a second per gigabyte; exporting or copying through DuckDB costs ten to forty times that.
"""

import os
import shutil
from pathlib import Path

from qbo_pipeline.warehouse.file import Warehouse


def publish(warehouse: Warehouse, target: Path) -> int:
    """Replace `target` by a copy of the warehouse as it is now; returns the copy's size in bytes."""
    with warehouse.lock.held("publish the copy for analysts"):
        with warehouse.connect("publish the copy for analysts") as connection:
            connection.execute("checkpoint")
        # The connection is closed here: copying an open file would drop DuckDB's lock and miss what is in its log.
        incoming = target.with_name(target.name + ".incoming")
        shutil.copyfile(warehouse.path, incoming)
        flush(incoming)
        # A log left by someone who opened the old copy for writing does not belong to the new one.
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        incoming.replace(target)
        flush(target.parent)
    return target.stat().st_size


def flush(path: Path) -> None:
    """Wait until a file or a folder's names are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
