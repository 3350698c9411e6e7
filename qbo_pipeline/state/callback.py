"""The address on this machine that a browser comes back to from Intuit's consent page.

It listens on the loopback interface only, believes one answer only, and that only with the `state` it was started with:
without that check a page anywhere could send its own company's code to this port and have it connected in the name of ours.
Codes are secrets, so nothing is logged.
"""

import queue
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from qbo_pipeline.state.errors import ConnectFailed

# Intuit compares the redirect address whole, port included, so it is a fixed one that can be registered.
CALLBACK_PORT = 8723
CALLBACK_PATH = "/callback"

_PAGE = (
    "<!doctype html><html lang='en'><title>qbo-pipeline</title><body><p>{}</p>"
    "<p>You can close this window and go back to the terminal.</p></body></html>"
)


@dataclass(frozen=True)
class Consent:
    """What Intuit sent back: the code to redeem and the company it is for."""

    code: str = field(repr=False)
    realm_id: str


class CallbackServer:
    """Listens for one answer while the `with` block lasts; port 0 takes any free port."""

    def __init__(self, port: int, state: str) -> None:
        self._answers: queue.SimpleQueue[Consent | ConnectFailed] = queue.SimpleQueue()
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(state, self._answers.put))
        except OSError as error:
            raise ConnectFailed(
                f"Port {port} of this machine cannot be listened on ({error.strerror}). Free it, or choose another port and "
                "register its address with the Intuit app."
            ) from error
        self._server.daemon_threads = True
        self.redirect_uri = f"http://localhost:{self._server.server_port}{CALLBACK_PATH}"

    def wait(self, timeout_seconds: float) -> Consent:
        """The consent that came back; `ConnectFailed` where it was refused, is not ours, or does not come in time."""
        try:
            answer = self._answers.get(timeout=timeout_seconds)
        except queue.Empty:
            raise ConnectFailed(
                f"Nobody came back from Intuit's consent page within {timeout_seconds:g} seconds. Nothing was stored. If "
                f"Intuit showed an error there, register {self.redirect_uri} as a redirect address of the app."
            ) from None
        if isinstance(answer, ConnectFailed):
            raise answer
        return answer

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(state: str, deliver: Callable[[Consent | ConnectFailed], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = urlsplit(self.path)
            if target.path != CALLBACK_PATH:
                self._answer(404, "There is nothing here.")
                return
            answer = read_answer(parse_qs(target.query), state)
            if isinstance(answer, ConnectFailed):
                self._answer(400, "The company was not connected.")
            else:
                self._answer(200, "QuickBooks answered.")
            deliver(answer)

        def _answer(self, status: int, text: str) -> None:
            page = _PAGE.format(text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Log nothing: the address holds the code."""

    return Handler


def read_answer(query: dict[str, list[str]], state: str) -> Consent | ConnectFailed:
    """What the consent page sent back, or why it is not to be believed; `state` is what was sent there."""
    given = {name: values[0] for name, values in query.items()}
    if not secrets.compare_digest(given.get("state", "").encode(), state.encode()):
        return ConnectFailed(
            "The answer from the consent page does not carry the state this attempt sent, so it is not ours. Nothing was "
            "stored. Start again, and use the newest address only."
        )
    if "error" in given:
        error = given["error"] if re.fullmatch(r"[a-z_]{1,40}", given["error"]) else "an error"
        return ConnectFailed(f"Consent was not given: Intuit answered {error}. Nothing was stored.")
    if not given.get("code") or not given.get("realmId"):
        return ConnectFailed("The answer from the consent page names no code or no company. Nothing was stored.")
    return Consent(code=given["code"], realm_id=given["realmId"])
