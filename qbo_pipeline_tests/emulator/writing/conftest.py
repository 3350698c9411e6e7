"""Sample companies whose books are open, each in an emulator of its own."""

from collections.abc import Callable, Iterator

import pytest

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline_tests.conftest import UNLIMITED
from qbo_pipeline_tests.emulator.writing.bookkeeper import Bookkeeper


@pytest.fixture
def landscaping(emulate: Callable[..., Emulator]) -> Bookkeeper:
    """The US company: sales tax, stock, one currency."""
    return Bookkeeper(emulate("landscaping"))


@pytest.fixture
def consultancy(emulate: Callable[..., Emulator]) -> Bookkeeper:
    """The British company: VAT on lines, three currencies."""
    return Bookkeeper(emulate("consultancy"))


@pytest.fixture(scope="module")
def untouched() -> Iterator[Bookkeeper]:
    """The US company for tests that are refused everything they ask."""
    with Emulator(("landscaping",), settings=EmulatorSettings(**UNLIMITED)) as emulator:
        yield Bookkeeper(emulator)
