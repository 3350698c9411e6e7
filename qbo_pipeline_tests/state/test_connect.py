"""Connecting and disconnecting companies of the emulator, over real HTTP and a real loopback callback."""

import re
from datetime import timedelta

import pytest
import responses
from pydantic import SecretStr

from qbo_pipeline.emulator import Emulator, EmulatorSettings
from qbo_pipeline.quickbooks.errors import WrongClient
from qbo_pipeline.settings import Environment, Settings, SettingsError
from qbo_pipeline.state.connect import App, connect_headless, connect_in_browser, disconnect
from qbo_pipeline.state.errors import ConnectFailed, ConnectionRefused, TokenKeyError
from qbo_pipeline.state.store import StateStore
from qbo_pipeline.state.tokens import token_source
from qbo_pipeline_tests.state.emulated import CONSULTANCY, LANDSCAPING, company_name


def test_a_refresh_token_connects_a_company(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    made = connect_headless(
        real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING), business_entity_id="BE-1"
    )

    assert (made.name, made.realm_id, made.status) == ("landscaping", LANDSCAPING, "active")
    assert made.company_name == emulator.companies[LANDSCAPING].name
    assert (made.environment, made.client_id, made.token_client_id) == ("sandbox", None, "emulator-client")
    assert (made.business_entity_id, made.api_url) == ("BE-1", emulator.url)
    assert made.refresh_expires_at > real_time_store.clock() + timedelta(days=100)
    assert company_name(real_time_store, emulated, "landscaping") == made.company_name


def test_a_connection_stays_with_the_addresses_it_was_made_at(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    made = connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))
    nothing = {"api_url": None, "authorize_url": None, "token_url": None, "revoke_url": None}
    without = emulated.model_copy(update=nothing)

    tokens = token_source(real_time_store, made, without)
    tokens.renewed(tokens.access_token())

    assert company_name(real_time_store, without, "landscaping") == made.company_name


def test_a_connection_with_its_own_app_needs_no_default_one(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    bare = emulated.model_copy(update={"client_id": None, "client_secret": None})
    refresh_token = emulator.grant(LANDSCAPING, "other-client")

    made = connect_headless(
        real_time_store, bare, "landscaping", LANDSCAPING, refresh_token, app=App("other-client", "other-secret")
    )
    tokens = token_source(real_time_store, made, bare)

    assert (made.client_id, made.token_client_id) == ("other-client", "other-client")
    assert tokens.renewed(tokens.access_token())


def test_without_any_app_the_missing_settings_are_named(real_time_store: StateStore, emulated: Settings) -> None:
    bare = emulated.model_copy(update={"client_id": None, "client_secret": None})

    with pytest.raises(SettingsError, match=r"QBO_CLIENT_ID.*QBO_CLIENT_SECRET"):
        connect_headless(real_time_store, bare, "landscaping", LANDSCAPING, "refresh")
    with pytest.raises(SettingsError, match=r"QBO_CLIENT_ID.*QBO_CLIENT_SECRET"):
        connect_in_browser(real_time_store, bare, "landscaping", open_browser=pytest.fail)


def test_a_wrong_refresh_token_says_so(real_time_store: StateStore, emulated: Settings) -> None:
    with pytest.raises(ConnectFailed, match="does not accept the refresh token for app emulator-client") as failed:
        connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, "secret-refresh-token")

    assert "secret-refresh-token" not in str(failed.value)
    assert real_time_store.connections.all() == []


def test_another_apps_refresh_token_says_so(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    with pytest.raises(ConnectFailed, match="issued to another app"):
        connect_headless(
            real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING, "other-client")
        )

    assert real_time_store.connections.all() == []


def test_a_wrong_client_says_so(real_time_store: StateStore, emulated: Settings, emulator: Emulator) -> None:
    app = App("emulator-client", "not-the-secret")

    with pytest.raises(ConnectFailed, match="client id and secret of app emulator-client") as failed:
        connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING), app=app)

    assert "not-the-secret" not in str(failed.value) + repr(app)
    assert real_time_store.connections.all() == []


def test_a_wrong_realm_says_so_and_that_the_token_was_replaced(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    with pytest.raises(ConnectFailed, match=rf"does not open realm {CONSULTANCY} in sandbox.*replacement was not kept"):
        connect_headless(real_time_store, emulated, "landscaping", CONSULTANCY, emulator.grant(LANDSCAPING))

    assert real_time_store.connections.all() == []


def test_a_wrong_realm_says_when_the_token_given_is_still_good(real_time_store: StateStore, emulated: Settings) -> None:
    with Emulator(("landscaping",), settings=EmulatorSettings()) as patient:
        here = emulated.model_copy(update={"api_url": patient.api_url, "token_url": patient.token_url})
        refresh_token = patient.grant(LANDSCAPING)

        with pytest.raises(ConnectFailed, match="is still the current one"):
            connect_headless(real_time_store, here, "landscaping", CONSULTANCY, refresh_token)

        assert connect_headless(real_time_store, here, "landscaping", LANDSCAPING, refresh_token).is_active


@responses.activate
def test_a_wrong_environment_says_which_is_right(real_time_store: StateStore, emulated: Settings) -> None:
    nothing = {"api_url": None, "authorize_url": None, "token_url": None, "revoke_url": None}
    at_intuit = emulated.model_copy(update=nothing)
    grant = {
        "access_token": "access",
        "refresh_token": "refresh",
        "token_type": "bearer",
        "expires_in": 3600,
        "x_refresh_token_expires_in": 8726400,
    }
    fault = {
        "Fault": {
            "Error": [{"Message": "ApplicationAuthorizationFailed", "code": "3100"}],
            "type": "AuthorizationFault",
        }
    }
    company_info = {
        "CompanyInfo": {"Id": "1", "SyncToken": "0", "CompanyName": "Acme"},
        "time": "2026-03-01T04:00:00.000-08:00",
    }
    path = re.escape(f"/v3/company/{LANDSCAPING}/companyinfo/{LANDSCAPING}")
    responses.post("https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer", json=grant)
    responses.get(re.compile(rf"https://sandbox-quickbooks\.api\.intuit\.com{path}.*"), json=fault, status=403)
    responses.get(re.compile(rf"https://quickbooks\.api\.intuit\.com{path}.*"), json=company_info)

    with pytest.raises(ConnectFailed, match=r"is a production company.*Use --environment production"):
        connect_headless(real_time_store, at_intuit, "landscaping", LANDSCAPING, "refresh")

    assert connect_headless(
        real_time_store, at_intuit, "landscaping", LANDSCAPING, "refresh", environment=Environment.PRODUCTION
    ).is_active
    real_time_store.connections.deactivate("landscaping", "access was revoked")
    again = connect_headless(real_time_store, at_intuit, "landscaping", LANDSCAPING, "refresh")
    assert again.environment is Environment.PRODUCTION


def test_a_clash_is_refused_before_intuit_is_asked(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))
    refresh_token = emulator.grant(LANDSCAPING)

    with pytest.raises(ConnectionRefused, match="already connected as landscaping"):
        connect_headless(real_time_store, emulated, "other", LANDSCAPING, refresh_token)
    disconnect(real_time_store, emulated, "landscaping")
    fresh = emulator.grant(LANDSCAPING)
    assert connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, fresh).is_active


def test_a_wrong_key_is_found_before_the_refresh_token_is_spent(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    refresh_token = emulator.grant(LANDSCAPING)
    emulated.token_key_path.parent.mkdir(exist_ok=True)
    emulated.token_key_path.touch(mode=0o600)

    with pytest.raises(TokenKeyError):
        connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, refresh_token)

    emulated.token_key_path.unlink()
    assert connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, refresh_token).is_active


def test_an_app_whose_secret_was_changed_keeps_its_connections(
    real_time_store: StateStore, emulated: Settings, emulator: Emulator
) -> None:
    made = connect_headless(real_time_store, emulated, "landscaping", LANDSCAPING, emulator.grant(LANDSCAPING))
    changed = emulated.model_copy(update={"client_secret": SecretStr("old-secret")})

    with pytest.raises(WrongClient):
        token_source(real_time_store, made, changed).renewed(real_time_store.tokens.read("landscaping").access_token)

    assert real_time_store.connections.get("landscaping").is_active
