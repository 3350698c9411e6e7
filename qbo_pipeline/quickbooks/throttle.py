"""Keep one company's calls within Intuit's limits: 10 a second, 500 a minute, 10 at once, 40 batches a minute.

A call books its start ahead in both windows and sleeps until then, so that threads take turns and none polls. The windows
are a little longer and the calls at once a little fewer than the limits, because Intuit counts at its own end, where two
calls that left a second apart may arrive closer together.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MARGIN_SECONDS = 0.1
# How long a company pauses after being refused once, twice, more often in a row: a burst over the limit per second is over
# at once, one over the limit per minute takes the minute Intuit's manual asks to wait.
PAUSES_SECONDS = (2.0, 10.0, 60.0)


class Throttle:
    """The limits of one company, shared by all threads that read it.

    `back_off` holds back every call of this company and of no other. `monotonic` and `sleep` are injected for tests.
    """

    def __init__(
        self,
        *,
        per_second: int = 10,
        per_minute: int = 500,
        batches_per_minute: int = 40,
        at_once: int = 8,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._last_second: deque[float] = deque(maxlen=per_second)
        self._last_minute: deque[float] = deque(maxlen=per_minute)
        self._last_batches: deque[float] = deque(maxlen=batches_per_minute)
        self._paused_until = 0.0
        self._refusals = 0

    @contextmanager
    def place(self, *, is_batch: bool = False) -> Iterator[None]:
        """Wait for a place among the calls at once and for a start the limits allow; hold the place meanwhile."""
        with self._places:
            self._sleep_until(self._book_start(is_batch))
            paused_until = 0.0
            # A pause that began while this call slept holds for it too.
            while paused_until != self._paused_until:
                paused_until = self._paused_until
                self._sleep_until(paused_until)
            yield

    def back_off(self, seconds: float | None = None) -> None:
        """Start no call for `seconds`, as QuickBooks asked, or without its word for longer with each refusal in a row."""
        with self._lock:
            now = self._monotonic()
            if seconds is None:
                if now < self._paused_until:
                    return  # A call of the burst that is being waited out.
                seconds = PAUSES_SECONDS[min(self._refusals, len(PAUSES_SECONDS) - 1)]
                self._refusals += 1
            self._paused_until = max(self._paused_until, now + seconds)

    def accepted(self) -> None:
        """A call was let through: the next refusal is a first one again."""
        with self._lock:
            if self._monotonic() >= self._paused_until:
                self._refusals = 0

    def _book_start(self, is_batch: bool) -> float:
        with self._lock:
            start = max(
                self._monotonic(),
                self._paused_until,
                _window_end(self._last_second, 1.0),
                _window_end(self._last_minute, 60.0),
                _window_end(self._last_batches, 60.0) if is_batch else 0.0,
            )
            self._last_second.append(start)
            self._last_minute.append(start)
            if is_batch:
                self._last_batches.append(start)
            return start

    def _sleep_until(self, instant: float) -> None:
        if (seconds := instant - self._monotonic()) > 0:
            self._sleep(seconds)


def _window_end(starts: deque[float], seconds: float) -> float:
    """When the oldest start of a full window leaves it."""
    return starts[0] + seconds + MARGIN_SECONDS if len(starts) == starts.maxlen else 0.0
