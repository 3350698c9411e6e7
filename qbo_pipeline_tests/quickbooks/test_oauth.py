"""Intuit's OAuth service, exchange by exchange; tokens never show anywhere."""

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from qbo_pipeline.quickbooks import errors
from qbo_pipeline.quickbooks.endpoints import Endpoints, endpoints_for
from qbo_pipeline.quickbooks.oauth import OAuthClient
from qbo_pipeline.settings import Environment

NOW = datetime(2026, 8, 16, 17, 0, tzinfo=UTC)
TOKENS = {
    "x_refresh_token_expires_in": 8726400,
    "refresh_token": "AB11-canary-refresh",
    "access_token": "eyJ-canary-access",
    "token_type": "bearer",
    "expires_in": 3600,
}


@pytest.fixture
def oauth(endpoints: Endpoints) -> OAuthClient:
    return OAuthClient(endpoints, "app-id", "canary-secret", clock=lambda: NOW)


def test_consent_is_asked_for_at_intuit_with_scope_state_and_redirect(oauth: OAuthClient):
    url = urlsplit(oauth.authorization_url("http://localhost:8000/callback", "a state"))
    assert url._replace(query="").geturl() == "https://appcenter.intuit.com/connect/oauth2"
    assert parse_qs(url.query) == {
        "client_id": ["app-id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": ["http://localhost:8000/callback"],
        "state": ["a state"],
    }


def test_consent_is_asked_for_at_a_local_address_as_it_is():
    local = endpoints_for(Environment.SANDBOX, authorize_url="http://127.0.0.1:8712/connect/oauth2")
    url = OAuthClient(local, "app-id", "s").authorization_url("http://localhost:8000/callback", "x")
    assert url.startswith("http://127.0.0.1:8712/connect/oauth2?")


@responses.activate
def test_a_code_is_exchanged_for_tokens_that_know_when_they_end(oauth: OAuthClient, endpoints: Endpoints):
    responses.post(endpoints.token_url, json=TOKENS | {"x_refresh_token_hard_expires_in": 157680000})
    grant = oauth.exchange("the-code", "http://localhost:8000/callback")
    assert (grant.access_token, grant.refresh_token) == ("eyJ-canary-access", "AB11-canary-refresh")
    assert grant.issued_at == NOW
    assert grant.access_expires_at == NOW + timedelta(hours=1)
    assert grant.refresh_expires_at == NOW + timedelta(days=101)
    assert grant.hard_expires_at == NOW + timedelta(days=1825)
    request = responses.calls[0].request
    assert parse_qs(request.body) == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": ["http://localhost:8000/callback"],
    }
    assert request.headers["Authorization"].startswith("Basic ")
    assert request.headers["x-include-refresh-token-hard-expires-in"] == "true"


@responses.activate
def test_a_refresh_sends_the_refresh_token_and_gives_whatever_came_back(oauth: OAuthClient, endpoints: Endpoints):
    responses.post(endpoints.token_url, json=TOKENS)
    grant = oauth.refresh("AB11-old")
    assert grant.refresh_token == "AB11-canary-refresh"
    assert grant.hard_expires_at is None
    assert parse_qs(responses.calls[0].request.body) == {"grant_type": ["refresh_token"], "refresh_token": ["AB11-old"]}


@responses.activate
def test_an_answer_without_a_refresh_token_means_that_the_old_one_stays(oauth: OAuthClient, endpoints: Endpoints):
    responses.post(endpoints.token_url, json={k: v for k, v in TOKENS.items() if k != "refresh_token"})
    assert oauth.refresh("AB11-old").refresh_token == "AB11-old"


@responses.activate
@pytest.mark.parametrize("more", [{}, {"error_description": "Incorrect or invalid refresh token"}])
def test_a_dead_refresh_token_is_one_that_intuit_calls_so(oauth: OAuthClient, endpoints: Endpoints, more):
    responses.post(
        endpoints.token_url, status=400, json={"error": "invalid_grant"} | more, headers={"intuit_tid": "1-a"}
    )
    with pytest.raises(
        errors.InvalidGrant, match=r"HTTP 400, code invalid_grant, intuit_tid 1-a.*qbo-pipeline connect"
    ):
        oauth.refresh("AB11-old")


@responses.activate
@pytest.mark.parametrize(
    ("status", "error"), [(401, "invalid_client"), (401, None), (400, "invalid_client"), (400, "unauthorized_client")]
)
def test_wrong_app_credentials_are_told_apart_from_a_dead_token(
    oauth: OAuthClient, endpoints: Endpoints, status, error
):
    responses.post(endpoints.token_url, status=status, json={"error": error} if error else {})
    with pytest.raises(errors.WrongClient, match="QBO_CLIENT_ID and QBO_CLIENT_SECRET"):
        oauth.refresh("AB11-old")


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        {"status": 500, "json": {"error": "server_error"}},
        {"status": 503, "body": "<html>503</html>"},
        {"status": 400, "body": "<html>Bad Request</html>"},
        {"status": 500, "json": {"error": "invalid_grant"}},
        {"status": 200, "json": {"error": "invalid_grant"}},
        {"status": 200, "body": "<html>maintenance</html>"},
        {"status": 200, "json": {k: v for k, v in TOKENS.items() if k != "access_token"}},
        {"status": 200, "json": TOKENS | {"access_token": None}},
        {"status": 429, "body": ""},
        {"status": 307, "headers": {"Location": "https://elsewhere.example.com/"}},
        {"body": requests.ReadTimeout("slow")},
        {"body": requests.ConnectionError("reset")},
    ],
)
def test_nothing_but_a_plain_invalid_grant_condemns_a_token(oauth: OAuthClient, endpoints: Endpoints, failure):
    responses.post(endpoints.token_url, **failure)
    with pytest.raises(errors.RetryLater):
        oauth.refresh("AB11-old")
    assert len(responses.calls) == 1


@responses.activate
def test_a_request_intuit_does_not_understand_is_refused(oauth: OAuthClient, endpoints: Endpoints):
    responses.post(endpoints.token_url, status=400, json={"error": "invalid_request"})
    with pytest.raises(errors.Refused, match="invalid_request"):
        oauth.exchange("x", "http://localhost/")


@responses.activate
def test_revoking_sends_the_token_as_json(oauth: OAuthClient, endpoints: Endpoints):
    responses.post(endpoints.revoke_url, status=200, body="")
    oauth.revoke("AB11-old")
    request = responses.calls[0].request
    assert request.body == b'{"token":"AB11-old"}'
    assert request.headers["Authorization"].startswith("Basic ")


@responses.activate
def test_revoking_a_dead_token_is_refused_and_a_failing_service_may_pass(oauth: OAuthClient, endpoints: Endpoints):
    responses.post(endpoints.revoke_url, status=400, json={"error": "invalid_request"})
    responses.post(endpoints.revoke_url, status=503)
    with pytest.raises(errors.Refused):
        oauth.revoke("AB11-old")
    with pytest.raises(errors.RetryLater):
        oauth.revoke("AB11-old")


@responses.activate
def test_no_secret_reaches_a_log_a_repr_or_an_exception(oauth: OAuthClient, endpoints: Endpoints, caplog):
    """The library beneath logs whole tokens at the debug level: this pins that ours does not let it."""
    caplog.set_level(logging.DEBUG)
    for name in ("requests_oauthlib", "requests_oauthlib.oauth2_session", "oauthlib", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name)
    responses.post(endpoints.token_url, json=TOKENS)
    responses.post(endpoints.token_url, status=400, json={"error": "invalid_grant"})
    shown = repr(oauth.refresh("AB11-canary-old"))
    with pytest.raises(errors.InvalidGrant) as dead:
        oauth.refresh("AB11-canary-old")
    shown += repr(oauth) + str(dead.value) + repr(dead.value) + caplog.text
    assert "canary" not in shown
