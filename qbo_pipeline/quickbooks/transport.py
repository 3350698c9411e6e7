"""HTTP sessions to Intuit that cannot lose a token on the way.

requests-oauthlib insists on HTTPS, and offers an environment variable that switches this off for the whole process. Here
only the plain addresses that `endpoints` let pass, which are this machine's own, are exempt: the library is given their
`https` form, and an adapter mounted for exactly these turns it back. No cookie is kept, and no proxy stands between us
and ourselves.
"""

import logging
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from qbo_pipeline.quickbooks.endpoints import Endpoints, is_loopback

CONNECTIONS_MAX = 10  # QuickBooks answers no more calls of one company at once.

SessionType = TypeVar("SessionType", bound=requests.Session)


class _LoopbackAdapter(HTTPAdapter):
    """Sends over plain HTTP, past any proxy, what was addressed to this machine in the `https` form."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.url = (request.url or "").replace("https:", "http:", 1)
        return super().send(request, *args, **options | {"proxies": {}})


def prepare_session(session: SessionType, endpoints: Endpoints) -> SessionType:
    """Make a fresh session safe to carry tokens to `endpoints`; threads may share it."""
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", HTTPAdapter(pool_connections=2, pool_maxsize=CONNECTIONS_MAX))
    for url in (endpoints.api_url, endpoints.token_url, endpoints.revoke_url):
        if _is_plain_loopback(url):
            origin = f"https://{urlsplit(url).netloc}/"
            session.mount(origin, _LoopbackAdapter(pool_connections=1, pool_maxsize=CONNECTIONS_MAX))
    return session


def secure_form(url: str) -> str:
    """The `https` form of an address, for a session from `prepare_session` to send to."""
    return url.replace("http:", "https:", 1) if _is_plain_loopback(url) else url


def plain_form(url: str, original: str) -> str:
    """`url`, which was built on `secure_form(original)`, built on `original` again."""
    return original + url.removeprefix(secure_form(original))


def _is_plain_loopback(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and is_loopback(parts.hostname)


def _keep_tokens_out_of_logs() -> None:
    """requests-oauthlib logs whole tokens, headers and bodies at the debug level, whoever turned that on."""
    logging.getLogger("requests_oauthlib.oauth2_session").addFilter(lambda record: record.levelno > logging.DEBUG)


_keep_tokens_out_of_logs()
