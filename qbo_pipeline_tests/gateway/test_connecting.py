"""Connecting, reconnecting and letting go in a browser, at the emulator's consent page over real HTTP."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from qbo_pipeline.emulator.oauth.apps import App as RegisteredApp
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.gateway.browsing import Browser, read_forms
from qbo_pipeline_tests.gateway.conftest import Running
from qbo_pipeline_tests.installation import CONSULTANCY, LANDSCAPING


@pytest.fixture
def unconnected(serve: Callable[..., Running]) -> Running:
    return serve("landscaping", "consultancy", connect=False)


def sent_away(browser: Browser, name: str = "books", **fields: str) -> str:
    """Ask for a connection; the address of the consent page that the browser is sent to."""
    form = next(form for form in browser.forms("/connections") if form.action == "/connections/connect")
    answer = browser.post(form.action, form.fields | {"name": name} | fields, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def decide(browser: Browser, address: str, decision: str = "connect", realm_id: str = LANDSCAPING) -> str:
    """Decide on the consent page; where it sends the browser back to."""
    page = browser.session.get(address, timeout=10)
    (form,) = read_forms(page.text)
    site = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    fields = form.fields | {"realm_id": realm_id, "decision": decision}
    return browser.session.post(site + form.action, fields, allow_redirects=False, timeout=10).headers["location"]


def test_consent_connects_the_company_that_was_picked(unconnected: Running) -> None:
    browser = unconnected.signed_in()
    page = browser.get(decide(browser, sent_away(browser), realm_id=CONSULTANCY))

    connection = unconnected.gateway.store.connections.get("books")
    assert (connection.realm_id, connection.status, connection.client_id) == (CONSULTANCY, "active", None)
    assert page.url == f"{unconnected.url}/connections"
    assert f"{connection.company_name} is connected as books." in page.text
    assert "is connected as books." not in browser.get("/connections").text
    (noted, _) = unconnected.gateway.store.audit_log.entries()
    assert (noted.person, noted.action, noted.subject) == ("Pat", "connect", f"books (realm {CONSULTANCY})")


def test_consent_that_is_refused_connects_nothing(unconnected: Running) -> None:
    browser = unconnected.signed_in()
    page = browser.get(decide(browser, sent_away(browser), "cancel"))
    assert page.status_code == 400
    assert "Consent was not given: Intuit answered access_denied" in page.text
    assert unconnected.gateway.store.connections.all() == []


def test_an_answer_is_good_once(unconnected: Running) -> None:
    browser = unconnected.signed_in()
    back = decide(browser, sent_away(browser))
    assert browser.get(back).status_code == 200
    page = browser.get(back)
    assert page.status_code == 400
    assert "was given already" in page.text


def test_an_answer_is_good_for_the_browser_that_was_sent_away_and_no_other(unconnected: Running) -> None:
    attacker, victim = unconnected.signed_in(), unconnected.signed_in()
    back = decide(attacker, sent_away(attacker))
    assert victim.get(back).status_code == 400
    assert attacker.get(back).status_code == 400  # It was used up, so that nobody can go on with it.
    assert unconnected.gateway.store.connections.all() == []


@pytest.mark.parametrize("query", ["", "?state=&code=x&realmId=1", "?state=guess&code=x&realmId=1", "?error=x"])
def test_an_answer_to_no_question_is_not_believed(unconnected: Running, query: str) -> None:
    browser = unconnected.signed_in()
    sent_away(browser)
    assert browser.get(f"/connect/callback{query}").status_code == 400


def test_an_answer_without_a_code_or_company_is_not_believed(unconnected: Running) -> None:
    browser = unconnected.signed_in()
    state = parse_qs(urlsplit(sent_away(browser)).query)["state"][0]
    page = browser.get(f"/connect/callback?state={state}&realmId={LANDSCAPING}")
    assert (page.status_code, "names no code or no company" in page.text) == (400, True)


def test_somebody_who_is_not_signed_in_cannot_bring_an_answer(unconnected: Running) -> None:
    browser = unconnected.signed_in()
    back = decide(browser, sent_away(browser))
    assert "/sign-in" in unconnected.browser().get(back).url
    assert unconnected.gateway.store.connections.all() == []


def test_what_the_consent_page_sends_along_is_shown_escaped(unconnected: Running) -> None:
    browser = unconnected.signed_in()
    state = parse_qs(urlsplit(sent_away(browser)).query)["state"][0]
    page = browser.get("/connect/callback", params={"state": state, "error": "<script>alert(1)</script>"})
    assert page.status_code == 400
    assert "<script" not in page.text


def test_an_app_of_its_own_keeps_its_secrets_encrypted_and_its_verifier_token(unconnected: Running) -> None:
    unconnected.installation.emulator.add_app(RegisteredApp("own-app", "own-secret", allows_loopback=True))
    browser = unconnected.signed_in()
    own = {"client_id": "own-app", "client_secret": "own-secret", "verifier_token": "own-verifier"}
    browser.get(decide(browser, sent_away(browser, **own)))

    connection = unconnected.gateway.store.connections.get("books")
    assert (connection.client_id, connection.token_client_id) == ("own-app", "own-app")
    assert unconnected.gateway.store.webhook_verifiers.of_app("own-app") == ["own-verifier"]
    state_file = (unconnected.installation.home / "state.db").read_bytes()
    assert b"own-secret" not in state_file
    assert b"own-verifier" not in state_file
    assert f"{unconnected.url}/webhooks/own-app" in browser.get("/connections").text

    browser.submit("/connections", "Keep it", {"name": "books"}, verifier_token="a newer one")
    assert unconnected.gateway.store.webhook_verifiers.of_app("own-app") == ["a newer one"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "no spaces"}, "cannot name a connection"),
        ({"name": ""}, "cannot name a connection"),
        ({"environment": "moon"}, "sandbox or production"),
        ({"environment": "production"}, "HTTPS addresses with a host name"),
        ({"client_id": "x"}, "both its client id and its client secret"),
    ],
)
def test_what_cannot_be_connected_says_why_before_anybody_is_sent_away(
    unconnected: Running, fields: dict[str, str], reason: str
) -> None:
    browser = unconnected.signed_in()
    form = next(form for form in browser.forms("/connections") if form.action == "/connections/connect")
    answer = browser.post(form.action, form.fields | {"name": "books"} | fields, allow_redirects=False)
    assert answer.status_code in (400, 409)
    assert reason in answer.text


def test_a_connection_that_was_lost_is_connected_again_with_its_history(running: Running) -> None:
    store = running.gateway.store
    before = store.connections.get("landscaping")
    store.connections.deactivate("landscaping", "access was revoked")
    browser = running.signed_in()
    assert "inactive: access was revoked" in browser.get("/connections").text

    answer = _reconnect(browser)
    browser.get(decide(browser, answer))

    after = store.connections.get("landscaping")
    assert (after.status, after.reason, after.created_at) == ("active", None, before.created_at)
    assert store.audit_log.entries()[0].action == "reconnect"


def test_an_active_connection_gets_new_tokens_before_its_consent_ends(running: Running) -> None:
    store = running.gateway.store
    old = store.tokens.read("landscaping").refresh_token
    browser = running.signed_in()
    assert "Reconnect to QuickBooks" in browser.get(f"/reconnect?realmId={LANDSCAPING}").text

    browser.get(decide(browser, _reconnect(browser)))

    assert store.tokens.read("landscaping").refresh_token != old
    tokens = token_source(store, store.connections.get("landscaping"), running.installation.settings)
    assert tokens.renewed(tokens.access_token())


def test_reconnecting_with_another_company_changes_nothing(serve: Callable[..., Running]) -> None:
    running = serve("landscaping", "consultancy")
    store = running.gateway.store
    old = store.tokens.read("landscaping").refresh_token
    browser = running.signed_in()
    page = browser.get(decide(browser, _reconnect(browser), realm_id=CONSULTANCY))
    assert page.status_code == 400
    assert f"was made for realm {LANDSCAPING}" in page.text
    assert store.tokens.read("landscaping").refresh_token == old


def test_a_company_that_is_connected_already_is_not_connected_twice(running: Running) -> None:
    browser = running.signed_in()
    page = browser.get(decide(browser, sent_away(browser, "again")))
    assert page.status_code == 400
    assert "already connected as landscaping" in page.text


def test_disconnecting_revokes_the_tokens_and_says_so(running: Running) -> None:
    browser = running.signed_in()
    token = running.gateway.store.tokens.read("landscaping").refresh_token
    page = browser.submit("/connections", "Disconnect", {"name": "landscaping"})

    assert "landscaping is disconnected. Its data stays." in page.text
    assert not running.gateway.store.connections.get("landscaping").is_active
    form = {"grant_type": "refresh_token", "refresh_token": token}
    settings = running.installation.settings
    auth = (settings.client_id, settings.client_secret.get_secret_value())
    assert requests.post(settings.token_url, form, auth=auth, timeout=5).status_code == 400
    assert running.gateway.store.audit_log.entries()[0].action == "disconnect"


def test_behind_a_proxy_the_callback_is_the_public_address(serve: Callable[..., Running]) -> None:
    running = serve(TRUSTED_PROXIES="127.0.0.1", PUBLIC_URL="https://books.example.com")
    object.__setattr__(running.gateway, "address", "https://books.example.com")
    browser = running.signed_in()
    assert "https://books.example.com/connect/callback" in browser.get("/connections").text


def _reconnect(browser: Browser) -> str:
    form = next(
        form
        for form in browser.forms("/connections")
        if form.action == "/connections/reconnect" and form.fields["name"] == "landscaping"
    )
    return browser.post(form.action, form.fields, allow_redirects=False).headers["location"]
