from pathlib import Path

import pytest

from qbo_pipeline.warehouse.file import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse.duckdb", memory_limit="500MB", wait_seconds=20, stranger_wait_seconds=0)
