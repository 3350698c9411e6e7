"""How often something may be asked for: by one address, and by all together."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable

# Addresses are the sender's to choose, so that as many are remembered as memory allows without growing.
ADDRESSES_MAX = 10_000
EVERYONE = "everyone"


class RateLimit:
    """At most `each` events of one address within `seconds`, and `together` of all; `clock` counts seconds."""

    def __init__(self, *, each: int, together: int, seconds: float, clock: Callable[[], float]) -> None:
        self._each = each
        self._together = together
        self._seconds = seconds
        self._clock = clock
        self._events: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, address: str) -> float:
        """How long `address` has to wait before its next event; 0 for not at all."""
        with self._lock:
            return max(self._wait(address, self._each), self._wait(EVERYONE, self._together))

    def count(self, address: str) -> None:
        """An event of `address` has happened."""
        with self._lock:
            now = self._clock()
            for name, most in ((EVERYONE, self._together), (address, self._each)):
                self._events.setdefault(name, deque(maxlen=most)).append(now)
                self._events.move_to_end(name)
            while len(self._events) > ADDRESSES_MAX:
                self._events.popitem(last=False)

    def take(self, address: str) -> float:
        """Count an event if it may happen now; otherwise how long to wait before it may."""
        wait = self.wait_seconds(address)
        if not wait:
            self.count(address)
        return wait

    def _wait(self, name: str, most: int) -> float:
        events = self._events.get(name, ())
        if len(events) < most:
            return 0.0
        return max(0.0, events[0] + self._seconds - self._clock())
