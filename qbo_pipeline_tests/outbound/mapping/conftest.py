"""A state store for the mappings of one company."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbo_pipeline.settings import Settings
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline_tests.outbound.mapping.books import NOW


@pytest.fixture
def store(clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StateStore]:
    """A store whose clock stands still."""
    (tmp_path / "home").mkdir()
    with open_state(Settings(home=tmp_path / "home"), clock=lambda: NOW) as opened:
        yield opened
