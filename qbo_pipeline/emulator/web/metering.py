"""What every company was asked, and what Intuit would put on the bill for it.

Reading is metered (CorePlus), writing is not (Core), and a call that failed is not either.
"""

import threading
from collections import Counter
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a call to the accounting API asks for."""

    QUERY = "query"
    READ = "read"
    CDC = "cdc"
    WRITE = "write"
    BATCH = "batch"
    REPORT = "report"
    UNKNOWN = "unknown"  # no endpoint of QuickBooks'


_UNMETERED = frozenset({Kind.WRITE, Kind.UNKNOWN})


class CallMeter:
    """Counts calls by company and kind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_realm: dict[str, Counter[str]] = {}

    def record(self, realm_id: str, kind: Kind, *, has_failed: bool, is_throttled: bool) -> None:
        """Count one answered call."""
        with self._lock:
            counts = self._by_realm.setdefault(realm_id, Counter())
            counts["calls"] += 1
            counts[kind] += 1
            counts["failed"] += has_failed
            counts["throttled"] += is_throttled
            counts["metered"] += not has_failed and kind not in _UNMETERED

    def snapshot(self) -> dict[str, dict[str, Any]]:
        """By realm: all calls, the metered, failed and throttled ones, and all by kind."""
        with self._lock:
            return {
                realm_id: {name: counts[name] for name in ("calls", "metered", "failed", "throttled")}
                | {"by_kind": {kind.value: counts[kind] for kind in Kind if counts[kind]}}
                for realm_id, counts in self._by_realm.items()
            }

    def reset(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._by_realm.clear()
