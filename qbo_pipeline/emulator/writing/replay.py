"""Answers remembered under the `requestid` of the write they answered, so that a repeat changes nothing.

How long QuickBooks remembers is not documented; how long the emulator does is a setting, because a client must survive a
service that forgot.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from qbo_pipeline.emulator.clock import Clock
from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.settings import EmulatorSettings


class RememberedAnswers:
    """One company's answered writes; the caller holds the company's lock."""

    def __init__(self, settings: EmulatorSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._answered: dict[str, tuple[datetime, bytes, bytes]] = {}

    def answer(self, request_id: str, body: bytes, perform: Callable[[], bytes]) -> bytes:
        """The first answer under this id, its `time` included, else what `perform` answers; a refusal is not remembered."""
        fingerprint = sha256(body).digest()
        standing = self._answered.get(request_id)
        if standing is not None and self._is_remembered(standing[0]):
            if standing[1] != fingerprint and self._settings.requestid_reuse == "error":
                raise QboFault(400, "600", "Duplicate Request ID", "Duplicate Request ID", "requestid")
            return standing[2]
        answer = perform()
        if request_id:
            self._answered[request_id] = (self._clock.now(), fingerprint, answer)
        return answer

    def _is_remembered(self, since: datetime) -> bool:
        seconds = self._settings.requestid_memory_seconds
        return seconds is None or self._clock.now() < since + timedelta(seconds=seconds)
