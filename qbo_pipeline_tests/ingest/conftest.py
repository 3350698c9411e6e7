"""Pulls here never wait; what they wait for is the client's own business and tested there."""

import pytest


@pytest.fixture(autouse=True)
def _without_waiting(unhurried: None) -> None:
    """Every pull of this room goes at once."""
