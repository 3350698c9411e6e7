"""What Intuit's security review tries, and some more: each a request that must do nothing."""

import re
import socket
from collections.abc import Callable

import pytest
import requests

from qbo_pipeline.gateway.bodies import FIELDS_MAX, FORM_BYTES_MAX
from qbo_pipeline.gateway.pages import PLACES
from qbo_pipeline_tests.gateway.conftest import SECRET, Running
from qbo_pipeline_tests.installation import LANDSCAPING


def _raw(running: Running, request: bytes) -> bytes:
    """The answer to bytes that no client of ours would send."""
    with socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65_536):
            received += part
    return received


@pytest.mark.parametrize(
    "path", [*(path for path, _ in PLACES), "/sign-in", "/static/gateway.css", "/nothing", "/healthy"]
)
def test_every_answer_carries_the_headers_that_guard_it(running: Running, path: str) -> None:
    headers = running.signed_in().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


@pytest.mark.parametrize("path", [*(path for path, _ in PLACES), "/sign-in"])
def test_no_page_has_a_script_or_a_style_of_its_own(running: Running, path: str) -> None:
    page = running.signed_in().get(path).text
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../gateway.py",
        "/static/..%2f..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static//etc/passwd",
        "/static/....//settings.py",
        "/books/..%2f..%2f..%2fetc%2fpasswd/revenue.svg",
        "/books/landscaping/..%2frevenue.svg",
        "/runs/../../state.db/progress",
        "/runs/00000000-0000-0000-0000-000000000000/../../log",
    ],
)
def test_no_path_leads_out_of_what_is_served(running: Running, path: str) -> None:
    token = running.signed_in().session.cookies["qbo_session"]
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: qbo_session={token}\r\nConnection: close\r\n\r\n"
    status, _, rest = _raw(running, request.encode()).partition(b"\r\n")
    assert b" 404 " in status or b" 400 " in status
    assert b"root:" not in rest
    assert b"import " not in rest


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a b", "[::2]"]
)
def test_a_name_that_is_not_ours_gets_nothing(running: Running, host: str) -> None:
    answer = _raw(running, f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert b" 400 " in answer.partition(b"\r\n")[0]
    assert b"evil" not in answer.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("value", ["/a%0d%0aSet-Cookie:%20x=1", "/%0a%0dLocation:%20//evil.example", "/é", "/\u2028"])
def test_nothing_that_was_sent_becomes_a_header(running: Running, value: str) -> None:
    answer = requests.get(f"{running.url}/log", params=value, allow_redirects=False, timeout=5)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")
    assert "x=1" not in str(answer.headers.get("set-cookie"))
    browser = running.browser()
    browser.get("/sign-in", params={"next": value})
    assert "x" not in browser.session.cookies


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=" + b"x" * FORM_BYTES_MAX, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a%d=1" % number for number in range(FIELDS_MAX + 1)), "application/x-www-form-urlencoded", 400),
        (b"secret=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"secret=a%00b", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"--x--", "multipart/form-data; boundary=x", 415),
    ],
)
def test_a_form_that_is_none_is_refused(running: Running, body: bytes, kind: str, status: int) -> None:
    for path in ("/sign-in", "/sync"):
        answer = requests.post(running.url + path, body, headers={"content-type": kind}, timeout=10)
        assert answer.status_code == status


def test_a_request_larger_than_a_head_may_be_is_refused(running: Running) -> None:
    answer = _raw(running, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n")
    assert b" 200 " not in answer.partition(b"\r\n")[0]
    assert running.browser().get("/healthy").json() == {"healthy": True}


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_methods_that_nothing_uses_are_refused(running: Running, method: str) -> None:
    for path in ("/", "/connections", "/sign-in", "/trigger/sync"):
        assert requests.request(method, running.url + path, timeout=5).status_code == 405


def test_what_others_named_is_shown_escaped(serve: Callable[..., Running]) -> None:
    running = serve()
    store = running.gateway.store
    store.connections.deactivate("landscaping", "<script>alert('reason')</script>")
    store.audit_log.note(person="<img src=x onerror=alert(1)>", action="sign in", outcome="<b>")
    browser = running.signed_in()
    for path in (
        *(path for path, _ in PLACES),
        "/why?source=<script>alert(1)</script>",
        f"/reconnect?realmId={LANDSCAPING}",
    ):
        page = browser.get(path).text
        assert "<script" not in page
        assert "<img src=x" not in page


def test_no_secret_is_in_a_page_the_audit_log_or_what_the_gateway_prints(
    running: Running, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    browser = running.signed_in()
    running.browser().sign_in("a-wrong-secret-somebody-typed")
    browser.get("/connect/callback?code=a-secret-code&state=a-secret-state&realmId=1")
    tokens = running.gateway.store.tokens.read("landscaping")
    settings = running.installation.settings
    secrets = [
        SECRET,
        "a-wrong-secret-somebody-typed",
        "a-secret-code",
        "a-secret-state",
        tokens.refresh_token,
        tokens.access_token,
        settings.client_secret.get_secret_value(),
        settings.trigger_token.get_secret_value(),
        settings.webhook_verifier_token.get_secret_value(),
    ]
    pages = [browser.get(path).text for path, _ in PLACES]
    printed = capfd.readouterr()
    told = "\n".join([*pages, printed.out, printed.err, caplog.text, repr(running.gateway.store.audit_log.entries())])
    assert [secret for secret in secrets if secret in told] == []


def test_a_page_that_breaks_says_so_without_what_it_was_working_on(running: Running) -> None:
    browser = running.signed_in()
    running.gateway.inbox._path.unlink()
    running.gateway.inbox._path.mkdir()
    answer = browser.get("/")
    assert answer.status_code in (409, 500)
    assert "Traceback" not in answer.text
    assert browser.get("/log").status_code == 200
