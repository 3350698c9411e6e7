"""Proxies in front of the gateway: what they say of a request is believed of those that are trusted, and of nobody else."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qbo_pipeline.settings import SettingsError

# In a request's scope: whether it came straight from a trusted proxy.
FROM_PROXY = "qbo_pipeline.from_trusted_proxy"

_ADDRESSES_REMEMBERED = 1_000

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class TrustedProxies:
    """Takes the client's address and the scheme from a trusted proxy's headers, and notes that it came from one."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        trusted = networks(proxies)
        # The same few addresses ask again and again, and a burst of webhooks asks some hundred times a second.
        self._is_trusted = lru_cache(_ADDRESSES_REMEMBERED)(lambda address: _is_in(address, trusted))
        self._forwarded = ProxyHeadersMiddleware(app, trusted_hosts=list(proxies))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[FROM_PROXY] = bool(scope.get("client")) and self._is_trusted(scope["client"][0])
        await self._forwarded(scope, receive, send)


def networks(proxies: Sequence[str]) -> list[Network]:
    """The networks of `QBO_TRUSTED_PROXIES`; `SettingsError` names one that is none."""
    found = []
    for proxy in proxies:
        try:
            found.append(ipaddress.ip_network(proxy, strict=False))
        except ValueError:
            raise SettingsError(
                f"QBO_TRUSTED_PROXIES names {proxy!r}, which is no address or network. Use 10.0.0.5 or 10.0.0.0/24, "
                "separated by commas."
            ) from None
    return found


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
