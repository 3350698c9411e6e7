"""A real browser without a screen, driven over its own debugging protocol: pages are opened, read, filled in and clicked."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from websockets.sync.client import ClientConnection, connect

PROGRAM = os.environ.get("QBO_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
_PATIENCE_SECONDS = 40


class Chromium:
    """One tab."""

    def __init__(self, channel: ClientConnection) -> None:
        self._channel = channel
        self._number = 0
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")
        self.violations: list[str] = []

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser for something; its answer."""
        self._number += 1
        self._channel.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._channel.recv(timeout=_PATIENCE_SECONDS))
            if message.get("method") == "Log.entryAdded":
                self.violations.append(message["params"]["entry"]["text"])
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]

    def evaluate(self, expression: str) -> Any:
        """What an expression is in the page. The protocol evaluates outside the page's policy, which forbids scripts."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def open(self, url: str) -> None:
        """Go to an address."""
        self.ask("Page.navigate", url=url)
        self.wait(f"location.href.startsWith({json.dumps(url.partition('?')[0])}) || document.forms.length > 0")

    def wait(self, condition: str) -> None:
        """Wait until the page is loaded and a condition holds in it."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.evaluate(f"document.readyState === 'complete' && Boolean({condition})"):
                    return
            except AssertionError:
                pass  # The page is on its way to the next one.
            time.sleep(0.05)
        raise AssertionError(f"{condition} never held; the page is {self.url}: {self.text[:500]}")

    def fill(self, selector: str, value: str) -> None:
        """Type into a field."""
        field = f"document.querySelector({json.dumps(selector)})"
        self.wait(field)
        self.evaluate(f"{field}.value = {json.dumps(value)}")

    def click(self, text: str, within: str = "body") -> None:
        """Click the first button of that text."""
        found = (
            f"[...document.querySelectorAll({json.dumps(within + ' button')})]"
            f".find(each => each.textContent.trim() === {json.dumps(text)})"
        )
        self.wait(found)
        self.evaluate(f"document.documentElement.dataset.left = '1'; {found}.click()")

    @property
    def url(self) -> str:
        """Where it is."""
        return self.evaluate("location.href")

    @property
    def text(self) -> str:
        """What the page shows."""
        return self.evaluate("document.body.innerText") or ""

    def set_phone(self) -> None:
        """Have the screen of a phone."""
        self.ask("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)

    def is_wider_than_its_screen(self) -> bool:
        """Whether the page has to be pushed sideways."""
        return self.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")

    def nameless_controls(self) -> list[str]:
        """Fields and buttons that a screen reader could not name."""
        return self.evaluate(
            """[...document.querySelectorAll('input:not([type=hidden]), select, button, a, img')].filter(each =>
                !(each.labels && each.labels.length) && !each.textContent.trim() && !each.getAttribute('alt')
                && !each.getAttribute('aria-label')).map(each => each.outerHTML)"""
        )


@contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """A browser with a profile of its own, closed afterwards."""
    assert PROGRAM is not None
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    arguments += ["--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = _port(profile / "DevToolsActivePort")
        tabs = requests.get(f"http://127.0.0.1:{port}/json/list", timeout=10).json()
        tab = next(each for each in tabs if each["type"] == "page")
        # A browser that nobody asks anything for minutes, on a busy machine, is no broken one.
        with connect(tab["webSocketDebuggerUrl"], max_size=None, ping_interval=None) as channel:
            yield Chromium(channel)
    finally:
        process.terminate()
        process.wait(20)


def _port(file: Path) -> int:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    raise AssertionError("Chromium did not start.")
