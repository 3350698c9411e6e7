"""Warehouses whose ledger is written by hand."""

from collections.abc import Callable

import pytest

from qbo_pipeline_tests.models.conftest import TypedWarehouse
from qbo_pipeline_tests.models.finance.ledger_rows import LedgerRows


@pytest.fixture
def ledger(warehouse: TypedWarehouse) -> LedgerRows:
    """A company without documents, on 31 March 2026, of the test's own."""
    return _company(warehouse)


@pytest.fixture(scope="module")
def new_ledger(new_warehouse: Callable[[], TypedWarehouse]) -> Callable[[], LedgerRows]:
    """Makes companies that the tests of one module share."""
    return lambda: _company(new_warehouse())


def _company(warehouse: TypedWarehouse) -> LedgerRows:
    ledger = LedgerRows(warehouse)
    ledger.company()
    ledger.as_of("2026-03-31")
    return ledger
