"""Running emulators whose reports the tests read; none of these tests changes a company it shares."""

from collections.abc import Iterator
from datetime import date

import pytest

from qbo_pipeline_tests.emulator.reports.reading import Reader


@pytest.fixture(scope="session")
def landscaping() -> Iterator[Reader]:
    """The US sample company on the day its reports were recorded."""
    reader = Reader("landscaping")
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def companies() -> Iterator[Reader]:
    """All three kinds of sample company; the consultancy has VAT, classes, locations and foreign customers."""
    reader = Reader("landscaping", "consultancy", "generated:60", day=date(2026, 8, 16))
    yield reader
    reader.close()


@pytest.fixture
def own_landscaping() -> Iterator[Reader]:
    """The US sample company for one test that writes to it."""
    reader = Reader("landscaping")
    yield reader
    reader.close()
