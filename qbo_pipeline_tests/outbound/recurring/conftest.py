"""What tests of contracts start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from qbo_pipeline_tests.outbound.recurring.agency import Agency


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    """A business without contracts, its company armed."""
    made = Agency(tmp_path)
    yield made
    made.close()


@pytest.fixture
def any_agency(tmp_path: Path, any_state_url: SecretStr | None) -> Iterator[Agency]:
    """The same with our state in a SQLite file, then in PostgreSQL."""
    made = Agency(tmp_path, state_url=any_state_url)
    yield made
    made.close()
