"""A token endpoint that replaces the refresh token at every refresh and kills the old one at once: the hardest Intuit can be.

It counts what it was asked, can be told to answer otherwise, and can be stopped between doing its work and answering.
"""

import itertools
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs


class TokenEndpoint:
    """Serves `url` while the `with` block lasts; `refresh-0` is the first token that is good."""

    def __init__(self) -> None:
        self.alive = "refresh-0"
        self.is_replacing = True
        self.asked: list[str] = []
        self.refusals: list[tuple[int, str]] = []
        self.before_answer: Callable[[], object] = lambda: None
        self._numbers = itertools.count(1)
        self._one = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"

    def answer(self, refresh_token: str) -> tuple[int, dict[str, object]]:
        """The status and body for one request."""
        with self._one:
            self.asked.append(refresh_token)
            if self.refusals:
                status, error = self.refusals.pop(0)
                return status, {"error": error}
            if refresh_token != self.alive:
                return 400, {"error": "invalid_grant"}
            number = next(self._numbers)
            if self.is_replacing:
                self.alive = f"refresh-{number}"
            return 200, {
                "access_token": f"access-{number}",
                "refresh_token": self.alive,
                "token_type": "bearer",
                "expires_in": 3600,
                "x_refresh_token_expires_in": 8726400,
            }

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(endpoint: TokenEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, body = endpoint.answer(form["refresh_token"][0])
            endpoint.before_answer()
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
