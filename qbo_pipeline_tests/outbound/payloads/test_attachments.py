"""Pictures of receipts: uploaded with their document once, whatever is lost on the way, and never another file's bytes."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from qbo_pipeline.ops.errors import FileUnavailable
from qbo_pipeline.ops.files import SourceFiles
from qbo_pipeline.outbound.composer import Composer
from qbo_pipeline.outbound.delivery.deliver import deliver
from qbo_pipeline.outbound.document import Attachment, Document, Reference
from qbo_pipeline.state.intents import IntentState, StoredIntent
from qbo_pipeline_tests.outbound.payloads.desk import TODAY, Desk, document, line


@pytest.fixture
def shelf(us: Desk, tmp_path: Path) -> Iterator[Path]:
    """The folder that receipts' pictures are in, beside the company's desk."""
    usual, us.composer = us.composer, Composer(us.store, files=SourceFiles(tmp_path))
    yield tmp_path
    us.composer = usual


def picture_of(receipt: Document, file: str) -> Attachment:
    """The picture of a receipt that became a document."""
    of = Reference(target=receipt.target, source_kind=receipt.source_kind, source_id=receipt.source_id)
    return Attachment(
        business_entity_id="be1",
        source_kind=receipt.source_kind,
        source_id=receipt.source_id,
        transaction_date=TODAY,
        of=of,
        file=file,
    )


def deliver_until_still(desk: Desk, intent: StoredIntent) -> StoredIntent:
    """Deliver it, and again whenever it is due."""
    for _ in range(12):
        deliver(desk.store, [desk.client], desk.composer.compose, files=desk.composer.file, keys=[intent.intent_key])
        due = desk.store.dispatch.due_at(desk.profile.realm_id)
        if due is None:
            break
        desk.emulator.clock.advance(max(0.0, (due - desk.emulator.clock.now()).total_seconds()) + 1)
    return desk.store.outbox.get(intent.intent_key)


def attached(desk: Desk, target: str, qbo_id: str) -> list[dict[str, Any]]:
    """What hangs on a document in QuickBooks."""
    query = f"select * from Attachable where AttachableRef.EntityRef.value = '{qbo_id}'"
    found = msgspec.json.decode(desk.books.query(query))["QueryResponse"].get("Attachable", [])
    return [each for each in found if each["AttachableRef"][0]["EntityRef"]["type"] == target]


@pytest.mark.parametrize("target", ["Purchase", "Bill"])
def test_a_receipts_picture_hangs_on_what_it_became(us: Desk, shelf: Path, target: str) -> None:
    receipt = document(target, line(product_id=None, kind="account", account="Travel"), account="Visa 1881")
    link = us.push(receipt)
    (shelf / "lunch.txt").write_bytes(b"Two soups: 100.00\n")

    intent = deliver_until_still(us, us.intent(picture_of(receipt, "lunch.txt")))

    (hung,) = attached(us, target, link.qbo_id)
    assert intent.state is IntentState.PUSHED
    assert (hung["ContentType"], hung["Size"]) == ("text/plain", 18)
    assert hung["FileName"].startswith("lunch-")
    assert hung["Note"].endswith(intent.marker)


@pytest.mark.parametrize("how", ["reset_before", "reset_after", "truncate"])
def test_a_lost_answer_hangs_no_second_picture_and_loses_none(us: Desk, shelf: Path, how: str) -> None:
    receipt = document("Purchase", account="Visa 1881")
    link = us.push(receipt)
    (shelf / "taxi.txt").write_text("Taxi")
    match = {"path": "/upload\\?", "method": "POST", "realm": us.profile.realm_id}
    us.emulator.scripted_faults.add(
        msgspec.json.encode({"match": match, "then": {"action": how}, "times": 1, "skip": 0})
    )

    intent = us.intent(picture_of(receipt, "taxi.txt"))
    for _ in range(3):
        intent = deliver_until_still(us, intent)

    assert intent.state is IntentState.PUSHED
    assert len(attached(us, "Purchase", link.qbo_id)) == 1
    assert len(us.store.outbox.attempts(intent.intent_key)) == (2 if how == "reset_before" else 1)


def test_a_picture_waits_for_its_document(us: Desk, shelf: Path) -> None:
    (shelf / "early.txt").write_text("Early")
    receipt = document("Purchase", account="Visa 1881")

    intent = deliver_until_still(us, us.intent(picture_of(receipt, "early.txt")))
    assert intent.reason_code == "dependency"

    link = us.push(receipt)
    assert deliver_until_still(us, intent).state is IntentState.PUSHED
    assert len(attached(us, "Purchase", link.qbo_id)) == 1


def test_a_picture_that_is_not_there_or_outside_the_folder_is_for_a_person(us: Desk, shelf: Path) -> None:
    receipt = document("Purchase", account="Visa 1881")
    us.push(receipt)
    (shelf.parent / "secret.txt").write_text("secret")

    for path in ("lost.txt", "../secret.txt", str(shelf.parent / "secret.txt"), "http://files.example.com/a.txt"):
        assert us.held(picture_of(receipt, path)) == "file_unavailable"


def test_a_picture_replaced_after_it_was_written_ahead_does_not_go_under_the_others_name(us: Desk, shelf: Path) -> None:
    receipt = document("Purchase", account="Visa 1881")
    link = us.push(receipt)
    (shelf / "hotel.txt").write_text("One night")
    match = {"path": "/upload\\?", "method": "POST", "realm": us.profile.realm_id}
    lost = {"match": match, "then": {"action": "reset_before"}, "times": 1, "skip": 0}
    us.emulator.scripted_faults.add(msgspec.json.encode(lost))
    intent = us.intent(picture_of(receipt, "hotel.txt"))
    deliver(us.store, [us.client], us.composer.compose, files=us.composer.file, keys=[intent.intent_key])
    (shelf / "hotel.txt").write_text("Two nights")

    assert deliver_until_still(us, intent).reason_code == "file_changed"
    assert attached(us, "Purchase", link.qbo_id) == []


def test_a_picture_at_an_address_is_fetched_and_a_redirect_is_not_followed(tmp_path: Path) -> None:
    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/a%20b.png" else 302)
            self.send_header("Location", "/a%20b.png")
            self.end_headers()
            self.wfile.write(b"png")

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    with HTTPServer(("127.0.0.1", 0), Shop) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        file = SourceFiles(tmp_path).read(f"{address}/a%20b.png")
        with pytest.raises(FileUnavailable, match="302"):
            SourceFiles(tmp_path).read(f"{address}/elsewhere")
        server.shutdown()
    assert (file.name, file.content_type, file.content) == ("a b.png", "image/png", b"png")
