"""What tests of contracts start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbo_pipeline_tests.outbound.recurring.agency import Agency


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    """A business without contracts, its company armed."""
    made = Agency(tmp_path)
    yield made
    made.close()
