"""The way a person goes, in a real browser that keeps to its rules: cookies, policies and redirects between sites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qbo_pipeline.gateway.pages import PLACES
from qbo_pipeline_tests.gateway.chromium import PROGRAM, Chromium, chromium
from qbo_pipeline_tests.gateway.conftest import SECRET, Running
from qbo_pipeline_tests.installation import LANDSCAPING

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium: set QBO_TEST_CHROMIUM")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    with chromium(tmp_path / "profile") as opened:
        yield opened


def _sign_in(browser: Chromium, running: Running, path: str = "/connections") -> None:
    browser.open(running.url + path)
    browser.fill("#name", "Pat")
    browser.fill("#secret", SECRET)
    browser.click("Sign in")
    browser.wait(f"location.pathname === '{path}'")


def test_a_person_connects_refuses_reconnects_and_lets_go(serve: Callable[..., Running], browser: Chromium) -> None:
    running = serve(connect=False)
    store = running.gateway.store
    _sign_in(browser, running)

    browser.fill("#new-name", "books")
    browser.click("Connect to QuickBooks")
    browser.wait("location.pathname === '/connect/oauth2'")
    browser.click("Cancel")
    browser.wait("location.pathname === '/connect/callback'")
    assert "Consent was not given" in browser.text
    assert store.connections.all() == []

    browser.open(f"{running.url}/connections")
    browser.fill("#new-name", "books")
    browser.click("Connect to QuickBooks")
    browser.wait("location.pathname === '/connect/oauth2'")
    browser.click("Connect")
    browser.wait("location.pathname === '/connections'")
    assert "is connected as books." in browser.text
    connected = store.connections.get("books")
    assert (connected.realm_id, connected.status) == (LANDSCAPING, "active")

    # At Intuit, somebody takes the access away again; the next sync finds that out.
    token = store.tokens.read("books").refresh_token
    assert running.installation.emulator.grants.disconnect(LANDSCAPING)
    running.installation.pull(entities=["CompanyInfo"])
    browser.open(f"{running.url}/")
    browser.wait("document.querySelector('.problem')")
    assert "books: inactive:" in browser.text
    browser.open(f"{running.url}/connections")
    browser.click("Reconnect")
    browser.wait("location.pathname === '/connect/oauth2'")
    browser.click("Connect")
    browser.wait("location.pathname === '/connections'")
    assert store.tokens.read("books").refresh_token != token
    assert store.connections.get("books").is_active
    assert running.installation.pull(entities=["CompanyInfo"]).unsynced == []

    browser.click("Disconnect")
    browser.wait("document.body.innerText.includes('books is disconnected.')")
    assert not store.connections.get("books").is_active
    assert [entry.action for entry in store.audit_log.entries()] == [
        "disconnect",
        "reconnect",
        "connect",
        "connect",
        "sign in",
    ]


def test_every_page_fits_a_phone_names_its_controls_and_keeps_to_its_policy(
    waiting: Running, browser: Chromium
) -> None:
    running = waiting
    browser.set_phone()
    _sign_in(browser, running, "/")
    filled = ("/why?source=INV-3", f"/reconnect?realmId={LANDSCAPING}", "/mappings?kind=customer&source=C-1")
    for path in (*(path for path, _ in PLACES), *filled):
        browser.open(running.url + path)
        browser.wait(f"location.pathname + location.search === '{path}'")
        assert not browser.is_wider_than_its_screen(), path
        assert browser.nameless_controls() == [], path
        assert browser.evaluate("getComputedStyle(document.querySelector('nav ul')).listStyleType") == "none"
    assert browser.violations == []
