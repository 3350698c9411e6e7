"""Requests that are shaped to be read in two ways, and what every answer carries whoever gets it."""

import ast
import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import requests

import qbo_pipeline.gateway
from qbo_pipeline.gateway.application import _PAGES
from qbo_pipeline_tests.gateway.conftest import SECRET, TRIGGER, Running
from qbo_pipeline_tests.gateway.test_connecting import sent_away
from qbo_pipeline_tests.gateway.test_security import _raw

ACTING = sorted({route.path for route in _PAGES if route.methods == {"POST"}})
_SECRET_NAMES = re.compile(r"secret|token|signature|cookie|digest")


@pytest.mark.parametrize("path", ACTING)
def test_what_acts_is_reached_by_a_post_alone_whatever_a_header_or_field_claims(running: Running, path: str) -> None:
    browser = running.signed_in()
    token = browser.form_token()
    before = len(running.gateway.store.audit_log.entries())
    claims = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    fields = {"form_token": token, "_method": "POST", "name": "landscaping", "connection": "landscaping"}
    for method in ("GET", "HEAD"):
        answer = browser.session.request(method, running.url + path, params=fields, headers=claims, timeout=10)
        # Some have a page to look at under the same address.
        assert answer.status_code in (200, 405)
    assert len(running.gateway.store.audit_log.entries()) == before
    assert running.gateway.runs.running() == []
    assert running.gateway.store.connections.get("landscaping").is_active


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 40",
        "Transfer-Encoding: xchunked",
        "Content-Length: -1",
        "Content-Length: +4",
    ],
)
def test_a_request_whose_end_can_be_read_in_two_ways_brings_no_second_one_along(running: Running, head: str) -> None:
    smuggled = "GET /healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    request = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n\r\n0\r\n\r\n{smuggled}"
    assert b'"healthy"' not in _raw(running, request.encode())


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "/\\evil.example/", "/log/", "//evil.example/%2e%2e/log/", "/sync/?next=//evil.example"],
)
def test_no_address_is_answered_with_a_way_to_another_site(running: Running, address: str) -> None:
    token = running.signed_in().session.cookies["qbo_session"]
    request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nCookie: qbo_session={token}\r\nConnection: close\r\n\r\n"
    head = _raw(running, request.encode()).partition(b"\r\n\r\n")[0].decode().lower()
    location = re.search(r"location: (.*)", head)
    assert location is None or re.match(r"(http://localhost(:\d+)?)?/(?![/\\])", location[1]), location


def test_of_two_fields_of_a_name_the_first_counts_so_that_a_later_one_cannot_take_its_place(running: Running) -> None:
    browser = running.signed_in()
    body = f"form_token={browser.form_token()}&name=nobody&name=landscaping&form_token=x"
    answer = browser.session.post(
        f"{running.url}/connections/disconnect",
        body,
        headers={"content-type": "application/x-www-form-urlencoded"},
        timeout=10,
    )
    assert answer.status_code == 409
    assert running.gateway.store.connections.get("landscaping").is_active


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(running: Running) -> None:
    browser = running.browser()
    answers = [browser.get("/sign-in")]
    browser.sign_in(SECRET)
    form = next(form for form in browser.forms("/connections") if form.action == "/connections/reconnect")
    answers.append(browser.post(form.action, form.fields, allow_redirects=False))
    answers.append(browser.post("/sign-out", {"form_token": browser.form_token()}, allow_redirects=False))
    named = set()
    for answer in answers:
        for text in answer.raw.headers.getlist("set-cookie"):
            ((name, cookie),) = SimpleCookie(text).items()
            named.add(name)
            assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "lax", "/", "")
    assert named >= {"qbo_visitor", "qbo_consent", "qbo_session"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks", 401),
        ("POST", "/webhooks/an-app", 401),
        ("POST", "/trigger/sync", 401),
        ("GET", "/trigger/sync", 405),
        ("GET", "/runs/00000000-0000-0000-0000-000000000000", 401),
        ("GET", "/nothing", 404),
        ("POST", "/sync", 401),
    ],
)
def test_refusals_are_guarded_and_kept_by_nobody_either(running: Running, method: str, path: str, status: int) -> None:
    answer = requests.request(method, running.url + path, timeout=10)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_what_others_must_not_keep_is_marked_so_for_those_who_have_the_token_too(running: Running) -> None:
    address = f"{running.url}/runs/00000000-0000-0000-0000-000000000000"
    answer = requests.get(address, headers={"Authorization": f"Bearer {TRIGGER}"}, timeout=10)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


def test_an_answer_from_a_consent_page_is_no_use_after_signing_out(running: Running) -> None:
    browser = running.signed_in()
    form = next(form for form in browser.forms("/connections") if form.action == "/connections/connect")
    assert "state=" in sent_away(browser, "again")
    browser.post("/sign-out", {"form_token": form.fields["form_token"]})
    answer = browser.get("/connect/callback?state=x&code=y&realmId=1", allow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")


def test_no_secret_is_compared_character_by_character() -> None:
    found = []
    for path in Path(qbo_pipeline.gateway.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and any(isinstance(each, ast.Eq | ast.NotEq) for each in node.ops):
                names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
                names += [part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)]
                found += [f"{path.name}:{node.lineno}" for name in names if _SECRET_NAMES.search(name)]
    assert found == []
