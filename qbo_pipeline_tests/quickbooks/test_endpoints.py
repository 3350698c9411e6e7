import pytest

from qbo_pipeline.quickbooks.endpoints import InvalidEndpoint, endpoints_for
from qbo_pipeline.settings import Environment


def test_each_environment_has_its_own_api_and_both_share_the_oauth_service():
    sandbox, production = endpoints_for(Environment.SANDBOX), endpoints_for(Environment.PRODUCTION)
    assert sandbox.api_url == "https://sandbox-quickbooks.api.intuit.com"
    assert production.api_url == "https://quickbooks.api.intuit.com"
    assert sandbox.token_url == production.token_url == "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8712", "http://127.9.9.9", "http://[::1]:8712", "http://localhost:8712", "http://LOCALHOST"],
)
def test_this_machine_may_be_spoken_to_in_the_clear(url):
    assert endpoints_for(Environment.SANDBOX, api_url=url).api_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://qbo.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://[::ffff:10.0.0.1]",
    ],
)
def test_any_other_machine_must_be_https(url):
    with pytest.raises(InvalidEndpoint, match="QBO_TOKEN_URL must be https"):
        endpoints_for(Environment.SANDBOX, token_url=url)


@pytest.mark.parametrize("url", ["qbo", "ftp://127.0.0.1", "https://", "http://[::1", "https://host:99999", "/v3"])
def test_what_is_no_web_address_is_refused_by_its_settings_name(url):
    with pytest.raises(InvalidEndpoint, match="QBO_API_URL is no web address"):
        endpoints_for(Environment.SANDBOX, api_url=url)


@pytest.mark.parametrize("url", ["https://user:pass@host", "https://host/?a=b", "https://host/#x"])
def test_an_address_with_more_than_an_address_in_it_is_refused_without_repeating_it(url):
    with pytest.raises(InvalidEndpoint, match="QBO_REVOKE_URL") as refusal:
        endpoints_for(Environment.SANDBOX, revoke_url=url)
    assert "pass" not in str(refusal.value)


def test_a_trailing_slash_does_not_double_up():
    assert endpoints_for(Environment.SANDBOX, api_url="https://proxy.example.com/qbo/").api_url.endswith("/qbo")
