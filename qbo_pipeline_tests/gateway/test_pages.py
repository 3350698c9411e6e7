"""Every page there is, for people who may look and for those who may act."""

from collections.abc import Callable

import pytest

from qbo_pipeline.gateway.pages import PLACES
from qbo_pipeline_tests.gateway.conftest import LOOKING_SECRET, Running


@pytest.mark.parametrize("path", [path for path, _ in PLACES])
def test_every_place_is_a_page_with_nothing_connected_and_nothing_synced(
    serve: Callable[..., Running], path: str
) -> None:
    page = serve(connect=False).signed_in().get(path)
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text


@pytest.mark.parametrize("path", [path for path, _ in PLACES])
def test_every_place_is_a_page_with_a_connected_company(running: Running, path: str) -> None:
    assert running.signed_in().get(path).status_code == 200


def test_who_may_look_is_shown_no_button_that_acts_and_cannot_act(running: Running) -> None:
    browser = running.signed_in(LOOKING_SECRET)
    for path, _ in PLACES:
        actions = {form.action for form in browser.forms(path) if form.method == "post"}
        assert actions == {"/sign-out"}, path
    token = browser.form_token()
    refused = browser.post("/connections/disconnect", {"form_token": token, "name": "landscaping"})
    assert refused.status_code == 403
    assert "may look here, and not act" in refused.text
    assert running.gateway.store.connections.get("landscaping").is_active


def test_the_connections_page_shows_how_each_connection_stands(running: Running) -> None:
    page = running.signed_in().get("/connections").text
    connection = running.gateway.store.connections.get("landscaping")
    for shown in (connection.company_name, connection.realm_id, "sandbox", running.gateway.callback_url):
        assert str(shown) in page
    assert f"{connection.hard_expires_at:%d %b %Y}" in page
