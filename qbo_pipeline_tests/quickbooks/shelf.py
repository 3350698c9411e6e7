"""A small HTTP server that pages one entity by position like QuickBooks, and changes it between two calls as it is told."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import msgspec

_PAGE = re.compile(r"startposition (\d+) maxresults (\d+)")
_SYSTEM_FAULT = b'{"Fault":{"Error":[{"Message":"An application error","code":"10000"}],"type":"SystemFault"}}'


class Shelf:
    """Records by id, in an order of ids that stands still. `events` happen just before the call of their number is answered.

    A page of more than `records_max` records fails as one that is too large for QuickBooks; `miscount` is added to `count(*)`.
    `creations` counts the moments at which records were added.
    """

    def __init__(
        self,
        ids: range,
        events: dict[int, Callable[["Shelf"], None]] | None = None,
        *,
        order: Callable[[int], object] = int,
        records_max: int = 1000,
        miscount: int = 0,
    ) -> None:
        self.versions = dict.fromkeys(ids, 0)
        self.untouched = set(ids)
        self.statements: list[str] = []
        self.creations = 0
        self._events = events or {}
        self._order = order
        self._records_max = records_max
        self._miscount = miscount
        self._lock = threading.Lock()

    def delete(self, ids: list[int]) -> None:
        for id_ in ids:
            self.versions.pop(id_, None)
            self.untouched.discard(id_)

    def create(self, how_many: int) -> None:
        self.creations += 1
        last = max(self.versions, default=0)
        self.versions.update(dict.fromkeys(range(last + 1, last + 1 + how_many), 0))

    def edit(self, ids: list[int]) -> None:
        for id_ in ids:
            if id_ in self.versions:
                self.versions[id_] += 1

    def answer(self, statement: str) -> tuple[int, bytes]:
        with self._lock:
            self.statements.append(statement)
            if event := self._events.get(len(self.statements)):
                event(self)
            if "count(*)" in statement:
                return 200, _body({"totalCount": len(self.versions) + self._miscount})
            start, size = map(int, _PAGE.search(statement).groups())
            if size > self._records_max:
                return 500, _SYSTEM_FAULT
            ids = sorted(self.versions, key=self._order)[start - 1 : start - 1 + size]
            records = [{"Id": str(id_), "SyncToken": str(self.versions[id_])} for id_ in ids]
            return 200, _body({"Invoice": records, "maxResults": len(records)} if records else {})

    @property
    def pages(self) -> list[tuple[int, int]]:
        """Start and size of every page asked for, in the order of asking."""
        found = (_PAGE.search(statement) for statement in self.statements)
        return [(int(page[1]), int(page[2])) for page in found if page]


class ShelfServer(ThreadingHTTPServer):
    daemon_threads = True
    disable_nagle_algorithm = True
    shelf: Shelf


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        statement = parse_qs(urlsplit(self.path).query)["query"][0]
        status, body = self.server.shelf.answer(statement)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serve_shelves() -> Iterator[ShelfServer]:
    """A running server; its `shelf` is set by each test."""
    with ShelfServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def _body(response: dict[str, object]) -> bytes:
    return msgspec.json.encode({"QueryResponse": response, "time": "2026-08-16T10:00:00-07:00"})
