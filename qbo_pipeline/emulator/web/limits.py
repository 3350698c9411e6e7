"""How much one app may ask of one company: so many requests a minute, a second and at once, and so many batches a minute.

The windows slide, so that a burst across the turn of a second is still a burst. A refused request takes no room in them.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.settings import EmulatorSettings

_MINUTE_SECONDS = 60.0
_SECOND = 1.0


@dataclass
class _Traffic:
    arrivals: deque[float] = field(default_factory=deque)
    batches: deque[float] = field(default_factory=deque)
    in_progress: int = 0
    peak_concurrent: int = 0


class RequestLimits:
    """The traffic of every pair of company and app. A limit of 0 in the settings is no limit.

    `elapsed` gives the present in seconds since any moment.
    """

    def __init__(self, settings: EmulatorSettings, elapsed: Callable[[], float]) -> None:
        self._settings = settings
        self._elapsed = elapsed
        self._traffic: defaultdict[tuple[str, str], _Traffic] = defaultdict(_Traffic)
        self._lock = threading.Lock()

    def enter(self, realm_id: str, client_id: str, *, is_batch: bool = False) -> None:
        """Admit a request, which must `leave` when its answer is ready; too many raise the recorded 429."""
        with self._lock:
            traffic = self._traffic[realm_id, client_id]
            now = self._elapsed()
            for arrivals in (traffic.arrivals, traffic.batches):
                _forget_old(arrivals, now)
            if self._is_too_much(traffic, now) or (is_batch and self._are_too_many_batches(traffic)):
                raise QboFault(
                    429,
                    "3001",
                    "message=ThrottleExceeded; errorCode=003001; statusCode=429",
                    "The request limit was reached.  Try again later",
                    type="SERVICE",
                )
            traffic.arrivals.append(now)
            if is_batch:
                traffic.batches.append(now)
            traffic.in_progress += 1
            traffic.peak_concurrent = max(traffic.peak_concurrent, traffic.in_progress)

    def leave(self, realm_id: str, client_id: str) -> None:
        """Say that an admitted request's answer is ready."""
        with self._lock:
            self._traffic[realm_id, client_id].in_progress -= 1

    def peak_concurrent(self, realm_id: str) -> int:
        """The most requests any one app had in progress at a company at once."""
        with self._lock:
            return max(
                (traffic.peak_concurrent for key, traffic in self._traffic.items() if key[0] == realm_id), default=0
            )

    def forget_peaks(self) -> None:
        """Start measuring `peak_concurrent` anew."""
        with self._lock:
            for traffic in self._traffic.values():
                traffic.peak_concurrent = traffic.in_progress

    def _is_too_much(self, traffic: _Traffic, now: float) -> bool:
        per_second, per_minute = self._settings.limit_per_second, self._settings.limit_per_minute
        at_once = self._settings.limit_concurrent
        arrivals = traffic.arrivals
        # With `per_second` arrivals inside the last second, one more would be too many: only that one must be looked at.
        burst = 0 < per_second <= len(arrivals) and arrivals[-per_second] > now - _SECOND
        return burst or 0 < per_minute <= len(arrivals) or 0 < at_once <= traffic.in_progress

    def _are_too_many_batches(self, traffic: _Traffic) -> bool:
        return 0 < self._settings.limit_batches_per_minute <= len(traffic.batches)


def _forget_old(arrivals: deque[float], now: float) -> None:
    if arrivals and arrivals[-1] > now:
        arrivals.clear()  # the clock was turned back: those seconds have not been yet
    while arrivals and arrivals[0] <= now - _MINUTE_SECONDS:
        arrivals.popleft()
