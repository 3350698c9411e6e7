"""The four addresses of Intuit we talk to, or what stands in for them.

A token sent to the wrong address is a token lost, so an address must be HTTPS unless it is this machine itself.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from qbo_pipeline.settings import Environment, variable_name

_API_URLS = {
    Environment.PRODUCTION: "https://quickbooks.api.intuit.com",
    Environment.SANDBOX: "https://sandbox-quickbooks.api.intuit.com",
}
_AUTHORIZE_URL = "https://appcenter.intuit.com/connect/oauth2"
_TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105 - an address, not a token
_REVOKE_URL = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"


class InvalidEndpoint(ValueError):  # noqa: N818 - named as the errors of QuickBooks are
    """An address that must not be used; the message names its setting."""


@dataclass(frozen=True)
class Endpoints:
    """Where the API and the OAuth service answer; both environments share the OAuth addresses."""

    api_url: str
    authorize_url: str
    token_url: str
    revoke_url: str


def endpoints_for(
    environment: Environment,
    *,
    api_url: str | None = None,
    authorize_url: str | None = None,
    token_url: str | None = None,
    revoke_url: str | None = None,
) -> Endpoints:
    """Intuit's addresses for an environment, each replaced by the one given; an unsafe one raises `InvalidEndpoint`."""
    return Endpoints(
        api_url=_checked("api_url", api_url or _API_URLS[environment]),
        authorize_url=_checked("authorize_url", authorize_url or _AUTHORIZE_URL),
        token_url=_checked("token_url", token_url or _TOKEN_URL),
        revoke_url=_checked("revoke_url", revoke_url or _REVOKE_URL),
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host or "")
    except ValueError:
        return False
    return address == IPv6Address("::1") or (isinstance(address, IPv4Address) and address.is_loopback)


def _checked(field: str, url: str) -> str:
    setting = variable_name(field)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidEndpoint(f"{setting} is no web address. Give one such as https://example.com.") from None
    if parts.scheme not in ("https", "http") or not host:
        raise InvalidEndpoint(f"{setting} is no web address. Give one such as https://example.com.")
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidEndpoint(f"{setting} must hold no user name, '?' or '#': only scheme, host, port and path.")
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidEndpoint(f"{setting} must be https: tokens would travel to {host} in the clear.")
    return url.rstrip("/")
