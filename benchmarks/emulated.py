"""The emulated QuickBooks a benchmark reads: in a process of its own, with QuickBooks' own limits in force."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

CALLS_PER_SECOND = 10
CALLS_PER_MINUTE = 500
CALLS_AT_ONCE = 10
SHORTEST_CALL_SECONDS = 0.001
CLIENT_ID, CLIENT_SECRET = "emulator-client", "emulator-secret"


@dataclass(frozen=True)
class Emulated:
    """A running emulator at `address`."""

    address: str

    def realms(self) -> list[str]:
        """The companies served."""
        return [company["realm_id"] for company in self._admin("GET", "companies")]

    def grant(self, realm_id: str) -> str:
        """A refresh token for a company."""
        return self._admin("POST", "grants", {"realm_id": realm_id})["refresh_token"]

    def edit(self, realm_id: str, entity: str, record_id: str, **changes: Any) -> None:
        """Change a record as a person does."""
        self._admin("POST", f"companies/{realm_id}/edits", {"entity": entity, "id": record_id, "changes": changes})

    def pass_time(self, seconds: float) -> None:
        """Move QuickBooks' clock ahead."""
        self._admin("POST", "clock", {"advance_seconds": seconds})

    def settle(self, **settings: Any) -> None:
        """Change settings of the emulator."""
        self._admin("PATCH", "settings", settings)

    def calls(self) -> tuple[int, int]:
        """All calls and the metered ones since this was last asked."""
        counted = self._admin("GET", "calls").values()
        self._admin("DELETE", "calls")
        return sum(each["calls"] for each in counted), sum(each["metered"] for each in counted)

    def environment(self, home: str) -> dict[str, str]:
        """The environment of an installation in `home` that reads these companies."""
        return {
            "QBO_HOME": home,
            "QBO_CLIENT_ID": CLIENT_ID,
            "QBO_CLIENT_SECRET": CLIENT_SECRET,
            "QBO_API_URL": self.address,
            "QBO_TOKEN_URL": f"{self.address}/oauth2/v1/tokens/bearer",
        }

    def _admin(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.address}/admin/{path}", json=body, timeout=600)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def emulated(companies: Sequence[str], latency_ms: int = 0) -> Iterator[Emulated]:
    """An emulator of sample companies, so that serving costs the client neither memory nor its interpreter's lock."""
    named = [word for company in companies for word in ("--company", company)]
    command = [sys.executable, "-m", "qbo_pipeline.emulator", "--port", "0", "--latency-ms", str(latency_ms), *named]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Emulated(next(word for word in process.stdout.readline().split() if word.startswith("http://")))
        finally:
            process.terminate()


def floor_seconds(calls: int, latency_ms: int) -> float:
    """The least time `calls` to one company can take: by the limits per second and minute, and by latency, ten at once."""
    by_minute = (calls - 1) // CALLS_PER_MINUTE * 60
    by_second = (calls - 1) // CALLS_PER_SECOND
    by_latency = calls * latency_ms / 1000 / CALLS_AT_ONCE
    return max(by_minute, by_second, by_latency, latency_ms / 1000, SHORTEST_CALL_SECONDS)
