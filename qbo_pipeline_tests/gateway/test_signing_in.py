"""Who is let in, and what a browser must bring along to act."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
import requests

from qbo_pipeline.gateway.sessions import IDLE_MAX, LONGEST, SESSIONS_MAX, Person, Role, Sessions
from qbo_pipeline.gateway.sign_in import local_target
from qbo_pipeline_tests.gateway.browsing import Browser, read_forms
from qbo_pipeline_tests.gateway.conftest import LOOKING_SECRET, SECRET, Running
from qbo_pipeline_tests.state.conftest import HandClock

ACTIONS = (
    ("/connections/connect", {"name": "x"}),
    ("/connections/disconnect", {"name": "landscaping"}),
    ("/connections/reconnect", {"name": "landscaping"}),
    ("/connections/verifier", {"name": "landscaping", "verifier_token": "x"}),
    ("/sync", {}),
    ("/push", {}),
    ("/queue/retry", {"connection": "landscaping", "code": "x"}),
    ("/queue/link", {"connection": "landscaping", "key": "x", "qbo_id": "1"}),
    ("/queue/skip", {"connection": "landscaping", "key": "x", "reason": "x"}),
    ("/mappings", {"connection": "landscaping", "decision": "new", "kind": "customer", "source": "x"}),
)


def test_who_has_not_signed_in_is_led_to_the_form_and_then_where_they_wanted_to_go(running: Running) -> None:
    browser = running.browser()
    form_page = browser.get("/log?status=failed")
    assert form_page.url.endswith("/sign-in?next=%2Flog%3Fstatus%3Dfailed")
    assert "landscaping" not in form_page.text
    assert browser.sign_in(SECRET, "/log?status=failed").url == f"{running.url}/log?status=failed"


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + " x", SECRET.upper(), "é", LOOKING_SECRET[:-1]])
def test_a_wrong_secret_lets_nobody_in(running: Running, secret: str) -> None:
    browser = running.browser()
    assert browser.sign_in(secret).status_code == 403
    assert "/sign-in" in browser.get("/").url
    assert running.gateway.store.audit_log.entries()[0].outcome == "wrong secret"


def test_the_sixth_try_within_a_minute_is_not_heard_even_with_the_right_secret(running: Running) -> None:
    for _ in range(5):
        assert running.browser().sign_in("wrong").status_code == 403
    answer = running.browser().sign_in(SECRET)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(("path", "fields"), ACTIONS)
def test_nobody_acts_without_signing_in(running: Running, path: str, fields: dict[str, str]) -> None:
    assert running.browser().post(path, fields).status_code == 401
    assert running.gateway.store.audit_log.entries() == []


@pytest.mark.parametrize(("path", "fields"), ACTIONS)
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_nobody_acts_with_a_form_of_another_site(
    running: Running, path: str, fields: dict[str, str], token: str
) -> None:
    browser = running.signed_in()
    answer = browser.post(path, fields | {"form_token": token})
    assert answer.status_code == 403
    assert "was not sent from a page of this gateway" in answer.text
    assert [entry.action for entry in running.gateway.store.audit_log.entries()] == ["sign in"]


def test_the_token_of_one_browsers_forms_is_no_use_in_another(running: Running) -> None:
    other, mine = running.signed_in().form_token(), running.signed_in()
    assert other != mine.form_token()
    assert mine.post("/sign-out", {"form_token": other}).status_code == 403


def test_a_sign_in_form_of_another_site_signs_nobody_in(running: Running) -> None:
    planted = running.browser().get("/sign-in").text
    (form,) = read_forms(planted)
    answer = running.browser().post("/sign-in", form.fields | {"secret": SECRET, "name": "Eve"})
    assert answer.status_code == 403


def test_signing_in_begins_a_session_with_a_secret_of_its_own(running: Running) -> None:
    victim = running.browser()
    victim.session.cookies.set("qbo_session", "planted-by-somebody", domain="localhost.local", path="/")
    assert victim.sign_in(SECRET).status_code == 200
    assert victim.session.cookies["qbo_session"] != "planted-by-somebody"

    attacker = running.browser()
    attacker.session.cookies.set("qbo_session", "planted-by-somebody")
    assert "/sign-in" in attacker.get("/").url


def test_signing_in_again_ends_the_session_before(running: Running) -> None:
    browser = running.signed_in()
    before = browser.session.cookies["qbo_session"]
    form = read_forms(browser.get("/sign-in").text)[0]
    browser.post(form.action, form.fields | {"secret": SECRET, "name": "Pat"})
    stale = running.browser()
    stale.session.cookies.set("qbo_session", before)
    assert "/sign-in" in stale.get("/").url


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(running: Running) -> None:
    browser = running.signed_in()
    kept = browser.session.cookies["qbo_session"]
    browser.submit("/", "Sign out")
    thief = running.browser()
    thief.session.cookies.set("qbo_session", kept)
    assert "/sign-in" in thief.get("/").url


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(running: Running) -> None:
    browser = running.browser()
    (form,) = read_forms(browser.get("/sign-in").text)
    answer = browser.post(form.action, form.fields | {"secret": SECRET, "name": "Pat"}, allow_redirects=False)
    cookie = SimpleCookie(answer.headers["set-cookie"].split(", qbo_visitor")[0])["qbo_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "lax", "/", "")


def test_behind_https_the_cookie_is_secure_and_of_this_host_only(serve: Callable[..., Running]) -> None:
    running = serve(TRUSTED_PROXIES="127.0.0.1", PUBLIC_URL="https://books.example.com")
    answer = requests.get(f"{running.url}/sign-in", headers={"X-Forwarded-Proto": "https"}, timeout=5)
    assert answer.headers["set-cookie"].startswith("__Host-qbo_visitor=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_forwarded_headers_of_a_proxy_that_is_not_trusted_are_not_believed(running: Running) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"}
    answer = requests.get(f"{running.url}/sign-in", headers=headers, timeout=5)
    assert "Secure" not in answer.headers["set-cookie"]


def test_behind_a_trusted_proxy_tries_are_counted_by_the_browsers_address(serve: Callable[..., Running]) -> None:
    running = serve(TRUSTED_PROXIES="127.0.0.0/8", PUBLIC_URL="https://books.example.com")

    def tried(address: str) -> int:
        browser = running.browser()
        browser.session.headers["X-Forwarded-For"] = address
        return browser.sign_in("wrong").status_code

    assert [tried("10.0.0.1") for _ in range(6)] == [403] * 5 + [429]
    assert tried("10.0.0.2") == 403


def test_a_trusted_proxy_names_who_it_signed_in_and_the_actors_may_act(serve: Callable[..., Running]) -> None:
    running = serve(
        TRUSTED_PROXIES="127.0.0.1",
        PUBLIC_URL="https://books.example.com",
        GATEWAY_USER_HEADER="X-Auth-User",
        GATEWAY_ACTORS="ada@example.com, bob@example.com",
    )

    def acting(name: str) -> bool:
        browser = running.browser()
        browser.session.headers["X-Auth-User"] = name
        page = browser.get("/connections")
        assert name in page.text
        return "Disconnect" in page.text

    assert acting("ada@example.com")
    assert not acting("eve@example.com")
    assert running.browser().get("/").status_code == 401


def test_a_session_is_no_use_to_somebody_else_behind_the_proxy(serve: Callable[..., Running]) -> None:
    running = serve(
        TRUSTED_PROXIES="127.0.0.1",
        PUBLIC_URL="https://books.example.com",
        GATEWAY_USER_HEADER="X-Auth-User",
        GATEWAY_ACTORS="ada",
    )
    browser = running.browser()
    browser.session.headers["X-Auth-User"] = "ada"
    assert "Disconnect" in browser.get("/connections").text
    browser.session.headers["X-Auth-User"] = "eve"
    assert "Disconnect" not in browser.get("/connections").text


def test_on_a_machine_of_ones_own_nobody_signs_in_and_forms_are_guarded_all_the_same(
    serve: Callable[..., Running],
) -> None:
    running = serve(GATEWAY_SECRET="", GATEWAY_VIEW_SECRET="")
    browser = running.browser()
    assert "Disconnect" in browser.get("/connections").text
    assert browser.post("/sync", {}).status_code == 403
    assert Browser(running.url).post("/sync", {}).status_code == 401


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "evil.example",
        "",
        "/sign-in?next=/",
        "http:///evil.example",
        "//[",
        "/" + "a" * 2_000,
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(running: Running, given: str) -> None:
    assert local_target(given) == "/"
    browser = running.browser()
    (form,) = read_forms(browser.get("/sign-in", params={"next": given}).text)
    answer = browser.post(
        form.action, form.fields | {"secret": SECRET, "name": "Pat", "next": given}, allow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_pages_of_ours_are_where_one_is_led() -> None:
    assert local_target("/log?status=failed&connection=a%20b") == "/log?status=failed&connection=a%20b"


def test_a_session_ends_after_a_while_unused_and_after_a_day_in_any_case() -> None:
    clock = HandClock()
    sessions = Sessions(clock)
    secret = sessions.begin(Person("Pat", Role.ACT))
    clock.now += IDLE_MAX
    assert sessions.find(secret) is not None
    clock.now += IDLE_MAX * 1.01
    assert sessions.find(secret) is None

    used = sessions.begin(Person("Pat", Role.ACT))
    began = clock.now
    while clock.now - began <= LONGEST:
        assert sessions.find(used) is not None
        clock.now += IDLE_MAX / 2
    assert sessions.find(used) is None


def test_sessions_do_not_grow_without_end() -> None:
    clock = HandClock()
    sessions = Sessions(clock)
    first = sessions.begin(Person("first", Role.LOOK))
    for _ in range(SESSIONS_MAX):
        clock.advance(seconds=1)
        last = sessions.begin(Person("other", Role.LOOK))
    assert sessions.find(first) is None
    assert sessions.find(last) is not None
