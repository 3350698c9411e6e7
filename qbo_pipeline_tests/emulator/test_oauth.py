from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

REDIRECT = "http://localhost:5123/callback"
ACCOUNTING = "com.intuit.quickbooks.accounting"


def asked(**changes):
    asked = {
        "client_id": "emulator-client",
        "response_type": "code",
        "scope": ACCOUNTING,
        "redirect_uri": REDIRECT,
        "state": "s-1",
    }
    return {name: value for name, value in (asked | changes).items() if value is not None}


def decide(caller, decision="connect", realm_id=None, **changes):
    """Press a button of the consent page; the query of the address the browser is sent to."""
    form = asked(**changes) | {"decision": decision, "realm_id": realm_id or caller.realm}
    response = caller.http.post(caller.emulator.authorize_url, data=form, allow_redirects=False, timeout=10)
    assert response.status_code == 302, response.text
    assert response.headers["Location"].startswith(changes.get("redirect_uri", REDIRECT) + "?")
    return {name: value for name, (value,) in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def redeem(caller, code, app=None, redirect_uri=REDIRECT):
    return caller.token_call(app or caller.app, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)


def assert_invalid_grant(response):
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_grant"


def test_the_consent_page_names_the_app_and_the_companies(caller):
    page = caller.http.get(caller.emulator.authorize_url, params=asked(), timeout=10)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "emulator-client" in page.text
    assert f'value="{caller.realm}"' in page.text
    assert 'value="connect"' in page.text
    assert 'value="cancel"' in page.text


def test_the_consent_page_escapes_what_it_is_given(caller):
    page = caller.http.get(caller.emulator.authorize_url, params=asked(state='"><script>'), timeout=10)
    assert "<script>" not in page.text


def test_consent_leads_to_tokens_that_open_the_company(caller):
    outcome = decide(caller)
    assert outcome["state"] == "s-1"
    assert outcome["realmId"] == caller.realm
    tokens = redeem(caller, outcome["code"])
    assert tokens.status_code == 200
    assert tokens.headers["Cache-Control"] == "no-cache, no-store"
    assert tokens.headers["Pragma"] == "no-cache"
    answer = tokens.json()
    assert answer.keys() == {
        "x_refresh_token_expires_in",
        "refresh_token",
        "access_token",
        "token_type",
        "expires_in",
    }
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    assert answer["x_refresh_token_expires_in"] == 8_726_400
    caller.token = answer["access_token"]
    assert caller.api("GET", f"/companyinfo/{caller.realm}").json()["CompanyInfo"]["CompanyName"] == "Tiny"


def test_denial_leads_back_without_a_code(caller):
    assert decide(caller, "cancel") == {"error": "access_denied", "state": "s-1"}


def test_an_unknown_scope_is_sent_back_as_an_error(caller):
    response = caller.http.get(
        caller.emulator.authorize_url, params=asked(scope="accounting"), allow_redirects=False, timeout=10
    )
    assert response.status_code == 302
    assert "error=invalid_scope" in response.headers["Location"]


def test_without_the_accounting_scope_no_company_is_named_or_opened(caller):
    outcome = decide(caller, scope="openid email")
    assert "realmId" not in outcome
    caller.token = redeem(caller, outcome["code"]).json()["access_token"]
    assert caller.api("GET", "/preferences").status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"state": None},
        {"redirect_uri": "https://example.com/callback"},
        {"redirect_uri": "http://localhost:5123/callback?next=1"},
        {"redirect_uri": "http://localhost:5123@example.com/callback"},
        {"redirect_uri": "http://localhost.example.com:5123/callback"},
        {"redirect_uri": "https://localhost:5123/callback"},
        {"redirect_uri": "http://localhost:5123/callback\r\nSet-Cookie: a=b"},
    ],
)
def test_a_request_that_cannot_be_trusted_is_not_sent_anywhere(caller, changes):
    response = caller.http.get(
        caller.emulator.authorize_url, params=asked(**changes), allow_redirects=False, timeout=10
    )
    assert response.status_code == 400
    assert "Location" not in response.headers


def test_a_registered_redirect_is_matched_letter_by_letter(caller):
    app = {
        "client_id": "hosted",
        "client_secret": "hosted-secret",
        "redirect_uris": ["https://books.example.com/callback"],
    }
    assert caller.admin("POST", "apps", app).status_code == 200
    right = {"client_id": "hosted", "redirect_uri": "https://books.example.com/callback"}
    assert "code" in decide(caller, **right)
    for other in ("https://books.example.com/callback/", "https://books.example.com/Callback", REDIRECT):
        page = caller.http.get(
            caller.emulator.authorize_url, params=asked(**right | {"redirect_uri": other}), timeout=10
        )
        assert page.status_code == 400


def test_a_code_redeemed_twice_ends_what_it_began(caller):
    code = decide(caller)["code"]
    tokens = redeem(caller, code).json()
    assert_invalid_grant(redeem(caller, code))
    assert_invalid_grant(caller.refresh(tokens["refresh_token"]))


def test_a_code_is_short_lived(caller, clock):
    code = decide(caller)["code"]
    clock.advance(600)
    assert_invalid_grant(redeem(caller, code))


def test_a_code_is_good_for_its_own_app_and_address_only(caller):
    code = decide(caller)["code"]
    assert_invalid_grant(redeem(caller, code, app=("other-client", "other-secret")))
    assert_invalid_grant(redeem(caller, code, redirect_uri="http://localhost:5124/callback"))
    assert redeem(caller, code).status_code == 200


def test_credentials_may_stand_in_the_form(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    answer = caller.token_call(
        None,
        grant_type="refresh_token",
        refresh_token=refresh_token,
        client_id="emulator-client",
        client_secret="emulator-secret",
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("app", [None, ("emulator-client", "wrong"), ("nobody", "emulator-secret")])
def test_a_wrong_client_is_refused_with_a_challenge(caller, app):
    answer = caller.token_call(app, grant_type="refresh_token", refresh_token=caller.emulator.grant(caller.realm))
    assert answer.status_code == 401
    assert answer.json() == {"error": "invalid_client"}
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Intuit"'


def test_unreadable_basic_credentials_are_a_wrong_client(caller):
    headers = {"Authorization": "Basic " + b64encode(b"\xff\xfe").decode()}
    answer = caller.token_call(None, headers, grant_type="refresh_token", refresh_token="AB11")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "AB11"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "AB11never"}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "AB11never", "redirect_uri": REDIRECT}, "invalid_grant"),
    ],
)
def test_a_bad_token_request_says_what_is_wrong(caller, form, error):
    answer = caller.token_call(**form)
    assert answer.status_code == 400
    assert answer.json()["error"] == error


def test_a_token_request_in_json_is_refused(caller):
    answer = caller.http.post(
        caller.emulator.token_url, json={"grant_type": "refresh_token"}, auth=caller.app, timeout=10
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_access_token_lives_an_hour(caller, clock):
    clock.advance(3599)
    assert caller.api("GET", "/preferences").status_code == 200
    clock.advance(1)
    assert caller.api("GET", "/preferences").status_code == 401


def test_several_access_tokens_are_good_at_once(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    for token in [caller.refresh(refresh_token).json()["access_token"] for _ in range(2)]:
        caller.token = token
        assert caller.api("GET", "/preferences").status_code == 200


def test_a_refresh_token_keeps_its_value_for_a_day_and_its_end_does_not_move(caller, clock):
    first = caller.emulator.grant(caller.realm)
    clock.advance(86_399)
    answer = caller.refresh(first).json()
    assert answer["refresh_token"] == first
    assert answer["x_refresh_token_expires_in"] == 8_726_400 - 86_399


def test_after_a_day_a_refresh_replaces_the_token_and_the_old_one_is_dead(caller, clock):
    first = caller.emulator.grant(caller.realm)
    clock.advance(86_400)
    answer = caller.refresh(first).json()
    assert answer["refresh_token"] != first
    assert answer["x_refresh_token_expires_in"] == 8_726_400
    dead = caller.refresh(first)
    assert_invalid_grant(dead)
    assert dead.json()["error_description"] == "Incorrect or invalid refresh token"
    assert caller.refresh(answer["refresh_token"]).status_code == 200


def test_a_refresh_token_dies_101_days_after_its_issue(caller, clock):
    first = caller.emulator.grant(caller.realm)
    clock.advance(8_726_400)
    assert_invalid_grant(caller.refresh(first))


def test_of_two_refreshers_at_once_one_loses(start):
    caller = start(refresh_rotation_seconds=0)
    refresh_token = caller.emulator.grant(caller.realm)
    together = Barrier(2)

    def refresh():
        together.wait()
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return requests.post(caller.emulator.token_url, data=form, auth=caller.app, timeout=10).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(future.result() for future in [pool.submit(refresh) for _ in range(2)]) == [200, 400]


def test_a_grace_lets_the_replaced_token_work_a_while(start, clock):
    caller = start(refresh_grace_seconds=100)
    first = caller.emulator.grant(caller.realm)
    clock.advance(86_400)
    second = caller.refresh(first).json()["refresh_token"]
    clock.advance(99)
    assert caller.refresh(first).json()["refresh_token"] == second
    clock.advance(1)
    assert_invalid_grant(caller.refresh(first))


def test_using_a_dead_token_can_end_the_whole_connection(start):
    caller = start(refresh_rotation_seconds=0, refresh_reuse_revokes=True)
    first = caller.emulator.grant(caller.realm)
    second = caller.refresh(first).json()["refresh_token"]
    assert_invalid_grant(caller.refresh(first))
    assert_invalid_grant(caller.refresh(second))


def test_a_refresh_token_is_no_good_to_another_app(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    assert_invalid_grant(caller.refresh(refresh_token, app=("other-client", "other-secret")))
    assert caller.refresh(refresh_token).status_code == 200


def test_the_hard_limit_is_told_to_those_who_ask_and_ends_the_connection(start, clock):
    caller = start(connection_seconds=100_000)
    refresh_token = caller.emulator.grant(caller.realm)
    clock.advance(90_000)
    headers = {"x-include-refresh-token-hard-expires-in": "true"}
    answer = caller.token_call(headers=headers, grant_type="refresh_token", refresh_token=refresh_token).json()
    assert answer["x_refresh_token_hard_expires_in"] == 10_000
    clock.advance(10_000)
    assert_invalid_grant(caller.refresh(answer["refresh_token"]))


def test_revoking_either_token_kills_both(caller):
    for which in ("access_token", "refresh_token"):
        tokens = caller.refresh(caller.emulator.grant(caller.realm)).json()
        revoked = caller.http.post(
            caller.emulator.revoke_url, json={"token": tokens[which]}, auth=caller.app, timeout=10
        )
        assert (revoked.status_code, revoked.content) == (200, b"")
        assert_invalid_grant(caller.refresh(tokens["refresh_token"]))
        caller.token = tokens["access_token"]
        refused = caller.api("GET", "/preferences")
        assert (refused.status_code, refused.json()["fault"]["error"][0]["code"]) == (403, "3100")


def test_revoking_leaves_other_connections_alone(caller):
    mine, other = caller.emulator.grant(caller.realm), caller.emulator.grant(caller.realm, "other-client")
    caller.http.post(caller.emulator.revoke_url, json={"token": mine}, auth=caller.app, timeout=10)
    assert caller.refresh(other, ("other-client", "other-secret")).status_code == 200


@pytest.mark.parametrize(
    ("app", "body", "status"),
    [
        (("emulator-client", "wrong"), {"token": "AB11"}, 401),
        (("emulator-client", "emulator-secret"), {"token": "AB11never"}, 400),
        (("emulator-client", "emulator-secret"), {}, 400),
    ],
)
def test_a_bad_revocation_is_refused(caller, app, body, status):
    assert caller.http.post(caller.emulator.revoke_url, json=body, auth=app, timeout=10).status_code == status


def test_a_token_is_revoked_by_its_own_app_only(caller):
    refresh_token = caller.emulator.grant(caller.realm)
    other = ("other-client", "other-secret")
    refused = caller.http.post(caller.emulator.revoke_url, json={"token": refresh_token}, auth=other, timeout=10)
    assert refused.status_code == 400
    assert caller.refresh(refresh_token).status_code == 200


@pytest.mark.parametrize("name", ["openid_configuration", "openid_sandbox_configuration", "openid_configuration/"])
def test_the_discovery_document_points_to_the_endpoints_in_use(caller, name):
    emulator = caller.emulator
    document = caller.http.get(f"{emulator.url}/.well-known/{name}", timeout=10).json()
    assert document["issuer"] == "https://oauth.platform.intuit.com/op/v1"
    assert document["authorization_endpoint"] == emulator.authorize_url
    assert document["token_endpoint"] == emulator.token_url
    assert document["revocation_endpoint"] == emulator.revoke_url
    assert caller.http.get(document["jwks_uri"], timeout=10).json() == {"keys": []}
    assert caller.http.get(document["userinfo_endpoint"], timeout=10).status_code == 401
