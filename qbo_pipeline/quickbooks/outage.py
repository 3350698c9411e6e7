"""Whether a company answers at all: what every call to it fails with is not worth asking for forty entities more.

One entity may fail for reasons of its own, such as pages too large to be answered, and is tried often. That several fail
and none succeeds in between is no entity's own trouble.
"""

import threading

from qbo_pipeline.quickbooks.errors import RetryLater

FAILURES_MIN = 12
ENTITIES_MIN = 3


class Outage:
    """The calls of one company that failed since the last one that was answered; safe to share by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: list[tuple[str | None, RetryLater]] = []

    def failed(self, entity: str | None, error: RetryLater) -> None:
        """A call about `entity` came to an error that may pass."""
        with self._lock:
            self._failed.append((entity, error))

    def answered(self) -> None:
        """A call was answered, whatever the answer was."""
        with self._lock:
            self._failed.clear()

    @property
    def is_on(self) -> bool:
        """Whether so many calls about so many entities failed in a row that the company is to be left alone."""
        with self._lock:
            entities = {entity for entity, _ in self._failed}
            return len(self._failed) >= FAILURES_MIN and len(entities) >= ENTITIES_MIN

    def in_words(self) -> str:
        """How many calls failed in a row, and how the last one did."""
        with self._lock:
            last = self._failed[-1][1] if self._failed else None
            return f"{len(self._failed)} calls to it failed in a row, the last one with {last.happened if last else 'nothing'}"
