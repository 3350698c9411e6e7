"""The emulator's HTTP: connections kept alive, one thread each, every answer sent in a single write.

Answers that must not arrive whole are spoilt here: a reset is a real TCP reset (a closed socket with nothing lingering),
a truncated body ends before its Content-Length. No request is logged above debug level, and never its headers or query.
"""

import logging
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from uuid import uuid4

from qbo_pipeline.emulator.web.exchange import Answer, Arrival, Request, json_answer

_log = logging.getLogger(__name__)

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_SLOW_CHUNKS = 8


class HttpServer:
    """Serves `application` on 127.0.0.1 from construction until `close`. `now` dates the answers."""

    def __init__(self, port: int, application: Callable[[Request], Answer], now: Callable[[], datetime]) -> None:
        self._server = _ThreadPerConnection(port, application, now)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="quickbooks-emulator", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port served, also where port 0 let the machine choose."""
        return self._server.server_address[1]

    def close(self) -> None:
        """Stop, and end the connections that clients keep alive: a stopped emulator answers nobody."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.end_connections()


class _ThreadPerConnection(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, application: Callable[[Request], Answer], now: Callable[[], datetime]) -> None:
        self.application = application
        self.now = now
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Connection)

    def server_bind(self) -> None:
        # HTTPServer's own looks up the machine's name, which can take seconds and serves nothing here.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # its client was faster

    def handle_error(self, request: Any, client_address: Any) -> None:
        if isinstance(sys.exception(), OSError):
            _log.debug("a client left before its answer was sent")
        else:
            _log.exception("the emulator itself failed at a connection")


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300
    server: _ThreadPerConnection

    def _serve(self) -> None:
        started = time.perf_counter()
        answer = self._answer()
        _log.debug("%s %s %d", self.command, self.path.partition("?")[0], answer.status)
        self._deliver(answer, time.perf_counter() - started)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - names the standard library looks for

    def _answer(self) -> Answer:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            return json_answer(411, {"error": "a request's body needs a Content-Length"})
        request = Request(self.command, self.path, self.headers, self.rfile.read(int(length)))
        try:
            return self.server.application(request)
        except Exception:
            _log.exception("the emulator itself failed at %s %s", request.method, request.path)
            return json_answer(500, {"error": "the emulator itself failed; its log says why"})

    def _deliver(self, answer: Answer, seconds: float) -> None:
        head = self._head(answer, seconds)
        match answer.arrival:
            case Arrival.WHOLE:
                self.connection.sendall(head + answer.body)
            case Arrival.RESET:
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                # Detached, because the inherited shutdown would say a proper goodbye before the close.
                os.close(self.connection.detach())
            case Arrival.TRUNCATED:
                self.close_connection = True
                self.connection.sendall(head + answer.body[: len(answer.body) // 2])
            case Arrival.SLOW:
                self.connection.sendall(head)
                size = max(1, -(-len(answer.body) // _SLOW_CHUNKS))
                for start in range(0, len(answer.body), size):
                    time.sleep(answer.pause_seconds)
                    self.connection.sendall(answer.body[start : start + size])

    def _head(self, answer: Answer, seconds: float) -> bytes:
        now = self.server.now()
        milliseconds = round(seconds * 1000)
        headers = {
            "Date": format_datetime(now, usegmt=True),
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.body)),
            "intuit_tid": f"1-{int(now.timestamp()):08x}-{uuid4().hex[:24]}",
            "QBO-Version": "1993.144",
            "Service-Time": f"total={milliseconds}, db={milliseconds // 2}",
            "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
            "Strict-Transport-Security": "max-age=15552000",
            **answer.headers,
            "Connection": "close" if self.close_connection else "keep-alive",
        }
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the inherited log writes whole request lines."""
