"""The emulator's webhooks: signed posts after each change, in both of Intuit's forms."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.quickbooks.webhooks import ChangeEvent, is_signed, read_post

LANDSCAPING = "9341450000000001"


class Receiver:
    """Keeps what is posted to it; answers with the statuses it was given, then 200."""

    def __init__(self) -> None:
        self.posts: list[tuple[bytes, str]] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append((body, self.headers["intuit-signature"]))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def events(self) -> list[ChangeEvent]:
        """Everything that was told, each post's signature checked."""
        assert all(is_signed(body, signature, ["verifier"]) for body, signature in self.posts)
        return [event for body, _ in self.posts for event in read_post(body).events]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def telling(emulate: Callable[..., Emulator], receiver: Receiver) -> Callable[..., Emulator]:
    """An emulator that tells the receiver."""

    def start(form: str = "cloud", **settings: object) -> Emulator:
        emulator = emulate("landscaping", **settings)
        order = {"url": receiver.url, "verifier_token": "verifier", "form": form}
        assert requests.post(f"{emulator.url}/admin/webhooks", json=order, timeout=5).status_code == 200
        return emulator

    return start


def test_a_changed_record_is_told_and_derived_balances_are_not(
    telling: Callable[..., Emulator], receiver: Receiver
) -> None:
    emulator = telling()
    emulator.companies[LANDSCAPING].edit("Invoice", "130", {"PrivateNote": "called"})
    emulator.webhooks.drain()
    (event,) = receiver.events()
    assert (event.realm_id, event.entity, event.record_id, event.operation) == (
        LANDSCAPING,
        "Invoice",
        "130",
        "update",
    )


def test_creation_deletion_and_voiding_are_told_as_such(telling: Callable[..., Emulator], receiver: Receiver) -> None:
    emulator = telling()
    company = emulator.companies[LANDSCAPING]
    company.void("Invoice", "130")
    company.delete("Invoice", "129")
    made = json.loads(company.write("customer", b'{"DisplayName": "New One"}', {}))["Customer"]["Id"]
    emulator.webhooks.drain()
    told = {(event.entity, event.record_id): event.operation for event in receiver.events()}
    assert told["Invoice", "130"] == "void"
    assert told["Invoice", "129"] == "delete"
    assert told["Customer", made] == "create"


def test_a_merge_names_the_winner_and_the_loser(telling: Callable[..., Emulator], receiver: Receiver) -> None:
    emulator = telling("both")
    emulator.companies[LANDSCAPING].merge("Customer", "1", "2")
    emulator.webhooks.drain()
    merges = [event for event in receiver.events() if event.operation == "merge"]
    assert {(event.record_id, event.deleted_id) for event in merges} == {("2", "1")}
    assert len(merges) == 2  # once in each form


def test_a_post_that_was_not_answered_with_200_comes_again(
    telling: Callable[..., Emulator], receiver: Receiver
) -> None:
    emulator = telling(webhook_retry_seconds=(0.01, 0.01))
    receiver.statuses = [503, 500]
    emulator.companies[LANDSCAPING].edit("Invoice", "130", {"PrivateNote": "called"})
    emulator.webhooks.drain()
    assert len(receiver.posts) == 3
    assert len({body for body, _ in receiver.posts}) == 1


def test_events_may_be_told_several_times(telling: Callable[..., Emulator], receiver: Receiver) -> None:
    emulator = telling(webhook_times=5, webhook_shuffled=True)
    emulator.companies[LANDSCAPING].edit("Invoice", "130", {"PrivateNote": "called"})
    emulator.webhooks.drain()
    assert len(receiver.events()) == 5
    assert len({event.event_id for event in receiver.events()}) == 1
