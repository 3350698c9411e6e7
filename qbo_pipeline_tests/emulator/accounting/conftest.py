"""The trading company, empty for every test."""

import pytest

from qbo_pipeline_tests.emulator.accounting.trading_company import Trading


@pytest.fixture
def trading() -> Trading:
    return Trading()
