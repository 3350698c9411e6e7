"""Starting runs: from a page, and by other programs with a token; and serving only what is guarded."""

import os
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from qbo_pipeline.gateway.child_runs import ChildRuns
from qbo_pipeline.gateway.serving import refuse_unguarded
from qbo_pipeline.settings import SettingsError
from qbo_pipeline.state.errors import UnknownConnection
from qbo_pipeline_tests.gateway.conftest import SECRET, TRIGGER, Running

BEARER = {"Authorization": f"Bearer {TRIGGER}"}


def _ended(running: Running, run_id: str, seconds: float = 240) -> dict[str, object]:
    """What the trigger says of a run once it is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = running.gateway.runs.find(run_id)
        if found is not None and found.status != "running":
            return requests.get(f"{running.url}/runs/{run_id}", headers=BEARER, timeout=10).json()
        time.sleep(0.2)
    raise AssertionError(f"run {run_id} did not end: {running.gateway.runs.log_path(run_id).read_text()}")


def process_of(run_id: str) -> int:
    """The process that does a run."""
    found = [path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if run_id.encode() in _words(path)]
    assert len(found) == 1, found
    return int(found[0])


def _words(command_line: Path) -> bytes:
    try:
        return command_line.read_bytes()
    except OSError:
        return b""  # It ended meanwhile.


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", f"Basic {TRIGGER}", TRIGGER, "Bearer é"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/trigger/sync"), ("POST", "/trigger/push"), ("GET", "/runs/{}")]
)
def test_nothing_is_started_or_told_without_the_token(running: Running, method: str, path: str, header: str) -> None:
    address = running.url + path.format(uuid.uuid4())
    answer = requests.request(method, address, headers={"Authorization": header.encode()}, timeout=5)
    assert answer.status_code == 401
    assert running.gateway.runs.running() == []


def test_where_no_token_is_set_nobody_has_it(serve: Callable[..., Running]) -> None:
    running = serve(TRIGGER_TOKEN="")
    for header in ("Bearer ", "Bearer None", BEARER["Authorization"]):
        answer = requests.post(f"{running.url}/trigger/sync", headers={"Authorization": header}, timeout=5)
        assert answer.status_code == 401


def test_a_session_of_a_browser_starts_nothing_at_the_trigger(running: Running) -> None:
    assert running.signed_in().post("/trigger/sync", {}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"connections": "landscaping"}', 400),
        (b'{"connections": [], "full": true}', 400),
        (b"[" * 50_000, 400),
        (b" " * 70_000, 413),
        (b'{"connections": ["nobody"]}', 404),
        (b'{"connections": ["--full"]}', 404),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(running: Running, body: bytes, status: int) -> None:
    assert requests.post(f"{running.url}/trigger/sync", body, headers=BEARER, timeout=5).status_code == status
    assert running.gateway.runs.running() == []


def test_the_trigger_is_rate_limited_before_the_token_is_looked_at(running: Running) -> None:
    statuses = [requests.get(f"{running.url}/runs/{uuid.uuid4()}", timeout=5).status_code for _ in range(31)]
    assert statuses == [401] * 30 + [429]


def test_a_run_nobody_knows_is_not_found(running: Running) -> None:
    assert requests.get(f"{running.url}/runs/{uuid.uuid4()}", headers=BEARER, timeout=5).status_code == 404
    assert requests.get(f"{running.url}/runs/..%2f..%2fetc", headers=BEARER, timeout=5).status_code == 404


def test_a_run_that_is_killed_has_failed_and_can_be_asked_for_again(running: Running) -> None:
    order = {"connections": ["landscaping"]}
    started = requests.post(f"{running.url}/trigger/sync", json=order, headers=BEARER, timeout=10)
    run_id = started.json()["run_id"]
    assert started.status_code == 202
    again = requests.post(f"{running.url}/trigger/sync", json=order, headers=BEARER, timeout=10)
    assert again.json()["run_id"] == run_id  # What runs already is not started twice.
    os.killpg(process_of(run_id), signal.SIGKILL)

    ended = _ended(running, run_id, 30)
    assert (ended["status"], ended["connections"]) == ("failed", [])
    (noted, _) = running.gateway.store.audit_log.entries()
    assert (noted.action, noted.subject) == ("trigger sync", "landscaping")


def test_a_connection_that_is_not_there_is_refused_before_anything_starts(running: Running) -> None:
    runs = ChildRuns(running.installation.settings, running.gateway.store)
    with pytest.raises(UnknownConnection):
        runs.start("sync", ["landscaping; rm -rf"], asked_by="a test")
    assert runs.running() == []


@pytest.mark.slow
def test_a_sync_asked_for_by_a_program_runs_to_its_end_and_is_told_of(running: Running) -> None:
    order = {"connections": ["landscaping"]}
    run_id = requests.post(f"{running.url}/trigger/sync", json=order, headers=BEARER, timeout=10).json()["run_id"]
    browser = running.signed_in()
    progress = browser.get(f"/runs/{run_id}/progress")
    assert 'http-equiv="refresh"' in progress.text

    ended = _ended(running, run_id, 1200)

    assert ended["status"] == "synced", running.gateway.runs.log_path(run_id).read_text()
    assert [each["connection"] for each in ended["connections"]] == ["landscaping"]
    progress = browser.get(f"/runs/{run_id}/progress")
    assert 'http-equiv="refresh"' not in progress.text
    assert "invoice" in progress.text
    books = browser.get("/books")
    assert "Month-ends equal to the cent" in books.text
    for chart in ("revenue", "owed"):
        drawing = browser.get(f"/books/landscaping/{chart}.svg")
        assert (drawing.headers["content-type"], drawing.text.lstrip()[:4]) == ("image/svg+xml", "<svg")


@pytest.mark.parametrize(
    ("host", "settings", "problem"),
    [
        ("0.0.0.0", {}, "QBO_GATEWAY_SECRET is not set"),
        ("::", {}, "QBO_PUBLIC_URL is not set to an https address"),
        ("192.168.1.5", {"GATEWAY_SECRET": SECRET}, "QBO_PUBLIC_URL"),
        ("0.0.0.0", {"GATEWAY_SECRET": SECRET, "PUBLIC_URL": "http://books.example.com"}, "QBO_PUBLIC_URL"),
        ("0.0.0.0", {"PUBLIC_URL": "https://books.example.com"}, "QBO_GATEWAY_SECRET"),
        ("gateway.example.com", {}, "QBO_GATEWAY_SECRET"),
        # A proxy on this machine brings the world to the loopback address.
        ("127.0.0.1", {"PUBLIC_URL": "https://books.example.com"}, "QBO_GATEWAY_SECRET"),
        ("127.0.0.1", {"TRUSTED_PROXIES": "127.0.0.1"}, "QBO_GATEWAY_SECRET"),
        ("127.0.0.1", {"GATEWAY_USER_HEADER": "X-User"}, "without QBO_TRUSTED_PROXIES"),
        ("127.0.0.1", {"GATEWAY_SECRET": "short"}, "QBO_GATEWAY_SECRET has fewer than 16"),
        ("127.0.0.1", {"TRIGGER_TOKEN": "short"}, "QBO_TRIGGER_TOKEN has fewer than 16"),
        ("127.0.0.1", {"GATEWAY_VIEW_SECRET": SECRET}, "without QBO_GATEWAY_SECRET"),
        ("127.0.0.1", {"TRUSTED_PROXIES": "everybody"}, "no address or network"),
    ],
)
def test_a_gateway_that_nobody_guards_is_not_served_where_others_reach_it(
    clean_environment: pytest.MonkeyPatch, host: str, settings: dict[str, str], problem: str
) -> None:
    from qbo_pipeline.settings import read_settings

    for name, value in settings.items():
        clean_environment.setenv(f"QBO_{name}", value)
    with pytest.raises(SettingsError, match=problem) as refused:
        refuse_unguarded(read_settings(), host)
    assert "short" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "settings"),
    [
        ("127.0.0.1", {}),
        ("localhost", {"GATEWAY_SECRET": SECRET}),
        ("::1", {"PUBLIC_URL": "http://localhost:8700"}),
        ("0.0.0.0", {"GATEWAY_SECRET": SECRET, "PUBLIC_URL": "https://books.example.com"}),
        (
            "10.0.0.2",
            {"GATEWAY_USER_HEADER": "X-User", "TRUSTED_PROXIES": "10.0.0.1", "PUBLIC_URL": "https://b.example.com"},
        ),
    ],
)
def test_a_gateway_that_is_guarded_or_on_ones_own_machine_is_served(
    clean_environment: pytest.MonkeyPatch, host: str, settings: dict[str, str]
) -> None:
    from qbo_pipeline.settings import read_settings

    for name, value in settings.items():
        clean_environment.setenv(f"QBO_{name}", value)
    refuse_unguarded(read_settings(), host)
