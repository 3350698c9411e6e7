"""Letting a company go: revoked at Intuit, erased here, and no other company touched."""

import pytest
import requests

from qbo_pipeline.emulator import Emulator
from qbo_pipeline.quickbooks.errors import AuthorisationLost
from qbo_pipeline.settings import Settings
from qbo_pipeline.state.connect import connect_headless, disconnect
from qbo_pipeline.state.errors import RevocationFailed, UnknownConnection
from qbo_pipeline.state.store import StateStore, open_state
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.state.emulated import CONSULTANCY, LANDSCAPING, company_name


def test_disconnecting_revokes_one_company_and_leaves_the_others(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    for name, realm_id in (("landscaping", LANDSCAPING), ("consultancy", CONSULTANCY)):
        connect_headless(real_time_store, emulated, name, realm_id, emulator.grant(realm_id))
    revoked = token_source(real_time_store, real_time_store.connections.get("landscaping"), emulated).access_token()

    disconnect(real_time_store, emulated, "landscaping")

    gone = real_time_store.connections.get("landscaping")
    assert (gone.status, gone.reason) == ("inactive", "disconnected by hand")
    assert real_time_store.tokens.read("landscaping").refresh_token == ""
    address = f"{emulator.url}/v3/company/{LANDSCAPING}/companyinfo/{LANDSCAPING}"
    assert requests.get(address, headers={"Authorization": f"Bearer {revoked}"}, timeout=5).status_code in (401, 403)
    assert company_name(real_time_store, emulated, "consultancy")
    with pytest.raises(AuthorisationLost, match="disconnected by hand"):
        token_source(real_time_store, gone, emulated).access_token()
    disconnect(real_time_store, emulated, "landscaping")


def test_a_revocation_that_intuit_does_not_confirm_is_reported_and_still_disconnects(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))
    unreachable = emulated.model_copy(update={"revoke_url": "http://127.0.0.1:1/revoke"})

    with pytest.raises(RevocationFailed, match=r"landscaping is inactive now.*did not confirm.*in QuickBooks"):
        disconnect(real_time_store, unreachable, "landscaping")

    assert not real_time_store.connections.get("landscaping").is_active
    assert real_time_store.tokens.read("landscaping").refresh_token == ""


@pytest.mark.parametrize("loss", ["key", "app"])
def test_a_connection_can_be_let_go_of_without_its_key_or_app(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator, loss: str
) -> None:
    connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))
    if loss == "key":
        emulated.token_key_path.unlink()
    else:
        emulated = emulated.model_copy(update={"client_secret": None})

    with open_state(emulated) as again, pytest.raises(RevocationFailed, match=r"token\.key|QBO_CLIENT_SECRET"):
        disconnect(again, emulated, "landscaping")

    assert not real_time_store.connections.get("landscaping").is_active


def test_disconnecting_a_company_that_intuit_gave_up_already_is_no_failure(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    made = connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))
    requests.post(f"{emulator.url}/admin/revoke", json={"realm_id": LANDSCAPING}, timeout=5).raise_for_status()
    with pytest.raises(AuthorisationLost):
        token_source(real_time_store, made, emulated).renewed(real_time_store.tokens.read("landscaping").access_token)
    assert "access was revoked in QuickBooks" in real_time_store.connections.get("landscaping").reason

    disconnect(real_time_store, emulated, "landscaping")

    assert real_time_store.connections.get("landscaping").reason == "disconnected by hand"


def test_disconnecting_an_unknown_connection_lists_the_known_ones(
    real_time_store: StateStore, emulated: Settings
) -> None:
    with pytest.raises(UnknownConnection, match="none yet"):
        disconnect(real_time_store, emulated, "acme")
