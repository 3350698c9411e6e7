"""Consent in a browser that comes back to this machine, over real HTTP."""

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.settings import Environment, Settings
from qbo_pipeline.state.connect import connect_headless, connect_in_browser
from qbo_pipeline.state.errors import ConnectFailed, ConnectionRefused
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.state.emulated import CONSULTANCY, LANDSCAPING, company_name


def test_consent_in_the_browser_connects_the_company_that_was_picked(
    real_time_store: StateStore, emulated: Settings
) -> None:
    announced: list[str] = []

    made = connect_in_browser(
        real_time_store,
        emulated,
        "consultancy",
        open_browser=_consent_to(CONSULTANCY),
        announce=announced.append,
        port=0,
    )

    assert (made.realm_id, made.status) == (CONSULTANCY, "active")
    assert company_name(real_time_store, emulated, "consultancy") == made.company_name
    assert emulated.authorize_url in announced[0]


def test_denied_consent_stores_nothing(real_time_store: StateStore, emulated: Settings) -> None:
    with pytest.raises(ConnectFailed, match="Consent was not given: Intuit answered access_denied"):
        connect_in_browser(
            real_time_store,
            emulated,
            "acme",
            open_browser=_consent_to(LANDSCAPING, "cancel"),
            announce=_silently,
            port=0,
        )

    assert real_time_store.connections.all() == []


def test_an_answer_with_another_state_is_not_believed(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    def forge(url: str) -> None:
        callback = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        answer = requests.get(callback, {"code": "theirs", "state": "theirs", "realmId": LANDSCAPING}, timeout=5)
        assert answer.status_code == 400

    with pytest.raises(ConnectFailed, match="does not carry the state"):
        connect_in_browser(real_time_store, emulated, "acme", open_browser=forge, announce=_silently, port=0)

    assert real_time_store.connections.all() == []


def test_other_requests_to_the_callback_port_are_ignored(real_time_store: StateStore, emulated: Settings) -> None:
    def browse(url: str) -> None:
        callback = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        assert requests.get(callback.replace("/callback", "/favicon.ico"), timeout=5).status_code == 404
        _consent_to(LANDSCAPING)(url)

    assert connect_in_browser(
        real_time_store, emulated, "acme", open_browser=browse, announce=_silently, port=0
    ).is_active


def test_consent_that_does_not_come_in_time_says_so(real_time_store: StateStore, emulated: Settings) -> None:
    with pytest.raises(ConnectFailed, match=r"within 0\.1 seconds.*register http://localhost:"):
        connect_in_browser(
            real_time_store, emulated, "acme", open_browser=_silently, announce=_silently, port=0, timeout_seconds=0.1
        )


def test_a_port_in_use_says_so(real_time_store: StateStore, emulated: Settings, emulator: Emulator) -> None:
    port = urlsplit(emulator.url).port

    with pytest.raises(ConnectFailed, match=f"Port {port} .*in use"):
        connect_in_browser(real_time_store, emulated, "acme", open_browser=pytest.fail, announce=_silently, port=port)


def test_production_keys_are_sent_to_the_forms_that_serve_them(real_time_store: StateStore, emulated: Settings) -> None:
    with pytest.raises(ConnectFailed, match=r"HTTPS.*--refresh-token-file.*gateway"):
        connect_in_browser(
            real_time_store,
            emulated,
            "acme",
            environment=Environment.PRODUCTION,
            open_browser=pytest.fail,
            announce=pytest.fail,
        )


def test_a_company_that_is_connected_already_keeps_its_tokens_when_consent_comes_again(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    first = connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))

    with pytest.raises(ConnectionRefused, match="already connected as landscaping"):
        connect_in_browser(
            real_time_store, emulated, "again", open_browser=_consent_to(LANDSCAPING), announce=_silently, port=0
        )

    tokens = token_source(real_time_store, first, emulated)
    assert tokens.renewed(tokens.access_token())


def _silently(_: str) -> None:
    """Open nothing, announce nothing."""


def _consent_to(realm_id: str, decision: str = "connect") -> Callable[[str], None]:
    """A person who picks a company on the consent page and presses a button."""

    def browse(url: str) -> None:
        page = requests.get(url, timeout=5)
        page.raise_for_status()
        form = _HiddenFields()
        form.feed(page.text)
        form.fields |= {"realm_id": realm_id, "decision": decision}
        requests.post(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/connect/oauth2", form.fields, timeout=5)

    return browse


class _HiddenFields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"] or ""] = given["value"] or ""
